"""Telephone numbers: is it one, and one way to write it."""

import re

import phonenumbers

from kernel.errors import Invalid
from kernel.numerals import digits

_WRITTEN_LIKE_A_PHONE = re.compile(r"[+(0-9][0-9\s\-–—.·()]{5,24}(?:(?:转|ext\.?|#)\s*[0-9]{1,6})?")
_HOME = 86


def phone(text: str) -> str:
    """One way to write a number: 13800138000, 075782345678, numbers abroad as +85291234567.

    Takes spaces, dashes, full-width and Chinese digits, +86 and 0086; an extension is left out.
    Raises Invalid({"phone": "phone_invalid"}).
    """
    plain = digits(text).strip()
    if not _WRITTEN_LIKE_A_PHONE.fullmatch(plain):
        raise Invalid({"phone": "phone_invalid"})
    try:
        number = phonenumbers.parse(plain.replace("转", " ext "), "CN")
    except phonenumbers.NumberParseException:
        raise Invalid({"phone": "phone_invalid"}) from None
    if not phonenumbers.is_valid_number(number):
        raise Invalid({"phone": "phone_invalid"})
    if number.country_code != _HOME:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    is_landline = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
    return f"0{national}" if is_landline else national


def phone_digits(text: str) -> str:
    """The number as ``phone`` writes it; of what is no valid number the bare digits without +86."""
    try:
        return phone(text)
    except Invalid:
        bare = re.sub(r"[^0-9]", "", digits(text))
        return re.sub(r"^(?:00)?86(?=[0-9]{10})", "", bare)

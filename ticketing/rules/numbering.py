"""How a ticket number is written: a slip of one digit or of two neighbours is noticed."""

from datetime import date


def number_of(prefix: str, day: date, sequence: int) -> str:
    """``prefix`` + yymmdd + five digits (more when the day has more) + check digit."""
    digits = f"{day:%y%m%d}{sequence:05d}"
    return f"{prefix}{digits}{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """The Luhn digit (ISO/IEC 7812-1, annex B) of a row of digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def is_number(text: str, prefix: str) -> bool:
    """Whether ``text`` could be one of our numbers."""
    digits = text.removeprefix(prefix)
    whole = text.startswith(prefix) and len(digits) >= 12 and digits.isascii() and digits.isdecimal()
    return whole and check_digit(digits[:-1]) == int(digits[-1])

"""What somebody has to say who looks at who a citizen is, and what they are shown for it."""

from collections.abc import Mapping

from kernel.errors import Invalid
from ticketing.model.privacy import NAMED_PURPOSES, Purpose
from ticketing.rules.reasons import fault_of

LEAST_HAN = 8
NAME, PHONE, ADDRESS, TEXT = IDENTITY = ("name", "phone", "address", "text")
FIELD_NAMES: Mapping[str, str] = {NAME: "姓名", PHONE: "电话", ADDRESS: "地址", TEXT: "原文"}
REACHING = (NAME, PHONE)
# Of a secret ticket; for every other purpose it is the whole.
SHOWN: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.CONTACT: REACHING,
    Purpose.CALL_BACK: REACHING,
    Purpose.VERIFY: (ADDRESS, TEXT),
}
# A unit has a secret ticket to reach whoever reports and to look at the place; their own words it reads redacted.
SHOWN_TO_UNITS: Mapping[Purpose, tuple[str, ...]] = {Purpose.CONTACT: REACHING, Purpose.VERIFY: (ADDRESS,)}


def purposes_for(*, secret: bool, of_unit: bool) -> tuple[Purpose, ...]:
    """What somebody may name, of a unit or of the hotline."""
    return tuple(SHOWN_TO_UNITS) if secret and of_unit else NAMED_PURPOSES


def shown_for(purpose: Purpose, *, secret: bool, of_unit: bool) -> tuple[str, ...]:
    """What of IDENTITY is opened for a purpose; Invalid for one that is not theirs to name."""
    if purpose not in purposes_for(secret=secret, of_unit=of_unit):
        raise Invalid({"reason": "purpose_not_for_units" if purpose in NAMED_PURPOSES else "wrong"})
    if not secret:
        return IDENTITY
    return SHOWN_TO_UNITS[purpose] if of_unit else SHOWN.get(purpose, IDENTITY)


def check_said(purpose: Purpose, words: str) -> None:
    """Invalid for a purpose nobody may name, and without words that say what for."""
    if purpose not in NAMED_PURPOSES:
        raise Invalid({"reason": "wrong"})
    if fault := fault_of(words, LEAST_HAN):
        raise Invalid({"purpose": fault}, least=LEAST_HAN)

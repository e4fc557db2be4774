"""The door to privacy: finding, masking, sealing and indexing personal data."""

from collections.abc import Callable

from kernel.masking import (
    mask_account,
    mask_address,
    mask_bank_card,
    mask_email,
    mask_house,
    mask_id,
    mask_name,
    mask_phone,
    mask_plate,
)
from kernel.personal import Span, find_personal
from kernel.personal_patterns import Personal
from kernel.phones import phone
from kernel.vault import (
    PersonSealer,
    Sealer,
    Vault,
    key_name,
    load_or_make_key,
    new_key,
    new_person_key,
    rewrap_person_key,
    with_person_key,
)

__all__ = [
    "PersonSealer",
    "Personal",
    "Sealer",
    "Span",
    "Vault",
    "find_personal",
    "key_name",
    "load_or_make_key",
    "mask_address",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_plate",
    "mask_text",
    "new_key",
    "new_person_key",
    "phone",
    "rewrap_person_key",
    "with_person_key",
]

_ROUNDS = 4
_MASKS: dict[Personal, Callable[[str], str]] = {
    Personal.ID_CARD: mask_id,
    Personal.BANK_CARD: mask_bank_card,
    Personal.MOBILE: mask_phone,
    Personal.LANDLINE: mask_phone,
    Personal.EMAIL: mask_email,
    Personal.WECHAT: mask_account,
    Personal.QQ: mask_account,
    Personal.PLATE: mask_plate,
    Personal.HOUSE: mask_house,
    Personal.NAME: mask_name,
}


def mask_text(text: str, public_numbers: frozenset[str] = frozenset()) -> str:
    """The text with its personal data masked; ``public_numbers`` (as ``phone`` writes them) stay."""
    # What stood too close to another piece to be told apart is found once that piece is masked.
    for _ in range(_ROUNDS):
        spans = find_personal(text, public_numbers)
        if not spans:
            break
        text = _mask_spans(text, spans)
    return text


def _mask_spans(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += [text[end : span.start], _MASKS[span.kind](span.value)]
        end = span.end
    return "".join(pieces) + text[end:]

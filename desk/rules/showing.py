"""How a citizen's words are shown to an agent: who it is stays masked, where and what it is about can be read."""

from collections.abc import Callable, Mapping

from kernel.masking import mask_account, mask_bank_card, mask_email
from kernel.privacy import Personal, find_personal, mask_id, mask_name, mask_phone

# Houses and number plates stay: they are what most tickets are about, and the unit must find them.
MASKS: Mapping[Personal, Callable[[str], str]] = {
    Personal.ID_CARD: mask_id,
    Personal.BANK_CARD: mask_bank_card,
    Personal.MOBILE: mask_phone,
    Personal.LANDLINE: mask_phone,
    Personal.EMAIL: mask_email,
    Personal.WECHAT: mask_account,
    Personal.QQ: mask_account,
    Personal.NAME: mask_name,
}


def shown(text: str) -> str:
    """The text with numbers and names of persons masked (P44)."""
    pieces, end = [], 0
    for start, stop, masked in _masked(text):
        pieces += [text[end:start], masked]
        end = stop
    return "".join(pieces) + text[end:]


def shown_beside(part: str, whole: str) -> str:
    """``part``, made from ``whole``, with all masked that is masked there: cut short, a name is not told as one."""
    for start, stop, masked in _masked(whole):
        part = part.replace(whole[start:stop], masked)
    return shown(part)


def restored(text: str, original: str) -> str:
    """``text``, which an agent wrote over what was shown of ``original``, with the masked pieces whole again."""
    for start, stop, masked in _masked(original):
        text = text.replace(masked, original[start:stop])
    return text


def _masked(text: str) -> list[tuple[int, int, str]]:
    return [(s.start, s.end, MASKS[s.kind](s.value)) for s in find_personal(text) if s.kind in MASKS]

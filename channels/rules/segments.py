"""How many segments a short message takes, and where it is cut: GSM 03.38 and UCS-2, with the header of long ones.

3GPP TS 23.038 and 23.040: 160 septets or 70 UCS-2 units alone, 153 or 67 a part of several.
"""

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Two septets each: an escape and the character.
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
GSM_ALONE, GSM_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67
_BMP = 0xFFFF


def is_gsm(text: str) -> bool:
    """Whether the seven-bit alphabet has all of it; one other character makes the whole message UCS-2."""
    return all(each in GSM or each in GSM_EXTENDED for each in text)


def segments(text: str) -> tuple[str, ...]:
    """``text`` as the phone gets it, part by part. No character is torn apart: an emoji of two units that does not fit
    at the end of a part begins the next."""
    gsm = is_gsm(text)
    alone, part = (GSM_ALONE, GSM_PART) if gsm else (UCS2_ALONE, UCS2_PART)
    if sum(_units(each, gsm=gsm) for each in text) <= alone:
        return (text,) if text else ()
    parts, filled, begins = [], 0, 0
    for at, each in enumerate(text):
        size = _units(each, gsm=gsm)
        if filled + size > part:
            parts.append(text[begins:at])
            filled, begins = 0, at
        filled += size
    return (*parts, text[begins:])


def segment_count(text: str) -> int:
    """How many there are, which is what is paid for."""
    return len(segments(text))


def _units(character: str, *, gsm: bool) -> int:
    return 1 + (character in GSM_EXTENDED if gsm else ord(character) > _BMP)

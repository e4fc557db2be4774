"""Makes ticketing's draft from what was gathered."""

from dataclasses import replace

from bot.model import KNOWN_CONTACT, NO_CONTACT, Caller, Intent, Slots
from bot.rules.grievance import asks, is_grievance, title_of
from bot.rules.said import Plain, clear_intent
from ticketing.model.labels import Flag, Secrecy, TicketKind
from ticketing.model.ticket import Draft

KINDS = {
    "complaint": TicketKind.COMPLAINT,
    "help": TicketKind.HELP,
    "report": TicketKind.REPORT,
    "praise": TicketKind.PRAISE,
    "consult": TicketKind.CONSULT,
}
OF_INTENT = {Intent.REPORT: "report", Intent.PRAISE: "praise", Intent.HELP: "help", Intent.COMPLAIN: "complaint"}


def draft_of(slots: Slots) -> Draft:
    """The draft of the slots alone, without the caller."""
    anonymous = frozenset({Flag.ANONYMOUS}) if slots.anonymous else frozenset[Flag]()
    place = slots.where or (slots.point.label if slots.point else "")
    return Draft(
        kind=KINDS.get(slots.kind, TicketKind.COMPLAINT),
        text=slots.what,
        title=title_of(slots.what),
        matter=slots.matter,
        area=slots.area,
        place=place,
        placeless=not place,
        point=slots.point,
        happened=happened(slots),
        name="" if slots.anonymous else slots.name or None,
        contact=_contact(slots),
        secrecy=_secrecy(slots),
        flags=anonymous,
        evidence=slots.attachments,
    )


def happened(slots: Slots) -> str:
    """When, as said, and the day that means beside it, for who reads it later."""
    meant = slots.when_meant
    return f"{slots.when}（{meant}）" if meant and meant not in slots.when else slots.when


def for_caller(draft: Draft, caller: Caller) -> Draft:
    """The draft with who it is from and where replies go."""
    return replace(draft, citizen=caller.citizen_id, address=caller.address, conversation=caller.conversation)


def kind_of(text: str) -> str:
    """The likeliest kind by the words alone, for a draft that a person will look over."""
    clear = OF_INTENT.get(clear_intent(Plain.of(text)), "")
    if clear:
        return clear
    return "consult" if asks(text) and not is_grievance(text) else "complaint"


def _contact(slots: Slots) -> str | None:
    """The number that was given; empty when none is wanted, None when nothing was said or the known one will do."""
    if slots.anonymous or slots.contact == NO_CONTACT:
        return ""
    return None if slots.contact in {"", KNOWN_CONTACT} else slots.contact


def _secrecy(slots: Slots) -> Secrecy:
    if slots.kind == "report":
        return Secrecy.REPORT
    return Secrecy.CONFIDENTIAL if slots.secret or slots.anonymous else Secrecy.NORMAL

"""What a form already holds when it opens: nobody types again what the ticket says."""

from collections.abc import Mapping
from dataclasses import dataclass

from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Action, RequestKind
from ticketing.model.ticket import Result, Ticket
from ticketing.rules.fields import Asked
from ticketing.rules.moving import barred, unused_grant
from ticketing.rules.points import CUT_OFF
from ticketing.rules.substance import is_phone
from ticketing.rules.telling import SECRET

# A less likely unit is proposed beside the form, not written into it: one click must not send a mere guess.
# A unit proposed because another is named in the matter is no guess.
LIKELY = 0.3
GREETING = "您好！您反映的“{title}”已收悉。"
BARE_GREETING = "您好！您反映的问题已收悉。"


@dataclass(frozen=True, slots=True)
class Officer:
    """Whoever of a unit hands in a result, as the reply names them; ``phone`` is the office's they gave last."""

    name: str
    phone: str = ""


def suggested(
    ticket: Ticket, asked: Asked, decision: DispatchDecision | None, officer: Officer | None = None
) -> Mapping[str, str]:
    """Field name → what stands in it at first; the person who sends the form answers for it."""
    if asked is Action.SUBMIT_RESULT and officer is not None:
        return {"handler": officer.name, "phone": officer.phone if is_phone(officer.phone) else ""}
    if asked is Action.RELEASE and ticket.result is not None:
        return {"text": reply_text(ticket, ticket.result), "basis": ticket.result.basis}
    if asked is Action.DISPATCH:
        candidates = decision.candidates if decision is not None else ()
        closed = barred(ticket, duty=[each.unit for each in candidates if each.duty_item])
        best = next((each for each in candidates if each.unit not in closed), None)
        sure = best is not None and (best.confidence >= LIKELY or bool(decision and decision.conflicts))
        return {"unit": best.unit if best is not None and sure else "", "matter": ticket.matter}
    if asked is Action.REASSIGN:
        returns = [r for r in ticket.requests if r.kind is RequestKind.RETURN and r.suggested_unit]
        wished = [r.suggested_unit for r in returns if r.suggested_unit not in barred(ticket, unused_grant(ticket))]
        return {"unit": wished[-1] if wished else "", "matter": ticket.matter}
    if asked is Action.TRIAGE:
        return {
            "kind": ticket.kind,
            "matter": ticket.matter,
            "area": ticket.area,
            "urgency": ticket.urgency,
            # Of a secret ticket they may tell whose it is; left empty they stay as they are.
            **({} if ticket.secrecy in SECRET else {"place": ticket.place, "title": ticket.title}),
        }
    return {}


def reply_text(ticket: Ticket, result: Result) -> str:
    """The reply as the unit's result makes it, for the reviewer to better: found, done, on what basis, whom to ask."""
    basis = f"依据：{result.basis}" if result.basis else ""
    phone = f"咨询电话：{result.phone}" if result.phone else ""
    done = [f"经核查：{result.findings}", f"处理情况：{result.measures}"]
    bare = ticket.secrecy in SECRET or CUT_OFF.search(ticket.title)
    greeting = BARE_GREETING if bare else GREETING.format(title=ticket.title)
    parts = [greeting, *done, basis, phone]
    return "\n".join(part for part in parts if part)

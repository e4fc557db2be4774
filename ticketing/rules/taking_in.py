"""Taking a matter in: what must hold and what changes from the draft until somebody is to work on it."""

import re

from kernel.errors import Conflict, Invalid, NotAllowed
from ticketing.model.labels import Actor, ClockKind, Secrecy, State, TicketKind, Urgency
from ticketing.model.ticket import Reply, Ticket
from ticketing.rules import deadlines
from ticketing.rules.limits import rank
from ticketing.rules.reasons import SHORTEST_GROUND, fault_of
from ticketing.rules.situation import Effect, Guard, Situation
from ticketing.rules.telling import clause, refusal_words

# 张三, 0731: a name or the number of a person or a receipt.
SHORTEST_NAME = 2
# Who takes an emergency: by number, or by name.
SERVICES = re.compile(r"11[029]|12[02]|12395|公安|消防|急救|救援|海事")
BY_MACHINE = frozenset({Actor.BOT, Actor.TIMER})

# -- what must hold ---------------------------------------------------------------------------------------


def is_complete(s: Situation) -> None:
    """The matter; a place or 'none'; one way to reach the citizen unless the category allows anonymity."""
    ticket, missing = s.ticket, dict[str, str]()
    if not ticket.text.strip():
        missing["text"] = "required"
    if not ticket.place.strip() and not ticket.placeless:
        missing["place"] = "required"
    if not ticket.contact and ticket.address is None and not s.around.anonymous_allowed:
        missing["contact"] = "required"
    if missing:
        raise Invalid(missing)


def is_no_suggestion(s: Situation) -> None:
    """A suggestion is no ticket."""
    if TicketKind.SUGGEST in {s.ticket.kind, s.form.kind}:
        raise Invalid({"kind": "opens_a_suggestion"})


def bot_is_not_alone_in_an_emergency(s: Situation) -> None:
    """For P0 the bot alone reaches only RECEIVED and HANDED_OVER."""
    if s.by.actor is Actor.BOT and Urgency.P0 in {s.ticket.urgency, s.form.urgency}:
        raise NotAllowed("emergency_needs_a_person")


def somebody_can_be_asked(s: Situation) -> None:
    """Nobody is waited for who cannot learn that something is asked of them."""
    if s.around.unreachable:
        raise Conflict("nobody_to_ask", current=s.ticket.state.value)


def machine_does_not_lower_urgency(s: Situation) -> None:
    """Rules may only raise the urgency; lowering needs a person and a reason."""
    wanted = s.form.urgency
    if wanted is None or rank(wanted) <= rank(s.ticket.urgency):
        return
    if s.by.actor in BY_MACHINE:
        raise NotAllowed("urgency_lowered_by_machine")
    if not s.form.reason:
        raise Invalid({"reason": "required_to_lower_urgency"})


def says_something(s: Situation) -> None:
    """Words or evidence."""
    if not s.form.text.strip() and not s.form.evidence:
        raise Invalid({"text": "required"})


def may_be_answered_directly(s: Situation) -> None:
    """Only a consultation, from published entries, or a question how another ticket of the same citizen stands."""
    if s.form.status_query:
        if s.by.actor is Actor.BOT and s.ticket.kind in {TicketKind.COMPLAINT, TicketKind.REPORT}:
            raise NotAllowed("needs_a_person", kind=s.ticket.kind.value)
        _asks_after_another(s)
        return
    if s.ticket.kind is not TicketKind.CONSULT:
        raise NotAllowed("not_a_consultation", kind=s.ticket.kind.value)
    if not s.form.citations:
        raise Invalid({"citations": "required"})


def _asks_after_another(s: Situation) -> None:
    """What is asked after is named: an earlier ticket that is not this one, nor somebody else's."""
    other = s.around.parent
    if other is None or other.number != s.form.parent or other.state is State.DRAFT:
        raise Invalid({"parent": "ticket_asked_after"})
    if other.id == s.ticket.id or (other.citizen and s.ticket.citizen and other.citizen != s.ticket.citizen):
        raise Invalid({"parent": "another_ticket_of_the_citizen"})


def appeal_is_upheld(s: Situation) -> None:
    """The citizen has appealed and the supervisor has upheld it."""
    if not s.ticket.appeal_pending or not s.ticket.appeal_upheld:
        raise Conflict("no_appeal", current=s.ticket.state.value)


def no_appeal_waits(s: Situation) -> None:
    """A refusal does not stand while the supervisor has an appeal to decide."""
    if s.ticket.appeal_pending:
        raise Conflict("appeal_pending", current=s.ticket.state.value)


def person_was_called_in(s: Situation) -> None:
    """The bot hands over only with a live person called in."""
    if s.by.actor is Actor.BOT and not s.form.live_person:
        raise Invalid({"live_person": "required"})


def platform_is_one(s: Situation) -> None:
    """What the citizen is told of: a name, and why; an emergency goes to an emergency service."""
    if s.by.actor is Actor.BOT:
        return
    wrong = {}
    if sum(each.isalnum() for each in s.form.platform) < SHORTEST_NAME:
        wrong["platform"] = "other_side_unnamed"
    elif s.ticket.dangers and not SERVICES.search(s.form.platform):
        wrong["platform"] = "no_emergency_service"
    # 火情: whoever hands over an emergency has no time for more.
    if fault := fault_of(s.form.reason, SHORTEST_NAME):
        wrong["reason"] = fault
    if wrong:
        raise Invalid(wrong, least=SHORTEST_NAME)


def other_side_is_named(s: Situation) -> None:
    """Who of the other side took it on, or its receipt's number; and what they said."""
    named = sum(each.isalnum() for each in s.form.handler)
    wrong = {"handler": "other_side_unnamed"} if named < SHORTEST_NAME else {}
    if fault := fault_of(s.form.reason, SHORTEST_GROUND):
        wrong["reason"] = fault
    if wrong:
        raise Invalid(wrong, least=SHORTEST_GROUND)


# -- what changes -----------------------------------------------------------------------------------------


def number(s: Situation) -> Situation:
    """Number and query code; C_total starts."""
    total = deadlines.total_clock(s.calendar, s.ticket, s.now, s.limits)
    s = s.change(number=s.around.number, query_code=s.around.query_code, received=s.now, clocks=(total,))
    return _keep_secret(s)


def keep_question(s: Situation) -> Situation:
    """What the citizen is asked to add."""
    return s.change(wanted=s.form.question)


def add_words(s: Situation) -> Situation:
    """What the citizen added stands under the first words; the question is settled."""
    text = "\n".join(part for part in (s.ticket.text, s.form.text.strip()) if part)
    place = s.form.place or s.ticket.place
    point = s.ticket.point or s.form.point
    return s.change(text=text, place=place, wanted="", evidence=(*s.ticket.evidence, *s.form.evidence), point=point)


def classify(s: Situation) -> Situation:
    """Kind, matter, place and urgency as far as the form says them; C_total keeps its start and gets its limit."""
    form, ticket = s.form, s.ticket
    s = s.change(
        kind=form.kind or ticket.kind,
        urgency=form.urgency or ticket.urgency,
        title=form.title or ticket.title,
        matter=form.matter or ticket.matter,
        area=form.area or ticket.area,
        place=form.place or ticket.place,
        flags=ticket.flags | form.flags,
    )
    return _keep_secret(aim_clocks(s, ticket))


def aim_clocks(s: Situation, before: Ticket) -> Situation:
    """Give a running C_total the limit of the ticket as it is now, if that is another than ``before``."""
    total = s.ticket.clock(ClockKind.TOTAL)
    limits = s.limits.at(total.started) if total else s.limits
    limit, ceiling = deadlines.promise(s.ticket, limits), deadlines.ceiling(s.ticket, limits)
    if (limit, ceiling) == (deadlines.promise(before, limits), deadlines.ceiling(before, limits)):
        return s
    return s.change(
        clocks=tuple(
            deadlines.retarget(s.calendar, clock, limit, ceiling)
            if clock.kind is ClockKind.TOTAL and clock.running
            else clock
            for clock in s.ticket.clocks
        )
    )


def _keep_secret(s: Situation) -> Situation:
    secret = s.ticket.kind is TicketKind.REPORT and s.ticket.secrecy is not Secrecy.CONFIDENTIAL
    return s.change(secrecy=Secrecy.REPORT) if secret else s


def reply_directly(s: Situation) -> Situation:
    """The answer with its entries."""
    reply = Reply(s.form.text, s.now, s.by.id, s.form.basis, citations=s.form.citations)
    return s.change(reply=reply, replied=s.now)


def reply_with_refusal(s: Situation) -> Situation:
    """The reason, the legal basis and the right road, for the citizen to read."""
    refusal = s.ticket.refusal
    if refusal is None:
        raise Conflict("nothing_proposed", current=s.ticket.state.value)
    reply = Reply(refusal_words(refusal), s.now, s.by.id, clause(refusal.legal_basis), road=clause(refusal.right_road))
    return s.change(reply=reply, replied=s.now)


def settle_appeal(s: Situation) -> Situation:
    """The appeal is decided, in the name of who upheld it."""
    return s.change(appeal_pending=False, supervisor=s.ticket.appeal_upheld, appeal_upheld="")


def name_platform(s: Situation) -> Situation:
    """Where it went; the citizen reads it."""
    return s.change(handed_to=s.form.platform)


def forget_platform(s: Situation) -> Situation:
    """It lies with us again."""
    return s.change(handed_to="")


GUARDS: tuple[Guard, ...] = (
    is_complete,
    is_no_suggestion,
    bot_is_not_alone_in_an_emergency,
    somebody_can_be_asked,
    machine_does_not_lower_urgency,
    says_something,
    may_be_answered_directly,
    appeal_is_upheld,
    no_appeal_waits,
    person_was_called_in,
    other_side_is_named,
    platform_is_one,
)
EFFECTS: tuple[Effect, ...] = (
    number,
    keep_question,
    add_words,
    classify,
    reply_directly,
    reply_with_refusal,
    settle_appeal,
    name_platform,
    forget_platform,
)

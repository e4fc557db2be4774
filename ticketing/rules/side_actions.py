"""What is done to a ticket without moving it: one table of action, states, doers, fields and change."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Doer, Form
from ticketing.model.labels import (
    Action,
    Actor,
    ClockKind,
    DeclineReason,
    ErrandKind,
    Flag,
    Secrecy,
    SideAction,
    State,
    TicketKind,
    WordEffect,
)
from ticketing.model.ticket import CallAttempt, Refusal, Ticket
from ticketing.rules import deadlines
from ticketing.rules.assigning import unit_leads
from ticketing.rules.closing import (
    is_voted,
    not_of_the_handling_unit,
    refusal_was_explained,
    second_person_agrees,
    vote,
)
from ticketing.rules.following import follow_unit, somebody_follows
from ticketing.rules.limits import Limits
from ticketing.rules.parts import (
    accept_part,
    add_supporting,
    dissent_is_of_a_part,
    dissent_says_something,
    finish_part,
    is_no_lead_part,
    is_not_on_it,
    not_too_deep,
    note_dissent,
    part_has_no_result,
    part_says_what_was_done,
    parts_below_are_done,
    sub_dispatch,
    sub_is_competent,
    withdraw_part,
    withdrawal_says_something,
    withdrawn_part_is_supporting,
)
from ticketing.rules.raising import (
    add_flag,
    has_flags_to_remove,
    is_not_enforced_yet,
    may_be_added,
    may_be_removed,
    open_enforcement,
    raise_as_recognised,
    remove_flag,
    set_urgency,
    something_is_recognised,
    urgency_falls,
    urgency_rises,
)
from ticketing.rules.reasons import SHORTEST_GROUND, SHORTEST_REASON, fault_of, names_a_basis
from ticketing.rules.recounting import recount, something_moves
from ticketing.rules.sensitive import news, raised
from ticketing.rules.situation import (
    Around,
    Effect,
    Guard,
    Situation,
    StepResult,
    concluded,
    count,
    demand,
    listed,
    name_supervisor,
    supervise,
    why_of,
)
from ticketing.rules.substance import LEAST_HAN, says_fault
from ticketing.rules.taking_in import says_something
from ticketing.rules.telling import vote_words
from ticketing.rules.working import contact_leaves_a_trace, keep_contact, review_is_soon_enough, tells_contact

S, A, W = State, SideAction, Actor
AT_WORK = (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS, S.SUSPENDED, S.SUBMITTED, S.REVIEW, S.SHELVED)
BEFORE_THE_REPLY = (S.RECEIVED, S.NEED_INFO, S.TRIAGE, S.HANDED_OVER, *AT_WORK, S.REHANDLE)
UNFINISHED = (*BEFORE_THE_REPLY, S.ANSWERED, S.REPLIED, S.CALL_BACK)
# Reasons that rest on whose power it is: the road names them.
ROAD_SAYS_IT = frozenset({DeclineReason.OTHER_POWER, DeclineReason.OTHER_CITY})
TICKET_NUMBER = re.compile(r"[A-Z]{2}\d{12}")
AT_THE_DESK = (W.AGENT, W.DISPATCHER, W.SUPERVISOR)
PHONE = "phone"
# So many Chinese characters say how else an attempt was made: 办公座机拨打.


# -- the citizen's --------------------------------------------------------------------------------------
# 噪声法 has three characters, most have more.
SHORTEST_LAW = 3


def urge(s: Situation) -> Situation:
    """Once more; from the third on supervision goes one level up."""
    return count(s, "urges")


def add_evidence(s: Situation) -> Situation:
    """Words and pictures that came later."""
    text = "\n".join(part for part in (s.ticket.text, s.form.text.strip()) if part)
    point = s.ticket.point or s.form.point
    return s.change(text=text, evidence=(*s.ticket.evidence, *s.form.evidence), point=point)


def vote_is_still_open(s: Situation) -> None:
    """Until some days after the closing."""
    closed = s.ticket.closed
    within = s.limits.at(closed or s.now).rating_changed_within
    if closed is not None and s.now > closed + within:
        raise NotAllowed("rating_final", until=closed + within)
    if s.ticket.reply is None:
        raise Conflict("nothing_to_rate", current=s.ticket.state.value)


def change_rating(s: Situation) -> Situation:
    """One vote a reply, the last one counts; a bad one wants a call-back."""
    s = s.change(rating=vote(s))
    return s if is_voted(s.ticket) else s.send(ErrandKind.CALL_BACK_TASK)


def appeals_once(s: Situation) -> None:
    """One appeal a ticket."""
    if s.ticket.counters.appeals:
        raise NotAllowed("appealed_already")


def file_appeal(s: Situation) -> Situation:
    """The refusal does not stand until the supervisor has decided."""
    filed = count(s, "appeals").change(appeal_pending=True, appeal_filed=s.now)
    return filed.send(ErrandKind.DECIDE_APPEAL, text=s.form.reason)


def appeal_waits(s: Situation) -> None:
    """There is an appeal to decide."""
    if not s.ticket.appeal_pending:
        raise Conflict("no_appeal", current=s.ticket.state.value)


def reject_appeal(s: Situation) -> Situation:
    """The refusal stands."""
    return s.change(appeal_pending=False)


def uphold_appeal(s: Situation) -> Situation:
    """The citizen is right: it is taken in after all."""
    return s.change(appeal_upheld=s.by.id).then(Action.APPEAL, Actor.CITIZEN)


# -- declining, which takes two ---------------------------------------------------------------------------


def reason_is_lawful_to_decline(s: Situation) -> None:
    """A reason from the list, a law or a document by its name, and a road that is one; what was settled before by the
    number of that ticket. Another power or another city is named by the road itself."""
    listed(s.form.reason_code, DeclineReason)
    form, wrong = s.form, {}
    if form.reason_code not in ROAD_SAYS_IT and not names_a_basis(form.legal_basis):
        wrong["legal_basis"] = "clause_names_nothing"
    if fault := fault_of(form.right_road, SHORTEST_GROUND):
        wrong["right_road"] = fault
    if form.reason_code == DeclineReason.SETTLED and not TICKET_NUMBER.search(f"{form.text} {form.legal_basis}"):
        wrong["text"] = "settled_names_no_ticket"
    if wrong:
        raise Invalid(wrong, least=SHORTEST_GROUND)


def nothing_is_proposed_yet(s: Situation) -> None:
    """One proposal at a time."""
    if s.ticket.refusal is not None:
        raise Conflict("proposed_already", current=s.ticket.state.value)


def propose_decline(s: Situation) -> Situation:
    """With the reason, the legal basis and the right road; a second person is to agree."""
    form = s.form
    return s.change(
        refusal=Refusal(form.reason_code, form.legal_basis, form.right_road, form.text, s.by.id, s.now),
    )


def refusal_says_by_what_law(s: Situation) -> None:
    """A law by its name, and words why it forbids this: a bad vote is closed over by them."""
    if fault := fault_of(s.form.legal_basis, SHORTEST_LAW):
        raise Invalid({"legal_basis": fault}, least=SHORTEST_LAW)
    if fault := fault_of(s.form.reason, SHORTEST_REASON):
        raise Invalid({"reason": fault}, least=SHORTEST_REASON)


def propose_refusal(s: Situation) -> Situation:
    """By what law it cannot be done, and why this is so here; a second person is to agree."""
    return s.change(refusal=Refusal("", s.form.legal_basis, "", s.form.reason, s.by.id, s.now))


def something_is_proposed(s: Situation) -> None:
    """There is a proposal."""
    if s.ticket.refusal is None:
        raise Conflict("nothing_proposed", current=s.ticket.state.value)


def agree_refusal(s: Situation) -> Situation:
    """The second person is a supervisor: it closes as if another call-back worker had agreed."""
    return s.then(Action.CLOSE, Actor.CALLBACK)


def oppose_decline(s: Situation) -> Situation:
    """It is not to be, for the reason given."""
    return s.change(refusal=None)


# -- urgency and supervision ----------------------------------------------------------------------------


def raise_supervision(s: Situation) -> Situation:
    """One level up, in the supervisor's name."""
    return supervise(s, s.ticket.supervision + 1, s.form.reason)


def renewal_is_due_date(s: Situation) -> None:
    """A shelving is renewed to a date within the longest shelving; a suspension by its review period."""
    if s.ticket.state is S.SHELVED:
        review_is_soon_enough(s)


def renew_hold(s: Situation) -> Situation:
    """Looked at again: it stands still until the next review."""
    if s.ticket.hold is None:
        raise Conflict("nothing_held", current=s.ticket.state.value)
    renewed = s.now + s.limits.suspension_review
    review = s.form.review_at if s.ticket.state is S.SHELVED and s.form.review_at else renewed
    return s.change(hold=replace(s.ticket.hold, review_at=review))


# -- sensitive words ------------------------------------------------------------------------------------


def something_is_new(s: Situation) -> None:
    """Words the ticket is not marked for yet."""
    if not news(s.ticket, s.form.sensitive):
        raise Conflict("nothing_sensitive", current=s.ticket.state.value)


def mark_sensitive(s: Situation) -> Situation:
    """Flags, secrecy, urgency and supervision rise as the words say; the words are kept with the ticket."""
    found = news(s.ticket, s.form.sensitive)
    up = raised(s.ticket, found)
    if up.secrecy is s.ticket.secrecy:
        found = tuple(replace(hit, effects=hit.effects - {WordEffect.CONFIDENTIAL}) for hit in found)
    s = s.change(flags=up.flags, secrecy=up.secrecy, sensitive=(*s.ticket.sensitive, *found))
    if up.urgency is not s.ticket.urgency:
        s = set_urgency(replace(s, form=replace(s.form, urgency=up.urgency)))
    return supervise(s, up.supervision, "敏感词") if up.supervision > s.ticket.supervision else s


def something_is_marked(s: Situation) -> None:
    """There is a word that was not set aside."""
    if not any(not hit.set_aside for hit in s.ticket.sensitive):
        raise Conflict("nothing_sensitive", current=s.ticket.state.value)


def clear_sensitive(s: Situation) -> Situation:
    """A person found that the words mean nothing here: flag and secrecy go, urgency and supervision have their own way
    down."""
    made_secret = any(WordEffect.CONFIDENTIAL in hit.effects for hit in s.ticket.sensitive if not hit.set_aside)
    plain = Secrecy.REPORT if s.ticket.kind is TicketKind.REPORT else Secrecy.NORMAL
    return s.change(
        flags=s.ticket.flags - {Flag.SENSITIVE},
        secrecy=plain if made_secret and s.ticket.secrecy is Secrecy.CONFIDENTIAL else s.ticket.secrecy,
        sensitive=tuple(replace(hit, set_aside=True) for hit in s.ticket.sensitive),
    )


# -- the units' -----------------------------------------------------------------------------------------


def contact_is_past(s: Situation) -> None:
    """What is logged has happened, since the unit got the ticket, and leaves a trace."""
    if not tells_contact(s):
        raise Invalid({"contacted_at": "required"})
    contact_leaves_a_trace(s)


def log_contact(s: Situation) -> Situation:
    """The first contact with the citizen; its clock stops then."""
    return keep_contact(s).change(
        clocks=tuple(
            deadlines.stop(s.calendar, clock, s.now) if clock.kind is ClockKind.FIRST_CONTACT else clock
            for clock in s.ticket.clocks
        ),
    )


def contact_was_a_mistake(s: Situation) -> None:
    """The first contact is the call that reached nobody, and no other."""
    if s.ticket.first_contact is None or s.ticket.first_contact != s.form.contacted_at:
        raise Conflict("another_contact", current=s.ticket.state.value)


def take_back_contact(s: Situation) -> Situation:
    """There was no first contact: its clock runs on as if it had not been stopped, where it still may."""
    waits = s.ticket.state in (S.DISPATCHED, S.ACCEPTED)
    last = s.ticket.clock(ClockKind.FIRST_CONTACT) if waits else None
    clocks = tuple(replace(clock, stopped=None) if clock is last else clock for clock in s.ticket.clocks)
    return s.change(first_contact=None, contact_counted=None, contact_proof=None, clocks=clocks)


def attempt_leaves_a_trace(s: Situation) -> None:
    """A relayed call or a message to the citizen stands behind it, or it is said how else it was made."""
    if not s.form.relayed_call and not invites(s) and fault_of(s.form.no_call_reason, SHORTEST_REASON):
        raise Invalid({"no_call_reason": "no_call_on_record"})


def invites(s: Situation) -> bool:
    """Whether a try writes to the citizen: nobody was reached, they may still say something, and it goes over the
    channel they wrote from."""
    address = s.ticket.address
    own_way = address is not None and address.channel == s.form.channel
    return own_way and not s.form.reached and not s.form.other_person and not is_voted(s.ticket)


def others_are_not_the_citizen(s: Situation) -> None:
    """Where somebody else picked up it is said who and what they said, and they do not vote."""
    form = s.form
    if not form.other_person:
        return
    if form.reached:
        raise Invalid({"other_person": "citizen_or_other"})
    if form.score is not None or form.solved is not None:
        raise Invalid({"other_person": "others_do_not_vote"})
    if fault := says_fault(form.text):
        wrong = "who_else_picked_up" if fault in {"required", "says_too_little"} else fault
        raise Invalid({"text": wrong}, least=LEAST_HAN)


def vote_was_heard(s: Situation) -> None:
    """Who was not reached has not voted; another vote than the citizen's own is put down with what they said."""
    form = s.form
    if form.score is None and form.solved is None:
        return
    if not form.reached:
        raise Invalid({"reached": "vote_without_a_talk"})
    before = s.ticket.own_vote
    if before is not None and (before.score, before.solved) != (form.score, form.solved) and not form.text.strip():
        raise Invalid({"text": "why_the_vote_changed"})


def log_call(s: Situation) -> Situation:
    """One attempt of the call-back. What was told counts as the vote only where the citizen gave none themselves;
    better than their own bad one, it waits for them to say so by their own link."""
    form, own = s.form, s.ticket.own_vote
    told = None if form.score is None and form.solved is None else replace(vote(s), noted_by=s.by.id)
    to_confirm = told is not None and own is not None and own.bad and not told.bad
    invited = invites(s) and not form.relayed_call
    reason = "" if invited else form.no_call_reason.strip()
    heard = told if own is not None else None
    call = CallAttempt(
        s.now, form.channel, bool(form.reached), s.by.id, form.text, form.relayed_call, reason, heard, to_confirm,
        invited, form.other_person,
    )  # fmt: skip
    s = s.change(attempts=(*s.ticket.attempts, call))
    if invited:
        s = s.send(ErrandKind.INVITE_VOTE)
    if told is None:
        return s
    if own is None:
        return s.change(rating=told)
    return s.send(ErrandKind.CONFIRM_VOTE, text=vote_words(told)) if to_confirm else s


def no_receipt_is_waited_for(s: Situation) -> None:
    """Entering the state starts the clock: only what was there before has none."""
    if s.ticket.runs(ClockKind.RECEIPT):
        raise Conflict("receipt_is_waited_for", current=s.ticket.state.value)


def start_receipt(s: Situation) -> Situation:
    """The other side's time to say that it has it, from now."""
    clock = deadlines.step_clock(s.calendar, ClockKind.RECEIPT, s.ticket, s.now, s.limits)
    return s.change(clocks=(*s.ticket.clocks, clock))


def urging_names_supervisor(s: Situation) -> None:
    """Staff who urge for the citizen from the third time on name the supervisor."""
    name_supervisor(s, "urges")


# -- the table ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SideRow:
    """One thing that can be done without moving the ticket."""

    action: SideAction
    states: tuple[State, ...]
    by: tuple[Actor, ...]
    effect: Effect
    guards: tuple[Guard, ...] = ()
    needs: tuple[str, ...] = ()


SIDE_TABLE: tuple[SideRow, ...] = (
    SideRow(A.URGE, BEFORE_THE_REPLY, (W.CITIZEN, W.BOT, W.AGENT, W.SUPERVISOR), urge, (urging_names_supervisor,)),
    SideRow(A.ADD_EVIDENCE, UNFINISHED, (W.CITIZEN, W.BOT, W.AGENT), add_evidence, (says_something,)),
    SideRow(A.LOG_CONTACT, AT_WORK, (W.UNIT,), log_contact, (unit_leads, contact_is_past)),
    SideRow(A.TAKE_BACK_CONTACT, (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), (W.UNIT,), take_back_contact,
            (unit_leads, contact_was_a_mistake), ("contacted_at",)),
    SideRow(A.LOG_CALL, (S.CALL_BACK,), (W.CALLBACK,), log_call,
            (not_of_the_handling_unit, attempt_leaves_a_trace, others_are_not_the_citizen, vote_was_heard),
            ("channel", "reached")),
    SideRow(A.PROPOSE_REFUSAL, (S.CALL_BACK,), (W.CALLBACK,), propose_refusal,
            (not_of_the_handling_unit, nothing_is_proposed_yet, refusal_was_explained, refusal_says_by_what_law),
            ("legal_basis", "reason")),
    SideRow(A.AGREE_REFUSAL, (S.CALL_BACK,), (W.SUPERVISOR,), agree_refusal,
            (not_of_the_handling_unit, second_person_agrees, refusal_was_explained)),
    SideRow(A.OPPOSE_REFUSAL, (S.CALL_BACK,), (W.CALLBACK, W.SUPERVISOR), oppose_decline,
            (not_of_the_handling_unit, something_is_proposed), ("reason",)),
    SideRow(A.CHANGE_RATING, (S.CALL_BACK, S.CLOSED), (W.CITIZEN,), change_rating, (vote_is_still_open,),
            ("score", "solved")),
    SideRow(A.RAISE_URGENCY, UNFINISHED, (W.BOT, W.TIMER, *AT_THE_DESK), set_urgency, (urgency_rises,), ("urgency",)),
    SideRow(A.LOWER_URGENCY, UNFINISHED, AT_THE_DESK, set_urgency, (urgency_falls,), ("urgency", "reason")),
    SideRow(A.SUPERVISE, UNFINISHED, (W.SUPERVISOR, W.TIMER), raise_supervision, (), ("reason",)),
    SideRow(A.RENEW_HOLD, (S.SUSPENDED, S.SHELVED), (W.SUPERVISOR,), renew_hold, (renewal_is_due_date,), ("reason",)),
    SideRow(A.FILE_APPEAL, (S.DECLINED,), (W.CITIZEN, W.AGENT), file_appeal, (appeals_once,), ("reason",)),
    SideRow(A.REJECT_APPEAL, (S.DECLINED,), (W.SUPERVISOR,), reject_appeal, (appeal_waits,), ("reason",)),
    SideRow(A.UPHOLD_APPEAL, (S.DECLINED,), (W.SUPERVISOR,), uphold_appeal, (appeal_waits,), ("reason",)),
    SideRow(A.PROPOSE_DECLINE, (S.RECEIVED, S.TRIAGE), (W.AGENT, W.DISPATCHER), propose_decline,
            (nothing_is_proposed_yet, reason_is_lawful_to_decline), ("reason_code", "legal_basis", "right_road")),
    SideRow(A.OPPOSE_DECLINE, (S.RECEIVED, S.TRIAGE), (W.AGENT, W.DISPATCHER), oppose_decline,
            (something_is_proposed,), ("reason",)),
    SideRow(A.ADD_SUPPORTING, (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), (W.DISPATCHER, W.SUPERVISOR), add_supporting,
            (is_not_on_it,), ("unit", "reason")),
    SideRow(A.WITHDRAW_PART, (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), (W.DISPATCHER, W.SUPERVISOR), withdraw_part,
            (withdrawn_part_is_supporting, part_has_no_result, withdrawal_says_something), ("assignment", "reason")),
    SideRow(A.SUB_DISPATCH, (S.ACCEPTED, S.IN_PROGRESS), (W.UNIT,), sub_dispatch,
            (is_not_on_it, not_too_deep, sub_is_competent), ("unit",)),
    SideRow(A.ACCEPT_PART, (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), (W.UNIT,), accept_part, (is_no_lead_part,)),
    SideRow(A.FINISH_PART, (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), (W.UNIT,), finish_part,
            (is_no_lead_part, parts_below_are_done, part_says_what_was_done), ("findings",)),
    SideRow(A.NOTE_DISSENT, (S.ACCEPTED, S.IN_PROGRESS), (W.UNIT, W.DISPATCHER, W.SUPERVISOR), note_dissent,
            (dissent_is_of_a_part, dissent_says_something), ("assignment", "dissent")),
    SideRow(A.MARK_SENSITIVE, UNFINISHED, (W.TIMER,), mark_sensitive, (something_is_new,), ("reason",)),
    SideRow(A.CLEAR_SENSITIVE, UNFINISHED, (W.DISPATCHER, W.SUPERVISOR), clear_sensitive, (something_is_marked,),
            ("reason",)),
    SideRow(A.RECOGNISE, UNFINISHED, (W.TIMER,), raise_as_recognised, (something_is_recognised,), ("reason",)),
    SideRow(A.ADD_FLAG, UNFINISHED, AT_THE_DESK, add_flag, (may_be_added,), ("flags", "reason")),
    SideRow(A.REMOVE_FLAG, UNFINISHED, AT_THE_DESK, remove_flag, (has_flags_to_remove, may_be_removed),
            ("flags", "reason")),
    SideRow(A.OPEN_ENFORCEMENT, (S.ACCEPTED, S.IN_PROGRESS, S.SUSPENDED), (W.UNIT,), open_enforcement,
            (unit_leads, is_not_enforced_yet), ("reason",)),
    SideRow(A.FOLLOW_UNIT, (*AT_WORK, S.REHANDLE), (W.TIMER,), follow_unit, (somebody_follows,), ("reason",)),
    SideRow(A.START_RECEIPT, (S.HANDED_OVER,), (W.TIMER,), start_receipt, (no_receipt_is_waited_for,), ("reason",)),
    SideRow(A.RECOUNT, (*UNFINISHED, S.DECLINED, S.MERGED), (W.TIMER,), recount, (something_moves,), ("reason",)),
)  # fmt: skip


def side_rows(state: State, actor: Actor) -> tuple[SideRow, ...]:
    """What ``actor`` may do beside the transitions, for the buttons."""
    return tuple(row for row in SIDE_TABLE if state in row.states and actor in row.by)


def side_fields(action: SideAction) -> tuple[str, ...]:
    """The fields of Form that ``action`` always needs."""
    return _row(action).needs


def side_step(
    ticket: Ticket,
    action: SideAction,
    form: Form,
    by: Doer,
    now: datetime,
    calendar: WorkCalendar,
    limits: Limits,
    around: Around,
) -> StepResult:
    """Do ``action`` to ``ticket`` without moving it; raises as ``transitions.step`` does."""
    row = _row(action)
    if ticket.state not in row.states:
        raise Conflict("wrong_state", current=ticket.state.value, action=action.value)
    if by.actor not in row.by:
        raise NotAllowed("wrong_actor", action=action.value, actor=by.actor.value)
    start = Situation(ticket, form, by, now, calendar, limits, around)
    demand(form, row.needs)
    for guard in row.guards:
        guard(start)
    return concluded(start, row.effect(start), action.value, why_of(form, action.label))


def _row(action: SideAction) -> SideRow:
    return next(row for row in SIDE_TABLE if row.action is action)

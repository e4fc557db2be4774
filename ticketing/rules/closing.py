"""The reply, the vote, the call-back and every way a ticket ends."""

from kernel.errors import Conflict, Invalid, NotAllowed
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentState,
    ErrandKind,
    Flag,
    Outcome,
    ReviewCheck,
    Solved,
    State,
    TicketKind,
)
from ticketing.model.ticket import Rating, Reply, Ticket
from ticketing.rules.moving import end_assignments, end_work, handling_units
from ticketing.rules.reasons import SHORTEST_REASON, fault_of
from ticketing.rules.situation import Effect, Guard, Situation, count, name_supervisor

RESULT_IS_GIVEN = frozenset({State.SUBMITTED, State.REVIEW})
ENFORCING = frozenset(
    {State.ACCEPTED, State.IN_PROGRESS, State.SUSPENDED, State.SUBMITTED, State.REVIEW, State.SHELVED}
)

CALL_BACK_OUTCOMES = frozenset({Outcome.RESOLVED, Outcome.PARTLY, Outcome.EXPLAINED, Outcome.UNREACHABLE})

# -- what must hold ---------------------------------------------------------------------------------------


def every_check_is_made(s: Situation) -> None:
    """Each point answered, basis, courtesy, no leak."""
    if s.form.checked != frozenset(ReviewCheck):
        raise Invalid({"checked": "all_required"})


def not_of_the_handling_unit(s: Situation) -> None:
    """Nobody of the handling unit reviews, calls back or closes."""
    if s.by.unit and s.by.unit in handling_units(s.ticket):
        raise NotAllowed("of_the_handling_unit")


def bounce_names_supervisor(s: Situation) -> None:
    """From the third on the supervisor's name is needed."""
    name_supervisor(s, "bounces")


def may_be_closed(s: Situation) -> None:
    """A good or middling vote; or a lawful refusal a second person agrees to; or, without a vote, three attempts on two
    days over two channels."""
    if lawfully_refused(s):
        second_person_agrees(s)
    elif not is_voted(s.ticket) and not attempts_are_exhausted(s):
        raise Conflict("call_back_not_done", current=s.ticket.state.value)


def second_person_agrees(s: Situation) -> None:
    """Somebody has proposed to refuse it, with reason and basis; another one agrees."""
    if s.ticket.refusal is None:
        raise Conflict("nothing_proposed", current=s.ticket.state.value)
    if s.ticket.refusal.by == s.by.id:
        raise NotAllowed("agrees_to_own_proposal")


def refusal_was_explained(s: Situation) -> None:
    """No good vote stands against it, and the citizen was told or could not be reached."""
    told = any(call.reached for call in s.ticket.attempts) or tried_enough(s)
    if is_voted(s.ticket) or not told:
        raise Conflict("call_back_not_done", current=s.ticket.state.value)


def outcome_fits_the_call_back(s: Situation) -> None:
    """Only what a call-back can find out; a lawful refusal was explained, nobody is unreachable who was spoken to."""
    outcome = s.form.outcome
    if outcome is None:
        return
    if outcome not in CALL_BACK_OUTCOMES or (lawfully_refused(s) and outcome is not Outcome.EXPLAINED):
        raise Invalid({"outcome": "not_after_a_call_back"})
    spoken_to = s.ticket.rating is not None or any(call.reached for call in s.ticket.attempts)
    if outcome is Outcome.UNREACHABLE and spoken_to:
        raise Invalid({"outcome": "was_reached"})


def closing_outcome_is_proven(s: Situation) -> None:
    """RESOLVED needs evidence."""
    if s.form.outcome is Outcome.RESOLVED and not has_evidence(s.ticket):
        raise Invalid({"outcome": "no_evidence"})


def not_in_enforcement(s: Situation) -> None:
    """A report that is being enforced cannot be withdrawn."""
    enforced = s.ticket.state in ENFORCING or Flag.ENFORCEMENT in s.ticket.flags
    if s.ticket.kind is TicketKind.REPORT and enforced:
        raise NotAllowed("report_in_enforcement")


def agent_says_why(s: Situation) -> None:
    """An agent acts for the citizen only with a reason that says something."""
    if s.by.actor is Actor.AGENT and (fault := fault_of(s.form.reason, SHORTEST_REASON)):
        raise Invalid({"reason": fault}, least=SHORTEST_REASON)


def citizens_wish_is_on_record(s: Situation) -> None:
    """An agent withdraws for a citizen by a relayed call, their message as a file, or words on how they asked for it;
    no more once the unit has given its result, which the citizen is to read."""
    if s.by.actor is not Actor.AGENT:
        return
    if s.ticket.state in RESULT_IS_GIVEN:
        raise NotAllowed("unit_has_replied")
    proven = s.form.relayed_call or s.form.evidence
    if not proven and fault_of(s.form.no_call_reason, SHORTEST_REASON):
        raise Invalid({"no_call_reason": "no_wish_on_record"}, least=SHORTEST_REASON)


def has_evidence(ticket: Ticket) -> bool:
    """Proof from the unit, or published entries the answer cites."""
    return bool(ticket.proof or (ticket.reply and ticket.reply.citations))


def is_voted(ticket: Ticket) -> bool:
    """A good or middling vote is there."""
    return ticket.rating is not None and not ticket.rating.bad


def lawfully_refused(s: Situation) -> bool:
    """A call-back worker rules on the lawful refusal another one has proposed."""
    return s.by.actor is Actor.CALLBACK and s.ticket.refusal is not None and not is_voted(s.ticket)


def attempts_are_exhausted(s: Situation) -> bool:
    """Enough attempts; after a bad vote none are: whoever voted was heard, and gets it handled again."""
    rating = s.ticket.rating
    return not (rating is not None and rating.bad) and tried_enough(s)


def tried_enough(s: Situation) -> bool:
    """Enough attempts on enough days over enough channels."""
    calls, limits = s.ticket.attempts, s.limits
    return (
        len(calls) >= limits.callback_attempts
        and len({s.calendar.local_date(call.at) for call in calls}) >= limits.callback_days
        and len({call.channel for call in calls}) >= limits.callback_channels
    )


# -- what changes -----------------------------------------------------------------------------------------


def count_bounce(s: Situation) -> Situation:
    """From the third on supervision goes one level up."""
    return count(s, "bounces")


def reply_to_citizen(s: Situation) -> Situation:
    """The reviewed reply goes out; the units are done; the vote is open."""
    lead, result = s.ticket.lead, s.ticket.result
    basis = s.form.basis or (result.basis if result else "")
    reply = Reply(s.form.text, s.now, s.by.id, basis, lead.unit if lead else "")
    s = s.change(reply=reply, replied=s.now, rating=None, attempts=(), lawful_refusal=False, refusal=None)
    return end_assignments(s, AssignmentState.DONE)


def keep_vote(s: Situation) -> Situation:
    """A bad vote makes a call-back task; any other closes the ticket."""
    s = s.change(rating=vote(s))
    return s.then(Action.CLOSE, Actor.TIMER) if is_voted(s.ticket) else s.send(ErrandKind.CALL_BACK_TASK)


def vote(s: Situation) -> Rating:
    """The vote on the form."""
    form = s.form
    if form.score is None or form.solved is None:
        raise Invalid({"score": "required", "solved": "required"})
    return Rating(form.score, form.solved, s.now, form.contacted, form.text, form.channel)


def ask_for_vote(s: Situation) -> Situation:
    """Somebody has to call the citizen back."""
    return s.send(ErrandKind.CALL_BACK_TASK)


def close_after_callback(s: Situation) -> Situation:
    """The outcome the citizen's words leave; a confirmed lawful refusal is kept as such."""
    refused = lawfully_refused(s)
    return close_as(s.change(lawful_refusal=refused), s.form.outcome or _outcome(s, refused=refused))


def _outcome(s: Situation, *, refused: bool) -> Outcome:
    ticket, rating = s.ticket, s.ticket.rating
    claimed = ticket.result.outcome if ticket.result else Outcome.EXPLAINED
    if refused:
        return Outcome.EXPLAINED
    if rating is None:
        return claimed if any(call.reached for call in ticket.attempts) else Outcome.UNREACHABLE
    return Outcome.PARTLY if claimed is Outcome.RESOLVED and rating.solved is Solved.PARTLY else claimed


def close_as(s: Situation, outcome: Outcome) -> Situation:
    """Closed with ``outcome``; those merged into it are answered or set free."""
    s = end_work(s.change(outcome=outcome, closed=s.now, hold=None))
    return s.send(ErrandKind.RELEASE_MERGED, text=outcome.value) if s.around.children else s


def close_answered(s: Situation) -> Situation:
    """Solved by an answer with its entries if the citizen says so, else explained."""
    proven = s.by.actor is Actor.CITIZEN and s.ticket.reply is not None and bool(s.ticket.reply.citations)
    return close_as(s, Outcome.RESOLVED if proven else Outcome.EXPLAINED)


def close_invalid(s: Situation) -> Situation:
    """Nothing could be done without the information; it may be opened again."""
    return close_as(s, Outcome.INVALID)


def close_referred(s: Situation) -> Situation:
    """Another road or platform has it."""
    return close_as(s, Outcome.REFERRED)


def close_shelved(s: Situation) -> Situation:
    """Closed as shelved, with the text the citizen was given and what was done before its day."""
    parts = (s.ticket.hold.public_text if s.ticket.hold else s.form.reason, s.form.measures)
    text = "\n".join(filter(None, map(str.strip, parts)))
    s = end_assignments(s.change(reply=Reply(text, s.now, s.by.id), replied=s.now), AssignmentState.DONE)
    return close_as(s, Outcome.SHELVED_CLOSED)


def close_duplicate(s: Situation) -> Situation:
    """Answered with the parent."""
    return close_as(s, Outcome.DUPLICATE)


def end_withdrawn(s: Situation) -> Situation:
    """The citizen wants no more of it; the work ends, those merged into it are set free."""
    s = end_work(s.change(closed=s.now, hold=None, evidence=(*s.ticket.evidence, *s.form.evidence)))
    return s.send(ErrandKind.RELEASE_MERGED, text=State.WITHDRAWN.value) if s.around.children else s


def minimise(s: Situation) -> Situation:
    """Who and exactly where is forgotten here; the service deletes it elsewhere."""
    s = s.change(contact="", address=None, point=None, citizen="", attempts=())
    return s.send(ErrandKind.MINIMISE)


GUARDS: tuple[Guard, ...] = (
    every_check_is_made,
    not_of_the_handling_unit,
    bounce_names_supervisor,
    may_be_closed,
    second_person_agrees,
    outcome_fits_the_call_back,
    closing_outcome_is_proven,
    not_in_enforcement,
    agent_says_why,
    citizens_wish_is_on_record,
)
EFFECTS: tuple[Effect, ...] = (
    count_bounce,
    reply_to_citizen,
    keep_vote,
    ask_for_vote,
    close_after_callback,
    close_answered,
    close_invalid,
    close_referred,
    close_shelved,
    close_duplicate,
    end_withdrawn,
    minimise,
)

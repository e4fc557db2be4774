"""The life of a ticket as one table, and the one step every change of state is.

The table is the published workflow's; the buttons, the API and the documentation read it too. Guards and effects are
named here and written in the modules of STAGES.
"""

from collections.abc import Iterable
from datetime import datetime

from kernel.lifecycle import Lifecycle, Transition
from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Doer, Form
from ticketing.model.labels import Action, Actor, State
from ticketing.model.ticket import Ticket
from ticketing.rules import assigning, closing, merging, rehandling, substance, taking_in, working
from ticketing.rules.limits import Limits
from ticketing.rules.moving import move
from ticketing.rules.situation import Around, Effect, Guard, Situation, StepResult, concluded, demand, why_of
from ticketing.rules.timers import not_too_early

STAGES = (taking_in, merging, assigning, working, substance, closing, rehandling)
GUARDS: dict[str, Guard] = {guard.__name__: guard for stage in STAGES for guard in stage.GUARDS}
EFFECTS: dict[str, Effect] = {effect.__name__: effect for stage in STAGES for effect in stage.EFFECTS}

Row = Transition[State, Action, Actor]
S, A, W = State, Action, Actor


def row(
    action: Action,
    sources: Iterable[State],
    target: State,
    by: Iterable[Actor],
    guards: str = "",
    effects: str = "",
    needs: str = "",
) -> Row:
    """One row; the names are separated by blanks."""
    return Row(action, tuple(sources), target, tuple(by), *(tuple(n.split()) for n in (guards, effects, needs)))


BEFORE_THE_UNIT = (S.RECEIVED, S.TRIAGE)
AT_THE_UNIT = (S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS)
BEFORE_THE_REPLY = (
    S.DRAFT,
    S.RECEIVED,
    S.NEED_INFO,
    S.TRIAGE,
    S.ANSWERED,
    *AT_THE_UNIT,
    S.SUSPENDED,
    S.SUBMITTED,
    S.REVIEW,
    S.SHELVED,
)
RESULT = "findings measures basis handler phone outcome"

TABLE: tuple[Row, ...] = (
    # action, from, to, by, guards, effects, fields the form must have
    row(A.SUBMIT, [S.DRAFT], S.RECEIVED, [W.CITIZEN, W.BOT, W.AGENT], "is_complete is_no_suggestion", "number"),
    row(A.ASK_INFO, BEFORE_THE_UNIT, S.NEED_INFO, [W.AGENT, W.DISPATCHER, W.BOT],
        "bot_is_not_alone_in_an_emergency somebody_can_be_asked", "keep_question", "question"),
    row(A.SUPPLY_INFO, [S.NEED_INFO], S.RECEIVED, [W.CITIZEN, W.AGENT], "says_something", "add_words"),
    row(A.GIVE_UP_INFO, [S.NEED_INFO], S.CLOSED, [W.TIMER], "", "close_invalid"),
    row(A.ANSWER, BEFORE_THE_UNIT, S.ANSWERED, [W.BOT, W.AGENT],
        "bot_is_not_alone_in_an_emergency may_be_answered_directly", "reply_directly", "text"),
    row(A.CONFIRM, [S.ANSWERED], S.CLOSED, [W.CITIZEN, W.TIMER], "", "close_answered"),
    row(A.NOT_SOLVED, [S.ANSWERED], S.TRIAGE, [W.CITIZEN, W.AGENT]),
    row(A.DECLINE, BEFORE_THE_UNIT, S.DECLINED, [W.AGENT, W.DISPATCHER], "second_person_agrees", "reply_with_refusal"),
    row(A.APPEAL, [S.DECLINED], S.TRIAGE, [W.CITIZEN], "appeal_is_upheld", "settle_appeal"),
    row(A.LET_STAND, [S.DECLINED], S.CLOSED, [W.TIMER], "no_appeal_waits", "close_referred"),
    row(A.HAND_OVER, BEFORE_THE_UNIT, S.HANDED_OVER, [W.AGENT, W.BOT], "person_was_called_in platform_is_one",
        "name_platform", "platform reason"),
    row(A.RECEIPT, [S.HANDED_OVER], S.CLOSED, [W.PLATFORM, W.AGENT], "other_side_is_named",
        "close_referred", "handler reason"),
    row(A.SENT_BACK, [S.HANDED_OVER], S.TRIAGE, [W.PLATFORM, W.AGENT], "", "forget_platform", "reason"),
    row(A.TRIAGE, [S.RECEIVED], S.TRIAGE, [W.BOT, W.AGENT, W.TIMER],
        "bot_is_not_alone_in_an_emergency is_no_suggestion machine_does_not_lower_urgency", "classify"),
    row(A.MERGE, [*BEFORE_THE_UNIT, *AT_THE_UNIT], S.MERGED, [W.AGENT, W.DISPATCHER],
        "no_dispute_waits parent_is_open is_of_the_same_matter_or_event", "join_parent", "parent reason"),
    row(A.UNMERGE, [S.MERGED], S.TRIAGE, [W.DISPATCHER, W.SUPERVISOR], "unmerging_names_supervisor",
        "open_to_a_move leave_parent", "reason"),
    row(A.CLOSE_MERGED, [S.MERGED], S.CLOSED, [W.TIMER], "parent_is_closed", "reply_of_parent close_duplicate"),
    row(A.DISPATCH, [S.TRIAGE], S.DISPATCHED, [W.TIMER, W.DISPATCHER],
        "comes_back_by_a_ruling_only matter_of_a_report_is_known lead_is_competent machine_is_sure",
        "assign_units", "unit"),
    row(A.REASSIGN, AT_THE_UNIT, S.DISPATCHED, [W.DISPATCHER, W.SUPERVISOR],
        "no_dispute_waits comes_back_by_a_ruling_only moving_names_supervisor reassigning_has_grounds lead_changes "
        "matter_of_a_report_is_known lead_is_competent",
        "change_lead", "unit"),
    row(A.RECALL, [S.DISPATCHED, S.ACCEPTED], S.TRIAGE, [W.DISPATCHER, W.SUPERVISOR],
        "no_dispute_waits moving_names_supervisor return_was_granted_if_named grounds_are_stated", "take_back",
        "reason"),
    row(A.ACCEPT, [S.DISPATCHED], S.ACCEPTED, [W.UNIT, W.TIMER], "unit_leads", "accept_lead"),
    row(A.START, [S.ACCEPTED], S.IN_PROGRESS, [W.UNIT], "unit_leads citizen_was_contacted", "start_lead"),
    row(A.SUSPEND, [S.IN_PROGRESS], S.SUSPENDED, [W.SUPERVISOR], "suspension_was_granted", "hold_for_review",
        "request reason_code reason"),
    row(A.RESUME, [S.SUSPENDED], S.IN_PROGRESS, [W.UNIT, W.SUPERVISOR, W.TIMER], "unit_leads", "release_hold"),
    row(A.SHELVE, [S.IN_PROGRESS, S.SUSPENDED], S.SHELVED, [W.SUPERVISOR], "no_dispute_waits review_is_soon_enough",
        "shelve_until_review", "plan owner review_at public_text"),
    row(A.UNSHELVE, [S.SHELVED], S.IN_PROGRESS, [W.SUPERVISOR, W.TIMER], "", "release_hold"),
    row(A.CLOSE_SHELVED, [S.SHELVED], S.CLOSED, [W.SUPERVISOR], "closing_says_what_the_plan_brought", "close_shelved",
        "reason"),
    row(A.SUBMIT_RESULT, [S.IN_PROGRESS], S.SUBMITTED, [W.UNIT],
        "unit_leads parts_are_done outcome_is_proven is_not_referred_in_a_dispute result_says_something", "keep_result",
        RESULT),
    row(A.APPROVE, [S.SUBMITTED], S.REVIEW, [W.UNIT_LEADER], "unit_leads approved_by_another"),
    row(A.REDO_INSIDE, [S.SUBMITTED], S.IN_PROGRESS, [W.UNIT_LEADER],
        "unit_leads sending_back_says_why", "", "reason"),
    row(A.RELEASE, [S.REVIEW], S.REPLIED, [W.REVIEWER],
        "every_check_is_made reply_says_something parts_are_done not_of_the_handling_unit", "reply_to_citizen", "text"),
    row(A.BOUNCE, [S.REVIEW], S.IN_PROGRESS, [W.REVIEWER], "bounce_names_supervisor sending_back_says_why",
        "count_bounce", "reason"),
    row(A.RATE, [S.REPLIED], S.CALL_BACK, [W.CITIZEN], "", "keep_vote", "score solved"),
    row(A.BEGIN_CALLBACK, [S.REPLIED], S.CALL_BACK, [W.TIMER], "", "ask_for_vote"),
    row(A.CLOSE, [S.CALL_BACK], S.CLOSED, [W.CITIZEN, W.CALLBACK, W.TIMER],
        "not_of_the_handling_unit may_be_closed outcome_fits_the_call_back closing_outcome_is_proven",
        "close_after_callback"),
    row(A.REHANDLE, [S.CALL_BACK, S.CLOSED], S.REHANDLE, [W.CALLBACK, W.CITIZEN, W.SUPERVISOR],
        "not_of_the_handling_unit deserves_rehandling rehandling_names_supervisor unit_is_not_picked_by_hand "
        "somebody_can_rehandle",
        "handle_again"),
    row(A.RESTART, [S.REHANDLE], S.IN_PROGRESS, [W.UNIT, W.TIMER], "unit_leads", "work_again"),
    row(A.WITHDRAW, BEFORE_THE_REPLY, S.WITHDRAWN, [W.CITIZEN, W.AGENT],
        "not_in_enforcement agent_says_why citizens_wish_is_on_record", "end_withdrawn"),
    row(A.ARCHIVE, [S.CLOSED, S.WITHDRAWN], S.ARCHIVED, [W.TIMER], "", "minimise"),
)  # fmt: skip

LIFE = Lifecycle(S.DRAFT, frozenset({S.ARCHIVED}), TABLE)


def required_fields(action: Action) -> tuple[str, ...]:
    """The fields of Form that ``action`` always needs."""
    return next(each.needs for each in TABLE if each.action is action)


def step(
    ticket: Ticket,
    action: Action,
    form: Form,
    by: Doer,
    now: datetime,
    calendar: WorkCalendar,
    limits: Limits,
    around: Around,
) -> StepResult:
    """Take ``action`` on ``ticket``; gives the changed ticket and what follows, and changes nothing itself.

    Raises Conflict when the state (its ``current``) does not allow it or it is too early, NotAllowed when the doer may
    not, Invalid with the field codes of the form.
    """
    found = LIFE.find(ticket.state, action, by.actor)
    start = Situation(ticket, form, by, now, calendar, limits, around)
    demand(form, found.needs)
    if by.actor is Actor.TIMER:
        not_too_early(ticket, action, now, calendar, limits)
    for name in found.guards:
        GUARDS[name](start)
    changed = start
    for name in found.effects:
        changed = EFFECTS[name](changed)
    return concluded(start, move(changed, action, found.target), action.value, why_of(form, action.label))

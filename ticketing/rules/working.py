"""The work of the lead unit, from the first contact to the approved result."""

from datetime import datetime

from kernel.errors import Conflict, Invalid, NotAllowed
from ticketing.model.acting import Form
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentState,
    ClockKind,
    ErrandKind,
    Outcome,
    RequestKind,
    SuspensionReason,
)
from ticketing.model.ticket import ContactProof, Hold, Result
from ticketing.rules.deadlines import due_after
from ticketing.rules.moving import granted, open_parts, set_lead, use_request
from ticketing.rules.reasons import SHORTEST_REASON, fault_of
from ticketing.rules.situation import Effect, Guard, Situation, listed
from ticketing.rules.substance import LEAST_HAN, contact_fault, says_fault, tells_of_none

UNIT_OUTCOMES = frozenset({Outcome.RESOLVED, Outcome.PARTLY, Outcome.EXPLAINED, Outcome.REFERRED})

# -- what must hold ---------------------------------------------------------------------------------------


def citizen_was_contacted(s: Situation) -> None:
    """The first contact is logged, or it is said why there is none."""
    if s.ticket.first_contact is None and not tells_contact(s):
        if not s.form.no_contact_reason.strip():
            raise Invalid({"contacted_at": "required"})
        if fault := fault_of(s.form.no_contact_reason, SHORTEST_REASON):
            raise Invalid({"no_contact_reason": fault}, least=SHORTEST_REASON)
    contact_leaves_a_trace(s)


def tells_contact(s: Situation) -> bool:
    """Whether the form tells of a contact, or makes one; how it was made says that it was, without a moment now."""
    form = s.form
    return form.contacted_at is not None or bool(form.contact_text.strip()) or _says_how(form)


def _says_how(form: Form) -> bool:
    return bool(form.contact_how.strip()) and not form.no_contact_reason.strip()


def contact_leaves_a_trace(s: Situation) -> None:
    """What is told of a first contact lies in its time, and a relayed call stands behind it, a message to the citizen
    goes out with it, or it is said how and when they were reached."""
    if s.form.contacted_at is not None:
        contact_is_in_its_time(s, s.form.contacted_at)
    if s.ticket.first_contact is not None or not tells_contact(s) or s.form.relayed_call:
        return
    if s.form.contact_text.strip():
        _goes_to_the_citizen(s)
        return
    if fault := contact_fault(s.form.contact_how):
        wrong = "no_contact_on_record" if fault in {"required", "says_too_little"} else fault
        raise Invalid({"contact_how": wrong}, least=LEAST_HAN)
    if s.form.contacted_at is None and tells_of_none(s.form.contact_how):
        raise Invalid({"contact_how": "contact_or_none"})


def _goes_to_the_citizen(s: Situation) -> None:
    if s.ticket.address is None and not s.around.texted:
        raise Invalid({"contact_text": "citizen_not_written_to"})
    if fault := says_fault(s.form.contact_text):
        raise Invalid({"contact_text": fault}, least=LEAST_HAN)


def contact_is_in_its_time(s: Situation, contacted: datetime) -> None:
    """It has happened, and not before the unit got the ticket; to the minute, as people write it down."""
    if contacted > s.now:
        raise Invalid({"contacted_at": "in_the_future"})
    clock = s.ticket.clock(ClockKind.FIRST_CONTACT)
    if clock is not None and contacted < clock.started.replace(second=0, microsecond=0):
        raise Invalid({"contacted_at": "before_dispatch"})


def suspension_was_granted(s: Situation) -> None:
    """A granted request, and one of the three reasons."""
    granted(s, RequestKind.SUSPENSION)
    listed(s.form.reason_code, SuspensionReason)


def review_is_soon_enough(s: Situation) -> None:
    """The review date lies ahead, within 180 days."""
    review = s.form.review_at
    if review is None or not s.now < review <= s.now + s.limits.longest_shelving:
        raise Invalid({"review_at": "within_longest_shelving"})


def parts_are_done(s: Situation) -> None:
    """Every supporting and sub-assignment is done, or its dissent is noted."""
    waiting = [a.unit for a in open_parts(s.ticket) if not a.dissent]
    if waiting:
        raise Conflict("parts_open", current=s.ticket.state.value, units=waiting)


def outcome_is_proven(s: Situation) -> None:
    """One a unit can reach; RESOLVED with evidence of the unit's own, made since it has the ticket: what the citizen
    showed proves the fault, and what proved a handling before this one was not enough."""
    if s.form.outcome not in UNIT_OUTCOMES:
        raise Invalid({"outcome": "not_for_units"})
    if s.form.outcome is not Outcome.RESOLVED:
        return
    if not s.form.evidence:
        raise Invalid({"evidence": "required_if_resolved"})
    own = {each.id for each in s.form.evidence} - {each.id for each in s.ticket.evidence}
    if not own:
        raise Invalid({"evidence": "is_the_citizens"})
    if own <= s.around.older_files:
        raise Invalid({"evidence": "is_older"})


def approved_by_another(s: Situation) -> None:
    """Where a unit has inner approval, nobody approves their own result."""
    if s.around.inner_approval and s.ticket.result is not None and s.ticket.result.by == s.by.id:
        raise NotAllowed("approves_own_result")


# -- what changes -----------------------------------------------------------------------------------------


def start_lead(s: Situation) -> Situation:
    """The first contact is kept and the work begins."""
    return set_lead(keep_contact(s), AssignmentState.WORKING)


def keep_contact(s: Situation) -> Situation:
    """The first contact as it was told, and when it counts: at once if a relayed call proves it or it was written down
    soon, else only when it was written down. A message is the contact the moment it goes out."""
    form, proof = s.form, _proof(s.form)
    if s.ticket.first_contact is not None or not tells_contact(s):
        return s
    told = s.now if proof.messaged or form.contacted_at is None else form.contacted_at
    believed = proof.call or s.now <= due_after(s.calendar, s.limits.contact_told, told)
    s = s.change(first_contact=told, contact_counted=told if believed else s.now, contact_proof=proof)
    return s.send(ErrandKind.CONTACT_CITIZEN, text=form.contact_text.strip()) if proof.messaged else s


def _proof(form: Form) -> ContactProof:
    if form.relayed_call:
        return ContactProof(call=form.relayed_call)
    messaged = bool(form.contact_text.strip())
    return ContactProof(messaged=messaged, how="" if messaged else form.contact_how.strip())


def work_again(s: Situation) -> Situation:
    """The lead works."""
    return set_lead(s, AssignmentState.WORKING)


def hold_for_review(s: Situation) -> Situation:
    """Why it stands still and when that is looked at again."""
    form = s.form
    hold = Hold(form.reason_code, form.reason, s.now, s.now + s.limits.suspension_review, public_text=form.public_text)
    return use_request(s.change(hold=hold))


def shelve_until_review(s: Situation) -> Situation:
    """The plan, its owner, the date and what the citizen reads."""
    form = s.form
    review = form.review_at or s.now + s.limits.longest_shelving
    hold = Hold("", form.reason, s.now, review, form.plan, form.owner, form.public_text)
    return use_request(s.change(hold=hold))


def release_hold(s: Situation) -> Situation:
    """Nothing holds it any more."""
    return s.change(hold=None)


def keep_result(s: Situation) -> Situation:
    """What the unit found and did; its leader is told, units without inner approval pass at once."""
    form = s.form
    result = Result(form.findings, form.measures, form.basis, form.handler, form.phone, _chosen(s), s.by.id, s.now)
    s = s.change(result=result, proof=form.evidence or s.ticket.proof)
    if not s.around.inner_approval:
        return s.then(Action.APPROVE, Actor.UNIT_LEADER)
    return s.send(ErrandKind.APPROVE_INSIDE, unit=s.by.unit)


def _chosen(s: Situation) -> Outcome:
    if s.form.outcome is None:
        raise Invalid({"outcome": "required"})
    return s.form.outcome


GUARDS: tuple[Guard, ...] = (
    citizen_was_contacted,
    suspension_was_granted,
    review_is_soon_enough,
    parts_are_done,
    outcome_is_proven,
    approved_by_another,
)
EFFECTS: tuple[Effect, ...] = (
    start_lead,
    work_again,
    hold_for_review,
    shelve_until_review,
    release_hold,
    keep_result,
)

"""Merging a ticket into another of the same matter or event, and taking it apart again."""

from kernel.errors import Conflict, Invalid
from ticketing.model.labels import Actor, Flag, Secrecy, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.doors import at_one_door
from ticketing.rules.limits import Limits, rank
from ticketing.rules.moving import end_work
from ticketing.rules.repeats import same_matter, tell_the_same
from ticketing.rules.situation import Effect, Guard, Situation

ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.WITHDRAWN})
GUARDED = frozenset({Secrecy.REPORT, Secrecy.CONFIDENTIAL})
# Not answered yet.
WORKED_ON = frozenset(
    {
        State.RECEIVED,
        State.TRIAGE,
        State.NEED_INFO,
        State.DISPATCHED,
        State.ACCEPTED,
        State.IN_PROGRESS,
        State.SUSPENDED,
        State.SUBMITTED,
        State.REVIEW,
        State.REHANDLE,
    }
)
UNSPOKEN = frozenset({Flag.MINOR, Flag.SENSITIVE})

# -- what must hold ---------------------------------------------------------------------------------------


def parent_is_open(s: Situation) -> None:
    """Into another open ticket that is not merged itself; one that leads merged ones stays a parent."""
    parent = s.around.parent
    if parent is None or parent.number != s.form.parent:
        raise Invalid({"parent": "unknown"})
    if parent.id == s.ticket.id:
        raise Invalid({"parent": "itself"})
    if parent.state in ENDED | {State.DRAFT, State.MERGED}:
        raise Conflict("parent_not_open", current=parent.state.value)
    if s.around.children:
        raise Conflict("is_a_parent", current=s.ticket.state.value, children=list(s.around.children))


def is_of_the_same_matter_or_event(s: Situation) -> None:
    """What it is merged into tells the same, and guards who tells it as closely."""
    parent = s.around.parent
    if parent is None:
        raise Invalid({"parent": "unknown"})
    if _is_guarded(s.ticket) is not _is_guarded(parent):
        raise Invalid({"parent": "guarded_otherwise"})
    if not tell_the_same(s.ticket, parent, s.limits) and not _are_of_one_door(s, parent):
        raise Invalid({"parent": "another_matter"})


def _are_of_one_door(s: Situation, parent: Ticket) -> bool:
    """Whatever the words: a dispatcher has looked at both, and what they tell of one door is the same matter, or within
    days the same sort of thing."""
    if s.by.actor is not Actor.DISPATCHER or not at_one_door(s.ticket, parent, same_town=s.around.same_town):
        return False
    apart = abs((s.ticket.received or s.ticket.created) - (parent.received or parent.created))
    return same_matter(s.ticket, parent) or (s.around.same_sort and apart <= s.limits.event_within)


def _is_guarded(ticket: Ticket) -> bool:
    return ticket.secrecy in GUARDED


def may_be_joined(new: Ticket, old: Ticket, limits: Limits) -> bool:
    """Whether somebody who tells of ``new`` may be offered to follow ``old`` instead: it is being worked on, is the
    same and no less urgent, and that it is there at all gives nobody away."""
    if any(_is_guarded(each) or each.kind is TicketKind.REPORT or each.flags & UNSPOKEN for each in (new, old)):
        return False
    return old.state in WORKED_ON and rank(old.urgency) <= rank(new.urgency) and tell_the_same(new, old, limits)


def parent_is_closed(s: Situation) -> None:
    """Closed, and with a reply that can be passed on."""
    parent = s.around.parent
    if parent is None or parent.state not in {State.CLOSED, State.ARCHIVED} or parent.reply is None:
        raise Conflict("parent_not_closed", current=parent.state.value if parent else "")


# -- what changes -----------------------------------------------------------------------------------------


def join_parent(s: Situation) -> Situation:
    """Tied to the parent; the work on this one ends, its requester stays."""
    return end_work(s.change(parent=s.form.parent))


def leave_parent(s: Situation) -> Situation:
    """On its own again; its clocks never stopped."""
    return s.change(parent="")


def reply_of_parent(s: Situation) -> Situation:
    """The parent's reply becomes this requester's, to be sent on their own channel."""
    parent = s.around.parent
    return s.change(reply=parent.reply if parent else None, replied=s.now)


GUARDS: tuple[Guard, ...] = (
    parent_is_open,
    is_of_the_same_matter_or_event,
    parent_is_closed,
)
EFFECTS: tuple[Effect, ...] = (
    join_parent,
    leave_parent,
    reply_of_parent,
)

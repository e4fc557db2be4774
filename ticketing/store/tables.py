"""The tables of tickets; every list of the screens has its index."""

from collections.abc import Iterable

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql import func, literal_column

from kernel.database import Json, Moment, metadata, only_where, written_out
from ticketing.model.labels import State

# Of what these hold few tickets are at any time, however many there ever were: their indexes stay as small. Conditions
# are written out, in the queries too: only so does PostgreSQL see that an index holds all that is asked for.
UNDER_WAY = (
    State.DRAFT,
    State.RECEIVED,
    State.NEED_INFO,
    State.TRIAGE,
    State.ANSWERED,
    State.HANDED_OVER,
    State.DISPATCHED,
    State.ACCEPTED,
    State.IN_PROGRESS,
    State.SUSPENDED,
    State.SUBMITTED,
    State.REVIEW,
    State.SHELVED,
    State.REHANDLE,
)
# Where the hotline waits for the citizen or for another platform: no unit has anything to do with it.
OUTSIDE = (State.NEED_INFO, State.ANSWERED, State.DECLINED, State.HANDED_OVER)
OVER = (State.DRAFT, State.CLOSED, State.WITHDRAWN, State.ARCHIVED)
# Where a member unit has something to do; what is replied to, withdrawn or closed is none of its work any more.
WITH_UNITS = (
    State.DISPATCHED,
    State.ACCEPTED,
    State.IN_PROGRESS,
    State.SUSPENDED,
    State.SHELVED,
    State.SUBMITTED,
    State.REVIEW,
    State.REHANDLE,
)


def listed(states: Iterable[State]) -> str:
    """States as they stand in a condition that is written out."""
    return ", ".join(f"'{state.value}'" for state in states)


def states_in(states: Iterable[State]) -> ColumnElement[bool]:
    """The condition that a ticket is in one of ``states``, written out."""
    return written_out(f"ticket.state IN ({listed(states)})")


def states_not_in(states: Iterable[State]) -> ColumnElement[bool]:
    """The condition that a ticket is in none of ``states``, written out."""
    return written_out(f"ticket.state NOT IN ({listed(states)})")


HURRIES = "urgency IN ('p0', 'p1')"
ASKING = written_out("ticket.asking")
PUBLIC = written_out("ticket.public")
OPEN_PART = written_out("ticket_unit.open")

tickets = Table(
    "ticket",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("query_code", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("urgency", String(2), nullable=False),
    Column("matter", String(40), nullable=False),
    Column("area", String(32), nullable=False),
    Column("citizen", String(32), nullable=False),
    Column("address", String(200), nullable=False),
    Column("phone_index", String(64), nullable=False),
    Column("lead", String(32), nullable=False),
    Column("supervision", Integer, nullable=False),
    Column("asking", Boolean, nullable=False),
    Column("conversation", String(32), nullable=False),
    Column("parent", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("received", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("state_since", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    # by when the next thing is to be done, be it a step on the way or the whole
    Column("step_due", Moment, nullable=False),
    # what the timer does next, and how far lateness and reminders have been told
    Column("wake_at", Moment),
    Column("wake_action", String(20), nullable=False),
    Column("late_at", Moment),
    Column("late_told", Json, nullable=False),
    Column("remind_at", Moment),
    Column("reminded", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("decision", Json),
    Column("original", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    # the citizen's vote as call-backs are sorted by it
    Column("vote", String(1), nullable=False),
    # where others tell of the same event: a square of the map, and a road, estate or village
    Column("cell", Integer),
    Column("spot", String(8), nullable=False),
    Index("ix_ticket_received", "received", "id"),
    Index("ix_ticket_number_begins", "number", postgresql_ops={"number": "text_pattern_ops"}),
    Index("ix_ticket_area_begins", "area", "received", "id", postgresql_ops={"area": "text_pattern_ops"}),
    Index("ix_ticket_state", "state", "received", "id"),
    Index("ix_ticket_open", "due", "id", "state", **only_where(f"state IN ({listed(UNDER_WAY)})")),
    Index("ix_ticket_step", "step_due", "id"),
    Index(
        "ix_ticket_urgent",
        "step_due",
        "id",
        **only_where(f"state IN ({listed(UNDER_WAY)}) AND {HURRIES}"),
    ),
    Index("ix_ticket_triage", "urgency", "received", "id", **only_where("state IN ('received', 'triage')")),
    Index("ix_ticket_review", "due", "id", **only_where("state = 'review'")),
    Index("ix_ticket_approval", "due", "id", **only_where("state = 'submitted'")),
    Index("ix_ticket_callback", "vote", "state_since", "id", **only_where("state = 'call_back'")),
    Index("ix_ticket_outside", "state_since", "id", **only_where(f"state IN ({listed(OUTSIDE)})")),
    Index("ix_ticket_running", "id", **only_where(f"state NOT IN ({listed(OVER)})")),
    Index("ix_ticket_citizen", "citizen", "received", **only_where("citizen <> ''")),
    Index("ix_ticket_address", "address", "received", **only_where("address <> ''")),
    Index("ix_ticket_phone", "phone_index", "received", **only_where("phone_index <> ''")),
    Index("ix_ticket_event_matter", "matter", "area", "received"),
    Index("ix_ticket_cell", "cell", "received", **only_where("cell IS NOT NULL")),
    Index("ix_ticket_spot", "spot", "received", **only_where("spot <> ''")),
    Index("ix_ticket_matter", "matter", "received", "id"),
    Index("ix_ticket_conversation", "conversation", **only_where("conversation <> ''")),
    Index("ix_ticket_parent", "parent", **only_where("parent <> ''")),
    Index("ix_ticket_asking", "due", "id", **only_where("asking")),
    Index(
        "ix_ticket_supervised",
        "supervision",
        "due",
        "id",
        **only_where(f"supervision > 0 AND state IN ({listed(UNDER_WAY)})"),
    ),
    Index("ix_ticket_wake", "wake_at", **only_where("wake_at IS NOT NULL")),
    Index("ix_ticket_late", "late_at", **only_where("late_at IS NOT NULL")),
    Index("ix_ticket_remind", "remind_at", **only_where("remind_at IS NOT NULL")),
    Index("ix_ticket_public", "received", "id", **only_where("public")),
    Index("ix_ticket_public_matter", "matter", "received", "id", **only_where("public")),
)

ticket_units = Table(
    "ticket_unit",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("role", String(12), nullable=False),
    Column("open", Boolean, nullable=False),
    # when the ticket came in, and by when the unit has to do the next thing: a unit's lists are read here
    Column("received", Moment, nullable=False),
    Column("inbox_due", Moment),
    Index("ix_ticket_unit_open", "unit", "inbox_due", "ticket", **only_where("open")),
    Index("ix_ticket_unit_all", "unit", "received", "ticket"),
)

# Who of the hotline had a ticket in hand, and when last.
hands = Table(
    "ticket_hand",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_ticket_hand_latest", "person", "at", "ticket"),
)

# What waits for a decision: one row for each open request, gone with the decision.
asks = Table(
    "ticket_ask",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("request", String(32), primary_key=True),
    Column("what", String(10), nullable=False),
    Column("decide_by", Moment, nullable=False),
    Index("ix_ticket_ask_what", "what", "decide_by", "request"),
)

records = Table(
    "ticket_record",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("what", String(20), nullable=False),
    Column("actor", String(12), nullable=False),
    Column("by", String(64), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("before", String(12), nullable=False),
    Column("after", String(12), nullable=False),
    Column("why", Text, nullable=False),
    Column("changes", Json, nullable=False),
    Column("instead_of", String(200), nullable=False, server_default=""),
)

notices = Table(
    "ticket_notice",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket", ForeignKey("ticket.id"), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("seen_at", Moment),
    Index("ix_ticket_notice_unit", "unit", "at"),
    Index("ix_ticket_notice_ticket", "ticket"),
)

repeats = Table(
    "ticket_repeat",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("other", ForeignKey("ticket.id"), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("likeness", Integer, nullable=False),
)

# By what its text meets its likes, of tickets that others may still join: rules/bands.py.
likes = Table(
    "ticket_band",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("band", Integer, primary_key=True),
    Column("town", String(32), nullable=False),
    Column("received", Moment, nullable=False),
    Index("ix_ticket_band_town", "band", "town", "received", "ticket"),
    Index("ix_ticket_band", "band", "received", "ticket"),
)

numbers = Table(
    "ticket_number",
    metadata,
    Column("day", String(6), primary_key=True),
    Column("last", Integer, nullable=False),
)

matters = Table(
    "matter",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", Json, nullable=False),
)

matter_states = Table(
    "matter_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# The words of a ticket, cut by kernel.chinese: PostgreSQL searches them here, SQLite in the full-text table beside.
texts = Table(
    "ticket_text",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("terms", Text, nullable=False),
    Column("received", Moment, nullable=False),
    Index("ix_ticket_text_received", "received", "ticket"),
)
Index(
    "ix_ticket_text_terms",
    func.to_tsvector(literal_column("'simple'"), texts.c.terms),
    postgresql_using="gin",
    _table=texts,
).ddl_if(dialect="postgresql")
FULL_TEXT = "fts_ticket"


def _on_sqlite(moment: str, statement: str) -> None:
    # SQLAlchemy leaves DDL without annotations.
    ddl: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(texts, moment, ddl.execute_if(dialect="sqlite"))


_on_sqlite("after_create", f"CREATE VIRTUAL TABLE IF NOT EXISTS {FULL_TEXT} USING fts5(ticket UNINDEXED, terms)")
_on_sqlite("before_drop", f"DROP TABLE IF EXISTS {FULL_TEXT}")

"""Units see what they have to do next first; who had a ticket in hand, what waits for a decision, bad votes first."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "e6a1c93b5d27"
down_revision = "d3f8a2b6c914"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OUTSIDE = "state IN ('need_info', 'answered', 'declined', 'handed_over')"
CALL_BACK = "state = 'call_back'"
AT_DESKS = "('agent', 'dispatcher', 'reviewer', 'callback', 'supervisor')"
BAD_SCORES = {"dissatisfied", "very_dissatisfied"}
# The clocks of what a lead unit has to do, as in the code when this step was written.
STEPS = {
    "dispatched": {"accept"},
    "accepted": {"first_contact", "unit"},
    "in_progress": {"first_contact", "unit"},
    "submitted": {"unit"},
    "rehandle": {"unit", "rehandle"},
}
BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "ticket_hand",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("ticket", sa.String(32), sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_ticket_hand_latest", "ticket_hand", ["person", "at", "ticket"])
    op.create_table(
        "ticket_ask",
        sa.Column("ticket", sa.String(32), sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("request", sa.String(32), primary_key=True),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("decide_by", MOMENT, nullable=False),
    )
    op.create_index("ix_ticket_ask_what", "ticket_ask", ["what", "decide_by", "request"])
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("vote", sa.String(1), nullable=False, server_default="2"))
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("vote", existing_type=sa.String(1), existing_nullable=False, server_default=None)
    op.execute(
        "INSERT INTO ticket_hand (person, ticket, at)"  # noqa: S608 - constants
        f' SELECT "by", ticket, max(at) FROM ticket_record WHERE "by" <> \'\' AND actor IN {AT_DESKS}'
        ' GROUP BY "by", ticket'
    )
    _from_bodies()
    op.drop_index("ix_ticket_callback", table_name="ticket")
    _index("ix_ticket_callback", ["vote", "state_since", "id"], CALL_BACK)
    _index("ix_ticket_outside", ["state_since", "id"], OUTSIDE)


def _from_bodies() -> None:
    """What stands in the tickets themselves: open requests, votes, the next step of each lead."""
    connection = op.get_bind()
    ask = sa.text("INSERT INTO ticket_ask (ticket, request, what, decide_by) VALUES (:ticket, :request, :what, :by)")
    vote = sa.text("UPDATE ticket SET vote = :vote WHERE id = :id")
    due = sa.text('UPDATE ticket_unit SET inbox_due = :due WHERE ticket = :id AND "unit" = :unit AND "open"')
    ask = ask.bindparams(sa.bindparam("by", type_=MOMENT))
    due = due.bindparams(sa.bindparam("due", type_=MOMENT))
    for id_, state, body in _tickets(connection):
        for request in body.get("requests", ()):
            if request["state"] in {"open", "disputed"}:
                what = "dispute" if request["state"] == "disputed" else _what(request["kind"])
                by = _moment(request["decide_by"])
                connection.execute(ask, {"ticket": id_, "request": request["id"], "what": what, "by": by})
        if rating := body.get("rating"):
            bad = rating["score"] in BAD_SCORES or rating["solved"] == "no"
            connection.execute(vote, {"id": id_, "vote": "1" if bad else "3"})
        moment = _next(state, body)
        leads = [part for part in body.get("assignments", ()) if part["role"] == "lead"]
        if moment is not None:
            for part in leads:
                connection.execute(due, {"id": id_, "unit": part["unit"], "due": moment})


def _tickets(connection: sa.Connection) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """All that is not over, and what was voted on, a batch at a time."""
    query = sa.text(
        "SELECT id, state, body FROM ticket WHERE id > :last"
        " AND state NOT IN ('draft', 'closed', 'withdrawn', 'archived') ORDER BY id LIMIT :many"
    )
    last = ""
    while rows := connection.execute(query, {"last": last, "many": BATCH}).all():
        for id_, state, body in rows:
            yield id_, state, json.loads(body)
        last = rows[-1][0]


def _what(kind: str) -> str:
    return "return" if kind == "return" else "other"


def _next(state: str, body: dict[str, Any]) -> datetime | None:
    kinds = STEPS.get(state, set())
    running = [c for c in body.get("clocks", ()) if c["kind"] in kinds and not c.get("stopped")]
    if not running or any(c.get("pauses") and not c["pauses"][-1].get("until") for c in running):
        return None
    return min(_moment(c["due"]) for c in running)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def downgrade() -> None:
    op.drop_index("ix_ticket_outside", table_name="ticket")
    op.drop_index("ix_ticket_callback", table_name="ticket")
    _index("ix_ticket_callback", ["state_since", "id"], CALL_BACK)
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_column("vote")
    op.drop_table("ticket_ask")
    op.drop_table("ticket_hand")


def _index(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "ticket", columns, postgresql_where=only, sqlite_where=only)

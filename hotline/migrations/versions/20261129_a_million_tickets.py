"""Lists of a million tickets: each is read by an index from where it begins."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "d3f8a2b6c914"
down_revision = "68f606b207a0"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNDER_WAY = (
    "state IN ('draft', 'received', 'need_info', 'triage', 'answered', 'handed_over', 'dispatched', 'accepted',"
    " 'in_progress', 'suspended', 'submitted', 'review', 'shelved', 'rehandle')"
)
RUNNING = "state NOT IN ('draft', 'closed', 'withdrawn', 'archived')"
# What a unit has something to do with: as in the code when this step was written.
WITH_UNITS = "('dispatched', 'accepted', 'in_progress', 'suspended', 'shelved', 'submitted', 'review', 'rehandle')"
GONE = (
    ("ix_ticket_state", ["state", "due", "id"], None),
    ("ix_ticket_triage", ["state", "urgency", "received", "id"], None),
    ("ix_ticket_lead", ["lead", "state"], "lead <> ''"),
    ("ix_ticket_event", ["area", "received"], None),
    ("ix_ticket_matter", ["matter", "received"], None),
    ("ix_ticket_supervision", ["supervision", "due"], "supervision > 0"),
)
MADE = (
    ("ix_ticket_state", ["state", "received", "id"], None),
    ("ix_ticket_open", ["due", "id", "state"], UNDER_WAY),
    ("ix_ticket_urgent", ["urgency", "due", "id"], UNDER_WAY),
    ("ix_ticket_triage", ["urgency", "received", "id"], "state IN ('received', 'triage')"),
    ("ix_ticket_review", ["due", "id"], "state = 'review'"),
    ("ix_ticket_approval", ["due", "id"], "state = 'submitted'"),
    ("ix_ticket_callback", ["state_since", "id"], "state = 'call_back'"),
    ("ix_ticket_running", ["id"], RUNNING),
    ("ix_ticket_matter", ["matter", "received", "id"], None),
    ("ix_ticket_public_matter", ["matter", "received", "id"], "public"),
    ("ix_ticket_supervised", ["supervision", "due", "id"], f"supervision > 0 AND {UNDER_WAY}"),
)
LOOKS = (
    ("ix_ticket_access_number", "number"),
    ("ix_ticket_access_by", "by"),
    ("ix_ticket_access_unit", "unit"),
)


def upgrade() -> None:
    for name, _, _ in GONE:
        op.drop_index(name, table_name="ticket")
    for made in MADE:
        _index("ticket", *made)
    begins: dict[str, Any] = {"postgresql_ops": {"number": "text_pattern_ops", "area": "text_pattern_ops"}}
    op.create_index("ix_ticket_number_begins", "ticket", ["number"], **begins)
    op.create_index("ix_ticket_area_begins", "ticket", ["area", "received", "id"], **begins)
    op.drop_index("ix_past_ticket_by_number", table_name="past_ticket")
    op.create_index("ix_past_ticket_by_number", "past_ticket", ["number"], **begins)
    for name, column in LOOKS:
        op.create_index(name, "ticket_access", [column, "at", "id"])
    _index("officer_notice", "ix_officer_notice_at", ["at"], None)
    _index("mailbox_out", "ix_mailbox_out_sending", ["lease_until"], "state = 'sending'")
    _index("rollup", "ix_rollup_matter", ["matter", "day"], "matter <> ''")
    _units()
    _texts()


def _units() -> None:
    with op.batch_alter_table("ticket_unit") as unit:
        unit.add_column(sa.Column("received", MOMENT, nullable=True))
        unit.add_column(sa.Column("inbox_due", MOMENT, nullable=True))
    op.execute(
        "UPDATE ticket_unit SET received = (SELECT received FROM ticket WHERE id = ticket_unit.ticket),"  # noqa: S608
        f" inbox_due = (SELECT due FROM ticket WHERE id = ticket_unit.ticket AND state IN {WITH_UNITS}"
        " AND ticket_unit.open)"
    )
    with op.batch_alter_table("ticket_unit") as unit:
        unit.alter_column("received", existing_type=MOMENT, nullable=False)
        unit.drop_index("ix_ticket_unit_inbox")
    _index("ticket_unit", "ix_ticket_unit_open", ["unit", "inbox_due", "ticket"], "open")
    _index("ticket_unit", "ix_ticket_unit_all", ["unit", "received", "ticket"], None)


def _texts() -> None:
    """Texts know when their ticket came in, and their units among the words."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    with op.batch_alter_table("ticket_text") as text:
        text.add_column(sa.Column("received", MOMENT, nullable=True))
    spelt = "encode(convert_to(unit, 'UTF8'), 'hex')" if postgresql else "lower(hex(unit))"
    joined = f"{'string_agg' if postgresql else 'group_concat'}('unit' || {spelt}, ' ')"
    op.execute(
        "UPDATE ticket_text SET received = (SELECT received FROM ticket WHERE id = ticket_text.ticket),"  # noqa: S608
        f" terms = terms || coalesce((SELECT ' ' || {joined} FROM ticket_unit"
        " WHERE ticket_unit.ticket = ticket_text.ticket), '')"
    )
    if not postgresql:
        op.execute(
            "UPDATE fts_ticket SET terms = (SELECT terms FROM ticket_text WHERE ticket_text.ticket = fts_ticket.ticket)"
        )
    with op.batch_alter_table("ticket_text") as text:
        text.alter_column("received", existing_type=MOMENT, nullable=False)
    op.create_index("ix_ticket_text_received", "ticket_text", ["received", "ticket"])


def downgrade() -> None:
    op.drop_index("ix_rollup_matter", table_name="rollup")
    op.drop_index("ix_mailbox_out_sending", table_name="mailbox_out")
    op.drop_index("ix_officer_notice_at", table_name="officer_notice")
    op.drop_index("ix_ticket_text_received", table_name="ticket_text")
    with op.batch_alter_table("ticket_text") as text:
        text.drop_column("received")
    op.drop_index("ix_ticket_unit_all", table_name="ticket_unit")
    op.drop_index("ix_ticket_unit_open", table_name="ticket_unit")
    with op.batch_alter_table("ticket_unit") as unit:
        unit.drop_column("inbox_due")
        unit.drop_column("received")
        unit.create_index("ix_ticket_unit_inbox", ["unit", "open"])
    for name, _ in LOOKS:
        op.drop_index(name, table_name="ticket_access")
    op.drop_index("ix_past_ticket_by_number", table_name="past_ticket")
    op.create_index("ix_past_ticket_by_number", "past_ticket", ["number"])
    for name in ("ix_ticket_number_begins", "ix_ticket_area_begins", *(made[0] for made in MADE)):
        op.drop_index(name, table_name="ticket")
    for gone in GONE:
        _index("ticket", *gone)


def _index(table: str, name: str, columns: Sequence[str], where: str | None) -> None:
    only = sa.text(where) if where else None
    partial: dict[str, Any] = {"postgresql_where": only, "sqlite_where": only} if only is not None else {}
    op.create_index(name, table, list(columns), **partial)

"""Every notice of lateness that was told is kept by its name; open tickets are looked at for those that are new."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4c9d27e1b8f6"
down_revision = "e6a1c93b5d27"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LEVELS = ("overdue", "urge_notice", "second_level", "circular")


def upgrade() -> None:
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("late_told", JSON, nullable=False, server_default="[]"))
    connection = op.get_bind()
    rows = sa.table(
        "ticket",
        sa.column("id", sa.String),
        sa.column("body", sa.Text),
        sa.column("late_level", sa.Integer),
        sa.column("late_told", JSON),
        sa.column("late_at", sa.DateTime(timezone=True)),
    )
    late = sa.select(rows.c.id, rows.c.body, rows.c.late_level).where(rows.c.late_level > 0)
    for found in connection.execute(late).all():
        told = list(_told(found.body, found.late_level))
        connection.execute(sa.update(rows).where(rows.c.id == found.id).values(late_told=told))
    now = datetime.now(UTC)
    connection.execute(sa.update(rows).where(rows.c.late_at.is_not(None)).values(late_at=now))
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("late_told", server_default=None)
        ticket.drop_column("late_level")


def downgrade() -> None:
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("late_level", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("late_level", server_default=None)
        ticket.drop_column("late_told")


def _told(body: str, level: int) -> Iterator[str]:
    clocks = [clock for clock in json.loads(body).get("clocks", []) if clock["kind"] in {"total", "rehandle"}]
    for clock in clocks[-1:]:
        started = int(datetime.fromisoformat(clock["started"]).timestamp())
        yield from (f"{clock['kind']}:{started}:{name}" for name in LEVELS[:level])

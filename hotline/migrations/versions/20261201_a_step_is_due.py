"""By when the next thing is to be done on a ticket; of tickets there are, the whole until their next step."""

import sqlalchemy as sa
from alembic import op

revision = "c3f81e5a9b20"
down_revision = "a60d4c2e97f1"
branch_labels = None
depends_on = None

UNDER_WAY = (
    "'draft', 'received', 'need_info', 'triage', 'answered', 'handed_over', 'dispatched', 'accepted',"
    " 'in_progress', 'suspended', 'submitted', 'review', 'shelved', 'rehandle'"
)


def upgrade() -> None:
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("step_due", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE ticket SET step_due = due")
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("step_due", nullable=False)
    op.drop_index("ix_ticket_urgent", table_name="ticket")
    op.create_index("ix_ticket_step", "ticket", ["step_due", "id"])
    _urgent(["step_due", "id"], f"state IN ({UNDER_WAY}) AND urgency IN ('p0', 'p1')")


def downgrade() -> None:
    op.drop_index("ix_ticket_urgent", table_name="ticket")
    op.drop_index("ix_ticket_step", table_name="ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_column("step_due")
    _urgent(["urgency", "due", "id"], f"state IN ({UNDER_WAY})")


def _urgent(columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index("ix_ticket_urgent", "ticket", columns, postgresql_where=only, sqlite_where=only)

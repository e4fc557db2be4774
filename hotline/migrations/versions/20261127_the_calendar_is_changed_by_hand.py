"""The calendar is changed by hand: its changes, and how far open tickets have been counted anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8d2fe19c5b62"
down_revision = "7c1de08b4a51"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_index("ix_calendar_change_version", "calendar_change", ["version"])
    op.create_table(
        "ticket_recount",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("applied", json, nullable=False),
        sa.Column("target", json, nullable=True),
        sa.Column("cursor", sa.String(length=32), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_recount")),
    )


def downgrade() -> None:
    op.drop_table("ticket_recount")
    op.drop_index("ix_calendar_change_version", "calendar_change")
    op.drop_table("calendar_change")

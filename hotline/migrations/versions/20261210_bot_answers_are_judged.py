"""Answers of the bot are drawn at random and judged by people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d7b2f0639ac8"
down_revision = "c4e1a95f7d20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot_sample",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("articles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(64), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_sample")),
    )
    op.create_index("ix_bot_sample_day", "bot_sample", ["day", "verdict"])
    op.create_index("ix_bot_sample_list", "bot_sample", ["verdict", "answered_at", "id"])


def downgrade() -> None:
    op.drop_table("bot_sample")

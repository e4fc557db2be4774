"""An exchange tells of calls: when each was offered, answered and over."""

import sqlalchemy as sa
from alembic import op

revision = "c4e1a95f7d20"
down_revision = "b3f92c6a70d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_call",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(64), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
    )


def downgrade() -> None:
    op.drop_table("phone_call")

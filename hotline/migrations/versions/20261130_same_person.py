"""What agents say of two citizens who left the same number is kept."""

import sqlalchemy as sa
from alembic import op

revision = "7b1f3d95c2a8"
down_revision = "c41f7a02e8d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizen_judgement",
        sa.Column("one", sa.String(32), sa.ForeignKey("citizen.id"), primary_key=True),
        sa.Column("other", sa.String(32), sa.ForeignKey("citizen.id"), primary_key=True),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_citizen_judgement_other", "citizen_judgement", ["other"])


def downgrade() -> None:
    op.drop_table("citizen_judgement")

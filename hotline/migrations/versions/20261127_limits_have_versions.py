"""Limits have versions, each with the day it takes effect."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c1de08b4a51"
down_revision = "a87e774f6a22"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_limit_version")),
    )


def downgrade() -> None:
    op.drop_table("limit_version")

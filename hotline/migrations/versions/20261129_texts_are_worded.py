"""The texts people are sent can be worded otherwise; every wording is kept."""

import sqlalchemy as sa
from alembic import op

revision = "b7d2480f6e19"
down_revision = "5e0c7a91d3f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrase_text",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_phrase_text")),
    )


def downgrade() -> None:
    op.drop_table("phrase_text")

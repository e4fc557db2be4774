"""Lists of sensitive words with what became of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5e0c7a91d3f2"
down_revision = "b52d18e3fac6"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def body() -> sa.Column[object]:
    return sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "sensitive_word",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("folded", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        body(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitive_word")),
        sa.UniqueConstraint("folded", name=op.f("uq_sensitive_word_folded")),
    )
    op.create_table(
        "sensitive_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitive_state")),
    )
    op.create_table(
        "sensitive_change",
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        body(),
        sa.PrimaryKeyConstraint("word", "version", name=op.f("pk_sensitive_change")),
    )


def downgrade() -> None:
    for table in ("sensitive_change", "sensitive_state", "sensitive_word"):
        op.drop_table(table)

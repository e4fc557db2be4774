"""Whether an answer helped whom is kept, to be learnt from."""

import sqlalchemy as sa
from alembic import op

revision = "d81b5c3e70fa"
down_revision = "5c2f7b90d1a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_vote",
        sa.Column("article", sa.String(60), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("article", "asked", "person", name=op.f("pk_answer_vote")),
    )
    op.create_index("ix_answer_vote_at", "answer_vote", ["at"])


def downgrade() -> None:
    op.drop_index("ix_answer_vote_at", "answer_vote")
    op.drop_table("answer_vote")

"""Single matters of the catalogue are changed, with the day it takes effect; what is retired is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e9146b0c58a7"
down_revision = "b7d2480f6e19"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "matter_change",
        text("id", 32),
        text("matter", 40),
        text("kind", 10),
        text("state", 10),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        text("by", 64),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        text("successor", 40),
        text("precedent", 32),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_change")),
    )
    op.create_index("ix_matter_change_matter", "matter_change", ["matter", "id"])
    op.create_index("ix_matter_change_state", "matter_change", ["state", "valid_from"])
    op.create_table(
        "matter_retired",
        text("code", 40),
        text("successor", 40),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_matter_retired")),
    )


def downgrade() -> None:
    op.drop_table("matter_retired")
    op.drop_table("matter_change")

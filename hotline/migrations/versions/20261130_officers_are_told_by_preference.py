"""Officers are written to on the way they prefer; messages under way know of no other way they could go."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8a3e61f7c0d4"
down_revision = "5f40b9d7e6a2"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
THEN = "1970-01-01 00:00:00+00:00"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    added: tuple[sa.Column[Any], ...] = (
        sa.Column("rest", JSON, nullable=False, server_default="[]"),
        sa.Column("texts", JSON, nullable=False, server_default='["", ""]'),
        sa.Column("link", sa.Text(), nullable=False, server_default=""),
        sa.Column("told_at", moment, nullable=False, server_default=THEN),
        sa.Column("until", moment, nullable=False, server_default=THEN),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("officer_message") as message:
        for column in added:
            message.add_column(column)
    with op.batch_alter_table("officer_message") as message:
        for column in added:
            message.alter_column(column.name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("officer_message") as message:
        for name in ("urgent", "until", "told_at", "link", "texts", "rest"):
            message.drop_column(name)

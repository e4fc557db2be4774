"""A line of a ticket's history says which fields it changed; of lines before nothing is known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9e5a20c74d16"
down_revision = "7b1f3d95c2a8"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("ticket_record") as record:
        record.add_column(sa.Column("changes", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("ticket_record") as record:
        record.alter_column("changes", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ticket_record") as record:
        record.drop_column("changes")

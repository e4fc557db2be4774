"""The history of a ticket says in whose place somebody acted."""

import sqlalchemy as sa
from alembic import op

revision = "5b90d7c2e6f3"
down_revision = "e0a7d35c1f48"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket_record", sa.Column("instead_of", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("ticket_record") as batch:
        batch.drop_column("instead_of")

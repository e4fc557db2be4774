"""Messages nobody can tell of whether they arrived are found without reading all that were ever sent."""

import sqlalchemy as sa
from alembic import op

revision = "e0a7d35c1f48"
down_revision = "8e27c5d0f4b1"
branch_labels = None
depends_on = None

_ONLY = sa.text("state = 'unknown'")


def upgrade() -> None:
    op.create_index(
        "ix_mailbox_out_unclear",
        "mailbox_out",
        ["channel", "created_at"],
        postgresql_where=_ONLY,
        sqlite_where=_ONLY,
    )


def downgrade() -> None:
    op.drop_index("ix_mailbox_out_unclear", "mailbox_out")

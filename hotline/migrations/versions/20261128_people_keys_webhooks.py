"""Accounts know outsourced people, given passwords and last sign-ins; keys expire; webhooks fail and turn secrets."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "b52d18e3fac6"
down_revision = "a41c07d2e9b5"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = {
    "webhook": ("old_until", "old_secret", "failing", "delivered"),
    "api_key": ("follows", "purpose", "expires"),
    "staff_session": ("device",),
    "staff": ("signed_in_at", "version", "renew", "outsourced"),
}


def upgrade() -> None:
    no, empty = sa.false(), sa.text("''")
    add(
        "staff",
        sa.Column("outsourced", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("renew", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("signed_in_at", MOMENT, nullable=True),
    )
    op.create_index("ix_staff_unit", "staff", ["unit"])
    add("staff_session", sa.Column("device", sa.String(length=40), nullable=False, server_default=empty))
    add(
        "api_key",
        sa.Column("expires", MOMENT, nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False, server_default=empty),
        sa.Column("follows", sa.String(length=40), nullable=False, server_default=empty),
    )
    add(
        "webhook",
        sa.Column("delivered", MOMENT, nullable=True),
        sa.Column("failing", MOMENT, nullable=True),
        sa.Column("old_secret", sa.Text(), nullable=False, server_default=empty),
        sa.Column("old_until", MOMENT, nullable=True),
    )


def add(table: str, *columns: Any) -> None:
    """Add columns; their defaults are for the rows there are, not for those to come."""
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        for column in columns:
            if column.server_default is not None:
                batch.alter_column(column.name, server_default=None)


def downgrade() -> None:
    op.drop_index("ix_staff_unit", table_name="staff")
    for table, names in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)

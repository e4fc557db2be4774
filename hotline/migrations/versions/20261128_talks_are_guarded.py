"""Looks at a citizen's talk are kept as those at tickets are; what guards a secret is counted over all processes."""

import sqlalchemy as sa
from alembic import op

revision = "b7d2f05c1a94"
down_revision = "a41c07d2e9b5"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("ticket_access") as access:
        access.alter_column("ticket", existing_type=sa.String(length=32), nullable=True)
        access.add_column(sa.Column("talk", sa.String(length=32), nullable=False, server_default=""))
    with op.batch_alter_table("ticket_access") as access:
        access.alter_column("talk", server_default=None)
    where = sa.text("talk <> ''")
    op.create_index(
        "ix_ticket_access_talk", "ticket_access", ["talk", "by"], postgresql_where=where, sqlite_where=where
    )
    op.create_table(
        "request_rate",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("full_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_request_rate")),
    )
    op.create_index("ix_request_rate_full_at", "request_rate", ["full_at"])


def downgrade() -> None:
    op.drop_table("request_rate")
    op.drop_index("ix_ticket_access_talk", table_name="ticket_access")
    op.execute("DELETE FROM ticket_access WHERE ticket IS NULL")
    with op.batch_alter_table("ticket_access") as access:
        access.drop_column("talk")
        access.alter_column("ticket", existing_type=sa.String(length=32), nullable=False)

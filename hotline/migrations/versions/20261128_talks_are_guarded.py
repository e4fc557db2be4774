"""Looks at talks are kept, guesses counted over all processes, both sides of a dispute heard, a late ruling told."""

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

    with op.batch_alter_table("ticket_argument") as argument:
        argument.add_column(sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("ticket_argument") as argument:
        argument.alter_column("own", server_default=None)
    op.create_table(
        "ticket_ruling_late",
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_ticket_ruling_late")),
    )


def downgrade() -> None:
    op.drop_table("ticket_ruling_late")
    with op.batch_alter_table("ticket_argument") as argument:
        argument.drop_column("own")
    op.drop_table("request_rate")
    op.drop_index("ix_ticket_access_talk", table_name="ticket_access")
    op.execute("DELETE FROM ticket_access WHERE ticket IS NULL")
    with op.batch_alter_table("ticket_access") as access:
        access.drop_column("talk")
        access.alter_column("ticket", existing_type=sa.String(length=32), nullable=False)

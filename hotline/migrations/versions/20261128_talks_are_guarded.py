"""Looks at talks are kept, guesses counted over all processes, disputes heard, late rulings told, votes kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b7d2f05c1a94"
down_revision = "e9146b0c58a7"
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
        "inspection_second",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("inspector", sa.String(length=64), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("failed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_inspection_second")),
    )
    op.create_index("ix_inspection_second_open", "inspection_second", ["done_at", "asked_at"])
    op.create_table(
        "ticket_vote",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=24), nullable=False),
        sa.Column("solved", sa.String(length=12), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_vote_ticket")),
        sa.PrimaryKeyConstraint("ticket", "round", name=op.f("pk_ticket_vote")),
    )
    op.create_table(
        "ticket_ruling_late",
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_ticket_ruling_late")),
    )


def downgrade() -> None:
    for table in ("ticket_ruling_late", "ticket_vote", "inspection_second"):
        op.drop_table(table)
    with op.batch_alter_table("ticket_argument") as argument:
        argument.drop_column("own")
    op.drop_table("request_rate")
    op.drop_index("ix_ticket_access_talk", table_name="ticket_access")
    op.execute("DELETE FROM ticket_access WHERE ticket IS NULL")
    with op.batch_alter_table("ticket_access") as access:
        access.drop_column("talk")
        access.alter_column("ticket", existing_type=sa.String(length=32), nullable=False)

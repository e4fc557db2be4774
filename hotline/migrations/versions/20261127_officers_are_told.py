"""Officers are told: how each wants to be reached, and of what."""

import sqlalchemy as sa
from alembic import op

revision = "9e30fa2d6c73"
down_revision = "8d2fe19c5b62"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL AND read_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "officer_reach",
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_officer_reach")),
    )
    op.create_table(
        "officer_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_officer_notice_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_notice")),
    )
    op.create_index(
        "ix_officer_notice_waiting", "officer_notice", ["staff"], postgresql_where=WAITING, sqlite_where=WAITING
    )
    op.create_index("ix_officer_notice_staff", "officer_notice", ["staff", "at"])
    op.create_index("ix_officer_notice_ticket", "officer_notice", ["ticket"])


def downgrade() -> None:
    op.drop_table("officer_notice")
    op.drop_table("officer_reach")

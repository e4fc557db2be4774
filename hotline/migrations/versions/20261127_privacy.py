"""Who citizens are is guarded: doubtful spans, looks at identities, leaks."""

import sqlalchemy as sa
from alembic import op

revision = "3d1f0c5e9b27"
down_revision = "9e30fa2d6c73"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ticket_span",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_span_ticket")),
        sa.PrimaryKeyConstraint("ticket", "mark", name=op.f("pk_ticket_span")),
    )
    op.create_index("ix_ticket_span_waiting", "ticket_span", ["verdict", "found_at"])
    op.create_table(
        "ticket_access",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("fields", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_access_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_access")),
    )
    op.create_index("ix_ticket_access_at", "ticket_access", ["at", "id"])
    op.create_index("ix_ticket_access_ticket", "ticket_access", ["ticket", "at"])
    op.create_table(
        "ticket_leak",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("notify_by", MOMENT, nullable=False),
        sa.Column("notified_at", MOMENT, nullable=True),
        sa.Column("notified_by", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("told_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_leak_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_leak")),
    )
    op.create_index("ix_ticket_leak_ticket", "ticket_leak", ["ticket", "closed_at"])
    op.create_index("ix_ticket_leak_opened", "ticket_leak", ["opened_at", "id"])


def downgrade() -> None:
    for name in ("ticket_leak", "ticket_access", "ticket_span"):
        op.drop_table(name)

"""Rulings become precedents; units approve inside; people at one ticket see each other and keep drafts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a41c07d2e9b5"
down_revision = "c8fca5e5b879"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def listed(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False)


def text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "ticket_precedent",
        text("id", 32),
        text("ticket", 24),
        text("request", 32),
        text("matter", 40),
        text("area", 32),
        listed("units"),
        text("lead", 32),
        listed("supporting"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        text("by", 64),
        text("amendment", 10),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_precedent")),
    )
    op.create_index("ix_ticket_precedent_matter", "ticket_precedent", ["matter", "at"])
    op.create_index("ix_ticket_precedent_amendment", "ticket_precedent", ["amendment", "at"])
    op.create_table(
        "ticket_argument",
        text("id", 32),
        text("ticket", 24),
        text("request", 32),
        text("unit", 32),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        text("by", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_argument")),
    )
    op.create_index("ix_ticket_argument_request", "ticket_argument", ["request", "at"])
    op.create_table(
        "unit_approval",
        text("unit", 32),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        text("by", 64),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_unit_approval")),
    )
    op.create_table(
        "unit_deputy",
        text("id", 32),
        text("unit", 32),
        text("leader", 32),
        text("leader_name", 60),
        text("deputy", 32),
        text("deputy_name", 60),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_deputy")),
    )
    op.create_index("ix_unit_deputy_unit", "unit_deputy", ["unit", "until"])
    op.create_table(
        "ticket_watcher",
        text("ticket", 32),
        text("person", 64),
        text("name", 60),
        text("unit", 32),
        text("doing", 20),
        sa.Column("seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_watcher_ticket")),
        sa.PrimaryKeyConstraint("ticket", "person", name=op.f("pk_ticket_watcher")),
    )
    op.create_index("ix_ticket_watcher_seen", "ticket_watcher", ["seen"])
    op.create_table(
        "ticket_draft",
        text("ticket", 32),
        text("person", 64),
        text("action", 20),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_draft_ticket")),
        sa.PrimaryKeyConstraint("ticket", "person", "action", name=op.f("pk_ticket_draft")),
    )
    op.create_index("ix_ticket_draft_at", "ticket_draft", ["at"])
    with op.batch_alter_table("unit") as unit:
        unit.add_column(sa.Column("approval", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("unit") as unit:
        unit.alter_column("approval", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("unit") as unit:
        unit.drop_column("approval")
    for table in (
        *("ticket_draft", "ticket_watcher", "unit_deputy", "unit_approval", "ticket_argument", "ticket_precedent"),
    ):
        op.drop_table(table)

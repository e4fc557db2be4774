"""Units change: former names, successors, the changes made, and what has still to follow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "66aa15e73742"
down_revision = "55f2f432141f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
    )
    op.create_index("ix_unit_change_version", "unit_change", ["version"])
    op.create_table(
        "ticket_follow",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("change", sa.String(length=32), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_follow_ticket")),
        sa.PrimaryKeyConstraint("ticket", "source", name=op.f("pk_ticket_follow")),
    )
    for name, column in (
        ("ix_ticket_follow_next", "not_before"),
        ("ix_ticket_follow_target", "target"),
        ("ix_ticket_follow_change", "change"),
    ):
        op.create_index(name, "ticket_follow", [column])
    empty = {"also": "[]", "former": "[]", "heirs": "[]"}
    # Units that there are get a value; after that the program gives every one.
    with op.batch_alter_table("unit") as unit:
        for name, value in empty.items():
            kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
            unit.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        unit.add_column(sa.Column("successor", sa.String(length=32), nullable=False, server_default=""))
    with op.batch_alter_table("unit") as unit:
        for name in (*empty, "successor"):
            unit.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("unit") as unit:
        for name in ("heirs", "successor", "former", "also"):
            unit.drop_column(name)
    op.drop_table("ticket_follow")
    op.drop_table("unit_change")

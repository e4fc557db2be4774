"""Closed tickets of other systems."""

import sqlalchemy as sa
from alembic import op

revision = "a87e774f6a22"
down_revision = "d85a3f178039"
branch_labels = None
depends_on = None

ONLY_NAMED = ("matter", "unit", "phone_index")


def upgrade() -> None:
    op.create_table(
        "past_ticket",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("matter_text", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("area_text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("unit_text", sa.Text(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("outcome_text", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_ticket")),
    )
    op.create_index("uq_past_ticket_number", "past_ticket", ["source", "number"], unique=True)
    op.create_index("ix_past_ticket_by_number", "past_ticket", ["number"])
    op.create_index("ix_past_ticket_at", "past_ticket", ["at", "id"])
    for column in ONLY_NAMED:
        named = sa.text(f"{column} <> ''")
        name = f"ix_past_ticket_{column.removesuffix('_index')}"
        op.create_index(name, "past_ticket", [column, "at"], postgresql_where=named, sqlite_where=named)
    # Full text: an index on PostgreSQL, a table of its own on SQLite.
    if op.get_bind().dialect.name == "postgresql":
        terms = [sa.text("to_tsvector('simple', terms)")]
        op.create_index("ix_past_ticket_terms", "past_ticket", terms, postgresql_using="gin")
    else:
        op.execute("CREATE VIRTUAL TABLE fts_past_ticket USING fts5(ticket UNINDEXED, terms)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE fts_past_ticket")
    op.drop_table("past_ticket")

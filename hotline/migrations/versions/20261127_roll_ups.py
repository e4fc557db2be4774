"""Figures of tickets: cases, what they count for, the roll-ups; replies drawn for inspection."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c8fca5e5b879"
down_revision = "9c3e2a7f1d56"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ABOUT = (("unit", 32), ("matter", 40), ("area", 32), ("channel", 20))


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "measured_case",
        _text("number", 24),
        _text("person", 32),
        _text("matter", 40),
        sa.Column("opened", sa.DateTime(timezone=True)),
        sa.Column("closed", sa.DateTime(timezone=True)),
        sa.Column("look_at", sa.DateTime(timezone=True)),
        sa.Column("body", JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_measured_case")),
    )
    op.create_index("ix_measured_case_person", "measured_case", ["person", "matter"])
    waits = sa.text("look_at IS NOT NULL")
    op.create_index("ix_measured_case_look", "measured_case", ["look_at"], postgresql_where=waits, sqlite_where=waits)
    op.create_table(
        "measured_part",
        _text("number", 24),
        _text("measure", 20),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(_text(*each) for each in ABOUT),
        sa.Column("numerator", sa.Float(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.Column("lawful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", "measure", "place", name=op.f("pk_measured_part")),
    )
    op.create_index("ix_measured_part_day", "measured_part", ["measure", "day", "number"])
    op.create_index("ix_measured_part_unit", "measured_part", ["measure", "unit", "day"])
    op.create_index("ix_measured_part_place", "measured_part", ["measure", "matter", "day"])
    key = ("grain", "measure", "day", "unit", "matter", "area", "channel")
    sums = ("all_num", "all_den", "kept_num", "kept_den", "score_num", "score_den")
    op.create_table(
        "rollup",
        _text("grain", 8),
        _text("measure", 20),
        sa.Column("day", sa.Date(), nullable=False),
        *(_text(*each) for each in ABOUT),
        *(sa.Column(name, sa.Float(), nullable=False) for name in sums),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_rollup")),
    )
    op.create_index("ix_rollup_unit", "rollup", ["grain", "unit", "day"])
    op.create_index("ix_rollup_day", "rollup", ["grain", "day"])
    op.create_table(
        "inspection",
        _text("number", 24),
        sa.Column("drawn", sa.Date(), nullable=False),
        _text("unit", 32),
        _text("inspector", 32),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("points", sa.Integer()),
        sa.Column("failed", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_inspection")),
    )
    op.create_index("ix_inspection_open", "inspection", ["done_at", "drawn", "number"])


def downgrade() -> None:
    for name in ("inspection", "rollup", "measured_part", "measured_case"):
        op.drop_table(name)

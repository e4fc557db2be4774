"""A unit's own inspections are found by the unit."""

from alembic import op

revision = "5c1e7a94d03b"
down_revision = "b8417d5e90c2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_inspection_unit", "inspection", ["unit", "done_at", "number"])


def downgrade() -> None:
    op.drop_index("ix_inspection_unit", "inspection")

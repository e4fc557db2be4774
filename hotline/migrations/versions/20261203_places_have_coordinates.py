"""Places have coordinates."""

import sqlalchemy as sa
from alembic import op

revision = "5c2f7b90d1a4"
down_revision = "5c1e7a94d03b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_spot",
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("latitude", sa.Integer(), nullable=False),
        sa.Column("longitude", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("place", "area", "latitude", "longitude"),
    )


def downgrade() -> None:
    op.drop_table("place_spot")

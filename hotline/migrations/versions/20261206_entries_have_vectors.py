"""What an entry means, as a vector, is kept by what made it."""

import sqlalchemy as sa
from alembic import op

revision = "2b8f6e01d9c5"
down_revision = "7a3d90c4e18b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_vector",
        sa.Column("maker", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("maker", "digest", name=op.f("pk_entry_vector")),
    )


def downgrade() -> None:
    op.drop_table("entry_vector")

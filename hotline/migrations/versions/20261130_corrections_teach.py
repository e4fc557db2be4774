"""What a person put right about a ticket's matter is kept, to be learnt from."""

import sqlalchemy as sa
from alembic import op

revision = "7b3e5d10c2fa"
down_revision = "8a3e61f7c0d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matter_correction",
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("matter", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_matter_correction")),
    )
    op.create_index("ix_matter_correction_matter", "matter_correction", ["matter", "at"])


def downgrade() -> None:
    op.drop_index("ix_matter_correction_matter", "matter_correction")
    op.drop_table("matter_correction")

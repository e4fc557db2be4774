"""To whom people gave a ticket though another unit was proposed; of tickets before nothing was kept."""

import sqlalchemy as sa
from alembic import op

revision = "a60d4c2e97f1"
down_revision = "7b3e5d10c2fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_correction",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("was", sa.String(length=40), nullable=False),
        sa.Column("now", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_lead_correction")),
    )
    op.create_index("ix_lead_correction_matter", "lead_correction", ["matter", "place", "was", "now"])


def downgrade() -> None:
    op.drop_index("ix_lead_correction_matter", table_name="lead_correction")
    op.drop_table("lead_correction")

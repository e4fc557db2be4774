"""The numbers by which a ticket's text meets its likes; a job writes those of the tickets that are open already."""

import sqlalchemy as sa
from alembic import op

revision = "f05b83d6a1c7"
down_revision = "2d8c64f0b713"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_band",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("town", sa.String(length=32), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_band_ticket")),
        sa.PrimaryKeyConstraint("ticket", "band", name=op.f("pk_ticket_band")),
    )
    op.create_index("ix_ticket_band_town", "ticket_band", ["band", "town", "received", "ticket"])
    op.create_index("ix_ticket_band", "ticket_band", ["band", "received", "ticket"])


def downgrade() -> None:
    for name in ("ix_ticket_band", "ix_ticket_band_town"):
        op.drop_index(name, table_name="ticket_band")
    op.drop_table("ticket_band")

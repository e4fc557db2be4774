"""The square of the map and the road or estate of a ticket, by which others near it are found."""

import sqlalchemy as sa
from alembic import op

revision = "c41f7a02e8d9"
down_revision = "4c9d27e1b8f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("cell", sa.Integer(), nullable=True))
        ticket.add_column(sa.Column("spot", sa.String(length=8), nullable=False, server_default=""))
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("spot", server_default=None)
    # Those of before keep an empty square and spot: only what was received within three days is asked after.
    where = sa.text("cell IS NOT NULL")
    op.create_index("ix_ticket_cell", "ticket", ["cell", "received"], postgresql_where=where, sqlite_where=where)
    where = sa.text("spot <> ''")
    op.create_index("ix_ticket_spot", "ticket", ["spot", "received"], postgresql_where=where, sqlite_where=where)
    op.create_index("ix_ticket_event_matter", "ticket", ["matter", "area", "received"])


def downgrade() -> None:
    for name in ("ix_ticket_event_matter", "ix_ticket_spot", "ix_ticket_cell"):
        op.drop_index(name, table_name="ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_column("spot")
        ticket.drop_column("cell")

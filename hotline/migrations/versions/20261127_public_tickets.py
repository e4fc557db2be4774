"""Which tickets everybody may see."""

import sqlalchemy as sa
from alembic import op

revision = "8b2d1f6e0c45"
down_revision = "7a1c0e5d9b34"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("public", server_default=None)
    # The body is JSON as the program writes it. Nothing of a child and nothing sensitive.
    op.execute(
        """UPDATE ticket SET public = (1 = 1) WHERE body LIKE '%"secrecy":"open"%' """
        """AND body NOT LIKE '%"minor"%' AND body NOT LIKE '%"sensitive"%'"""
    )
    where = sa.text("public")
    op.create_index("ix_ticket_public", "ticket", ["received", "id"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    op.drop_index("ix_ticket_public", table_name="ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_column("public")

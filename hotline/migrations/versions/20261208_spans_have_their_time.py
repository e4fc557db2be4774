"""How far it was told that nobody has decided about doubtful words is kept with them."""

import sqlalchemy as sa
from alembic import op

revision = "8e27c5d0f4b1"
down_revision = "6c1e94a2b7d3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What waits already is told of once more; the default is needed for what there is alone.
    with op.batch_alter_table("ticket_span") as batch:
        batch.add_column(sa.Column("told", sa.String(16), nullable=False, server_default=""))
    with op.batch_alter_table("ticket_span") as batch:
        batch.alter_column("told", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ticket_span") as batch:
        batch.drop_column("told")

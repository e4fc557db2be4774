"""An officer says who picked up a relayed call; of calls before nothing was said."""

import sqlalchemy as sa
from alembic import op

revision = "2d8c64f0b713"
down_revision = "9e5a20c74d16"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("relay_call") as call:
        call.add_column(sa.Column("heard", sa.String(12), nullable=False, server_default=""))
    with op.batch_alter_table("relay_call") as call:
        call.alter_column("heard", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("relay_call") as call:
        call.drop_column("heard")

"""Places name the unit that owns them."""

import sqlalchemy as sa
from alembic import op

revision = "d85a3f178039"
down_revision = "66aa15e73742"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The places there are have no owner yet; the default is needed for them alone.
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.String(length=32), nullable=False, server_default=""))
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.alter_column("owner", existing_type=sa.String(length=32), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_column("owner")

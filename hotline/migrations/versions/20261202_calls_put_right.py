"""Who picked up a call is put right for a while; a reply is drawn for inspection for a talk without a call behind
it."""

import sqlalchemy as sa
from alembic import op

revision = "b8417d5e90c2"
down_revision = "3f6d80b4e71c"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("relay_call") as call:
        call.add_column(sa.Column("judged_at", MOMENT, nullable=True))
        call.add_column(sa.Column("heard_before", sa.String(12), nullable=False, server_default=""))
    with op.batch_alter_table("relay_call") as call:
        call.alter_column("heard_before", server_default=None)
    with op.batch_alter_table("inspection") as inspection:
        inspection.add_column(sa.Column("why", sa.String(16), nullable=False, server_default="lot"))
    with op.batch_alter_table("inspection") as inspection:
        inspection.alter_column("why", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("inspection") as inspection:
        inspection.drop_column("why")
    with op.batch_alter_table("relay_call") as call:
        call.drop_column("heard_before")
        call.drop_column("judged_at")

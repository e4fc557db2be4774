"""Files are found by their content."""

from alembic import op

revision = "5e2b90d7c4a8"
down_revision = "c3f81e5a9b20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attachment_sha256", "attachment", ["sha256", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_attachment_sha256", table_name="attachment")

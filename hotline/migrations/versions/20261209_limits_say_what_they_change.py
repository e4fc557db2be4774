"""A version of the limits says what it changes, so that it undoes nothing set before its day, and why beyond a rule."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b3f92c6a70d4"
down_revision = "5b90d7c2e6f3"
branch_labels = None
depends_on = None

LEAF = {"unit", "amount"}
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
versions = sa.table(
    "limit_version",
    sa.column("version", sa.Integer),
    sa.column("valid_from", sa.DateTime(timezone=True)),
    sa.column("body", JSON),
    sa.column("changes", JSON),
)


def upgrade() -> None:
    with op.batch_alter_table("limit_version") as batch:
        batch.add_column(sa.Column("changes", JSON, nullable=True))
        batch.add_column(sa.Column("beyond_why", sa.Text(), nullable=True))
    now, before = datetime.now(UTC), list[tuple[datetime, Any]]()
    for row in op.get_bind().execute(sa.select(versions).order_by(versions.c.version)).all():
        begins = row.valid_from if row.valid_from.tzinfo else row.valid_from.replace(tzinfo=UTC)
        known = [body for since, body in sorted(before, key=lambda one: one[0]) if since <= begins]
        # What was in force was in force as a whole; what is still to come was meant as what it changed.
        if begins > now and known:
            old, new = leaves(known[-1]), leaves(row.body)
            changes = {key: value for key, value in new.items() if key in old and old[key] != value}
            statement = versions.update().where(versions.c.version == row.version).values(changes=changes)
            op.get_bind().execute(statement)
        before.append((begins, row.body))


def downgrade() -> None:
    with op.batch_alter_table("limit_version") as batch:
        batch.drop_column("beyond_why")
        batch.drop_column("changes")


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every single value by its path."""
    parts = dict(enumerate(value)) if isinstance(value, list) else value
    if not isinstance(parts, dict) or set(parts) == LEAF:
        return {path: value}
    return {k: v for key, each in parts.items() for k, v in leaves(each, f"{path}.{key}" if path else str(key)).items()}

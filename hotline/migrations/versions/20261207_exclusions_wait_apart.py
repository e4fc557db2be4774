"""An exclusion waits for a reviewer, and is found apart from what dispatchers and supervisors decide."""

import json

import sqlalchemy as sa
from alembic import op

revision = "6c1e94a2b7d3"
down_revision = "2b8f6e01d9c5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    asks = sa.table("ticket_ask", sa.column("ticket"), sa.column("request"), sa.column("what"))
    tickets = sa.table("ticket", sa.column("id"), sa.column("body", sa.Text))
    joined = asks.join(tickets, tickets.c.id == asks.c.ticket)
    query = sa.select(asks.c.ticket, asks.c.request, tickets.c.body).select_from(joined).where(asks.c.what == "other")
    for found in connection.execute(query).all():
        requests = json.loads(found.body).get("requests", [])
        if any(each["id"] == found.request and each["kind"] == "exclusion" for each in requests):
            mine = (asks.c.ticket == found.ticket) & (asks.c.request == found.request)
            connection.execute(sa.update(asks).where(mine).values(what="exclusion"))


def downgrade() -> None:
    asks = sa.table("ticket_ask", sa.column("what"))
    op.get_bind().execute(sa.update(asks).where(asks.c.what == "exclusion").values(what="other"))

"""What a first reviewer agreed to waits for a second one, and is found as such."""

import json

import sqlalchemy as sa
from alembic import op

revision = "5f40b9d7e6a2"
down_revision = "f05b83d6a1c7"
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
        if any(each["id"] == found.request and each.get("agreed_by") for each in requests):
            mine = (asks.c.ticket == found.ticket) & (asks.c.request == found.request)
            connection.execute(sa.update(asks).where(mine).values(what="second"))


def downgrade() -> None:
    asks = sa.table("ticket_ask", sa.column("what"))
    op.get_bind().execute(sa.update(asks).where(asks.c.what == "second").values(what="other"))

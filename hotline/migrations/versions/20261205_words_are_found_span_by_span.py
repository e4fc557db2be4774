"""When a ticket was received lies among its terms, so that a frequent word is looked for in the newest spans first."""

from alembic import op

revision = "7a3d90c4e18b"
down_revision = "d81b5c3e70fa"
branch_labels = None
depends_on = None

_SECONDS = (604_800, 4_838_400, 38_707_200)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _add("floor(extract(epoch FROM received) / {})::bigint")
        return
    _add("(CAST(strftime('%s', received) AS INTEGER) / {})")
    _again()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE ticket_text SET terms = regexp_replace(terms, '(^| )span0x.*$', '')")
        return
    op.execute("UPDATE ticket_text SET terms = rtrim(substr(terms, 1, instr(terms, 'span0x') - 1))")
    _again()


def _add(which: str) -> None:
    spans = " || ".join(f"' span{place}x' || {which.format(each)}" for place, each in enumerate(_SECONDS))
    op.execute(f"UPDATE ticket_text SET terms = ltrim(terms || {spans})")  # noqa: S608 - our own names


def _again() -> None:
    op.execute("DELETE FROM fts_ticket")
    op.execute("INSERT INTO fts_ticket (ticket, terms) SELECT ticket, terms FROM ticket_text")

"""Everything the desk keeps, looked at: whose turn it is, and that each message came to somebody, once."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import RowMapping, func, select

from desk.events import CitizenSpoke
from desk.model import Turn
from desk.store import conversations
from kernel.database import Database, Tx
from kernel.journal import journal, kind_of
from kernel.mailbox import InState, inbox
from kernel.room import Audit, Fault

RULES = ("message_has_one_outcome", "turns_are_somebodys")


class Auditing:
    """Reads all conversations; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def audit(self) -> Audit:
        """For the house."""
        return Audit("desk", RULES, self.run)

    async def run(self) -> tuple[int, list[Fault]]:
        """How many messages came in, and what is wrong with what came of them."""
        async with self._database.reading() as tx:
            rows = await tx.rows(select(conversations))
            came, spoken = await _came(tx), await _spoken(tx, {row["id"]: row["address"] for row in rows})
        return sum(came.values()), [*_outcomes(came, spoken), *_turns(rows)]


async def _came(tx: Tx) -> Counter[str]:
    """Messages that were dealt with, by address."""
    dealt = inbox.c.state.in_([InState.DONE, InState.ASIDE])
    query = select(inbox.c.address, func.count().label("many")).where(dealt).group_by(inbox.c.address)
    return Counter({row["address"]: row["many"] for row in await tx.rows(query)})


async def _spoken(tx: Tx, addresses: Mapping[str, str]) -> Counter[str]:
    """Messages that came to somebody, by the address of their conversation."""
    query = select(journal.c.subject, func.count().label("many"))
    query = query.where(journal.c.kind == kind_of(CitizenSpoke)).group_by(journal.c.subject)
    found: Counter[str] = Counter()
    for row in await tx.rows(query):
        found[addresses.get(row["subject"].removeprefix("conversation:"), row["subject"])] += row["many"]
    return found


def _outcomes(came: Counter[str], spoken: Counter[str]) -> Iterator[Fault]:
    for address in came.keys() | spoken.keys():
        if came[address] != spoken[address]:
            what = f"{came[address]} messages were dealt with, {spoken[address]} came to somebody"
            yield Fault("message_has_one_outcome", address, what)


def _turns(rows: list[RowMapping]) -> Iterator[Fault]:
    for row in rows:
        turn, waits = Turn(row["turn"]), row["waiting_since"] is not None
        if turn is Turn.AGENT and not row["agent_id"]:
            yield Fault("turns_are_somebodys", row["id"], "with an agent, but with none")
        if (turn is Turn.WAITING and not waits) or (turn is Turn.CLOSED and waits):
            yield Fault("turns_are_somebodys", row["id"], f"{turn.value}, waiting since {row['waiting_since']}")

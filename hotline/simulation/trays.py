"""The two trays looked at from end to end: nothing in the mailbox lost, doubled, answered twice; the journal whole."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, func, select

from hotline.simulation.post import Ledger
from kernel.database import Tx
from kernel.journal import Journal, cursors, heads, journal
from kernel.mailbox import InState, OutState, inbox, lanes, outbox
from kernel.room import Fault, Floor

MAILBOX = (
    "nothing_is_lost",
    "nothing_is_doubled",
    "nothing_is_answered_twice",
    "threads_are_in_order",
    "nothing_waits",
)
JOURNAL = ("facts_are_numbered", "digests_verify", "readers_are_up_to_date")
OPEN = frozenset({OutState.QUEUED, OutState.SENDING})


async def audit_mailbox(floor: Floor, ledger: Ledger | None) -> tuple[int, list[Fault]]:
    """How many messages there are, and what is wrong with them; ``ledger`` is what the platforms know."""
    async with floor.database.reading() as tx:
        came = await tx.rows(select(*(inbox.c[n] for n in ("id", "address", "external_id", "seq", "state"))))
        columns = ("id", "address", "seq", "state", "reply_to", "created_at")
        went = await tx.rows(select(*(outbox.c[name] for name in columns)))
        lanes_ = await tx.rows(select(lanes))
    faults = [*_waits(came, went, lanes_), *_threads(came, went, lanes_, ledger), *_twice(went)]
    if ledger is not None:
        faults += _lost(came, ledger)
    return len(came) + len(went), faults


def _waits(came: Sequence[RowMapping], went: Sequence[RowMapping], lanes_: Sequence[RowMapping]) -> Iterator[Fault]:
    for row in came:
        if row["state"] == InState.WAITING:
            yield Fault("nothing_waits", row["address"], f"message {row['seq']} was never dealt with")
        if row["state"] == InState.ASIDE:
            yield Fault("nothing_is_lost", row["address"], f"message {row['seq']} was set aside")
    for row in went:
        if row["state"] in OPEN:
            yield Fault("nothing_waits", row["address"], f"message {row['seq']} never left")
    for row in lanes_:
        if row["ready"] or row["lease_token"] is not None:
            yield Fault("nothing_waits", row["address"], "the lane is not at rest")


def _threads(
    came: Sequence[RowMapping], went: Sequence[RowMapping], lanes_: Sequence[RowMapping], ledger: Ledger | None
) -> Iterator[Fault]:
    """Numbers of a thread are given once. Of a message that came again a number is left out, and only then."""
    seqs: dict[str, list[int]] = defaultdict(list)
    for row in (*came, *went):
        seqs[row["address"]].append(row["seq"])
    last = {row["address"]: row["last_seq"] for row in lanes_}
    for address, found in seqs.items():
        upto, left_out = last.get(address, 0), ledger.repeated[address] if ledger else 0
        if len(set(found)) != len(found) or max(found) > upto or (ledger and upto - len(found) != left_out):
            yield Fault("threads_are_in_order", address, f"{len(found)} messages, numbered up to {upto}")


def _twice(went: Sequence[RowMapping]) -> Iterator[Fault]:
    moments: dict[str, set[datetime]] = defaultdict(set)
    for row in went:
        if row["reply_to"]:
            moments[row["reply_to"]].add(row["created_at"])
    for message, at in moments.items():
        if len(at) > 1:
            yield Fault("nothing_is_answered_twice", message, f"answered at {len(at)} moments")


def _lost(came: Sequence[RowMapping], ledger: Ledger) -> Iterator[Fault]:
    kept = Counter((row["address"], row["external_id"]) for row in came)
    for address, external in ledger.delivered - kept.keys():
        yield Fault("nothing_is_lost", address, f"{external} was delivered and is not there")
    for (address, external), many in kept.items():
        if many > 1 or (address, external) not in ledger.delivered:
            yield Fault("nothing_is_doubled", address, f"{external} is there {many} times")
    if ledger.wrong_receipts:
        yield Fault("nothing_is_doubled", "receipts", f"{ledger.wrong_receipts} receipts were wrong")
    if ledger.carried_twice:
        yield Fault("nothing_is_doubled", "delivery", f"{ledger.carried_twice} messages were carried twice")


async def audit_journal(floor: Floor, leave_out: str = "ticket:") -> tuple[int, list[Fault]]:
    """How many facts there are, and what is wrong; the chains of tickets are looked at with the tickets."""
    faults: list[Fault] = []
    async with floor.database.reading() as tx:
        many = await tx.scalar(select(func.count()).select_from(journal))
        numbered = await tx.scalar(select(func.count()).where(journal.c.position.is_not(None)))
        last = await floor.journal.last_position(tx)
        if numbered != many or last != many:
            faults.append(Fault("facts_are_numbered", "journal", f"{many} facts, {numbered} numbered up to {last}"))
        behind = {row["reader"]: last - row["position"] for row in await tx.rows(select(cursors))}
        faults += [Fault("readers_are_up_to_date", who, f"{n} facts behind") for who, n in behind.items() if n]
        faults += await _chains(tx, floor.journal, leave_out)
    return many, faults


async def _chains(tx: Tx, journal_: Journal, leave_out: str) -> list[Fault]:
    found = []
    for row in await tx.rows(select(heads.c.subject).order_by(heads.c.subject)):
        if not row["subject"].startswith(leave_out):
            broken = await journal_.broken_links(tx, row["subject"])
            found += [Fault("digests_verify", row["subject"], what) for what in broken]
    return found

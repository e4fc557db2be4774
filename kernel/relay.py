"""The tray of relayed calls: one room asks for two people to be called from a number of ours, another has it done.

Neither sees the other's number, and neither number is anywhere but sealed in its row; it is dropped when the call ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, RowMapping, String, Table, Text, select, update

from kernel.bell import Bell
from kernel.calls import CallHeard, CallOrder, CallResult, CallState, RelayedCall
from kernel.clock import Clock
from kernel.database import Moment, Tx, metadata, only_where, written_out
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.privacy import Vault

TOPIC = "relay"
ENDED_TOPIC = "relay.ended"
# No ring, no talk is longer without a word of the platform; after that nobody can tell any more.
SILENT = timedelta(hours=1)


calls = Table(
    "relay_call",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("state", String(12), nullable=False),
    Column("result", String(16), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("ended_at", Moment),
    Column("seconds", Integer, nullable=False),
    Column("noted", Boolean, nullable=False),
    Column("heard", String(12), nullable=False),
    Column("judged_at", Moment),
    Column("heard_before", String(12), nullable=False),
    Index("ix_relay_call_subject", "subject", "asked_at"),
    Index("ix_relay_call_open", "state", **only_where("state <> 'ended'")),
    Index("ix_relay_call_unnoted", "ended_at", **only_where("state = 'ended' AND NOT noted")),
)

_ORDER = (CallState.ASKED, CallState.CALLING, CallState.CONNECTING, CallState.TALKING, CallState.ENDED)


_OPEN = written_out("relay_call.state <> 'ended'")
_UNNOTED = written_out("relay_call.state = 'ended' AND NOT relay_call.noted")


class Relay:
    """The tray over the database; numbers are sealed at rest."""

    def __init__(self, vault: Vault, clock: Clock, bell: Bell) -> None:
        self._vault = vault
        self._clock = clock
        self._bell = bell

    async def ask(self, tx: Tx, subject: str, asked_by: str, officer: str, citizen: str) -> RelayedCall:
        """Have two people called about ``subject``."""
        now, call = self._clock.now(), new_id()
        sealed = self._vault.seal(msgspec.json.encode([officer, citizen]).decode(), _context(call))
        row = {
            "id": call,
            "subject": subject,
            "asked_by": asked_by,
            "state": CallState.ASKED,
            "result": "",
            "reason": "",
            "sealed": sealed,
            "external_id": "",
            "asked_at": now,
            "heard_at": now,
            "seconds": 0,
            "noted": False,
            "heard": "",
            "heard_before": "",
        }
        await tx.execute(tx.insert(calls).values(**row))
        tx.after_commit(lambda: self._bell.ring(TOPIC))
        return RelayedCall(call, subject, asked_by, CallState.ASKED, None, "", now, None, None, 0)

    async def claim(self, tx: Tx) -> CallOrder | None:
        """The call asked for first, now in the hands of whoever claims it: it is never begun twice."""
        query = select(calls).where(_OPEN, calls.c.state == CallState.ASKED).order_by(calls.c.asked_at).limit(1)
        row = await tx.row(query.with_for_update(skip_locked=True))
        if row is None:
            return None
        mine = (calls.c.id == row["id"]) & (calls.c.state == CallState.ASKED)
        taken = await tx.execute(update(calls).where(mine).values(state=CallState.CALLING, heard_at=self._clock.now()))
        return self._order(row) if taken.rowcount else None

    async def order(self, tx: Tx, call: str) -> CallOrder:
        """Whom a call in progress is between; NotFound once it is over."""
        row = await tx.row(select(calls).where(calls.c.id == call, calls.c.state != CallState.ENDED))
        if row is None or not row["sealed"]:
            raise NotFound("call")
        return self._order(row)

    async def placed(self, tx: Tx, call: str, external_id: str) -> None:
        """The platform rings the officer."""
        await tx.execute(update(calls).where(calls.c.id == call).values(external_id=external_id))

    async def turn(
        self, tx: Tx, call: str, state: CallState, result: CallResult | None = None, seconds: int = 0, reason: str = ""
    ) -> None:
        """The call has gone on, never back: the platform's reports overtake each other. The first end is the end."""
        row = await tx.row(select(calls).where(calls.c.id == call).with_for_update())
        if row is None or CallState(row["state"]) is CallState.ENDED:
            return
        now = self._clock.now()
        values: dict[str, object] = {"heard_at": now}
        if _ORDER.index(state) > _ORDER.index(CallState(row["state"])):
            values["state"] = state
        if state is CallState.TALKING and row["answered_at"] is None:
            values["answered_at"] = now
        if state is CallState.ENDED:
            values |= self._ending(row, result or CallResult.UNCLEAR, seconds, now)
            values["reason"] = reason
            tx.after_commit(lambda: self._bell.ring(ENDED_TOPIC))
        await tx.execute(update(calls).where(calls.c.id == call).values(**values))

    def _ending(self, row: RowMapping, result: CallResult, seconds: int, now: datetime) -> dict[str, object]:
        answered = row["answered_at"]
        if answered is not None and result in {CallResult.GIVEN_UP, CallResult.OFFICER_AWAY, CallResult.UNCLEAR}:
            result = CallResult.ANSWERED
        if result is CallResult.ANSWERED:
            answered = answered or now - timedelta(seconds=seconds)
            seconds = seconds or int((now - answered).total_seconds())
        kept = {"result": result, "ended_at": now, "seconds": seconds, "answered_at": answered}
        # Nobody needs the numbers any more.
        return kept | {"state": CallState.ENDED, "sealed": ""}

    async def silent(self, tx: Tx) -> list[str]:
        """Calls the platform has said nothing of for long."""
        since = self._clock.now() - SILENT
        rows = await tx.rows(select(calls.c.id).where(_OPEN, calls.c.heard_at < since))
        return [row["id"] for row in rows]

    async def about(self, tx: Tx, subject: str, limit: int = 20) -> Sequence[RelayedCall]:
        """The calls about something, the newest first."""
        query = select(calls).where(calls.c.subject == subject).order_by(calls.c.asked_at.desc(), calls.c.id.desc())
        return [_call(row) for row in await tx.rows(query.limit(limit))]

    async def ended(self, tx: Tx, limit: int = 20) -> Sequence[RelayedCall]:
        """Calls that ended and were not noted yet."""
        query = select(calls).where(_UNNOTED)
        return [_call(row) for row in await tx.rows(query.order_by(calls.c.ended_at).limit(limit))]

    async def note(self, tx: Tx, call: str) -> bool:
        """What follows from its end is done, in the transaction of it; False when somebody has done it already."""
        mine = (calls.c.id == call) & calls.c.noted.is_(False)
        return bool((await tx.execute(update(calls).where(mine).values(noted=True))).rowcount)

    async def one(self, tx: Tx, call: str) -> RelayedCall:
        """A call; NotFound."""
        row = await tx.row(select(calls).where(calls.c.id == call))
        if row is None:
            raise NotFound("call")
        return _call(row)

    async def hear(self, tx: Tx, call: str, heard: CallHeard) -> bool:
        """Keep who picked up a call that was answered, once; False when that was said already."""
        mine = (calls.c.id == call) & (calls.c.result == CallResult.ANSWERED) & (calls.c.heard == "")
        said = {"heard": heard.value, "judged_at": self._clock.now()}
        return bool((await tx.execute(update(calls).where(mine).values(**said))).rowcount)

    async def correct(self, tx: Tx, call: str, heard: CallHeard, within: timedelta) -> CallHeard | None:
        """Put right who picked up, within so long of saying it first; gives what was said before, None when it is too
        late or nothing else is said. The first word stays in the row."""
        row = await tx.row(select(calls).where(calls.c.id == call).with_for_update())
        if row is None or not row["heard"] or row["heard"] == heard or row["judged_at"] is None:
            return None
        if self._clock.now() > row["judged_at"] + within:
            return None
        said = {"heard": heard.value, "heard_before": row["heard_before"] or row["heard"]}
        await tx.execute(update(calls).where(calls.c.id == call).values(**said))
        return CallHeard(row["heard"])

    def _order(self, row: RowMapping) -> CallOrder:
        officer, citizen = msgspec.json.decode(self._vault.open(row["sealed"], _context(row["id"])), type=list[str])
        return CallOrder(row["id"], officer, citizen)


def _context(call: str) -> str:
    return f"relay_call:{call}"


def _call(row: RowMapping) -> RelayedCall:
    result = CallResult(row["result"]) if row["result"] else None
    who = row["id"], row["subject"], row["asked_by"], CallState(row["state"]), result, row["reason"]
    heard, before = (CallHeard(row[name]) if row[name] else None for name in ("heard", "heard_before"))
    times = row["asked_at"], row["answered_at"], row["ended_at"], row["seconds"]
    return RelayedCall(*who, *times, heard, row["judged_at"], before)

"""Rows of subscriptions and of what was, or has still to be, sent to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from kernel.database import Json, Moment, Serial, Tx, metadata, only_where
from kernel.errors import NotFound
from kernel.ids import new_id
from ticketing.rules.webhooks import Answered, Hook, SendState

hooks = Table(
    "webhook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit", String(32), nullable=False),
    Column("key", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("facts", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("position", Serial, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made", Moment, nullable=False),
    # One post at a time to each; the one served longest ago comes next.
    Column("lease_token", String(32), nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("delivered", Moment),
    Column("failing", Moment),
    Column("old_secret", Text, nullable=False),
    Column("old_until", Moment),
)

sends = Table(
    "webhook_delivery",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("hook", ForeignKey("webhook.id"), nullable=False),
    Column("event", String(32), nullable=False),
    Column("position", Serial, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("ticket", String(24), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("error", String(40), nullable=False),
    Column("made", Moment, nullable=False),
    Column("settled", Moment),
    Index("ix_webhook_delivery_event", "hook", "event", unique=True),
    Index("ix_webhook_delivery_log", "hook", "position"),
    Index("ix_webhook_delivery_waiting", "hook", "ticket", "position", **only_where("state = 'waiting'")),
    Index("ix_webhook_delivery_settled", "settled", **only_where("settled IS NOT NULL")),
)
_H, _S = hooks.c, sends.c


@dataclass(frozen=True, slots=True)
class Send:
    """One fact for one subscription."""

    id: str
    hook: str
    event: str
    position: int
    kind: str
    ticket: str
    body: str
    state: SendState
    attempts: int
    next_at: datetime
    status: int
    error: str
    made: datetime
    settled: datetime | None


# -- subscriptions ------------------------------------------------------------------------------------------


async def add(tx: Tx, hook: Hook) -> None:
    """A new subscription."""
    row = {name: getattr(hook, name) for name in Hook.__slots__} | {"facts": list(hook.facts)}
    await tx.execute(hooks.insert().values(**row, lease_token="", lease_until=hook.made, not_before=hook.made))


async def one(tx: Tx, hook_id: str) -> Hook:
    """One subscription; NotFound."""
    row = await tx.row(select(hooks).where(_H.id == hook_id))
    if row is None:
        raise NotFound("webhook")
    return _hook(row)


async def of_unit(tx: Tx, unit: str = "") -> list[Hook]:
    """A unit's subscriptions, or all, the newest first."""
    query = select(hooks).order_by(_H.made.desc(), _H.id)
    return [_hook(row) for row in await tx.rows(query.where(_H.unit == unit) if unit else query)]


async def change(tx: Tx, hook: Hook) -> None:
    """Write down whether it is stopped, where it posts to, what it is told, and its secrets."""
    values = {
        "active": hook.active,
        "url": hook.url,
        "facts": list(hook.facts),
        "secret": hook.secret,
        "old_secret": hook.old_secret,
        "old_until": hook.old_until,
    }
    await tx.execute(update(hooks).where(_H.id == hook.id).values(**values))


async def hand_on(tx: Tx, key: str, successor: str) -> None:
    """What a key subscribed to stands and falls with its successor."""
    await tx.execute(update(hooks).where(_H.key == key, _H.key != "").values(key=successor))


async def stop_key(tx: Tx, key: str) -> None:
    """Stop what a key subscribed to."""
    await tx.execute(update(hooks).where(_H.key == key, _H.key != "").values(active=False))


async def go_back(tx: Tx, hook_id: str, position: int, now: datetime) -> None:
    """Let one read the journal again after ``position``."""
    await tx.execute(update(hooks).where(_H.id == hook_id).values(position=position, not_before=now))


async def lowest(tx: Tx) -> int | None:
    """From where the journal has to be read, None when nobody reads."""
    found: int | None = await tx.scalar(select(func.min(_H.position)).where(_H.active))
    return found


async def readers(tx: Tx) -> list[Hook]:
    """Every active subscription; nobody else reads for them until the transaction ends."""
    rows = await tx.rows(select(hooks).where(_H.active).order_by(_H.id).with_for_update())
    return [_hook(row) for row in rows]


async def has_read(tx: Tx, readers: Sequence[Hook], position: int) -> None:
    """Those have read so far; one that came meanwhile has not."""
    theirs = _H.id.in_([hook.id for hook in readers])
    await tx.execute(update(hooks).where(theirs, _H.position < position).values(position=position))


# -- what is to be sent -------------------------------------------------------------------------------------


async def enqueue(tx: Tx, found: Sequence[Send]) -> None:
    """Let facts be sent; one that was sent before is sent once more under its old number."""
    for send in found:
        row = {name: getattr(send, name) for name in Send.__slots__}
        again = {name: row[name] for name in ("state", "attempts", "next_at", "status", "error", "settled")}
        statement = tx.insert(sends).values(**row)
        await tx.execute(statement.on_conflict_do_update(index_elements=["hook", "event"], set_=again))


async def is_due(tx: Tx, now: datetime) -> bool:
    """Whether anything can be sent now."""
    return await tx.row(select(_H.id).where(*_may_send(now), _due(now).exists()).limit(1)) is not None


async def claim(tx: Tx, now: datetime, until: datetime) -> tuple[Hook, Send, str] | None:
    """The next delivery of the subscription served longest ago, with the token of its lease."""
    turn = select(hooks).where(*_may_send(now), _due(now).exists()).order_by(_H.lease_until, _H.id)
    row = await tx.row(turn.limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    # A statement of its own: what was settled while the row was waited for is seen.
    head = await tx.row(
        select(sends).where(_S.hook == row["id"], _is_first(), _S.next_at <= now).order_by(_S.position).limit(1)
    )
    if head is None:
        return None
    token = new_id()
    await tx.execute(update(hooks).where(_H.id == row["id"]).values(lease_token=token, lease_until=until))
    return _hook(row), _send(head), token


async def release(tx: Tx, hook_id: str, token: str, now: datetime, not_before: datetime, *, ok: bool) -> bool:
    """End a lease, and note whether what was sent arrived; whether the lease was still ours."""
    mine = (_H.id == hook_id) & (_H.lease_token == token)
    came = {"delivered": now, "failing": None} if ok else {"failing": func.coalesce(_H.failing, now)}
    values = {"lease_token": "", "lease_until": now, "not_before": not_before, **came}
    return bool((await tx.execute(update(hooks).where(mine).values(**values))).rowcount)


async def settle(tx: Tx, send: Send, state: SendState, answered: Answered, now: datetime, next_at: datetime) -> None:
    """Write down what came of a try."""
    values = {
        "state": state.value,
        "attempts": send.attempts + 1,
        "status": answered.status,
        "error": answered.error,
        "next_at": next_at,
        "settled": None if state is SendState.WAITING else now,
    }
    await tx.execute(update(sends).where(_S.id == send.id).values(**values))


async def again(tx: Tx, hook_id: str, event: str, now: datetime) -> bool:
    """Let one delivery be sent once more, from its first try on; whether there is such."""
    one = (_S.hook == hook_id) & (_S.event == event)
    values = {"state": SendState.WAITING.value, "attempts": 0, "next_at": now, "settled": None}
    if not (await tx.execute(update(sends).where(one).values(**values))).rowcount:
        return False
    await tx.execute(update(hooks).where(_H.id == hook_id).values(not_before=now))
    return True


async def log(tx: Tx, hook_id: str, state: SendState | None, before: int | None, limit: int) -> list[Send]:
    """Deliveries of a subscription, the newest first, below the position ``before`` if given."""
    query = select(sends).where(_S.hook == hook_id).order_by(_S.position.desc()).limit(limit)
    if state is not None:
        query = query.where(_S.state == state.value)
    if before is not None:
        query = query.where(_S.position < before)
    return [_send(row) for row in await tx.rows(query)]


async def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """How many deliveries wait or are dead, by subscription and state."""
    query = select(_S.hook, _S.state, func.count().label("many")).where(_S.state != SendState.DELIVERED.value)
    return {(row["hook"], row["state"]): row["many"] for row in await tx.rows(query.group_by(_S.hook, _S.state))}


async def forget_before(tx: Tx, moment: datetime) -> int:
    """Drop what was settled before ``moment``; gives how many."""
    return int((await tx.execute(delete(sends).where(_S.settled < moment))).rowcount)


def _may_send(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _H.active, _H.not_before <= now, or_(_H.lease_token == "", _H.lease_until <= now)


def _due(now: datetime) -> Select[tuple[str]]:
    return select(_S.id).where(_S.hook == _H.id, _S.next_at <= now, _is_first()).correlate(hooks)


def _is_first() -> ColumnElement[bool]:
    """It waits, and nothing of its ticket waits before it."""
    earlier = sends.alias("earlier")
    e = earlier.c
    before = exists().where(
        e.hook == _S.hook, e.ticket == _S.ticket, e.state == SendState.WAITING.value, e.position < _S.position
    )
    return (_S.state == SendState.WAITING.value) & ~before


def _hook(row: RowMapping) -> Hook:
    return Hook(**{name: row[name] for name in Hook.__slots__ if name != "facts"}, facts=tuple(row["facts"]))


def _send(row: RowMapping) -> Send:
    return Send(**{name: row[name] for name in Send.__slots__ if name != "state"}, state=SendState(row["state"]))

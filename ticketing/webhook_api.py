"""The routes for subscriptions: administrators keep any, a unit's system its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Database, Tx
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import May, Scope
from kernel.room import Call, Route
from ticketing.rules.webhooks import Hook, SendState
from ticketing.store import webhooks as rows
from ticketing.store.webhooks import Send
from ticketing.webhooks import Webhooks

LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class HookForm:
    """A subscription: no ``facts`` means all; ``unit`` may be left out under a unit's key."""

    url: str
    facts: list[str] = field(default_factory=list)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class HookChange:
    """Stop or resume."""

    active: bool


@dataclass(frozen=True, slots=True)
class ReplayForm:
    """After which position of the journal everything is sent once more."""

    position: int


@dataclass(frozen=True, slots=True)
class SendQuery:
    """The log, the newest first."""

    state: SendState | None = None
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class HookView:
    """A subscription, without its secret."""

    id: str
    unit: str
    unit_name: str
    url: str
    facts: Sequence[str]
    active: bool
    position: int
    waiting: int
    dead: int
    made: datetime


@dataclass(frozen=True, slots=True)
class HookPage:
    """All subscriptions somebody may see."""

    items: Sequence[HookView]


@dataclass(frozen=True, slots=True)
class MadeHook:
    """A new subscription and the secret its posts are signed with, shown this once."""

    webhook: HookView
    secret: str


@dataclass(frozen=True, slots=True)
class SendView:
    """One line of the log."""

    event: str
    position: int
    type: str
    ticket: str
    state: SendState
    state_label: str
    attempts: int
    status: int
    error: str
    made: datetime
    next_at: datetime | None
    settled: datetime | None


@dataclass(frozen=True, slots=True)
class SendPage:
    """A page of the log."""

    items: Sequence[SendView]
    next: str | None


class WebhookApi:
    """Subscribes, stops, replays, tells."""

    def __init__(self, database: Database, lookup: Lookup, webhooks: Webhooks) -> None:
        self._database = database
        self._lookup = lookup
        self._webhooks = webhooks

    async def browse(self, call: Call) -> HookPage:
        async with self._database.reading() as tx:
            found = await rows.of_unit(tx, call.principal.unit if call.scope is not Scope.ANY else "")
            counts = await rows.counts(tx)
        return HookPage([self._view(hook, counts) for hook in found])

    async def subscribe(self, call: Call) -> MadeHook:
        form = call.form(HookForm)
        unit = form.unit or call.principal.unit
        if call.scope is not Scope.ANY and unit != call.principal.unit:
            raise NotAllowed("not_allowed")
        if not unit:
            raise Invalid({"unit": "required"})
        try:
            self._lookup.unit(unit)
        except NotFound as error:
            raise Invalid({"unit": "unknown_unit"}) from error
        async with self._database.transaction() as tx:
            hook, secret = await self._webhooks.subscribe(tx, unit, form.url.strip(), form.facts, call.principal)
        return MadeHook(self._view(hook, {}), secret)

    async def change(self, call: Call) -> HookView:
        async with self._database.transaction() as tx:
            hook = await self._webhooks.set_active(tx, await self._own(tx, call), call.form(HookChange).active)
            return self._view(hook, await rows.counts(tx))

    async def replay(self, call: Call) -> HookView:
        async with self._database.transaction() as tx:
            hook = await self._webhooks.replay(tx, await self._own(tx, call), call.form(ReplayForm).position)
            return self._view(hook, await rows.counts(tx))

    async def log(self, call: Call) -> SendPage:
        asked = call.asked(SendQuery)
        limit = max(1, min(asked.limit, LONGEST_PAGE))
        if asked.cursor and not (asked.cursor.isascii() and asked.cursor.isdigit()):
            raise Invalid({"cursor": "wrong"})
        async with self._database.reading() as tx:
            hook = await self._own(tx, call)
            before = int(asked.cursor) if asked.cursor else None
            found = await rows.log(tx, hook.id, asked.state, before, limit + 1)
        more = str(found[limit - 1].position) if len(found) > limit else None
        return SendPage([_line(send) for send in found[:limit]], more)

    async def _own(self, tx: Tx, call: Call) -> Hook:
        hook = await rows.one(tx, call.path["id"])
        if call.scope is not Scope.ANY and hook.unit != call.principal.unit:
            raise NotFound("webhook")
        return hook

    def _view(self, hook: Hook, counts: dict[tuple[str, str], int]) -> HookView:
        return HookView(
            hook.id,
            hook.unit,
            self._lookup.unit(hook.unit).name,
            hook.url,
            hook.facts,
            hook.active,
            hook.position,
            counts.get((hook.id, SendState.WAITING.value), 0),
            counts.get((hook.id, SendState.DEAD.value), 0),
            hook.made,
        )


def _line(send: Send) -> SendView:
    return SendView(
        send.event,
        send.position,
        send.kind.partition(".")[2],
        send.ticket,
        send.state,
        send.state.label,
        send.attempts,
        send.status,
        send.error,
        send.made,
        send.next_at if send.state is SendState.WAITING else None,
        send.settled,
    )


def routes(api: WebhookApi) -> list[Route]:
    """The table of the subscriptions' routes."""
    may, all_, one = May.MANAGE_WEBHOOKS, "/api/v1/webhooks", "/api/v1/webhooks/{id}"
    return [
        Route("GET", all_, api.browse, may, "工单推送", gives=HookPage),
        Route("POST", all_, api.subscribe, may, "新增工单推送", body=HookForm, gives=MadeHook, status=201),
        Route("PATCH", one, api.change, may, "停止或恢复工单推送", body=HookChange, gives=HookView),
        Route("POST", f"{one}/replay", api.replay, may, "重新推送", body=ReplayForm, gives=HookView),
        Route("GET", f"{one}/deliveries", api.log, may, "推送记录", query=SendQuery, gives=SendPage),
    ]

"""The routes for subscriptions: administrators keep any, a unit's system its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Database, Tx
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.pages import part
from kernel.people import May, Scope
from kernel.room import Call, Route
from ticketing.rules.webhooks import OFFERED, Hook, HookState, SendState
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
    """Stop or resume, tell something else or somewhere else; what is left out stays."""

    active: bool | None = None
    url: str | None = None
    facts: list[str] | None = None


@dataclass(frozen=True, slots=True)
class SecretForm:
    """For how many hours what is sent is signed with the secret before as well."""

    overlap_hours: int = 24


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
class HookQuery:
    """Subscriptions of one unit, or of all somebody may see."""

    unit: str = ""
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
    made_by: str
    state: HookState
    state_label: str
    delivered: datetime | None
    failing: datetime | None
    old_until: datetime | None


@dataclass(frozen=True, slots=True)
class HookPage:
    """Subscriptions somebody may see, the newest first; ``offered`` is what can be told."""

    items: Sequence[HookView]
    offered: Sequence[str]
    total: int
    next: str | None


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


@dataclass(frozen=True, slots=True)
class TestView:
    """What the receiver answered: its status, or 0 and why there was none."""

    ok: bool
    status: int
    error: str


class WebhookApi:
    """Subscribes, stops, replays, tells."""

    def __init__(self, database: Database, lookup: Lookup, webhooks: Webhooks) -> None:
        self._database = database
        self._lookup = lookup
        self._webhooks = webhooks

    async def browse(self, call: Call) -> HookPage:
        asked = call.asked(HookQuery)
        async with self._database.reading() as tx:
            found = await rows.of_unit(tx, call.principal.unit if call.scope is not Scope.ANY else asked.unit)
            page = part(found, asked.cursor, asked.limit)
            counts = await rows.counts(tx)
            names = await self._lookup.staff_names(tx, {hook.made_by for hook in page.items})
        return HookPage([self._view(hook, counts, names) for hook in page.items], OFFERED, page.total, page.next)

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
        form = call.form(HookChange)
        async with self._database.transaction() as tx:
            hook = await self._own(tx, call)
            url, facts = hook.url if form.url is None else form.url.strip(), form.facts or []
            facts = list(hook.facts) if form.facts is None else facts
            active = hook.active if form.active is None else form.active
            hook = await self._webhooks.change(tx, hook, url, facts, active)
            return self._view(hook, await rows.counts(tx))

    async def turn_secret(self, call: Call) -> MadeHook:
        form = call.form(SecretForm)
        async with self._database.transaction() as tx:
            hook, secret = await self._webhooks.turn_secret(tx, await self._own(tx, call), form.overlap_hours)
            return MadeHook(self._view(hook, await rows.counts(tx)), secret)

    async def test(self, call: Call) -> TestView:
        async with self._database.reading() as tx:
            hook = await self._own(tx, call)
        answered = await self._webhooks.test(hook)
        return TestView(answered.ok, answered.status, answered.error)

    async def again(self, call: Call) -> HookView:
        async with self._database.transaction() as tx:
            hook = await self._own(tx, call)
            await self._webhooks.again(tx, hook, call.path["event"])
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

    def _view(
        self, hook: Hook, counts: Mapping[tuple[str, str], int], names: Mapping[str, str] | None = None
    ) -> HookView:
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
            (names or {}).get(hook.made_by, ""),
            hook.state,
            hook.state.label,
            hook.delivered,
            hook.failing,
            hook.old_until,
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
        Route("GET", all_, api.browse, may, "工单推送", query=HookQuery, gives=HookPage),
        Route("POST", all_, api.subscribe, may, "新增工单推送", body=HookForm, gives=MadeHook, status=201),
        Route("PATCH", one, api.change, may, "停止、恢复或修改工单推送", body=HookChange, gives=HookView),
        Route("POST", f"{one}/secret", api.turn_secret, may, "更换推送密钥", body=SecretForm, gives=MadeHook),
        Route("POST", f"{one}/test", api.test, may, "发送测试推送", gives=TestView),
        Route("POST", f"{one}/deliveries/{{event}}/again", api.again, may, "重发一条推送", gives=HookView),
        Route("POST", f"{one}/replay", api.replay, may, "重新推送", body=ReplayForm, gives=HookView),
        Route("GET", f"{one}/deliveries", api.log, may, "推送记录", query=SendQuery, gives=SendPage),
    ]

"""The administrators' routes for API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.keys import Keys, NewKey
from directory.lookup import Lookup
from directory.model import ApiKey
from kernel import pages
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import NotFound
from kernel.labels import Labelled
from kernel.pages import PageQuery
from kernel.people import KeyScope, May
from kernel.room import Call, Route

ENDING_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A key to be made; ``per_minute`` limits its requests, without ``expires`` it opens until it is revoked."""

    name: str
    scopes: list[KeyScope]
    unit: str = ""
    per_minute: int = 120
    expires: datetime | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class FollowForm:
    """A key to take the place of another, which goes on to open for so many days."""

    overlap_days: int = 7
    expires: datetime | None = None


class KeyState(Labelled):
    """Where a key stands."""

    ACTIVE = "active", "有效"
    ENDING = "ending", "即将到期"
    EXPIRED = "expired", "已到期"
    REVOKED = "revoked", "已作废"


@dataclass(frozen=True, slots=True)
class ScopeView:
    """A scope and its name."""

    value: KeyScope
    label: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as administrators see it, without what opens anything."""

    id: str
    name: str
    prefix: str
    scopes: Sequence[ScopeView]
    unit: str
    unit_name: str
    per_minute: int
    made: datetime
    made_by: str
    used: datetime | None
    revoked: datetime | None
    expires: datetime | None
    purpose: str
    follows: str
    state: KeyState
    state_label: str


@dataclass(frozen=True, slots=True)
class KeyPage:
    """Keys, the newest first, revoked ones too."""

    items: Sequence[KeyView]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key and the words its bearer has to show; they are shown this once."""

    key: KeyView
    token: str


class KeyApi:
    """Lists, makes, revokes."""

    def __init__(self, database: Database, clock: Clock, lookup: Lookup, keys: Keys) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup
        self._keys = keys

    async def browse(self, call: Call) -> KeyPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            page = pages.part(await self._keys.everyone(tx), asked.cursor, asked.limit)
            names = await self._lookup.staff_names(tx, {key.made_by for key in page.items})
        views = [self._view(key, names.get(key.made_by, key.made_by)) for key in page.items]
        return KeyPage(views, page.total, page.next)

    async def make(self, call: Call) -> MadeKey:
        form = call.form(KeyForm)
        new = NewKey(form.name, frozenset(form.scopes), form.unit, form.per_minute, form.expires, form.purpose)
        async with self._database.transaction() as tx:
            key, token = await self._keys.make(tx, new, call.principal)
        return MadeKey(self._view(key, call.principal.name), token)

    async def follow(self, call: Call) -> MadeKey:
        form = call.form(FollowForm)
        async with self._database.transaction() as tx:
            asked = (form.overlap_days, form.expires)
            key, token = await self._keys.follow(tx, call.path["id"], *asked, call.principal)
        return MadeKey(self._view(key, call.principal.name), token)

    async def revoke(self, call: Call) -> KeyView:
        async with self._database.transaction() as tx:
            key = await self._keys.revoke(tx, call.path["id"], call.principal)
            names = await self._lookup.staff_names(tx, {key.made_by})
        return self._view(key, names.get(key.made_by, key.made_by))

    def _view(self, key: ApiKey, made_by: str) -> KeyView:
        scopes = [ScopeView(scope, scope.label) for scope in KeyScope if scope in key.scopes]
        state = self._state(key)
        return KeyView(
            key.id,
            key.name,
            key.prefix,
            scopes,
            key.unit,
            self._unit_name(key.unit),
            key.per_minute,
            key.made,
            made_by,
            key.used,
            key.revoked,
            key.expires,
            key.purpose,
            key.follows,
            state,
            state.label,
        )

    def _state(self, key: ApiKey) -> KeyState:
        now = self._clock.now()
        if key.expires is not None and key.expires <= now:
            return KeyState.EXPIRED
        if key.revoked is not None:
            return KeyState.REVOKED
        ending = key.expires is not None and key.expires - now <= ENDING_WITHIN
        return KeyState.ENDING if ending else KeyState.ACTIVE

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else ""
        except NotFound:
            return code


def routes(api: KeyApi) -> list[Route]:
    """The table of the keys' routes."""
    may, all_ = May.MANAGE_KEYS, "/api/v1/keys"
    return [
        Route("GET", all_, api.browse, may, "接口密钥", query=PageQuery, gives=KeyPage),
        Route("POST", all_, api.make, may, "新建接口密钥", body=KeyForm, gives=MadeKey, status=201),
        Route(
            "POST",
            f"{all_}/{{id}}/successor",
            api.follow,
            may,
            "换发接口密钥",
            body=FollowForm,
            gives=MadeKey,
            status=201,
        ),
        Route("POST", f"{all_}/{{id}}/revoke", api.revoke, may, "作废接口密钥", gives=KeyView),
    ]

"""The administrators' routes for API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.keys import Keys, NewKey
from directory.lookup import Lookup
from directory.model import ApiKey
from kernel.database import Database
from kernel.errors import NotFound
from kernel.people import KeyScope, May
from kernel.room import Call, Route


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A key to be made; ``per_minute`` limits its requests."""

    name: str
    scopes: list[KeyScope]
    unit: str = ""
    per_minute: int = 120


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


@dataclass(frozen=True, slots=True)
class KeyPage:
    """All keys."""

    items: Sequence[KeyView]


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key and the words its bearer has to show; they are shown this once."""

    key: KeyView
    token: str


class KeyApi:
    """Lists, makes, revokes."""

    def __init__(self, database: Database, lookup: Lookup, keys: Keys) -> None:
        self._database = database
        self._lookup = lookup
        self._keys = keys

    async def browse(self, _call: Call) -> KeyPage:
        async with self._database.reading() as tx:
            found = await self._keys.everyone(tx)
            names = await self._lookup.staff_names(tx, {key.made_by for key in found})
        return KeyPage([self._view(key, names.get(key.made_by, key.made_by)) for key in found])

    async def make(self, call: Call) -> MadeKey:
        form = call.form(KeyForm)
        new = NewKey(form.name, frozenset(form.scopes), form.unit, form.per_minute)
        async with self._database.transaction() as tx:
            key, token = await self._keys.make(tx, new, call.principal)
        return MadeKey(self._view(key, call.principal.name), token)

    async def revoke(self, call: Call) -> KeyView:
        async with self._database.transaction() as tx:
            key = await self._keys.revoke(tx, call.path["id"], call.principal)
            names = await self._lookup.staff_names(tx, {key.made_by})
        return self._view(key, names.get(key.made_by, key.made_by))

    def _view(self, key: ApiKey, made_by: str) -> KeyView:
        scopes = [ScopeView(scope, scope.label) for scope in KeyScope if scope in key.scopes]
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
        )

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else ""
        except NotFound:
            return code


def routes(api: KeyApi) -> list[Route]:
    """The table of the keys' routes."""
    may, all_ = May.MANAGE_KEYS, "/api/v1/keys"
    return [
        Route("GET", all_, api.browse, may, "接口密钥", gives=KeyPage),
        Route("POST", all_, api.make, may, "新建接口密钥", body=KeyForm, gives=MadeKey, status=201),
        Route("POST", f"{all_}/{{id}}/revoke", api.revoke, may, "作废接口密钥", gives=KeyView),
    ]

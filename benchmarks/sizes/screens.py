"""Every screen as the requests it sends, answered by the routes' own handlers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kernel.people import GUEST, Kind, Principal, Role, allow
from kernel.room import Call, Download, Route


class Door:
    """The API without HTTP: the same table of routes, the same permissions, the same decoding, the same answers."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)), route) for route in routes]

    async def call(
        self, method: str, path: str, by: Principal, query: Mapping[str, object] | None = None, body: object = None
    ) -> Any:
        """What the route gives, written as it would be sent."""
        route, holes = self._find(method, path)
        asked = msgspec.convert(dict(query or {}), route.query, strict=False) if route.query is not None else None
        form = msgspec.convert(body, route.body) if route.body is not None else None
        fields = {name: [str(value)] for name, value in (query or {}).items()} if route.wire is not None else {}
        given = await route.handler(Call(by, allow(by, route.may), holes, asked, form, fields=fields))
        return given.data if isinstance(given, Download) else msgspec.json.encode(given)

    async def page(self, path: str, by: Principal, query: Mapping[str, object]) -> Mapping[str, Any]:
        """A page of a list, read as a screen reads it."""
        found: Mapping[str, Any] = msgspec.json.decode(await self.call("GET", path, by, query))
        return found

    def _find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]]:
        for pattern, route in self._routes:
            found = pattern.fullmatch(path)
            if found and route.method == method and not route.raw:
                return route, found.groupdict()
        raise LookupError(f"{method} {path}")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a screen."""

    path: str
    by: Principal
    query: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class People:
    """Who looks: one of each part, the people of the busiest unit and of one with little to do."""

    hotline: Mapping[Role, Principal]
    busy: Principal
    quiet: Principal
    leader: Principal


@dataclass(frozen=True, slots=True)
class Sample:
    """What is looked at: tickets of each age, words that many and that few tickets hold."""

    going_on: str
    closed: str
    oldest: str
    of_unit: str
    talk: str
    frequent: str
    rare: str
    matter: str
    village: str


# Screens whose goal is fifty milliseconds (p95).
FAST = ("unit inbox", "dispatch queue", "ticket page", "search")


def screens(people: People, sample: Sample) -> Mapping[str, Sequence[Request]]:
    """Every screen with the requests it sends as it opens, is turned over or is searched."""
    staff = people.hotline
    dispatcher, supervisor = staff[Role.DISPATCHER], staff[Role.SUPERVISOR]
    lists = "/api/v1/tickets"

    def tickets(by: Principal, view: str, **query: object) -> Request:
        return Request(lists, by, {"view": view, **query})

    def page(number: str, by: Principal) -> Request:
        return Request(f"{lists}/{number}", by)

    def track(number: str) -> Request:
        return Request("/api/v1/track/link", Principal(Kind.LINK, link=number))

    figures = "/api/v1/indicators"
    return {
        "unit inbox": [
            tickets(people.busy, "inbox"),
            tickets(people.busy, "inbox", limit=200),
            tickets(people.busy, "inbox", state="dispatched"),
            tickets(people.busy, "all"),
            tickets(people.quiet, "inbox"),
            tickets(people.quiet, "all"),
            tickets(people.leader, "approval"),
            Request(f"{lists}/counts", people.busy),
            Request(f"{lists}/counts", people.quiet),
        ],
        "dispatch queue": [
            tickets(dispatcher, "triage"),
            tickets(dispatcher, "requests"),
            tickets(dispatcher, "all"),
            tickets(dispatcher, "all", state="suspended"),
            tickets(dispatcher, "all", state="archived"),
            tickets(dispatcher, "all", matter=sample.matter),
            tickets(dispatcher, "all", area=sample.village),
            tickets(dispatcher, "all", area=sample.village[:9]),
            tickets(dispatcher, "all", unit=people.quiet.unit),
            Request(f"{lists}/counts", dispatcher),
        ],
        "certain": [Request("/api/v1/proposals", dispatcher)],
        "disputes": [Request("/api/v1/disputes", supervisor)],
        "review": [tickets(staff[Role.REVIEWER], "review"), tickets(staff[Role.REVIEWER], "requests")],
        "call-back": [tickets(staff[Role.CALLBACK], "callback")],
        "ticket page": [
            page(sample.going_on, dispatcher),
            page(sample.closed, staff[Role.AGENT]),
            page(sample.oldest, supervisor),
            page(sample.of_unit, people.busy),
        ],
        "beside a ticket": [
            Request(f"{lists}/{sample.going_on}/drafts", dispatcher),
            Request(f"{lists}/{sample.closed}/looks", staff[Role.PRIVACY_OFFICER]),
            Request("/api/v1/precedents", dispatcher, {"matter": sample.matter, "limit": 3}),
            Request("/api/v1/precedents", dispatcher, {}),
        ],
        "search": [
            tickets(dispatcher, "all", q=sample.frequent),
            tickets(dispatcher, "all", q=sample.rare),
            tickets(dispatcher, "all", q=f"{sample.frequent} {sample.rare}"),
            tickets(dispatcher, "all", q="查无此词语"),
            tickets(dispatcher, "all", q=sample.closed),
            tickets(dispatcher, "all", q=sample.closed[:8]),
            tickets(dispatcher, "triage", q=sample.frequent),
            tickets(people.busy, "all", q=sample.frequent),
            tickets(people.busy, "all", q=sample.rare),
            tickets(people.quiet, "all", q=sample.frequent),
            tickets(people.busy, "inbox", q=sample.frequent),
        ],
        "search among other systems' tickets": [
            Request("/api/v1/history", dispatcher, {"q": sample.frequent}),
            Request("/api/v1/history", dispatcher, {"q": "GD77"}),
            Request("/api/v1/history", people.busy, {"q": sample.frequent}),
        ],
        "track page": [track(sample.going_on), track(sample.closed)],
        "desk queue": [
            Request("/api/v1/desk/conversations", staff[Role.AGENT], {"view": view})
            for view in ("waiting", "mine", "bot", "closed")
        ]
        + [
            Request("/api/v1/desk/counts", staff[Role.AGENT]),
            Request(f"/api/v1/desk/conversations/{sample.talk}", staff[Role.AGENT]),
        ],
        "wall": [
            Request("/api/v1/wall", supervisor),
            *(Request(f"/api/v1/wall/{name}", supervisor) for name in WALL_LISTS),
            Request(figures, supervisor, {"days": 1}),
            Request(f"{figures}/hottest", supervisor, {"days": 7}),
        ],
        "unit leader's figures": [
            Request(figures, people.leader, {"days": 30}),
            Request(f"{figures}/trend", people.leader, {"weeks": 8}),
            Request(f"{figures}/on_time/tickets", people.leader, {"days": 30}),
        ],
        "reports": [
            Request(figures, staff[Role.ANALYST], {"days": 30}),
            Request(figures, staff[Role.ANALYST], {"days": 365}),
            Request(figures, staff[Role.ANALYST], {"days": 365, "unit": people.busy.unit}),
            Request(figures, staff[Role.ANALYST], {"days": 365, "matter": sample.matter}),
            Request(f"{figures}/trend", staff[Role.ANALYST], {"weeks": 53}),
            Request(f"{figures}/scores", staff[Role.ANALYST], {"days": 30}),
            Request(f"{figures}/volume/tickets", staff[Role.ANALYST], {"days": 365}),
            Request("/api/v1/figures/today", staff[Role.ANALYST]),
            Request("/api/v1/figures", staff[Role.ANALYST], {"since": "2026-05-16"}),
            Request("/api/v1/inspections", supervisor),
        ],
        "open311": [
            Request("/open311/v2/requests.json", GUEST, {}),
            Request("/open311/v2/requests.json", GUEST, {"status": "closed", "page": "3"}),
            Request("/open311/v2/requests.json", GUEST, {"status": "open"}),
            Request("/open311/v2/requests.json", GUEST, {"service_code": sample.matter}),
            Request("/open311/v2/requests.json", GUEST, {"service_request_id": sample.closed}),
        ],
        "privacy": [
            Request("/api/v1/privacy/looks", staff[Role.PRIVACY_OFFICER], {**QUARTER, **query})
            for query in ({}, {"number": sample.closed}, {"person": "someone7"}, {"unit": "unit7"})
        ]
        + [
            Request("/api/v1/privacy/spans", staff[Role.PRIVACY_OFFICER]),
            Request("/api/v1/privacy/leaks", staff[Role.PRIVACY_OFFICER]),
        ],
        "my notices": [Request("/api/v1/my/notices", people.busy)],
        "units": [Request("/api/v1/directory/units", staff[Role.ADMIN])],
    }


QUARTER = {"since": "2026-03-16T00:00:00Z", "until": "2026-06-15T00:00:00Z"}
WALL_LISTS = (
    *("red", "orange", "yellow", "green", "paused", "level_1", "level_2"),
    *("returns", "disputes", "requests", "urgent"),
)

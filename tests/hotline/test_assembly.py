"""The whole house: every room's tables fit together, and nothing non-public answers a stranger."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer

from directory.model import OpenSession, Part, UnitChangeKind, UnitOrder
from hotline.assembly import FACTS, Assembled
from hotline.banner import DEMO_PASSWORD, STAFF_PAGES
from hotline.failures import problem_of
from hotline.live import ENDING, WATCHERS
from hotline.metrics import Metrics
from hotline.openapi import HOLE, describe
from hotline.pages import PAGES
from hotline.seeding import add_demo_accounts, seed
from hotline.web import Host, host, own_room
from kernel.errors import Conflict
from kernel.journal import kind_of
from kernel.people import PERMISSIONS, PUBLIC, SYSTEM, Kind, May, Principal, Role
from tests.hotline.conftest import Browser
from tests.hotline.small_house import Session
from tests.hotline.test_openapi import faults
from tests.rooms import ROOMS, all_facts
from ticketing.limiting import ALWAYS
from ticketing.rules.limits import Limits

OPEN = PUBLIC | {May.TRACK_TICKET}


@pytest.fixture(scope="module")
def city_host(city: Assembled) -> Host:
    """The application over the whole house."""
    return host(city.house, Metrics())


@pytest.fixture
async def citizen(city_host: Host) -> AsyncIterator[Browser]:
    """Somebody's browser, not signed in, with a page of ours open."""
    async with TestClient(TestServer(city_host.app)) as client:
        browser = Browser(client)
        await browser.get("/healthz")
        yield browser


def test_every_fact_a_room_states_is_known_to_the_journal() -> None:
    assert set(FACTS) == set(all_facts())


def test_every_kind_of_fact_has_one_name() -> None:
    assert [name for name, count in Counter(map(kind_of, FACTS)).items() if count > 1] == []


def test_every_room_with_facts_says_who_may_watch_them() -> None:
    assert {kind_of(fact).partition(".")[0] for fact in FACTS} <= set(WATCHERS)
    assert set(WATCHERS) <= {*ROOMS, "hotline"}


def test_what_ends_a_screen_is_a_fact() -> None:
    assert set(map(kind_of, FACTS)) >= ENDING


async def test_every_address_has_one_handler(city_host: Host) -> None:
    addresses = Counter((route.method, HOLE.sub("{}", route.path)) for route in city_host.routes)
    assert [address for address, count in addresses.items() if count > 1] == []
    pages = {HOLE.sub("{}", path) for path in PAGES}
    assert [path for method, path in addresses if method == "GET" and path in pages] == []


async def test_every_route_is_described(city_host: Host) -> None:
    assert faults(describe(city_host.routes, title="t", version="1", server="http://x"), city_host) == []


async def test_every_route_names_a_permission_with_a_row(city_host: Host) -> None:
    assert {route.may for route in city_host.routes} <= set(PERMISSIONS) | PUBLIC


async def test_p44_no_answer_that_shows_an_identity_is_laid_by(city_host: Host) -> None:
    showing = [route for route in city_host.routes if route.may in {May.UNMASK_TICKET, May.UNMASK_TALK}]
    assert len(showing) == 2
    assert all(route.unkept for route in showing)


async def test_loops_and_jobs_have_names_of_their_own(city: Assembled) -> None:
    rooms = [*city.house.rooms, own_room(city.house)]
    names = Counter([loop.name for room in rooms for loop in room.loops])
    names.update(job.name for room in rooms for job in room.jobs)
    names.update(observer.name for room in rooms for observer in room.observers)
    assert [name for name, count in names.items() if count > 1] == []


async def test_a_stranger_is_refused_by_every_route_that_is_not_public(city_host: Host, citizen: Browser) -> None:
    answered = {}
    for route in city_host.routes:
        if route.may in OPEN:
            continue
        path = HOLE.sub("x", route.path)
        response = await citizen.send(route.method, path, data=b"")
        if response.status != 401:
            answered[f"{route.method} {path}"] = response.status
    assert answered == {}


async def test_a_made_up_tracking_link_opens_nothing(city_host: Host, citizen: Browser) -> None:
    answered = {}
    for route in city_host.routes:
        if route.may is May.TRACK_TICKET:
            response = await citizen.send(route.method, HOLE.sub("WyJ4IiwwXQ.AAAA", route.path), data=b"")
            if response.status != 403:
                answered[f"{route.method} {route.path}"] = response.status
    assert answered == {}


class EveryRole:
    """Accounts of one person who holds every role there is."""

    def __init__(self, unit: str) -> None:
        self._principal = Principal(Kind.STAFF, "s" * 32, "某某", frozenset(Role), unit=unit)

    async def sign_in(self, login: str, password: str, remote: str, device: str = "") -> Session:
        return await self.principal_of(login)

    async def principal_of(self, token: str) -> Session:
        return Session(token or "t", self._principal, datetime.max.replace(tzinfo=UTC))

    async def sign_out(self, token: str) -> None: ...

    async def sessions_of(self, staff_id: str, token: str) -> list[OpenSession]:
        return []

    async def end_session_of(self, staff_id: str, session_id: str) -> None: ...

    async def end_others_of(self, staff_id: str, token: str) -> None: ...


NOISE = (b"", b"{}", b"[1]", b"\xff\xfe", b'{"text": null}', b'{"id": "x", "form": {"text": "\\u0000"}, "version": 1}')


async def test_no_route_breaks_on_noise(city: Assembled) -> None:
    unit = city.rooms.directory.lookup.units()[3].code
    made = host(replace(city.house, accounts=EveryRole(unit)), Metrics())
    broken = []
    async with TestClient(TestServer(made.app)) as client:
        browser = Browser(client)
        await browser.sign_in("everybody")
        for route in made.routes:
            if route.raw:
                continue
            path = HOLE.sub("no-such-thing", route.path)
            for noise in NOISE:
                response = await browser.send(route.method, path + "?limit=7&view=%00&cursor=%F0&q=%25", data=noise)
                if response.status >= 500:
                    broken.append(f"{route.method} {path} {noise!r}: {response.status}")
    assert broken == []


async def test_the_printed_password_opens_the_demos_accounts(citizen: Browser, city: Assembled) -> None:
    async with city.house.floor.database.reading() as tx:
        staff = await city.rooms.directory.staffing.everyone(tx)
    assert {role for member in staff for role in member.roles} >= {role for role, _, _ in STAFF_PAGES}
    assert (await citizen.sign_in("agent", DEMO_PASSWORD)).status == 200


async def test_loading_the_city_again_changes_nothing(city: Assembled) -> None:
    said: list[str] = []
    await seed(city, said.append)
    assert any("变更 0 行" in line for line in said)
    assert any("新增 0，更新 0" in line for line in said)
    assert await add_demo_accounts(city) == 0


async def test_loading_the_city_again_does_not_silently_undo_a_change_of_units(city: Assembled) -> None:
    directory, database = city.rooms.directory, city.house.floor.database
    unit = directory.lookup.units()[0]
    order = UnitOrder(UnitChangeKind.RENAME, (unit.code,), (Part(unit.code, f"{unit.name}（新）"),), "更名")
    async with database.transaction() as tx:
        planned = await directory.reorganising.plan(tx, order)
        await directory.reorganising.begin(tx, planned.version)
        await directory.reorganising.carry_out(tx, planned, SYSTEM, 0)
    said: list[str] = []
    with pytest.raises(Conflict) as caught:
        await seed(city, said.append)
    assert unit.code in problem_of(caught.value, "").detail
    assert "--files-win" in problem_of(caught.value, "").detail
    await seed(city, said.append, files_win=True)
    assert any("覆盖了管理页面的机构调整" in line for line in said)
    assert directory.lookup.unit(unit.code).name == unit.name


async def test_the_house_is_ready(citizen: Browser) -> None:
    ready = await citizen.get("/readyz")
    assert (ready.status, (await ready.json())["failed"]) == (200, [])


def test_how_much_is_inspected_and_what_passes_are_limits_in_force(
    city: Assembled, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert city.rooms.analytics.inspecting.terms == (0.05, 80)
    stricter = Limits(inspection_share=0.2, inspection_passed=90)
    monkeypatch.setattr(city.rooms.ticketing.limits, "_dated", ((ALWAYS, stricter),))
    assert city.rooms.analytics.inspecting.terms == (0.2, 90)

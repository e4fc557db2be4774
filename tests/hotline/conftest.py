"""The small house and a browser that speaks to it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiohttp import ClientResponse, ClientWebSocketResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.engine import make_url

from directory.rules.demo import DEMO_PASSWORD
from hotline.assembly import Assembled, assemble
from hotline.house import House
from hotline.metrics import Metrics
from hotline.migrating import migrate
from hotline.seeding import add_demo_accounts, is_empty, seed
from hotline.web import Host, host
from kernel.clock import ManualClock, SystemClock
from kernel.database import Database
from kernel.privacy import new_key
from kernel.room import Floor
from kernel.settings import DatabaseSettings, ServerSettings, Settings
from tests.conftest import POSTGRESQL
from tests.hotline.small_house import ORIGIN, PASSWORD, SmallAccounts, SmallApi, small_house


class Browser:
    """A browser on our own pages: keeps cookies, names its origin, sends the CSRF token back."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.origin: str | None = ORIGIN

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self._client.session.cookie_jar}

    async def get(self, path: str, **headers: str) -> ClientResponse:
        response: ClientResponse = await self._client.get(path, headers=headers, allow_redirects=False)
        return response

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> ClientResponse:
        token = next((v for k, v in self.cookies.items() if k.endswith("hotline_csrf")), "")
        own = {"X-CSRF-Token": token} | ({"Origin": self.origin} if self.origin else {})
        response: ClientResponse = await self._client.request(method, path, headers=own | dict(headers or {}), **body)
        return response

    async def post(self, path: str, headers: Mapping[str, str] | None = None, **body: Any) -> ClientResponse:
        return await self.send("POST", path, headers, **body)

    async def sign_in(self, login: str, password: str = PASSWORD) -> ClientResponse:
        await self.get("/healthz")
        return await self.post("/api/v1/session", json={"login": login, "password": password})

    async def socket(self, path: str, origin: str | None = ORIGIN) -> ClientWebSocketResponse:
        headers = {"Origin": origin} if origin else {}
        opened: ClientWebSocketResponse = await self._client.ws_connect(path, headers=headers)
        return opened


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is said over HTTP does not depend on the database; tests of tables ask for both kinds themselves."""
    return sqlite_database


@pytest.fixture
def api() -> SmallApi:
    """The small room's handlers."""
    return SmallApi()


@pytest.fixture
def accounts(clock: ManualClock) -> SmallAccounts:
    """The staff of the small house."""
    return SmallAccounts(clock.now())


@pytest.fixture
def house(floor: Floor, api: SmallApi, accounts: SmallAccounts) -> House:
    """The small house."""
    return small_house(floor, api, accounts)


@pytest.fixture
def web_folder(tmp_path: Path) -> Path:
    """A few pages."""
    pages = {
        "citizen/index.html": "<!doctype html><title>首页</title>",
        "desk/desk.html": "<!doctype html><title>坐席</title>",
        "login/login.html": "<!doctype html><title>登录</title>",
        "shared/base.css": "body { margin: 0 }\n" * 200,
        "shared/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "shared/secret.py": "password = 1",
    }
    for name, text in pages.items():
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "web"


@pytest.fixture
def metrics() -> Metrics:
    """The counts of the process."""
    return Metrics()


@pytest.fixture
def hosted(house: House, metrics: Metrics, web_folder: Path) -> Host:
    """The application over the small house."""
    return host(house, metrics, web_folder)


@pytest.fixture
async def browser(hosted: Host) -> AsyncIterator[Browser]:
    """A browser on the small house's pages."""
    async with TestClient(TestServer(hosted.app)) as client:
        yield Browser(client)


@pytest.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Assembled]:
    """The whole house over the demo city, open for the whole run: tests leave it as they found it, or add to it."""
    folder: Path = tmp_path_factory.mktemp("city")
    settings = replace(
        Settings(),
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{folder}/city.sqlite3"),
        server=ServerSettings(demo=True),
    )
    made = assemble(settings, SystemClock(), new_key())
    await migrate(made.house.floor.database)
    await made.house.open()
    assert is_empty(made)
    await seed(made, lambda _line: None)
    await add_demo_accounts(made)
    yield made
    await made.house.leave()
    await made.house.close()


@pytest.fixture
async def bare_postgresql(postgresql_url: str) -> AsyncIterator[Database]:
    """A PostgreSQL database without tables."""
    name = f"hotline_bare_{uuid4().hex[:12]}"
    admin = await asyncpg.connect(f"{POSTGRESQL}/postgres")
    await admin.execute(f'CREATE DATABASE "{name}"')
    url = make_url(POSTGRESQL).set(drivername="postgresql+asyncpg", database=name)
    made = Database(url.render_as_string(hide_password=False))
    yield made
    await made.close()
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def client(city: Assembled, web_folder: Path) -> AsyncIterator[Any]:
    """A program that calls the whole house over the demo city."""
    async with TestClient(TestServer(host(city.house, Metrics(), web_folder).app)) as made:
        yield made


@pytest.fixture
async def admin(city: Assembled, web_folder: Path) -> AsyncIterator[Browser]:
    """An administrator who is signed in."""
    async with TestClient(TestServer(host(city.house, Metrics(), web_folder).app)) as made:
        browser = Browser(made)
        assert (await browser.sign_in("admin", DEMO_PASSWORD)).status == 200
        yield browser

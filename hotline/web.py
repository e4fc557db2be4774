"""The HTTP host: an application made from the rooms' routes, the pages and the live line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
from aiohttp import web

from hotline import files, health, live_socket, session
from hotline.endpoint import Endpoint, Gate, NoSuchAddress, OtherMethods, Preflight
from hotline.files import FileApi
from hotline.frame import add_headers, framed, security_headers
from hotline.health import HealthApi
from hotline.house import ROOT, House
from hotline.idempotency import Once
from hotline.limits import Limits, Shared
from hotline.live import LiveFeed
from hotline.live_socket import LiveApi
from hotline.metrics import Metrics
from hotline.openapi import describe
from hotline.pages import Pages, WebFiles
from hotline.security import Doorman
from hotline.session import SessionApi
from kernel.jobs import Job
from kernel.journal import NUMBERED
from kernel.people import May
from kernel.room import Call, Check, Loop, Room, Route

TITLE = "12345 政务服务便民热线"
VERSION = "1.0"
WEB_FOLDER = ROOT / "web"


@dataclass(frozen=True, slots=True)
class Host:
    """The application and what its process must run beside it."""

    app: web.Application
    routes: Sequence[Route]
    loops: Sequence[Loop]
    feed: LiveFeed
    health: HealthApi
    doorman: Doorman

    def close(self) -> None:
        """Say that the process goes: not ready any more, every screen told."""
        self.health.closing = True
        self.feed.close()


class Described:
    """Serves the description of all routes, its own among them."""

    def __init__(self) -> None:
        self._body = b""

    async def show(self, _request: web.Request, _call: Call) -> web.StreamResponse:
        """The OpenAPI document."""
        return web.Response(body=self._body, content_type="application/json")

    def of(self, routes: Sequence[Route], server: str) -> None:
        """Write the description."""
        self._body = msgspec.json.encode(describe(routes, title=TITLE, version=VERSION, server=server))


def host(house: House, metrics: Metrics, web_folder: Path = WEB_FOLDER) -> Host:
    """The application over ``house``."""
    floor = house.floor
    settings = floor.settings
    doorman = Doorman(settings, floor.signer, house.accounts)
    once = Once(floor.database, floor.vault, floor.clock)
    shared = Shared(floor.database, floor.vault, floor.clock)
    gate = Gate(doorman, Limits(floor.clock), shared, once, settings.server.max_request_kib, house.keys)
    feed = LiveFeed(floor.database, floor.journal)
    checks = [Check("database", partial(_answers, house)), *(check for room in house.rooms for check in room.checks)]
    gauges = {name: read for room in house.rooms for name, read in room.gauges.items()}
    health_api = HealthApi(checks, floor.database, floor.mailbox, feed, metrics, doorman, gauges)
    described = Described()
    routes = [
        *(route for room in house.rooms for route in room.routes),
        *session.routes(SessionApi(house.accounts, doorman, house.units)),
        *live_socket.routes(LiveApi(feed)),
        *files.routes(FileApi(floor.database, floor.attachments)),
        *health.routes(health_api),
        Route("GET", "/api/openapi.json", described.show, May.READ_SITE, "接口说明（OpenAPI）", raw=True),
    ]
    described.of(routes, settings.server.public_url)
    headers = security_headers(doorman.origins, https=doorman.cookies.secure)
    limit = settings.server.max_request_kib * 1024
    app = web.Application(middlewares=[framed(metrics)], client_max_size=limit)
    app.on_response_prepare.append(partial(add_headers, headers=headers))
    for route in routes:
        app.router.add_route(route.method, route.path, Endpoint(route, gate).answer)
    for path, wire in {route.path: route.wire for route in routes if route.wire is not None}.items():
        app.router.add_route("*", path, OtherMethods(wire).answer)
    # After every route: the first that fits is taken.
    for path, wire in {route.wire.beside: route.wire for route in routes if route.wire and route.wire.beside}.items():
        app.router.add_route("*", path, NoSuchAddress(wire).answer)
    for path in sorted({route.path for route in routes if route.may is May.CHAT}):
        app.router.add_route("OPTIONS", path, Preflight(doorman, May.CHAT).answer)
    Pages(WebFiles(web_folder), doorman).add_to(app)
    return Host(app, routes, [Loop("live.feed", feed.step, [NUMBERED], idle=1.0)], feed, health_api, doorman)


def own_room(house: House) -> Room:
    """The house's own jobs: what it keeps for a day is dropped after a day."""
    once = Once(house.floor.database, house.floor.vault, house.floor.clock)
    shared = Shared(house.floor.database, house.floor.vault, house.floor.clock)
    jobs = [
        Job("hotline.forget_answers", timedelta(hours=1), once.forget_old),
        Job("hotline.forget_rates", timedelta(hours=1), shared.forget_full),
    ]
    return Room("hotline", jobs=jobs)


async def _answers(house: House) -> None:
    async with house.floor.database.reading() as tx:
        await house.floor.journal.last_position(tx)

"""Is the process alive, is it ready, what does it count: /healthz, /readyz, /metrics."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from hotline.live import LiveFeed
from hotline.metrics import Metrics
from hotline.security import Doorman
from kernel.database import Database
from kernel.errors import HotlineError
from kernel.mailbox import Mailbox
from kernel.people import May, allow
from kernel.room import Call, Check, Route

CHECK_WITHIN = 5.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Alive:
    """The process answers."""

    status: str = "ok"


@dataclass(frozen=True, slots=True)
class Readiness:
    """``failed`` names the checks that did not pass."""

    status: str
    failed: Sequence[str] = field(default_factory=list)


class HealthApi:
    """Health for the load balancer, counts for the monitoring."""

    def __init__(
        self,
        checks: Sequence[Check],
        database: Database,
        mailbox: Mailbox,
        feed: LiveFeed,
        metrics: Metrics,
        doorman: Doorman,
        gauges: Mapping[str, Callable[[], float]],
    ) -> None:
        self._gauges = gauges
        self._checks = checks
        self._database = database
        self._mailbox = mailbox
        self._feed = feed
        self._metrics = metrics
        self._doorman = doorman
        self.closing = False

    async def alive(self, _call: Call) -> Alive:
        """Answers as long as the process lives."""
        return Alive()

    async def ready(self, _request: web.Request, _call: Call) -> web.StreamResponse:
        """200 when every check passes, 503 otherwise or when the house is closing."""
        if self.closing:
            return web.json_response({"status": "closing", "failed": []}, status=503)
        failed = sorted(name for name in await asyncio.gather(*(_failed(check) for check in self._checks)) if name)
        status = "ok" if not failed else "failing"
        return web.json_response({"status": status, "failed": failed}, status=503 if failed else 200)

    async def counts(self, request: web.Request, call: Call) -> web.StreamResponse:
        """The counts; to this machine, and to administrators."""
        if not self._doorman.is_local(request):
            allow(call.principal, May.READ_SYSTEM)
        async with self._database.reading() as tx:
            backlog = await self._mailbox.backlog(tx)
        gauges: dict[str, float] = {f"mailbox_{name}": count for name, count in backlog.items()}
        gauges["live_screens"] = len(tuple(self._feed.screens()))
        gauges["journal_position"] = self._feed.position
        gauges |= {name: read() for name, read in self._gauges.items()}
        text = "\n".join(self._metrics.lines(gauges)) + "\n"
        return web.Response(text=text, content_type="text/plain", headers={"Cache-Control": "no-store"})


async def _failed(check: Check) -> str:
    """The name of a check that does not pass, else the empty string."""
    try:
        async with asyncio.timeout(CHECK_WITHIN):
            await check.run()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, the others are still asked
        code = error.code if isinstance(error, HotlineError) else type(error).__name__
        log.warning("check.failed", check=check.name, code=code)
        return check.name
    return ""


def routes(api: HealthApi) -> list[Route]:
    """Health's routes."""
    return [
        Route("GET", "/healthz", api.alive, May.READ_SITE, "进程存活", gives=Alive),
        Route("GET", "/readyz", api.ready, May.READ_SITE, "可以接收请求", gives=Readiness, raw=True),
        Route("GET", "/metrics", api.counts, May.READ_SITE, "运行计数（Prometheus 文本格式）", raw=True),
    ]

"""How every stand-in runs: beside a demo of this machine only, at the address of its settings, until Ctrl+C."""

import asyncio
import sys
from collections.abc import Coroutine, Iterable
from contextlib import AsyncExitStack
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from kernel.errors import NotAllowed
from kernel.settings import Settings

log = structlog.get_logger()


def check_demo(settings: Settings, hosts: Iterable[str]) -> None:
    """NotAllowed("sandbox_needs_demo") unless the configuration is a demo's and its platforms, by their hosts, are on
    this machine: a stand-in holds an account's keys and lets anybody speak as anybody."""
    if not settings.server.demo or not all(map(_is_here, hosts)):
        raise NotAllowed("sandbox_needs_demo")


def host_of(url: object) -> str:
    """The host of an address; empty where there is none."""
    return urlsplit(str(url)).hostname or ""


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def served(app: web.Application, url: object, name: str, beside: AsyncExitStack) -> None:
    """Serve at ``url`` until cancelled, saying so; ``beside`` is closed in the end."""
    address = urlsplit(str(url))
    async with beside:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        beside.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, address.hostname, address.port or 80).start()
        sys.stdout.write(f"{name}替身已启动：http://{address.netloc}/（按 Ctrl+C 停止）\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def until_stopped(serving: Coroutine[object, object, None], name: str) -> None:
    """Run a stand-in until Ctrl+C."""
    try:
        asyncio.run(serving)
    except KeyboardInterrupt:
        log.info("sandbox.stopped", channel=name)

"""What a house stands beside: a PostgreSQL database of its own, and WeChat with an official account."""

import base64
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest
from aiohttp import web

from channels.sandbox.wechat import WeChatServer
from channels.sandbox.wechat_account import Account
from channels.sandbox.wechat_platform import Platform
from channels.sandbox.wechat_wire import Keys
from tests.conftest import MUST_HAVE_ALL, POSTGRESQL

SECRET = "journey-secret"


@asynccontextmanager
async def own_database(name: str) -> AsyncIterator[str]:
    """An empty database on the server, dropped at the end; its URL without a driver. Skips without a server."""
    try:
        admin = await asyncpg.connect(f"{POSTGRESQL}/postgres", timeout=5)
    except (OSError, asyncpg.PostgresError) as error:
        if MUST_HAVE_ALL:
            pytest.fail(f"PostgreSQL is needed here: {error}")
        pytest.skip("no PostgreSQL server at 127.0.0.1:5432")
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}"')
        yield f"{POSTGRESQL}/{name}"
    finally:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()


@dataclass(frozen=True, slots=True)
class WeChat:
    """The platform's stand-in, its keys, and the settings that make a house the account's server."""

    platform: Platform
    keys: Keys
    environ: Mapping[str, str]


@asynccontextmanager
async def wechat(port: int) -> AsyncIterator[WeChat]:
    """WeChat with one official account in safe mode, its API at ``port``; the account's server has yet to be named."""
    keys = Keys("wxjourney", "journey-token", base64.b64encode(secrets.token_bytes(32)).decode()[:43])
    environ = {
        "HOTLINE_CHANNELS_WECHAT_APP_ID": keys.app_id,
        "HOTLINE_CHANNELS_WECHAT_SECRET": SECRET,
        "HOTLINE_CHANNELS_WECHAT_TOKEN": keys.token,
        "HOTLINE_CHANNELS_WECHAT_AES_KEY": keys.aes_key,
        "HOTLINE_CHANNELS_WECHAT_API_URL": f"http://127.0.0.1:{port}",
    }

    def now() -> datetime:
        return datetime.now(UTC)

    platform = Platform(keys, Account(keys.app_id, SECRET, now), "", now, mode="safe")
    runner = web.AppRunner(WeChatServer(platform).app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield WeChat(platform, keys, environ)
    finally:
        await platform.close()
        await runner.cleanup()

"""Posts to units' systems; never to an address of our own network unless the settings allow it."""

import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from kernel.database import outside_transaction
from ticketing.rules.webhooks import Answered, is_address, is_public

CONNECT_SECONDS = 5


class PrivateAddressError(OSError):
    """A name leads into our own network."""


class PublicResolver(AbstractResolver):
    """Resolves names at the moment of connecting, so that one checked before cannot lead elsewhere by then."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(each["host"]) for each in found):
            raise PrivateAddressError(host)
        return found

    async def close(self) -> None:
        await self._inner.close()


class HookSender:
    """One post at a time; redirects are not followed, answers not read, cookies not kept, proxies not asked."""

    def __init__(self, *, allow_private: bool, seconds: float) -> None:
        self._allow_private = allow_private
        self._times = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, CONNECT_SECONDS))
        self._session: aiohttp.ClientSession | None = None

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Try once; every failure is an answer."""
        outside_transaction("webhook")
        host = urlsplit(url).hostname or ""
        if not self._allow_private and is_address(host) and not is_public(host):
            return Answered(error="private_address")
        try:
            session = self._opened()
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return Answered(answer.status, "" if 200 <= answer.status < 300 else "refused")
        except TimeoutError:
            return Answered(error="timeout")
        except aiohttp.ClientConnectorError as error:
            return Answered(
                error="private_address" if isinstance(error.os_error, PrivateAddressError) else "unreachable"
            )
        except (aiohttp.ClientError, OSError, ValueError):
            return Answered(error="broken_off")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            options: dict[str, Any] = {} if self._allow_private else {"resolver": PublicResolver()}
            connector = aiohttp.TCPConnector(use_dns_cache=False, force_close=True, **options)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=self._times, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session

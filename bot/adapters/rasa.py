"""Rasa as the reader: its own process asked over HTTP, and the local reader for when it does not answer."""

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import TypeVar

import aiohttp
import msgspec
import structlog

from bot.model import Intent, Meaning, Reader
from kernel.errors import Unavailable

# A citizen waits for this; the local reader answers within a few milliseconds.
WITHIN = 0.8
# After so many failures in a row it is left alone for a while, so that not every message waits in vain.
FAILURES, PAUSE = 3, 15.0
FIRST = "您好"
OURS = frozenset(each.value for each in Intent)

log = structlog.get_logger("bot.reader")


class _Ranked(msgspec.Struct, frozen=True):
    name: str
    confidence: float


class _Parsed(msgspec.Struct, frozen=True):
    intent_ranking: tuple[_Ranked, ...] = ()


class _Status(msgspec.Struct, frozen=True):
    model_file: str = ""


Told = TypeVar("Told", _Parsed, _Status)


class RasaReader:
    """Asks Rasa; falls back on another reader with a warning."""

    def __init__(self, url: str, fallback: Reader, token: str = "") -> None:
        self._url = url.rstrip("/")
        self._fallback = fallback
        self._token: Mapping[str, str] = {"token": token} if token else {}
        self._session: aiohttp.ClientSession | None = None
        self._model = ""
        self._failed = 0
        self._again = 0.0

    @property
    def version(self) -> str:
        """Rasa's model, once it has answered; else what stands in for it."""
        return f"rasa:{self._model}" if self._model else self._fallback.version

    async def start(self) -> None:
        """Ask which model it has and have it read something; that it does not answer is a warning and no failure."""
        try:
            self._model = _decoded(await self._ask("GET", "/status", None), _Status).model_file
            # With the first message Rasa loads its dictionary, for longer than a citizen waits.
            await self._intents(FIRST)
        except Unavailable as error:
            log.warning("reader_falls_back", reader="rasa", **error.data)

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def read(self, text: str) -> Meaning:
        """Intents with their probabilities; from the fallback when Rasa does not answer in time."""
        if monotonic() < self._again:
            return await self._fallback.read(text)
        try:
            found = await self._intents(text)
        except Unavailable as error:
            self._note_failure(error)
            return await self._fallback.read(text)
        self._failed = 0
        total = sum(likely for _, likely in found)
        return Meaning(text, tuple((intent, likely / total) for intent, likely in found))

    async def _intents(self, text: str) -> list[tuple[Intent, float]]:
        body = await self._ask("POST", "/model/parse", msgspec.json.encode({"text": text}))
        ranked = _decoded(body, _Parsed).intent_ranking
        found = [(Intent(each.name), each.confidence) for each in ranked if each.name in OURS and each.confidence > 0]
        if not found:
            raise Unavailable("reader_failed", reason="no_intent_of_ours")
        return found

    async def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"Content-Type": "application/json"})
        try:
            async with asyncio.timeout(WITHIN):
                async with self._session.request(method, f"{self._url}{path}", data=body, params=self._token) as answer:
                    if answer.status != 200:
                        raise Unavailable("reader_failed", status=answer.status)
                    return await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable("reader_failed", reason=type(error).__name__) from None

    def _note_failure(self, error: Unavailable) -> None:
        self._failed += 1
        if self._failed >= FAILURES:
            self._failed, self._again = 0, monotonic() + PAUSE
        log.warning("reader_falls_back", reader="rasa", **error.data)


def _decoded(body: bytes, kind: type[Told]) -> Told:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise Unavailable("reader_failed", reason=type(error).__name__) from None

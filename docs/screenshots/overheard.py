"""Stands before Rasa, passes on what it is asked and keeps it with what it answered: proof of what Rasa read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web


@dataclass(frozen=True, slots=True)
class Reading:
    """A text Rasa was given, the intent it found likeliest, and how likely."""

    text: str
    intent: str
    confidence: float


@dataclass(slots=True)
class Overheard:
    """Where to ask instead of Rasa, and what was read since."""

    session: aiohttp.ClientSession
    rasa: str
    url: str = ""
    readings: list[Reading] = field(default_factory=list)

    async def pass_on(self, request: web.Request) -> web.Response:
        """Any request, and Rasa's own answer to it."""
        body = await request.read()
        async with self.session.request(
            request.method,
            f"{self.rasa}{request.path_qs}",
            data=body or None,
            headers={"Content-Type": "application/json"},
        ) as answer:
            told = await answer.read()
            if request.path == "/model/parse" and answer.status == 200:
                self._keep(await answer.json())
            return web.Response(body=told, status=answer.status, content_type=answer.content_type)

    def _keep(self, parsed: dict[str, Any]) -> None:
        intent = parsed["intent"]
        self.readings.append(Reading(parsed["text"], intent["name"] or "", intent["confidence"]))


@asynccontextmanager
async def overheard(rasa: str) -> AsyncIterator[Overheard]:
    """A listener before the Rasa at ``rasa``, on a port of its own."""
    async with aiohttp.ClientSession() as session:
        heard = Overheard(session, rasa.rstrip("/"))
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", heard.pass_on)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        heard.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield heard
        finally:
            await runner.cleanup()

"""A stand-in for Rasa's server: ``/status`` and ``/model/parse`` as Rasa 3.6 answers them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class RasaServer:
    """What it answers, what it was asked, and how a test makes it fail."""

    url: str = ""
    ranking: Mapping[str, float] = field(default_factory=lambda: {"complain": 0.9, "help": 0.06, "nlu_fallback": 0.04})
    asked: list[str] = field(default_factory=list)
    token: str = ""
    status: int = 200
    slow: float = 0.0
    body: bytes | None = None

    async def parse(self, request: web.Request) -> web.Response:
        """POST /model/parse"""
        refused = self._refused(request)
        if refused is not None:
            return refused
        asked: dict[str, Any] = await request.json()
        self.asked.append(asked["text"])
        await asyncio.sleep(self.slow)
        if self.body is not None:
            return web.Response(body=self.body, content_type="application/json")
        ranked = [{"name": name, "confidence": likely} for name, likely in self.ranking.items()]
        first = ranked[0] if ranked else {"name": None, "confidence": 0.0}
        told = {"text": asked["text"], "intent": first, "entities": [], "intent_ranking": ranked}
        return web.json_response({**told, "text_tokens": [[0, len(asked["text"])]]}, status=self.status)

    async def state(self, request: web.Request) -> web.Response:
        """GET /status"""
        refused = self._refused(request)
        told = {"model_file": "20261127-090000-calm-road.tar.gz", "model_id": "5f0c", "num_active_training_jobs": 0}
        return refused or web.json_response(told)

    def _refused(self, request: web.Request) -> web.Response | None:
        if self.token and request.query.get("token") != self.token:
            told = {"status": "failure", "reason": "NotAuthenticated", "code": 401}
            return web.json_response(told, status=401)
        return None


@asynccontextmanager
async def rasa_server() -> AsyncIterator[RasaServer]:
    """A running stand-in."""
    server = RasaServer()
    app = web.Application()
    app.router.add_post("/model/parse", server.parse)
    app.router.add_get("/status", server.state)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    [address] = runner.addresses
    server.url = f"http://{address[0]}:{address[1]}"
    try:
        yield server
    finally:
        await runner.cleanup()

"""The hotline as a guest sees it: its knowledge over HTTP, its conversation over the chat's WebSocket."""

import asyncio
import json
import os
import uuid
from typing import Any

import aiohttp

URL = os.environ.get("HOTLINE_URL", "http://127.0.0.1:12345")
# Seconds until the first line of an answer; and how long more lines may follow one another.
FIRST_WITHIN, NEXT_WITHIN = 10.0, 0.6


class Unreachable(Exception):  # noqa: N818 - says what is the case
    """The hotline does not answer."""


async def search(question: str) -> dict[str, Any]:
    """What the knowledge base finds for a question; Unreachable."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=FIRST_WITHIN)) as session,
            session.get(f"{URL}/api/v1/knowledge/search", params={"q": question[:200]}) as answer,
        ):
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json()
            return found
    except (asyncio.TimeoutError, aiohttp.ClientError) as error:
        raise Unreachable from error


class Talks:
    """One chat for each of Rasa's senders, known again by the token the hotline gave."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._seen: dict[str, int] = {}

    async def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Say something for a sender; the lines that are answered. Unreachable."""
        address = f"{URL.replace('http', 'ws', 1)}/api/v1/chat"
        try:
            async with aiohttp.ClientSession() as session, session.ws_connect(address, timeout=FIRST_WITHIN) as line:
                return await self._exchange(line, sender, text)
        except (asyncio.TimeoutError, aiohttp.ClientError, TypeError, ValueError) as error:
            raise Unreachable from error

    async def _exchange(self, line: aiohttp.ClientWebSocketResponse, sender: str, text: str) -> list[dict[str, Any]]:
        hello = {"type": "hello", "token": self._tokens.get(sender), "after": self._seen.get(sender, 0)}
        await line.send_json(hello)
        welcome = await _frame(line, FIRST_WITHIN)
        self._tokens[sender] = welcome["token"]
        # A new visitor is greeted without having said anything; that line is not an answer.
        after = max(self._seen.get(sender, 0), welcome.get("seq", 0))
        while self._seen.get(sender, 0) < after:
            frame = await _frame(line, FIRST_WITHIN)
            self._note(sender, frame)
        await line.send_json({"type": "say", "id": uuid.uuid4().hex, "text": text, "attachments": []})
        lines: list[dict[str, Any]] = []
        kept = False
        while True:
            frame = await _next(line, NEXT_WITHIN if lines and kept else FIRST_WITHIN)
            if frame is None:
                if lines:
                    return lines
                raise asyncio.TimeoutError
            self._note(sender, frame)
            kept = kept or frame["type"] == "ack"
            if frame["type"] == "error":
                return [frame]
            if frame["type"] == "message" and not frame["own"]:
                lines.append(frame)

    def _note(self, sender: str, frame: dict[str, Any]) -> None:
        if frame["type"] in ("message", "ack"):
            self._seen[sender] = max(self._seen.get(sender, 0), int(frame["seq"]))


async def _frame(line: aiohttp.ClientWebSocketResponse, within: float) -> dict[str, Any]:
    frame = await _next(line, within)
    if frame is None:
        raise asyncio.TimeoutError
    return frame


async def _next(line: aiohttp.ClientWebSocketResponse, within: float) -> dict[str, Any] | None:
    try:
        frame: dict[str, Any] = json.loads(await line.receive_str(timeout=within))
    except asyncio.TimeoutError:
        return None
    return frame

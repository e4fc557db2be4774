"""A stand-in of WeCom's interface: tokens, messages of an application, its error codes."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

LASTS = timedelta(seconds=7200)
TEXT_BYTES = 2048

Answer = dict[str, str | int]


class WeComPlatform:
    """One enterprise with one application. ``members`` may be written to; ``told`` is what they got.

    ``codes`` are answered to the next messages instead, one each; ``hang_up`` closes the line after one was taken.
    """

    def __init__(self, corp_id: str, secret: str, agent_id: int, now: Callable[[], datetime]) -> None:
        self._corp = (corp_id, secret)
        self._agent = agent_id
        self._now = now
        self._tokens: dict[str, datetime] = {}
        self.members: set[str] = set()
        self.told: list[tuple[str, str]] = []
        self.codes: list[int] = []
        self.hang_up = False

    @property
    def tokens_issued(self) -> int:
        """How many there were."""
        return len(self._tokens)

    def spoil_tokens(self) -> None:
        """The platform throws away what it handed out."""
        self._tokens = dict.fromkeys(self._tokens, self._now() - LASTS)

    def app(self) -> web.Application:
        """The interface."""
        made = web.Application()
        made.router.add_get("/cgi-bin/gettoken", self._token)
        made.router.add_post("/cgi-bin/message/send", self._send)
        return made

    async def _token(self, request: web.Request) -> web.Response:
        if request.query.get("corpid") != self._corp[0]:
            return web.json_response({"errcode": 40013, "errmsg": "invalid corpid"})
        if request.query.get("corpsecret") != self._corp[1]:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        alive = [token for token, until in self._tokens.items() if until > self._now()]
        token = alive[0] if alive else secrets.token_urlsafe(64)
        until = self._tokens.setdefault(token, self._now() + LASTS)
        lasts = int((until - self._now()).total_seconds())
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": lasts})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        answer = self._judge(request.query.get("access_token", ""), raw, await request.json())
        if self.hang_up and request.transport is not None:
            request.transport.close()
        return web.json_response(answer)

    def _judge(self, token: str, raw: bytes, message: dict[str, object]) -> Answer:
        user, text = str(message.get("touser", "")), message.get("text")
        content = str(text.get("content", "")) if isinstance(text, dict) else ""
        wrong = (
            (41001, not token),
            (40014, token not in self._tokens),
            (42001, self._tokens.get(token, self._now()) <= self._now()),
            (40033, b"\\u" in raw),
            (301002, message.get("agentid") != self._agent),
            (40008, message.get("msgtype") != "text" or not content),
            (81013, user not in self.members),
        )
        ordered = self.codes.pop(0) if self.codes else 0
        code = ordered or next((code for code, is_so in wrong if is_so), 0)
        if code:
            return {"errcode": code, "errmsg": "error"}
        self.told.append((user, content))
        return {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": secrets.token_urlsafe(12)}

"""WeChat as citizens use it: what they do is posted to the account's server, what comes back is on their phones."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from channels.sandbox.wechat_account import Account
from channels.sandbox.wechat_wire import Keys, Unreadable, from_xml, to_xml

ORIGINAL_ID = "gh_sandbox12345"
NOTICE = "该公众号提供的服务出现故障，请稍后再试"
PATIENCE = 5.0
TRIES = 4
OK = 200
KINDS = {"image/jpeg": "image", "image/png": "image", "image/gif": "image", "audio/amr": "voice", "video/mp4": "video"}

Fields = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Posted:
    """How one post of a message went: status 0 when nobody answered in time."""

    status: int
    body: str


class Platform:
    """Posts to one account's server. ``patience`` in seconds; ``mode`` as chosen on the platform."""

    def __init__(
        self,
        keys: Keys,
        account: Account,
        hook: str,
        now: Callable[[], datetime],
        *,
        mode: str = "safe",
        patience: float = PATIENCE,
    ) -> None:
        self.account = account
        self._keys = keys
        self._hook = hook
        self._now = now
        self._mode = mode
        self._patience = patience
        self._last_id = 23_000_000_000_000_000
        self._session: aiohttp.ClientSession | None = None

    def move_to(self, hook: str) -> None:
        """The account's server has another address now."""
        self._hook = hook

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    # -- what citizens do -------------------------------------------------------------------------------

    def message(self, openid: str, kind: str, **fields: str | int) -> Fields:
        """A message as the platform numbers it."""
        self._last_id += 1
        return {**self._head(openid, kind), **fields, "MsgId": self._last_id}

    def event(self, openid: str, name: str, **fields: str | int) -> Fields:
        """An event; it has no number."""
        return {**self._head(openid, "event"), "Event": name, **fields}

    def _head(self, openid: str, kind: str) -> Fields:
        return {
            "ToUserName": ORIGINAL_ID,
            "FromUserName": openid,
            "CreateTime": int(self._now().timestamp()),
            "MsgType": kind,
        }

    async def says(self, openid: str, text: str) -> list[Posted]:
        """A citizen types something."""
        return await self.happens(self.message(openid, "text", Content=text))

    async def sends_file(self, openid: str, data: bytes, media_type: str, *, recognised: str = "") -> list[Posted]:
        """A citizen sends a picture, a voice message or a video."""
        media_id = self.account.keep_media(data, media_type)
        kind = KINDS[media_type]
        more: Fields = {"Format": "amr", "Recognition": recognised} if kind == "voice" else {}
        if kind == "image":
            more = {"PicUrl": "http://mmbiz.qpic.cn/sandbox/0"}
        return await self.happens(self.message(openid, kind, MediaId=media_id, **more))

    async def happens(self, fields: Fields) -> list[Posted]:
        """Post a message or event until the account answers: four times at most, the same each time."""
        openid = str(fields["FromUserName"])
        self.account.did(openid, str(fields["Event"]) if fields["MsgType"] == "event" else "message")
        tried: list[Posted] = []
        while len(tried) < TRIES:
            tried.append(await self.post(fields))
            if tried[-1].status == OK:
                self._show(openid, tried[-1].body)
                return tried
        self.account.show(openid, NOTICE, "notice")
        return tried

    async def post(self, fields: Fields) -> Posted:
        """Post once, with a signature of its own; status 0 when patience runs out."""
        query, body = self.dressed(fields)
        try:
            async with asyncio.timeout(self._patience):
                async with self._client().post(self._hook, params=query, data=body.encode()) as response:
                    return Posted(response.status, await response.text())
        except (TimeoutError, aiohttp.ClientError):
            return Posted(0, "")

    async def verify(self) -> bool:
        """The first visit when the account's server is set up."""
        echo = str(secrets.randbelow(10**19))
        async with self._client().get(self._hook, params={**self._signed(), "echostr": echo}) as response:
            return response.status == OK and await response.text() == echo

    def _signed(self) -> dict[str, str]:
        timestamp, nonce = str(int(self._now().timestamp())), str(secrets.randbelow(10**10))
        return {"signature": self._keys.sign(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}

    def dressed(self, fields: Fields) -> tuple[dict[str, str], str]:
        """A post as it goes out: the query and the body."""
        query = {**self._signed(), "openid": str(fields["FromUserName"])}
        if self._mode == "plain":
            return query, to_xml(fields)
        sealed = self._keys.encrypt(to_xml(fields))
        query |= {
            "encrypt_type": "aes",
            "msg_signature": self._keys.sign(query["timestamp"], query["nonce"], sealed),
        }
        if self._mode == "compatible":
            return query, to_xml({**fields, "Encrypt": sealed})
        return query, to_xml({"ToUserName": ORIGINAL_ID, "Encrypt": sealed})

    def _show(self, openid: str, body: str) -> None:
        if body in {"", "success"}:
            return
        try:
            self.account.show(openid, self._opened(openid, body), "passive")
        except (Unreadable, KeyError):
            self.account.show(openid, NOTICE, "notice")

    def _opened(self, openid: str, body: str) -> str:
        """The text of a passive answer; Unreadable or KeyError when it is none."""
        fields = from_xml(body)
        if self._mode != "plain":
            if fields["MsgSignature"] != self._keys.sign(fields["TimeStamp"], fields["Nonce"], fields["Encrypt"]):
                raise Unreadable("signature")
            fields = from_xml(self._keys.decrypt(fields["Encrypt"]))
        if (fields["ToUserName"], fields["FromUserName"], fields["MsgType"]) != (openid, ORIGINAL_ID, "text"):
            raise Unreadable("fields")
        return fields["Content"]

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

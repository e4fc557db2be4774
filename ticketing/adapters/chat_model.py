"""A language model as the second opinion, by any interface like OpenAI's ``/chat/completions``."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

import aiohttp
import msgspec

from kernel.database import outside_transaction
from kernel.errors import Unavailable
from kernel.settings import SecondOpinionSettings
from ticketing.model.duties import Matter, Opinion
from ticketing.rules.opinions import TASK, opinion_in, question

_MOST = 256 * 1024


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Answer(msgspec.Struct, frozen=True):
    choices: list[_Choice]


class ChatModel:
    """Asks about one text at a time; off without an address."""

    def __init__(self, settings: SecondOpinionSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is anybody to ask."""
        return bool(self._settings.url)

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def opinion_of(self, text: str, matters: Sequence[Matter]) -> Opinion:
        """Which of ``matters`` a redacted text is about, or none; Unavailable."""
        outside_transaction("second_opinion")
        settings = self._settings
        asked = {
            "model": settings.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": TASK},
                {"role": "user", "content": question(text, matters)},
            ],
        }
        url = f"{settings.url.rstrip('/')}/chat/completions"
        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        try:
            async with self._client().post(url, json=asked, headers=headers, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Unavailable("opinion_refused", timedelta(minutes=5), status=response.status)
                body = await response.content.read(_MOST)
            said = msgspec.json.decode(body, type=_Answer).choices[0].message.content
            return opinion_in(said, matters, settings.model or "模型")
        except (aiohttp.ClientError, TimeoutError, OSError, IndexError, msgspec.DecodeError) as error:
            raise Unavailable("opinion_unreachable", timedelta(minutes=5), kind=type(error).__name__) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            times = aiohttp.ClientTimeout(total=self._settings.timeout_seconds, connect=5)
            self._session = aiohttp.ClientSession(timeout=times, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

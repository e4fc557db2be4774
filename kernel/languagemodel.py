"""A language model behind any interface like OpenAI's ``/chat/completions``: one question, one answer."""

from datetime import timedelta
from http import HTTPStatus

import aiohttp
import msgspec

from kernel.database import outside_transaction
from kernel.errors import Unavailable

_MOST = 256 * 1024
_AFTER = timedelta(minutes=5)


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Answer(msgspec.Struct, frozen=True):
    choices: list[_Choice]


class LanguageModel:
    """Asks one thing at a time and never follows elsewhere; off without an address. Whoever asks masks first."""

    def __init__(self, url: str, key: str, model: str, seconds: float) -> None:
        self._url = url
        self._key = key
        self._model = model
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is anybody to ask."""
        return bool(self._url)

    @property
    def name(self) -> str:
        """What it is called."""
        return self._model or "模型"

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, task: str, text: str) -> str:
        """What it answers to ``text``, told its ``task``; Unavailable (model_refused, model_unreachable) after which
        nobody should ask for a while."""
        outside_transaction("language_model")
        said = [{"role": "system", "content": task}, {"role": "user", "content": text}]
        asked = {"model": self._model, "temperature": 0, "messages": said}
        url = f"{self._url.rstrip('/')}/chat/completions"
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            async with self._client().post(url, json=asked, headers=headers, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Unavailable("model_refused", _AFTER, status=response.status)
                body = await response.content.read(_MOST)
            return msgspec.json.decode(body, type=_Answer).choices[0].message.content
        except (aiohttp.ClientError, TimeoutError, OSError, IndexError, msgspec.DecodeError) as error:
            raise Unavailable("model_unreachable", _AFTER, kind=type(error).__name__) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            times = aiohttp.ClientTimeout(total=self._seconds, connect=min(5.0, self._seconds))
            self._session = aiohttp.ClientSession(timeout=times, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

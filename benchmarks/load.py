"""A load that costs little itself: raw HTTP/1.1 over kept connections, one request at a time on each."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

END = b"\r\n\r\n"


@dataclass(slots=True)
class Tally:
    """What came back: answers by status, seconds each took."""

    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that ``share`` of the answers kept within."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else 0.0


class _Caller(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last is whole."""

    def __init__(self, requests: Iterator[bytes], tally: Tally, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._tally = tally
        self._done = done
        self._buffer = b""
        self._began = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport
            self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(END)
        if not found or len(rest) < _length(head):
            return
        status = int(head[9:12])
        self._tally.statuses[status] = self._tally.statuses.get(status, 0) + 1
        self._tally.latencies.append(time.perf_counter() - self._began)
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def _next(self) -> None:
        request = next(self._requests, None)
        if self._transport is None or request is None:
            if self._transport is not None:
                self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    return 0


def post(path: str, body: bytes, port: int) -> bytes:
    """One request, ready to be written."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}"
    return head.encode() + END + body


async def drive(port: int, requests: Sequence[bytes], connections: int) -> tuple[Tally, float]:
    """Send all requests over ``connections``; the tally and the seconds it took."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    queue = iter(requests)
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    began = time.perf_counter()
    for done in ends:
        await loop.create_connection(lambda done=done: _Caller(queue, tally, done), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    return tally, time.perf_counter() - began

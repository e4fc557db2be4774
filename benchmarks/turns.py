"""A whole turn of conversation over HTTP: ours beside Rasa's REST channel, the same messages, in one run.

A turn begins when a citizen's message is sent and ends when the bot's reply is there. *Ours*: ``python -m hotline`` on
PostgreSQL as one process, spoken to as the chat page does, over its WebSocket. *Rasa*: ``rasa run`` with the trained
project of ``bot/rasa`` and its action server, ``POST /webhooks/rest/webhook``; its actions ask that same hotline.
Rounds alternate, one conversation at a time and several at a time.

Needs PostgreSQL and ``.venv-rasa`` (``make test-rasa`` builds and trains it); without Rasa it says so and measures
nothing.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final, Protocol

import aiohttp

from benchmarks.load import Tally
from benchmarks.processes import ROOT, answering, process, program
from benchmarks.sizes.house import own_database
from hotline.limits import RATES
from kernel.people import May

RASA: Final = ROOT / ".venv-rasa" / "bin" / "rasa"
PROJECT: Final = ROOT / "bot" / "rasa"
OUR_PORT, RASA_PORT, ACTIONS_PORT = 18191, 18192, 18193
GOAL: Final = 20.0
TOGETHER: Final = 8
PATIENCE: Final = 30.0
READY_WITHIN: Final = 400.0
# The action hands a question over where the knowledge is not sure; what is quoted ends with its owner.
QUOTED: Final = "来源："

Say = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """Conversations of one kind: what is said in each, what every reply of Rasa must hold, whether the ratio counts."""

    name: str
    says: Sequence[str]
    by_rasa: str
    compared: bool = True


# What is handed over is decided by our side either way, and Rasa's action then waits for more lines: no comparison.
KINDS: Final = (
    Kind("greeting", ("你好", "您好", "你好，在吗", "早上好", "喂，你好"), "12345政务服务便民热线"),
    Kind(
        "question",
        ("身份证丢了怎么补办", "居住证怎么办理", "结婚登记要带什么", "养狗要办什么证", "小孩出生怎么上户口"),
        QUOTED,
    ),
    Kind("handed_over", ("楼下大排档每天晚上很吵，我要投诉", "转人工"), "", compared=False),
)


class Side(Protocol):
    """Somebody to talk to."""

    def conversation(self) -> AbstractAsyncContextManager[Say]:
        """A new citizen; what they say gives the reply's text."""
        ...


class Ours:
    """The hotline, spoken to over the chat page's WebSocket."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    @asynccontextmanager
    async def conversation(self) -> AsyncIterator[Say]:
        """An open page of a new visitor."""
        address = f"{self._url.replace('http', 'ws', 1)}/api/v1/chat"
        async with self._session.ws_connect(address, headers={"Origin": self._url}) as socket:
            await socket.send_json({"type": "hello", "token": None, "after": 0})
            await _frame(socket, "welcome")

            async def say(text: str) -> str:
                await socket.send_json({"type": "say", "id": uuid.uuid4().hex, "text": text, "attachments": []})
                kept = (await _frame(socket, "ack"))["seq"]
                while True:
                    heard = await _frame(socket, "message")
                    # A later line of the reply before has a place before what was said now.
                    if not heard["own"] and heard["seq"] > kept:
                        return str(heard["text"])

            yield say


async def _frame(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(await socket.receive_str(timeout=PATIENCE))
        if frame["type"] == kind:
            return frame
        if frame["type"] == "error":
            raise RuntimeError(f"ours: {frame['code']}")


class Rasa:
    """Rasa, spoken to over its REST channel."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    @asynccontextmanager
    async def conversation(self) -> AsyncIterator[Say]:
        """A new sender."""
        sender = uuid.uuid4().hex

        async def say(text: str) -> str:
            body = {"sender": sender, "message": text}
            async with self._session.post(f"{self._url}/webhooks/rest/webhook", json=body) as answer:
                answer.raise_for_status()
                return "\n".join(each.get("text", "") for each in await answer.json())

        yield say


@dataclass(slots=True)
class Measured:
    """One side's turns of one kind: seconds each took, turns a second in each round."""

    tally: Tally = field(default_factory=Tally)
    rates: list[float] = field(default_factory=list)

    def told(self) -> Mapping[str, float]:
        """Turns a second (the median round) and milliseconds."""
        return {
            "turns_per_second": round(median(self.rates), 1),
            "p50_ms": round(self.tally.percentile(0.5), 1),
            "p95_ms": round(self.tally.percentile(0.95), 1),
        }


async def talk(side: Side, kind: Kind, conversations: int, at_once: int, measured: Measured, must: str = "") -> None:
    """Have so many conversations, ``at_once`` at a time; RuntimeError for a reply that is empty or lacks ``must``."""
    async with AsyncExitStack() as stack:
        # Pages are open before anybody writes: what is timed are turns.
        waiting = [await stack.enter_async_context(side.conversation()) for _ in range(conversations)]

        async def converse() -> None:
            while waiting:
                say = waiting.pop()
                for text in kind.says:
                    began = perf_counter()
                    reply = await say(text)
                    measured.tally.latencies.append(perf_counter() - began)
                    if not reply or must not in reply:
                        raise RuntimeError(f"{type(side).__name__} on {text}: {reply or 'nothing'}")

        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(converse())
        measured.rates.append(conversations * len(kind.says) / (perf_counter() - began))


def figures(kind: Kind, ours: Measured, rasa: Measured) -> Mapping[str, object]:
    """Both sides; where they are compared also ours by Rasa's turns a second, of each round and the median."""
    sides = {"ours": ours.told(), "rasa": rasa.told()}
    if not kind.compared:
        return sides
    ratios = [mine / theirs for mine, theirs in zip(ours.rates, rasa.rates, strict=True)]
    return {**sides, "ratio": round(median(ratios), 2), "ratios": [round(each, 2) for each in ratios]}


async def rounds(ours: Side, rasa: Side, number: int, conversations: int) -> dict[str, object]:
    """All rounds of all kinds, first one at a time, then several."""
    found: dict[str, object] = {}
    bucket = _Bucket()
    for kind in KINDS:
        for side, must in ((ours, ""), (rasa, kind.by_rasa)):
            await bucket.wait_for(len(kind.says))
            await talk(side, kind, 1, 1, Measured(), must)
    for kind in KINDS:
        for at_once in (1, TOGETHER):
            sides = {"ours": (ours, "", Measured()), "rasa": (rasa, kind.by_rasa, Measured())}
            for turn in range(number):
                for name in ("rasa", "ours") if turn % 2 else ("ours", "rasa"):
                    side, must, measured = sides[name]
                    await bucket.wait_for(conversations * len(kind.says))
                    await talk(side, kind, conversations, at_once, measured, must)
            found[f"{kind.name}_{at_once}"] = figures(kind, sides["ours"][2], sides["rasa"][2])
    return found


class _Bucket:
    """The hotline lets one address ask its knowledge so often; Rasa's actions are one address."""

    def __init__(self) -> None:
        rate = RATES[May.ASK_KNOWLEDGE]
        self._burst, self._seconds = rate.burst, rate.seconds
        self._left, self._at = float(rate.burst), perf_counter()

    async def wait_for(self, asks: int) -> None:
        """Wait, outside of what is timed, until so many may be asked."""
        if asks > self._burst:
            raise ValueError(f"a round may ask {self._burst} questions at most")
        self._fill()
        await asyncio.sleep(max(0.0, (asks - self._left) * self._seconds))
        self._fill()
        self._left -= asks

    def _fill(self) -> None:
        now = perf_counter()
        self._left = min(self._burst, self._left + (now - self._at) / self._seconds)
        self._at = now


async def measure(rasa: Path, number: int, conversations: int) -> dict[str, object]:
    """Start all three programs, talk, stop them; the figures."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(own_database(f"hotline_turns_{os.getpid()}"))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url, asked = await _started(stack, database, Path(folder), rasa)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        talked = await rounds(Ours(session, url), Rasa(session, asked), number, conversations)
    return {
        "benchmark": "turns",
        "lowest_ratio": min(each["ratio"] for each in talked.values() if isinstance(each, dict) and "ratio" in each),
        "goal": GOAL,
        **talked,
        "rounds": number,
        "conversations_a_round": conversations,
        "together": TOGETHER,
        "ours_keeps": "the message before it is acknowledged, conversation, reply and journal, on PostgreSQL",
        "rasa_keeps": "the tracker, in memory (its default)",
    }


async def _started(stack: AsyncExitStack, database: str, folder: Path, rasa: Path) -> tuple[str, str]:
    """The hotline's and Rasa's address, once both and the action server answer."""
    url, asked, acts = (f"http://127.0.0.1:{port}" for port in (OUR_PORT, RASA_PORT, ACTIONS_PORT))
    log = stack.enter_context((folder / "log").open("wb")).fileno()
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "HOTLINE_URL": url,
        "HOTLINE_RASA_ACTIONS": f"{acts}/webhook",
        "SANIC_HOST": "127.0.0.1",
    }
    serving = ("run", "--enable-api", "--interface", "127.0.0.1", "--port", str(RASA_PORT))
    server = stack.enter_context(program(str(rasa), *serving, folder=PROJECT, log=log, environ=quiet))
    acting = ("run", "actions", "--port", str(ACTIONS_PORT))
    actions = stack.enter_context(program(str(rasa), *acting, folder=PROJECT, log=log, environ=quiet))
    house = stack.enter_context(process("-m", "hotline", "serve", log=log, environ=_environ(database, folder, url)))
    await answering(f"{url}/readyz", house, READY_WITHIN)
    await answering(f"{asked}/status", server, READY_WITHIN)
    await answering(f"{acts}/health", actions, READY_WITHIN)
    return url, asked


def _environ(database: str, folder: Path, url: str) -> dict[str, str]:
    return {
        "HOTLINE_DATABASE_URL": database.replace("postgresql://", "postgresql+asyncpg://"),
        "HOTLINE_SERVER_PORT": str(OUR_PORT),
        "HOTLINE_SERVER_PUBLIC_URL": url,
        "HOTLINE_SECURITY_KEY_FILE": f"{folder}/keys/key",
        "HOTLINE_READER": "local",
    }


def missing(rasa: Path) -> str:
    """What of Rasa is not there; empty when all is."""
    if not rasa.is_file():
        return f"{rasa} is missing"
    return "" if any((PROJECT / "models").glob("*.tar.gz")) else f"{PROJECT / 'models'} holds no trained model"


def main() -> None:
    """Print one JSON line; nothing where Rasa is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rasa", type=Path, default=RASA, metavar="PROGRAM")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--conversations", type=int, default=TOGETHER)
    given = parser.parse_args()
    lacking = missing(given.rasa)
    if lacking:
        sys.stderr.write(f"turns: not run, {lacking} (make test-rasa)\n")
        return
    found = asyncio.run(measure(given.rasa.absolute(), given.rounds, given.conversations))
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

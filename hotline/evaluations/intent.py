"""``evaluate intent``: a reader trained on one file of phrases and judged on another, asked over HTTP one at a time.

Both engines answer ``POST /model/parse`` on this machine; what is timed is a whole request and its answer.
"""

import argparse
import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import aiohttp
import msgspec
from aiohttp import web

from bot.room import RASA_PROJECT, train_on
from hotline.evaluations.evaluation import Evaluation, Figures, share
from hotline.evaluations.labelled_rows import Row, digest_of, read_rows
from hotline.evaluations.routing import macro_f1
from kernel.errors import Invalid, Unavailable
from kernel.settings import Settings

COLUMNS = ("text", "intent")
PRECISION = 0.95
READY_WITHIN = 240.0
WARMING = 20
PARSE = "/model/parse"
Said = tuple[str, float]


class _Intent(msgspec.Struct, frozen=True):
    name: str | None = None
    confidence: float = 0.0


class _Parsed(msgspec.Struct, frozen=True):
    intent: _Intent


async def run(_settings: Settings, given: argparse.Namespace) -> Figures:
    """Train, serve, ask; Invalid for files that lack a column or a row, Unavailable when Rasa does not come up."""
    rows = read_rows(given.test, COLUMNS, COLUMNS)
    if not given.train.is_file():
        raise Invalid({str(given.train): "file_missing"}, code="set_wrong")
    began = perf_counter()
    serving = local(given.train) if given.engine == "local" else rasa(given.train, given.rasa)
    async with serving as url:
        trained = perf_counter() - began
        said, per_second = await ask(url, rows)
    return {
        "engine": given.engine,
        "test": len(rows),
        **figures_of(said, [row["intent"] for row in rows]),
        "messages_per_second": round(per_second, 1),
        "training_and_start_seconds": round(trained, 1),
        "digests": {path.name: digest_of(path) for path in (given.train, given.test)},
    }


def figures_of(said: Sequence[Said], intents: Sequence[str]) -> Mapping[str, float | None]:
    """How often the likeliest intent is right; ``coverage_at_p95`` is the largest share of all, the surest first, of
    which 95 in 100 are right."""
    pairs = [(intent, name) for intent, (name, _) in zip(intents, said, strict=True)]
    right = [wanted == name for wanted, name in pairs]
    surest = sorted(zip((likely for _, likely in said), right, strict=True), key=lambda each: -each[0])
    hits, covered = 0, 0
    for place, (likely, hit) in enumerate(surest, start=1):
        hits += hit
        last_of_its_like = place == len(surest) or surest[place][0] < likely
        if last_of_its_like and hits >= PRECISION * place:
            covered = place
    return {
        "accuracy": share(sum(right), len(right)),
        "macro_f1": macro_f1(pairs),
        "coverage_at_p95": share(covered, len(right)),
    }


async def ask(url: str, rows: Sequence[Row]) -> tuple[list[Said], float]:
    """What is said of each text, and how many texts a second that makes."""
    async with aiohttp.ClientSession() as session:
        for row in rows[:WARMING]:
            await _parsed(session, url, row["text"])
        began = perf_counter()
        said = [await _parsed(session, url, row["text"]) for row in rows]
        return said, len(rows) / (perf_counter() - began)


@asynccontextmanager
async def local(train: Path) -> AsyncIterator[str]:
    """The local reader behind the same address as Rasa's."""
    model = await train_on(train)

    async def parse(request: web.Request) -> web.Response:
        text = msgspec.json.decode(await request.read())["text"]
        name, likely = model(text)
        told = {"text": text, "intent": {"name": name, "confidence": likely}}
        return web.Response(body=msgspec.json.encode(told), content_type="application/json")

    app = web.Application()
    app.router.add_post(PARSE, parse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def rasa(train: Path, program: Path) -> AsyncIterator[str]:
    """Rasa with the shipped pipeline, trained on the file; Unavailable."""
    with tempfile.TemporaryDirectory() as folder:
        where, project = _project(train, program, Path(folder))
        port = _free_port()
        await _done(await _started(where, project, "train", "nlu", "--nlu", "data/nlu.yml"))
        serving = await _started(where, project, *("run", "--enable-api", "--interface", "127.0.0.1", "-p", str(port)))
        url = f"http://127.0.0.1:{port}"
        try:
            await _ready(url, serving)
            yield url
        finally:
            if serving.returncode is None:
                serving.terminate()
                await serving.wait()


def _project(train: Path, program: Path, folder: Path) -> tuple[Path, Path]:
    """The program, whole, and a copy of the shipped project that learns from the file."""
    if not program.is_file():
        raise Invalid({str(program): "file_missing"}, code="set_wrong")
    project = folder / "project"
    shutil.copytree(RASA_PROJECT, project, ignore=shutil.ignore_patterns("models", "actions", "requirements*"))
    shutil.copy(train, project / "data" / "nlu.yml")
    return program.resolve(), project


async def _parsed(session: aiohttp.ClientSession, url: str, text: str) -> Said:
    async with session.post(f"{url}{PARSE}", json={"text": text}) as answer:
        found = msgspec.json.decode(await answer.read(), type=_Parsed).intent
        return found.name or "", found.confidence


async def _started(program: Path, folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    quiet = asyncio.subprocess.DEVNULL
    environ = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "HOTLINE_RASA_ACTIONS": "http://127.0.0.1:5055/webhook"}
    return await asyncio.create_subprocess_exec(
        str(program), *arguments, cwd=folder, env=environ, stdout=quiet, stderr=quiet
    )


async def _done(process: asyncio.subprocess.Process) -> None:
    if await process.wait() != 0:
        raise Unavailable("reader_failed", status=process.returncode)


async def _ready(url: str, serving: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(READY_WITHIN):
        while serving.returncode is None:
            try:
                async with session.get(f"{url}/status") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.5)
    raise Unavailable("reader_failed", status=serving.returncode)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, required=True, metavar="NLU.yml", help="训练语料（Rasa 的 nlu 格式）")
    parser.add_argument("--test", type=Path, required=True, metavar="FILE", help="评测用 CSV（列 text,intent）")
    parser.add_argument("--engine", choices=("local", "rasa"), default="local", help="读取引擎（默认 local）")
    program = Path(".venv-rasa") / "bin" / "rasa"
    parser.add_argument("--rasa", type=Path, default=program, metavar="PROGRAM", help=f"Rasa 程序（默认 {program}）")


EVALUATION = Evaluation("intent", "训练并评测意图识别（本地或 Rasa）", _add_arguments, run)

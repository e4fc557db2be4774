"""Programs of their own for the length of a benchmark."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def process(*command: str, environ: Mapping[str, str], log: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Our interpreter with these arguments, for the length of the block."""
    with program(sys.executable, *command, environ=environ, log=log) as child:
        yield child


@contextmanager
def program(
    *command: str, environ: Mapping[str, str], folder: Path = ROOT, log: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Any program, for the length of the block; ``log`` is where both its outputs go, else they are this one's."""
    child = subprocess.Popen(  # noqa: S603 - a program the caller names
        command, cwd=folder, env={**os.environ, **environ}, stdout=log, stderr=log
    )
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)


def migrate(environ: Mapping[str, str]) -> None:
    """Make the tables, before anything runs."""
    command = [sys.executable, "-m", "hotline", "migrate"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=True)  # noqa: S603 - our own


async def listening(port: int) -> None:
    """Wait until a server takes connections; TimeoutError."""
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError(f"nothing listens on {port}")


async def answering(url: str, child: subprocess.Popen[bytes], within: float) -> None:
    """Wait until ``url`` answers 200; TimeoutError after ``within`` seconds, RuntimeError when ``child`` has ended."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(within):
        while True:
            if child.poll() is not None:
                raise RuntimeError(f"{child.args!r} ended with {child.returncode}")
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.3)

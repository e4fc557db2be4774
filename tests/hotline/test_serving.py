"""Processes: one on SQLite, a whole start, a polite end."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from hotline.house import ROOT, House
from hotline.live import Ended
from hotline.serving import Role, check_role, run, sole_process
from kernel.database import Database
from kernel.errors import Conflict, Invalid
from kernel.settings import ServerSettings
from tests.hotline.small_house import PASSWORD, SmallAccounts


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def serving(house: House, port: int) -> House:
    """The small house at a port of its own."""
    server = ServerSettings(port=port, public_url=f"http://127.0.0.1:{port}")
    settings = replace(house.floor.settings, server=server)
    return replace(house, floor=replace(house.floor, settings=settings))


def test_a_sqlite_file_is_held_by_one_process(sqlite_database: Database) -> None:
    with sole_process(sqlite_database):
        other = Database(sqlite_database.url.render_as_string())
        with pytest.raises(Conflict, match="database_in_use"), sole_process(other):
            pass
    with sole_process(sqlite_database):
        pass


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER])
def test_several_processes_need_postgresql(sqlite_database: Database, role: Role) -> None:
    with pytest.raises(Invalid, match="needs_postgresql"):
        check_role(sqlite_database, role)
    check_role(sqlite_database, Role.SERVE)


async def test_p51_a_house_full_of_open_sockets_stops_in_time(house: House, accounts: SmallAccounts) -> None:
    port = free_port()
    ready, stopping = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(run(serving(house, port), Role.SERVE, ready=ready.set, stopping=stopping))
    await asyncio.wait_for(ready.wait(), 20)
    url = f"http://127.0.0.1:{port}"
    session = await accounts.sign_in("agent-1", PASSWORD, "")
    cookies = {"hotline_session": session.token}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(url, connector=connector, cookies=cookies) as client:
        sockets = [await client.ws_connect("/api/v1/live", headers={"Origin": url}) for _ in range(300)]
        for each in sockets:
            await each.send_json({"type": "hello", "after": None})
            assert (await each.receive_json(timeout=10))["type"] == "welcome"
        stopping.set()
        async with asyncio.timeout(10):
            told = await asyncio.gather(*(each.receive() for each in sockets))
            await running
    assert {message.data for message in told} == {Ended.RESTART}


async def test_a_failing_start_leaves_nothing_open(house: House) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(OSError, match="address already in use"):
            await run(serving(house, port), Role.SERVE, ready=lambda: None, stopping=asyncio.Event())


@asynccontextmanager
async def started(folder: Path, port: int, *arguments: str, database: str = "") -> AsyncIterator[Process]:
    """The program as a process of its own, over a database of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    environ |= {
        "HOTLINE_DATABASE_URL": database or f"sqlite+aiosqlite:///{folder}/hotline.sqlite3",
        "HOTLINE_SECURITY_KEY_FILE": f"{folder}/key",
        "HOTLINE_SERVER_PORT": str(port),
    }
    command = (sys.executable, "-m", "hotline", *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said_until(process: Process, words: str) -> str:
    """What the process printed up to the line with ``words``."""
    if process.stdout is None:
        raise ValueError("nothing is listened to")
    lines = []
    async with asyncio.timeout(90):
        while line := (await process.stdout.readline()).decode():
            lines.append(line)
            if words in line:
                return "".join(lines)
    raise AssertionError("".join(lines))


@pytest.mark.slow
async def test_the_demo_starts_twice_serves_this_machine_only_and_stops_on_sigterm(tmp_path: Path) -> None:
    port = free_port()
    for start in ("first", "second"):
        async with started(tmp_path, port, "--demo") as process:
            printed = await said_until(process, "Ctrl+C")
            assert ("首次启动" in printed) == (start == "first")
            assert f"http://127.0.0.1:{port}/chat" in printed
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
                ready = await client.get("/readyz")
                assert (ready.status, await ready.json()) == (200, {"status": "ok", "failed": []})
            async with started(tmp_path, free_port(), "migrate") as second:
                _, complaint = await second.communicate()
                assert second.returncode == 1
                assert "SQLite" in complaint.decode()
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 10) == 0
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


@pytest.mark.slow
async def test_a_web_process_alone_is_refused_on_sqlite(tmp_path: Path) -> None:
    async with started(tmp_path, free_port(), "web") as process:
        _, complaint = await process.communicate()
        assert process.returncode == 1
        assert "PostgreSQL" in complaint.decode()


async def finished(process: Process) -> None:
    """The command did what it should."""
    _, complaint = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 0, complaint.decode()


async def answer_to(chat: aiohttp.ClientWebSocketResponse, words: str) -> str:
    """What the bot says to ``words``."""
    said = {"type": "say", "id": str(uuid4()), "text": words, "attachments": []}
    await chat.send_json(said)
    while True:
        frame = await chat.receive_json(timeout=40)
        if frame["type"] == "message" and frame["author"] == "bot":
            return str(frame["text"])


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.timeout(300)
async def test_web_and_worker_in_two_processes_answer_and_a_killed_worker_loses_nothing(
    bare_postgresql: Database, tmp_path: Path
) -> None:
    port, url = free_port(), bare_postgresql.url.render_as_string(hide_password=False)

    def start(*arguments: str) -> AbstractAsyncContextManager[Process]:
        return started(tmp_path, port, "--demo", *arguments, database=url)

    async with start("worker") as early:
        _, complaint = await early.communicate()
        assert "migrate" in complaint.decode()
    for command in ("migrate", "seed"):
        async with start(command) as process:
            await finished(process)
    async with start("web") as web_process, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        await said_until(web_process, "Ctrl+C")
        chat = await client.ws_connect("/api/v1/chat")
        await chat.send_json({"type": "hello", "token": None, "after": 0})
        async with start("worker") as worker_process:
            assert "身份证" in await answer_to(chat, "身份证丢了怎么补办")
            worker_process.kill()
        waiting = asyncio.create_task(answer_to(chat, "你好"))
        async with start("worker"):
            assert await waiting
        await chat.close()

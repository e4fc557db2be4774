"""Rasa as the reader: what it says is taken, and whatever it does wrong, the citizen is answered."""

from collections.abc import AsyncIterator
from time import monotonic

import pytest

from bot.adapters import rasa
from bot.adapters.local import LocalReader
from bot.adapters.rasa import RasaReader
from bot.model import Intent
from tests.bot.rasa_server import RasaServer, rasa_server


@pytest.fixture
async def server() -> AsyncIterator[RasaServer]:
    async with rasa_server() as running:
        yield running


@pytest.fixture
async def asking(server: RasaServer, reader: LocalReader) -> AsyncIterator[RasaReader]:
    made = RasaReader(server.url, reader)
    await made.start()
    assert server.asked == [rasa.FIRST], "the dictionary is loaded before a citizen waits for it"
    server.asked.clear()
    yield made
    await made.stop()


async def test_what_rasa_says_is_taken_without_its_own_intents(asking: RasaReader, server: RasaServer) -> None:
    meaning = await asking.read("楼下大排档太吵")
    assert server.asked == ["楼下大排档太吵"]
    assert [intent for intent, _ in meaning.intents] == [Intent.COMPLAIN, Intent.HELP]
    assert sum(likely for _, likely in meaning.intents) == pytest.approx(1.0)
    assert asking.version == "rasa:20261127-090000-calm-road.tar.gz"


@pytest.mark.parametrize(
    ("broken", "value"),
    [
        ("status", 500),
        ("ranking", {}),
        ("ranking", {"nlu_fallback": 1.0}),
        ("body", b"{"),
        ("body", b'{"intent_ranking": [{"name": 5}]}'),
        ("token", "secret"),
    ],
)
async def test_the_local_reader_answers_when_rasa_fails(
    asking: RasaReader, reader: LocalReader, server: RasaServer, broken: str, value: object
) -> None:
    setattr(server, broken, value)
    assert await asking.read("身份证丢了怎么补办") == await reader.read("身份证丢了怎么补办")


async def test_nobody_waits_for_a_slow_rasa(
    asking: RasaReader, reader: LocalReader, server: RasaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa, "WITHIN", 0.05)
    server.slow = 30
    assert await asking.read("路灯不亮") == await reader.read("路灯不亮")


async def test_after_some_failures_it_is_left_alone_for_a_while(
    asking: RasaReader, server: RasaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.status = 503
    for _ in range(10):
        await asking.read("路灯不亮")
    assert len(server.asked) == rasa.FAILURES
    server.status = 200
    later = monotonic() + rasa.PAUSE
    monkeypatch.setattr(rasa, "monotonic", lambda: later)
    await asking.read("路灯不亮")
    assert len(server.asked) == rasa.FAILURES + 1


async def test_one_that_is_not_there_is_no_reason_not_to_start(reader: LocalReader) -> None:
    asking = RasaReader("http://127.0.0.1:9", reader)
    await asking.start()
    assert asking.version == reader.version
    assert await asking.read("路灯不亮") == await reader.read("路灯不亮")
    await asking.stop()


async def test_a_token_is_shown(server: RasaServer, reader: LocalReader) -> None:
    server.token = "secret"
    asking = RasaReader(server.url, reader, "secret")
    assert (await asking.read("楼下大排档太吵")).intent is Intent.COMPLAIN
    await asking.stop()


async def test_what_citizens_say_is_not_in_the_warning(
    asking: RasaReader, server: RasaServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.status = 500
    await asking.read("我叫陈大文，电话13800138000")
    said = capsys.readouterr()
    assert "reader_falls_back" in said.out + said.err
    assert "13800138000" not in said.out + said.err

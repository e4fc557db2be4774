"""The benchmark of whole turns: what ends one on either side, what is compared, and nothing told without Rasa."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from benchmarks import turns
from benchmarks.turns import Kind, Measured, Ours, Rasa, Side, figures, talk

ASKED = Kind("question", ("一", "二"), "来源：")
HANDED = Kind("handed_over", ("一", "二"), "", compared=False)


async def chat(request: web.Request) -> web.WebSocketResponse:
    """The chat's line; to each reply it adds a second line, which comes late: after the next message is kept."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    seq, late = 0, ""
    async for message in socket:
        frame = message.json()
        if frame["type"] == "hello":
            await socket.send_json({"type": "welcome", "token": "t", "seq": 0})
            continue
        said = seq = seq + 1
        await socket.send_json({"type": "ack", "id": frame["id"], "seq": said})
        if late:
            await socket.send_json({"type": "message", "seq": said - 1, "own": False, "text": late})
        await socket.send_json({"type": "message", "seq": said, "own": True, "text": frame["text"]})
        await socket.send_json({"type": "message", "seq": said + 1, "own": False, "text": f"答{frame['text']}"})
        seq, late = said + 2, f"又{frame['text']}"
    return socket


async def rest(request: web.Request) -> web.Response:
    """Rasa's REST channel: the lines of the answer at once, with the sender they are for."""
    asked = await request.json()
    lines = [f"答{asked['message']}", f"来源：{asked['sender']}"]
    return web.json_response([{"recipient_id": asked["sender"], "text": line} for line in lines])


@asynccontextmanager
async def sides() -> AsyncIterator[tuple[Side, Side]]:
    """Ours and Rasa's."""
    app = web.Application()
    app.router.add_get("/api/v1/chat", chat)
    app.router.add_post("/webhooks/rest/webhook", rest)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        yield Ours(session, url), Rasa(session, url)
    await runner.cleanup()


async def test_a_turn_of_ours_ends_with_the_reply_to_what_was_said() -> None:
    async with sides() as (ours, _), ours.conversation() as say:
        assert [await say(text) for text in "一二三"] == ["答一", "答二", "答三"]


async def test_each_conversation_with_rasa_has_a_sender_of_its_own() -> None:
    async with sides() as (_, rasa), rasa.conversation() as say, rasa.conversation() as other:
        mine, again, theirs = await say("一"), await say("一"), await other("一")
    assert mine == again != theirs
    assert mine.startswith("答一\n来源：")


async def test_all_conversations_are_had_and_every_turn_is_timed() -> None:
    measured = Measured()
    async with sides() as (ours, _):
        for at_once in (1, 3):
            await talk(ours, ASKED, 5, at_once, measured)
    assert len(measured.tally.latencies) == 2 * 5 * 2
    assert len(measured.rates) == 2
    assert 0 < measured.told()["p50_ms"] <= measured.told()["p95_ms"]


async def test_a_reply_that_is_not_what_is_measured_ends_the_run() -> None:
    async with sides() as (ours, rasa):
        await talk(rasa, ASKED, 1, 1, Measured(), "来源：")
        with pytest.raises(ExceptionGroup, match="TaskGroup") as failed:
            await talk(ours, ASKED, 1, 1, Measured(), "来源：")
    assert "Ours on 一: 答一" in str(failed.value.exceptions[0])


def test_the_ratio_is_of_each_round_and_none_is_told_of_what_rasa_hands_over() -> None:
    ours, rasa = Measured(rates=[30.0, 10.0, 20.0]), Measured(rates=[10.0, 20.0, 10.0])
    told = figures(ASKED, ours, rasa)
    assert told["ratio"] == 2.0
    assert told["ratios"] == [3.0, 0.5, 2.0]
    assert set(figures(HANDED, ours, rasa)) == {"ours", "rasa"}


def test_without_rasa_no_figure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["turns", "--rasa", str(tmp_path / "rasa")])
    turns.main()
    said = capsys.readouterr()
    assert said.out == ""
    assert "not run" in said.err
    assert str(tmp_path / "rasa") in said.err

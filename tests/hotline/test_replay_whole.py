"""A replay through the whole house: citizens' messages become tickets at units, or go to people."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.assembly import Assembled
from hotline.metrics import Metrics
from hotline.replay import Ordered, Replay, loops_of, play_all
from hotline.replay_input import AreaMap
from hotline.replay_summary import Ended
from hotline.worker import Worker
from kernel.errors import NotFound

MESSAGES = "id,text\n1,桂城街道南海大道北路灯坏了三天，晚上很黑，请尽快维修。\n2,转人工\n"


@pytest.fixture
async def at_work(city: Assembled) -> AsyncIterator[Assembled]:
    """The house with its loops stepping."""
    stopping = asyncio.Event()
    running = asyncio.create_task(Worker(loops_of(city), city.house.floor.bell, Metrics()).run(stopping))
    yield city
    stopping.set()
    await running


async def test_a_broken_lamp_becomes_a_ticket_and_who_wants_a_person_gets_one(
    at_work: Assembled, tmp_path: Path
) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(MESSAGES, "utf-8")
    summary = await play_all(at_work, Ordered(file, "web", AreaMap(), None, "", None))
    assert summary.errors == {}
    assert summary.ended == {Ended.DISPATCHED: 1, Ended.PERSON: 1}
    assert summary.reasons == {"asked": 1}
    assert list(summary.matters) == ["路灯不亮"]
    assert summary.rows_asked_back == 1


async def test_an_unknown_channel_is_refused(city: Assembled) -> None:
    with pytest.raises(NotFound):
        Replay(city, "telegraph")

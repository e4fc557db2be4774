"""After the main story: the ticket's chain verifies, and what the citizen told of themself is nowhere in the clear."""

import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update

from kernel.bell import LocalBell
from kernel.clock import SystemClock
from kernel.database import Database
from kernel.journal import Journal, journal
from kernel.privacy import Vault, key_name, load_or_make_key
from tests.journeys.conftest import free_port
from tests.journeys.house import Browser, RunningHouse, Visitor
from tests.journeys.outside import own_database
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import CONTACTED, REPLY, RESULT, act
from tests.rooms import all_facts

NAME, PHONE, ID_CARD, DOOR = "欧阳建国", "13802401357", "440601198803214817", "12号3座502"
SENTENCE = f"我叫{NAME}，身份证{ID_CARD}，同济路{DOOR}门口的路灯坏了三天，晚上黑漆漆很危险，请打{PHONE}"
SAID = (SENTENCE, "确认提交")
# Words of the sentence that stand in no table of the city and in no text of the house.
OWN_WORDS = "黑漆漆很危险"
SECRETS = (NAME, PHONE, ID_CARD, DOOR, SENTENCE, OWN_WORDS)
# Where the ticket keeps what everybody may read of the citizen's words: masked.
MASKED = {("ticket", "body")}


@dataclass
class Told:
    """A house after the story, stopped."""

    house: RunningHouse
    number: str
    database: Database
    journal: Journal


@asynccontextmanager
async def database_of(kind: str, folder: Path) -> AsyncIterator[str]:
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder}/hotline.sqlite3"
        return
    async with own_database(f"hotline_told_{os.getpid()}") as url:
        yield url.replace("postgresql:", "postgresql+asyncpg:")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    """The main story with a citizen who says more of themself than anybody asked, logged in full as JSON."""
    folder = tmp_path_factory.mktemp("told")
    async with database_of(request.param, folder) as url:
        environ = {"HOTLINE_DATABASE_URL": url, "HOTLINE_SERVER_LOG_LEVEL": "debug"}
        house = RunningHouse(folder, free_port(), environ=environ, demo=False)
        await house.prepare()
        house.start()
        await house.ready()
        number = await story(house)
        assert house.stop() == 0, house.output()
        key = load_or_make_key(folder / "keys" / "key")
        database = Database(url)
        vault = Vault({key_name(key): key}, key_name(key))
        yield Told(house, number, database, Journal(vault, SystemClock(), LocalBell(), all_facts()))
        await database.close()


async def story(house: RunningHouse) -> str:
    """Report, work, release, read; the ticket's number."""
    async with Visitor(house.url) as citizen:
        for each in SAID[:-1]:
            reply = await citizen.ask(each)
        if "电话" in reply["text"] and "请核对" not in reply["text"]:
            reply = await citizen.ask(f"{NAME}，{PHONE}")
        opened = await citizen.ask(SAID[-1], "工单号")
        found = re.search(r"[A-Z]{2}\d{6,}\d", opened["text"])
        assert found
        number = found.group()
        async with Browser(house.url) as officer, Browser(house.url) as reviewer:
            await reviewer.sign_in("reviewer")
            ticket = await reviewer.get(f"/tickets/{number}")
            assert PHONE not in str(ticket)
            await officer.sign_in(ticket["unit"].lower())
            await act(officer, number, "accept", {})
            await act(officer, number, "start", CONTACTED)
            await act(officer, number, "submit_result", RESULT)
            await act(reviewer, number, "release", REPLY)
            # What fails is logged too.
            await reviewer.get(f"/tickets?q={PHONE}")
            await reviewer.post(f"/tickets/{number}/actions/release", {"version": PHONE, "form": NAME}, expect=422)
        await citizen.hear("更换灯泡")
        async with Browser(house.url) as anyone:
            link = opened["link"].rsplit("/", 1)[-1]
            await anyone.post(f"/track/{link}/rate", {"score": "very_satisfied", "solved": "yes"})
    return number


async def test_the_chain_of_the_ticket_verifies_and_an_altered_fact_breaks_it(told: Told) -> None:
    subject = f"ticket:{told.number}"
    async with told.database.reading() as tx:
        assert len(await told.journal.about(tx, subject)) >= 6
        assert await told.journal.broken_links(tx, subject) == []
    assert await _broken_when_altered(told, subject) == ["link 2 was altered"]


async def _broken_when_altered(told: Told, subject: str) -> list[str]:
    """What is found when somebody else is said to have done what the second fact tells; undone afterwards."""
    second = (journal.c.subject == subject) & (journal.c.link == 2)
    async with told.database.transaction() as tx:
        row = await tx.row(select(journal.c.body).where(second))
        assert row is not None
        await tx.execute(update(journal).where(second).values(body={**row["body"], "by": "somebody"}))
        broken = await told.journal.broken_links(tx, subject)
        await tx.execute(update(journal).where(second).values(body=row["body"]))
    return broken


async def test_no_line_of_the_log_holds_what_the_citizen_told_of_themself(told: Told) -> None:
    lines = told.house.said().splitlines()
    logged = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"house.started", "house.stopping"} <= {each["event"] for each in logged}
    assert any("/api/v1/tickets" in json.dumps(each) for each in logged), "requests are not logged"
    for line in lines:
        assert not leaks(line), line


async def test_no_row_of_any_table_holds_it_in_the_clear(told: Told) -> None:
    found = {}
    seen = set()
    async with told.database.reading() as tx:
        tables = await tx.connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for table in tables:
            for row in await tx.rows(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the database's own names
                seen.add(table)
                for column, value in row.items():
                    allowed = {OWN_WORDS} if (table, column) in MASKED else set()
                    if leaked := leaks(value) - allowed:
                        found[table, column] = leaked
    assert {"ticket", "mailbox_in", "mailbox_out", "journal", "conversation", "citizen"} <= seen
    assert found == {}


async def test_the_tickets_own_text_is_masked(told: Told) -> None:
    async with told.database.reading() as tx:
        body = str(await tx.scalar(text("SELECT body FROM ticket")))
    assert OWN_WORDS in body, "the search above would find nothing"
    assert leaks(body) == {OWN_WORDS}


def leaks(value: object) -> set[str]:
    """What of the citizen's stands in a value: a search index keeps the words apart, JSON escapes them."""
    return {secret for form in _forms(value) for secret in SECRETS if secret in form}


def _forms(value: object) -> Iterator[str]:
    plain = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    yield re.sub(r"[\s-]", "", plain)
    if "\\u" in plain:
        yield plain.encode("ascii", "backslashreplace").decode("unicode_escape")

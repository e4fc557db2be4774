"""Lists come in pages: together the whole, no row twice, whatever is added meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.people import Principal
from tests.paging import read_on
from tests.ticketing.city import ADMIN, DISPATCHER, Hotline
from tests.ticketing.test_api import Web
from tests.ticketing.test_hearings import SUGGESTED
from tests.ticketing.test_history import FILE, load
from tests.ticketing.test_rulings import disputed
from ticketing.model.rulings import Amendment, Precedent
from ticketing.rules.webhooks import Hook
from ticketing.store import matters as matter_rows
from ticketing.store import precedents
from ticketing.store import webhooks as hook_rows


@pytest.fixture
async def web(desk: Hotline) -> Web:
    await desk.room.words.load()
    async with desk.database.transaction() as tx:
        await matter_rows.replace_all(tx, tuple(desk.room.catalogue._matters.values()), desk.clock.now())
    return Web(desk)


async def checked(
    web: Web,
    path: str,
    by: Principal,
    name: str,
    meanwhile: Callable[[], Awaitable[object]] | None = None,
    **query: Any,
) -> list[Any]:
    """What a list of a few has, read two by two: no more than asked for on a page, nothing twice, a foreign cursor
    refused."""
    before = [each[name] for each in (await web("GET", path, by, limit=200, **query))["items"]]
    size = max(2, len(before) // 2)
    pages = await read_on(lambda cursor: web("GET", path, by, cursor=cursor, limit=size, **query), meanwhile)
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert [each[name] for page in pages for each in page] == before
    assert len(pages) > 1
    with pytest.raises(Invalid) as refused:
        await web("GET", path, by, cursor="%", **query)
    assert refused.value.fields == {"cursor": "wrong"}
    return before


async def test_hearings_are_read_on_while_another_dispute_begins(web: Web) -> None:
    for _ in range(3):
        await disputed(web)
        web.desk.clock.advance(timedelta(minutes=5))
    assert len(await checked(web, "hearings", SUGGESTED, "request")) == 3
    first = await web("GET", "hearings", SUGGESTED, limit=2)
    await disputed(web)
    rest = await web("GET", "hearings", SUGGESTED, cursor=first["next"], limit=2)
    assert first["total"] == 3
    assert len({each["request"] for each in (*first["items"], *rest["items"])}) == 4


@pytest.mark.parametrize(("question", "many"), [("", 12), ("A-0", 8), ("烧烤", 3)])
async def test_closed_tickets_of_other_systems_are_read_on_while_more_come_in(
    web: Web, question: str, many: int
) -> None:
    for numbers in ("A-0", "A-01", "B-0"):
        await load(web.desk, FILE.replace("A-0", numbers))

    async def more() -> None:
        await load(web.desk, FILE.replace("A-0", "A-02").replace("2024", "2025"))

    assert len(await checked(web, "history", DISPATCHER, "number", more, q=question)) == many


async def test_webhooks_come_in_pages(web: Web) -> None:
    made = web.desk.clock.now()
    hook = Hook(
        new_id(), "CC-ZM", "", "https://cases.example/", "s", (), active=True, position=0, made_by="boss", made=made
    )
    async with web.desk.database.transaction() as tx:
        for n in range(3):
            await hook_rows.add(tx, replace(hook, id=new_id(), made=made + timedelta(minutes=n)))
    assert len(await checked(web, "webhooks", ADMIN, "id")) == 3
    assert (await web("GET", "webhooks", ADMIN, limit=1))["total"] == 3


async def test_the_catalogue_and_the_words_come_in_pages(web: Web) -> None:
    assert len(await checked(web, "catalogue/matters", ADMIN, "code")) > 50
    words = await checked(web, "sensitive-words", ADMIN, "id")
    assert (await web("GET", "sensitive-words", ADMIN, limit=1))["total"] == len(words)


async def test_rulings_are_read_on_while_another_is_made(web: Web) -> None:
    async def rule() -> None:
        said = Precedent(
            new_id(), "12345260316000001", new_id(), "litter", "440604", ("FS-JJ",), "FS-GX", (), "由其主办",
            "三定方案第二条", web.desk.clock.now(), "s", Amendment.CANDIDATE,
        )  # fmt: skip
        async with web.desk.database.transaction() as tx:
            await precedents.add(tx, said)

    for _ in range(5):
        await rule()
    assert len(await checked(web, "catalogue/rulings", ADMIN, "id", rule)) == 5

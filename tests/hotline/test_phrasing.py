"""The texts of all rooms on the administrators' pages: listed, previewed, worded otherwise in every process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot import phrasebook as bot_texts
from desk import texts as desk_texts
from hotline.phrasing import room as phrasing
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Principal, Role, allow
from kernel.phrases import Audience, PhraseRow, checked
from kernel.room import Call, Floor, Room
from suggestions.rules import notices as suggestion_texts
from tests.learnt import copy_matters_model
from tests.once import Once
from tests.paging import read_on
from tests.ticketing.city import ADMIN, AGENT, City, Hotline, address, hotline, read_demo_city, staff
from ticketing.rules.notices import TO_CITIZEN, TO_UNIT
from ticketing.rules.phrasebook import phrase_rows as ticket_rows

ROWS: list[PhraseRow] = [
    *ticket_rows(),
    *bot_texts.phrase_rows(),
    *desk_texts.phrase_rows(),
    *suggestion_texts.phrase_rows(),
]
DISPATCHED = "citizen.dispatch"
WORDED = "{number}号诉求已交{unit}，{due}前给您答复。"


@dataclass
class Pages:
    """Calls the routes as the house does."""

    room: Room

    async def __call__(self, method: str, path: str, by: Principal, body: Any = None, **query: Any) -> Any:
        first, _, rest = path.partition("/")
        key, _, last = rest.partition("/")
        pattern = f"/api/v1/{first}" + ("/{key}" if key else "") + (f"/{last}" if last else "")
        route = next(each for each in self.room.routes if (each.method, each.path) == (method, pattern))
        asked = msgspec.convert(query, route.query, strict=False) if route.query else None
        form = msgspec.convert(body or {}, route.body) if route.body else None
        call = Call(by, allow(by, route.may), {"key": key}, asked, form)
        return msgspec.to_builtins(await route.handler(call))


@pytest.fixture(scope="module")
async def city(once: Once, tmp_path_factory: pytest.TempPathFactory) -> City:
    models: Path = tmp_path_factory.mktemp("models")
    await copy_matters_model(once, models)
    return await read_demo_city(models)


@pytest.fixture
def desk(floor: Floor, clock: ManualClock, city: City) -> Hotline:
    return hotline(floor, clock, city)


@pytest.fixture
async def pages(desk: Hotline) -> Pages:
    texts = Room("all", phrases=ROWS)
    return Pages(phrasing.build(desk.floor, [texts], desk.lookup))


def test_every_notice_of_the_tables_has_its_row_and_every_key_is_once() -> None:
    keys = [row.key for row in ROWS]
    assert len(set(keys)) == len(keys)
    sent = {each.text.key for each in TO_CITIZEN.values()} | {each.text.key for each in TO_UNIT.values()}
    assert sent <= set(keys)
    assert {row.audience for row in ROWS} == set(Audience)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_every_default_keeps_the_rules_for_its_text(row: PhraseRow) -> None:
    assert checked(row, str(row.phrase)) == str(row.phrase).strip()
    assert "{" not in row.sample(str(row.phrase))


async def test_a_text_is_worded_otherwise_at_once_and_in_another_process(pages: Pages, desk: Hotline) -> None:
    other = phrasing.build(desk.floor, [Room("all", phrases=ROWS)], desk.lookup)
    (loop,) = other.loops
    form = {"text": WORDED, "why": "统一口径", "version": 0}
    view = await pages("PUT", f"texts/{DISPATCHED}", ADMIN, form)
    assert (view["text"], view["changed"], view["version"]) == (WORDED, True, 1)
    ticket = await desk.open()
    assert ticket.lead is not None
    mails = [mail.text for mail in await desk.mails(address("one"))]
    assert any(text.startswith(f"{ticket.number}号诉求已交") for text in mails)
    # Another process has its own book; here both share the floor's, so what its step sets is looked at.
    desk.floor.phrases.use({})
    await loop.step()
    assert desk.floor.phrases.worded(TO_CITIZEN["dispatch"].text) == WORDED


async def test_a_text_goes_back_to_the_default_and_its_history_is_kept(pages: Pages, desk: Hotline) -> None:
    await pages("PUT", f"texts/{DISPATCHED}", ADMIN, {"text": WORDED, "why": "统一口径", "version": 0})
    view = await pages("PUT", f"texts/{DISPATCHED}", ADMIN, {"reset": True, "why": "恢复", "version": 1})
    assert (view["text"], view["changed"]) == (view["default"], False)
    assert [(each["version"], each["reset"], each["why"]) for each in view["history"]] == [
        (2, True, "恢复"),
        (1, False, "统一口径"),
    ]
    assert desk.floor.phrases.worded(TO_CITIZEN["dispatch"].text) == view["default"]
    async with desk.database.reading() as tx:
        facts = await desk.floor.journal.about(tx, f"text:{DISPATCHED}")
    assert [(fact.fact.reset, fact.fact.by) for fact in facts] == [(False, ADMIN.id), (True, ADMIN.id)]


async def test_a_preview_says_what_is_sent_and_in_how_many_parts(pages: Pages) -> None:
    view = await pages("POST", f"texts/{DISPATCHED}/preview", ADMIN, {"text": WORDED})
    assert view == {"sample": view["sample"], "letters": len(view["sample"]), "parts": 1}
    assert "3月20日前给您答复" in view["sample"]


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        (DISPATCHED, "{number}{unit}{due}{phone}", "placeholder_unknown"),
        (DISPATCHED, "{number}{unit}", "placeholder_missing"),
        (DISPATCHED, "{number", "braces_unmatched"),
        ("unit.dispatch", "工单{number}：{title}。{due}前办结。查询码{code}", "placeholder_private"),
        ("unit.dispatch", "工单{number}：{title}。{due}前办结。{reply}", "placeholder_private"),
        ("officer.one", "{urgent}{number}{what}{due}{title}", "placeholder_private"),
        ("citizen.submit", "您的诉求已受理。编号：{number}", "placeholder_missing"),
        ("desk.closed", "再见{number}", "placeholder_unknown"),
    ],
)
async def test_a_text_that_would_leak_or_lack_something_is_refused(
    pages: Pages, key: str, text: str, code: str
) -> None:
    for method, path in (("POST", f"texts/{key}/preview"), ("PUT", f"texts/{key}")):
        with pytest.raises(Invalid) as refused:
            await pages(method, path, ADMIN, {"text": text, "why": "试", "version": 0})
        assert refused.value.fields == {"text": code}


async def test_a_change_needs_a_reason_and_the_newest_version(pages: Pages) -> None:
    form = {"text": WORDED, "version": 0}
    with pytest.raises(Invalid) as refused:
        await pages("PUT", f"texts/{DISPATCHED}", ADMIN, form)
    assert refused.value.fields == {"why": "required"}
    await pages("PUT", f"texts/{DISPATCHED}", ADMIN, form | {"why": "一"})
    with pytest.raises(Conflict):
        await pages("PUT", f"texts/{DISPATCHED}", ADMIN, form | {"text": WORDED + "。", "why": "二"})
    with pytest.raises(Invalid) as same:
        await pages("PUT", f"texts/{DISPATCHED}", ADMIN, form | {"why": "三", "version": 1})
    assert same.value.fields == {"text": "nothing_changed"}
    with pytest.raises(NotFound):
        await pages("GET", "texts/none", ADMIN)


async def test_texts_are_found_by_words_audience_and_change(pages: Pages) -> None:
    await pages("PUT", f"texts/{DISPATCHED}", ADMIN, {"text": WORDED, "why": "统一口径", "version": 0})
    view = await pages("GET", "texts", ADMIN, q="号诉求已交")
    assert [each["key"] for each in view["items"]] == [DISPATCHED]
    assert (view["total"], view["changed"]) == (len(ROWS), 1)
    assert [each["key"] for each in (await pages("GET", "texts", ADMIN, changed=True))["items"]] == [DISPATCHED]
    officers = (await pages("GET", "texts", ADMIN, audience="officer"))["items"]
    assert {each["audience_label"] for each in officers} == {"工作人员"}


async def test_a_wording_that_fits_a_newer_program_no_longer_is_not_said(pages: Pages, desk: Hotline) -> None:
    async with desk.database.transaction() as tx:
        sql = "INSERT INTO phrase_text (key, version, text, at, \"by\", why) VALUES ('{}', 1, '{}', '{}', 'a', 'b')"
        await tx.connection.exec_driver_sql(sql.format(DISPATCHED, "old {gone}", "2026-03-16 00:00:00+00:00"))
    for start in pages.room.starting:
        await start()
    assert desk.floor.phrases.worded(TO_CITIZEN["dispatch"].text) == str(TO_CITIZEN["dispatch"].text)


async def test_only_administrators_word_texts(pages: Pages) -> None:
    for by in (AGENT, staff(Role.SUPERVISOR), staff(Role.LIAISON, unit="GM-RS"), staff(Role.EDITOR)):
        with pytest.raises(NotAllowed):
            await pages("GET", "texts", by)
        with pytest.raises(NotAllowed):
            await pages("PUT", f"texts/{DISPATCHED}", by, {"text": WORDED, "why": "x", "version": 0})


async def test_texts_come_in_pages_that_count_them_all(pages: Pages) -> None:
    whole = await pages("GET", "texts", ADMIN, limit=200)
    size = len(whole["items"]) // 2
    found = await read_on(lambda cursor: pages("GET", "texts", ADMIN, cursor=cursor, limit=size))
    assert [each["key"] for page in found for each in page] == [each["key"] for each in whole["items"]]
    assert len(found) > 1
    first = await pages("GET", "texts", ADMIN, limit=1)
    assert (first["total"], first["groups"]) == (whole["total"], whole["groups"])
    with pytest.raises(Invalid) as refused:
        await pages("GET", "texts", ADMIN, cursor="x")
    assert refused.value.fields == {"cursor": "wrong"}

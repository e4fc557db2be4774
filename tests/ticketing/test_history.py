"""Closed tickets of another system: taken in once by number, masked, found again, set beside new ones, learnt from."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kernel.database import Tx
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import Principal, Role
from kernel.sheets import Grid, Line, Odd, csv_grid
from tests.rooms import CITY
from tests.ticketing.city import DISPATCHER, PHONE, City, Hotline, staff
from tests.ticketing.test_api import Web
from ticketing.classifier import KNOWN_FROM, Classifier, past_per_matter
from ticketing.events import HistoryImported
from ticketing.history import HistoryCheck
from ticketing.model.labels import Outcome
from ticketing.rules.historyfile import read_mapping
from ticketing.rules.prior import Prior
from ticketing.store import history as past_rows

FILE = (Path(__file__).parent / "history.csv").read_text("utf-8")
ADMIN = staff(Role.ADMIN)
MAPPING = """
source = "旧热线"
[matters]
"养鸡扰民" = "neighbour-dispute"
[units]
"祖庙街道城管" = "CC-ZM"
[outcomes]
"不了了之" = "invalid"
"""


def grids(text: str = FILE) -> list[Grid]:
    return [csv_grid("history", text)]


async def load(desk: Hotline, text: str = FILE, mapping: str = MAPPING, **how: bool) -> HistoryCheck:
    return await desk.room.history.load(grids(text), mapping, ADMIN, **how)


async def test_tickets_are_kept_once_under_their_number_with_our_codes(desk: Hotline) -> None:
    checked = await desk.room.history.check(grids(), MAPPING)
    assert (checked.rows, checked.added, checked.loaded) == (4, 4, False)
    done = await load(desk)
    assert (done.added, done.changed, done.unchanged, done.loaded) == (4, 0, 0, True)
    async with desk.database.reading() as tx:
        first = (await desk.room.history.by_number(tx, "A-001", DISPATCHER))[0]
        second = (await desk.room.history.by_number(tx, "A-002", DISPATCHER))[0]
        sources = await desk.room.history.sources(tx)
    assert (first.source, first.matter, first.unit, first.area) == ("旧热线", "street-vending", "CC-ZM", "440604012")
    assert (first.received, first.closed) == (
        datetime(2024, 5, 1, 0, 30, tzinfo=UTC),
        datetime(2024, 5, 3, 16, 0, tzinfo=UTC),
    )
    assert (first.outcome, second.outcome, second.returned, second.matter) == (
        Outcome.RESOLVED,
        Outcome.PARTLY,
        1,
        "street-vending",
    )
    assert [(each.name, each.tickets) for each in sources] == [("旧热线", 4)]


async def test_the_same_file_again_changes_nothing_and_another_says_what_is_new(desk: Hotline) -> None:
    await load(desk)
    again = await load(desk)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)
    edited = await load(desk, FILE.replace("已巡查", "已巡查并整改"))
    assert (edited.added, edited.changed, edited.unchanged) == (0, 1, 3)
    other = await load(desk, mapping=MAPPING.replace("旧热线", "更旧的热线"))
    assert other.added == 4
    async with desk.database.reading() as tx:
        assert len(await desk.room.history.by_number(tx, "A-002", DISPATCHER)) == 2
        facts = [each.fact for each in await desk.floor.journal.about(tx, "history")]
    assert [(f.added, f.changed, f.by) for f in facts if isinstance(f, HistoryImported)] == [
        (4, 0, ADMIN.id),
        (0, 1, ADMIN.id),
        (4, 0, ADMIN.id),
    ]


async def test_phones_and_names_are_masked_and_never_kept(desk: Hotline) -> None:
    await load(desk)
    async with desk.database.reading() as tx:
        found = (await desk.room.history.by_number(tx, "A-001", DISPATCHER))[0]
        raw = str([dict(row) for row in (await tx.connection.exec_driver_sql("SELECT * FROM past_ticket")).mappings()])
    assert "138****8000" in found.text
    assert "张*明" in found.text
    assert "张*明" in found.reply
    assert PHONE not in raw
    assert "张小明" not in raw


async def test_what_matches_nothing_is_counted_and_can_be_filled_into_the_mapping(desk: Hotline) -> None:
    checked = await desk.room.history.check(grids(), "")
    assert checked.unmatched["matter"] == {"养鸡扰民": 1}
    assert checked.unmatched["unit"] == {"祖庙街道城管": 1, "某某办公室": 1}
    assert checked.unmatched["area"] == {"火星镇": 1}
    assert checked.silent["matter"] == 1
    assert (checked.learnable, checked.placed) == (2, 1)
    given = read_mapping(checked.mapping)
    assert given.columns["matter"] == "诉求事项"
    assert given.matters == {"养鸡扰民": ""}
    assert set(given.units) == {"祖庙街道城管", "某某办公室"}
    again = await desk.room.history.check(grids(), checked.mapping)
    assert again.unmatched == checked.unmatched


async def test_a_fault_keeps_all_back_unless_wrong_rows_are_skipped(desk: Hotline) -> None:
    bad = FILE + "A-001,又来一次,,,,,,,,,,,,\n,没有编号,,,,,,,,,,,,\nA-007,时间不对,,,,,昨天,,,,,,,\n"
    bad += "A-008,未来,,,,,2099-01-01,,,,,,,\nA-009,次数,,,,,,,,,,几次,,\nA-010,,,,,,,,,,,,,\n"
    done = await load(desk, bad)
    assert [(p.row, p.column, p.code) for p in done.problems] == [
        (6, "number", "repeated"),
        (7, "number", "missing"),
        (8, "received", "moment_invalid"),
        (9, "received", "in_the_future"),
        (10, "returned", "not_a_count"),
        (11, "text", "missing"),
    ]
    assert not done.loaded
    async with desk.database.reading() as tx:
        assert await desk.room.history.sources(tx) == []
    done = await load(desk, bad, skip_faulty=True)
    assert (done.loaded, done.added) == (True, 4)


@pytest.mark.parametrize(
    ("mapping", "field", "code"),
    [
        ("source = ", "mapping", "mapping_not_toml"),
        ("header_row = 'x'", "mapping", "mapping_malformed"),
        ("colour = 'x'", "mapping.colour", "unknown_setting"),
        ("[columns]\ncolour = 'x'", "mapping.columns.colour", "unknown_setting"),
        ("[units]\n'甲' = 'NO-SUCH'", "mapping.units.甲", "unknown"),
        ("source = ''", "mapping.source", "too_long"),
        ("header_row = 0", "mapping.header_row", "out_of_range"),
        ("sheet = '没有'", "mapping.sheet", "sheet_not_found"),
    ],
)
async def test_a_wrong_mapping_is_named_by_its_setting(desk: Hotline, mapping: str, field: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        await desk.room.history.check(grids(), mapping)
    assert caught.value.fields[field] == code


async def test_columns_are_mapped_joined_left_out_and_missed(desk: Hotline) -> None:
    text = "某系统导出,,,\nID,标题,内容,备注\n7,路灯,坏了三天,晚上黑\n"
    checked = await desk.room.history.check(
        grids(text), "header_row = 2\n[columns]\nnumber = 'ID'\ntext = ['内容', '备注']\ntitle = ''"
    )
    assert (checked.problems, checked.rows) == ((), 1)
    assert checked.taken == {"number": ("ID",), "text": ("内容", "备注")}
    checked = await desk.room.history.check(grids(text), "header_row = 2\n[columns]\ntext = '没有'")
    told = [(p.row, p.column, p.code) for p in checked.problems]
    assert told == [(2, "text", "header_not_found"), (2, "number", "no_column_for")]
    done = await load(desk, text, "header_row = 2\n[columns]\ntext = '没有'", skip_faulty=True)
    assert not done.loaded


async def test_a_number_a_table_program_has_spoilt_is_told(desk: Hotline) -> None:
    moment = datetime(2024, 5, 1, 8, 30)  # noqa: DTZ001 - workbooks know no zones
    lines: list[Line] = [
        (1, ["编号", "内容", "受理时间"]),
        (2, [Odd("1.23e+20", fault="became_number"), "x", ""]),
        (3, [Odd("12"), "灯坏", Odd("45413.35", moment)]),
    ]
    checked = await desk.room.history.check([Grid("x", lines)], "")
    assert [(p.row, p.column, p.code) for p in checked.problems] == [(2, "number", "became_number")]
    assert checked.rows == 1


async def numbers_of(desk: Hotline, tx: Tx, question: str, by: Principal) -> list[str]:
    found, _ = await desk.room.history.find(tx, question, by)
    return [each.number for each in found]


async def test_tickets_are_found_by_number_and_words_and_a_unit_sees_its_own(desk: Hotline) -> None:
    await load(desk)
    unit = staff(Role.LIAISON, unit="CC-ZM")
    async with desk.database.reading() as tx:
        found = {
            question: await numbers_of(desk, tx, question, DISPATCHER)
            for question in ("A-00", "烧烤", "路灯坏了", "没有的词", "'; --", "")
        }
        own = await numbers_of(desk, tx, "", unit)
        assert await desk.room.history.by_number(tx, "A-002", unit) == []
        with pytest.raises(NotAllowed):
            await desk.room.history.find(tx, "", staff(Role.LIAISON))
    assert found["A-00"] == ["A-004", "A-003", "A-002", "A-001"]
    assert (found["烧烤"], found["路灯坏了"], found["没有的词"], found["'; --"]) == (["A-001"], ["A-004"], [], [])
    assert len(found[""]) == 4
    assert own == ["A-001"]


async def test_an_edited_ticket_is_found_by_its_new_words_only(desk: Hotline) -> None:
    await load(desk)
    await load(desk, FILE.replace("路灯坏了", "井盖没了"))
    async with desk.database.reading() as tx:
        assert await numbers_of(desk, tx, "路灯", DISPATCHER) == []
        assert await numbers_of(desk, tx, "井盖", DISPATCHER) == ["A-004"]


RECENT = (
    FILE.replace("2024/5/1 ", "2026/3/1 ").replace("2024-05-03 ", "2026-03-03 ").replace("2024年5月4日", "2026年3月4日")
)


async def test_a_caller_is_recognised_until_a_ticket_of_ours_would_be_archived(desk: Hotline) -> None:
    await load(desk)
    await load(desk, RECENT, 'source = "新近"')
    ticket = await desk.open()

    async def own() -> list[str]:
        async with desk.database.reading() as tx:
            found = await desk.room.history.precedents(tx, ticket, PHONE)
        return [each.ticket.source for each in found if each.same_caller]

    assert await own() == ["新近"]
    assert await desk.room.history.forget_callers() == 0
    desk.clock.advance(timedelta(days=31))
    assert await desk.room.history.forget_callers() == 1
    assert await own() == []
    again = await load(desk, RECENT, 'source = "新近"')
    assert (again.changed, again.unchanged) == (0, 4)


async def test_a_new_ticket_has_closed_ones_of_the_caller_and_alike_ones_beside_it(desk: Hotline) -> None:
    await load(desk, RECENT)
    ticket = await desk.open()
    async with desk.database.reading() as tx:
        found = await desk.room.history.precedents(tx, ticket, PHONE)
        strangers = await desk.room.history.precedents(tx, ticket, "13900139000")
    assert [(each.ticket.number, each.same_caller) for each in found] == [("A-001", True)]
    assert found[0].likeness > 0.4
    assert [(each.ticket.number, each.same_caller) for each in strangers] == [("A-001", False)]


def many(matter: str, unit: str, *texts: str, area: str = "祖庙街道") -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["编号", "内容", "事项", "镇街", "承办单位"])
    writer.writerows([f"D{n}", text, matter, area, unit] for n, text in enumerate(texts))
    return out.getvalue()


DRONES = [
    f"{where}有人{who}无人机{what}"
    for where, who in (("小区上空", "操控"), ("我家窗外", "放飞"), ("学校上面", "开"), ("楼顶", "遥控"))
    for what in ("飞来飞去", "对着窗户拍", "嗡嗡叫", "飞得很低吓到小孩", "拍人隐私")
]


async def test_twenty_tickets_of_a_new_kind_teach_the_classifier_what_the_catalogue_does_not_know(
    desk: Hotline, city: City
) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("what is learnt does not depend on the database; the rows do, above")
    await desk.room.import_city(CITY)
    catalogue = desk.room.catalogue
    catalogue.classifier = Classifier(city.classifier._folder)
    await catalogue.load()
    said = "有架无人机老在阳台外面盘旋，看着心慌"
    before, version = catalogue.classifier.rank(said)[0], catalogue.classifier.learnt.version
    assert before.confidence < KNOWN_FROM
    done = await load(desk, many("治安与社会秩序", "FS-GA", *DRONES))
    assert (done.learnable, done.problems) == (20, ())
    assert catalogue.classifier.rank(said)[0] == before
    await catalogue.refresh()
    after = catalogue.classifier.read(said)
    assert after is not None
    assert after.matter == "public-security"
    learnt = catalogue.classifier.learnt
    assert (learnt.past, learnt.version != version) == (min(20, past_per_matter(len(catalogue.all()))), True)
    assert {f"matters-{each}.npz" for each in (version, learnt.version)} <= {
        path.name for path in city.classifier._folder.iterdir()
    }
    assert catalogue.classifier.rank("楼下广场舞音响太吵")[0].matter == "noise-social"


async def test_history_says_who_led_before_and_the_catalogues_lead_stays(desk: Hotline) -> None:
    await load(desk, many("street-vending", "FS-CG", *(f"占道摆摊{n}" for n in range(6))))
    async with desk.database.reading() as tx:
        desk.room.catalogue.prior = Prior(await past_rows.led(tx))
    ticket = await desk.open()
    async with desk.database.reading() as tx:
        decision = await desk.room.queries.decision(tx, ticket.number)
    assert decision is not None
    assert [each.unit for each in decision.candidates] == ["CC-ZM"]
    assert decision.explanation[-1].startswith("历史：祖庙街道同类诉求6件，其中6件由")


async def test_staff_see_closed_tickets_and_those_beside_a_ticket(desk: Hotline) -> None:
    await load(desk, RECENT)
    ticket = await desk.open()
    web = Web(desk)
    shown = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    assert [(p["ticket"]["number"], p["same_caller"]) for p in shown["precedents"]] == [("A-001", True)]
    assert shown["precedents"][0]["ticket"]["matter_name"] == "占道经营"
    for unit in (each.unit for each in ticket.assignments):
        own = await web("GET", f"tickets/{ticket.number}", staff(Role.LIAISON, unit=unit))
        assert own["precedents"] == []
    found = await web("GET", "history/A-003", DISPATCHER)
    assert (found[0]["unit_name"], found[0]["outcome_label"], found[0]["area_name"]) == (
        "某某办公室",
        "无效诉求",
        "火星镇",
    )
    assert [each["number"] for each in (await web("GET", "history", DISPATCHER, q="烧烤"))["items"]] == ["A-001"]
    with pytest.raises(NotFound):
        await web("GET", "history/NO-SUCH", DISPATCHER)

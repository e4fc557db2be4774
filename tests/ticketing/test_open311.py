"""What Open311 shows and asks for, apart from how it is written."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.errors import Invalid
from tests.ticketing.city import DISPATCHER, Hotline, address
from ticketing.model.labels import Action, Open311, Secrecy, State
from ticketing.rules import open311
from ticketing.store import open311 as rows

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


def test_a_merged_ticket_follows_its_parent() -> None:
    assert open311.status_of(State.MERGED, State.IN_PROGRESS) == "open"
    assert open311.status_of(State.MERGED, State.CLOSED) == "closed"
    assert open311.status_of(State.MERGED) == "open"


def test_every_state_but_the_merged_and_the_draft_is_open_or_closed_by_itself() -> None:
    known = {*open311.states_of(Open311.OPEN.value), *open311.states_of(Open311.CLOSED.value)}
    assert set(State) - known == {State.DRAFT, State.MERGED}


async def test_a_merged_ticket_is_found_among_the_open_ones_while_its_parent_is(desk: Hotline) -> None:
    parent = await desk.open(secrecy=Secrecy.OPEN)
    child = await desk.open(secrecy=Secrecy.OPEN, address=address("two"), contact="13900139000")
    await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")

    async def numbers(status: str) -> set[str]:
        wanted = open311.read_wanted({"status": [status]}, desk.clock.now(), UTC)
        async with desk.database.reading() as tx:
            return {ticket.number for ticket, _ in await rows.published(tx, wanted)}

    assert await numbers("open") == {parent.number, child.number}
    assert await numbers("closed") == set()


def test_without_dates_the_last_ninety_days_are_meant() -> None:
    wanted = open311.read_wanted({}, NOW, UTC)
    assert (wanted.since, wanted.until, wanted.page, wanted.size) == (NOW - timedelta(days=90), NOW, 1, 1000)


def test_one_date_leads_to_the_other() -> None:
    since = open311.read_wanted({"start_date": ["2026-01-01T00:00:00Z"]}, NOW, UTC)
    assert since.until == datetime(2026, 4, 1, tzinfo=UTC)
    until = open311.read_wanted({"end_date": ["2026-01-31T00:00:00+08:00"]}, NOW, UTC)
    assert until.since == datetime(2025, 11, 1, 16, 0, tzinfo=UTC)
    # A plus sign that was not written as %2B comes as a space.
    assert open311.read_wanted({"end_date": ["2026-01-31T00:00:00 08:00"]}, NOW, UTC) == until


def test_a_page_is_never_larger_than_a_thousand() -> None:
    assert open311.read_wanted({"page_size": ["5000"]}, NOW, UTC).size == 1000


def test_a_list_may_be_repeated_or_delimited_and_an_empty_argument_is_none() -> None:
    wanted = open311.read_wanted({"service_code": ["a, b", "c"], "status": [""], "page": [""]}, NOW, UTC)
    assert (wanted.services, wanted.statuses, wanted.page) == (("a", "b", "c"), frozenset(), 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("同济路25号旁边有烧烤档", "同济路〔已隐去〕旁边有烧烤档"),
        ("我叫王*明137****2222，住*栋***", "我叫〔已隐去〕，住〔已隐去〕"),
        ("东方广场*栋***室漏水，车牌粤E***45", "东方广场〔已隐去〕漏水，车牌〔已隐去〕"),
        ("请联系欧阳**，z***@example.com", "请联系〔已隐去〕，〔已隐去〕"),
        ("我叫王小明，路灯坏了", "我叫〔已隐去〕，路灯坏了"),
        ("老公林志强打我和女儿林小雨", "老公〔已隐去〕打我和女儿〔已隐去〕"),
        ("楼上1301的李建国半夜打麻将", "楼上1301的〔已隐去〕半夜打麻将"),
        ("佛山地铁2号线出口积水", "佛山地铁2号线出口积水"),
        ("坐标（WGS-84）：23.021547, 113.121433\n路灯坏了", "路灯坏了"),
        ("路灯坏了\n图片链接：https://x.example/1", "路灯坏了"),
    ],
)
def test_a_description_names_no_door(text: str, shown: str) -> None:
    assert open311.description(text) == shown


@pytest.mark.parametrize("question", ["lat", "long"])
def test_half_a_point_is_none(question: str, desk: Hotline) -> None:
    matter = desk.room.queries.matters()[0]
    with pytest.raises(Invalid) as refused:
        open311.read_post({question: ["23.1"]}, matter)
    assert refused.value.fields == {({"lat", "long"} - {question}).pop(): "missing"}

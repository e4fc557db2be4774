"""The room's routes: citizens submit, the public reads, editors and units act."""

import pytest

from directory.room import DirectoryRoom
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from kernel.people import GUEST, Kind, Principal, allow
from kernel.room import Call, Floor
from suggestions.api import CodeForm, DeskQuery, NewSuggestion, SimilarQuery, SuggestionActForm, SuggestionListQuery
from suggestions.room import SuggestionsRoom
from suggestions.suggestions import SuggestionForm
from suggestions.views import OpenedSuggestion, OwnSuggestion, SimilarPage, StaffPage, StaffSuggestion, SuggestionPage
from tests.knowledge.small_city import PINE, POLICE, merge_police_into_housing
from tests.suggestions.conftest import EDITOR, OTHER, TEXT, UNIT

ROOT = "/api/v1/suggestions"
NEW = NewSuggestion("学校门口增设人行横道，电话13800138000", TEXT + "联系电话13800138000", PINE)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Routes do not care which database; the use cases' tests run on both."""
    return sqlite_database


async def send(
    room: SuggestionsRoom,
    method: str,
    path: str,
    by: Principal = GUEST,
    *,
    query: object = None,
    body: object = None,
    **holes: str,
) -> object:
    """What the house does with a request: ask whether one may, then call the handler."""
    row = next(each for each in room.room.routes if (each.method, each.path) == (method, ROOT + path))
    return await row.handler(Call(by, allow(by, row.may), path=holes, query=query, body=body))


async def submitted(room: SuggestionsRoom) -> OpenedSuggestion:
    made = await send(room, "POST", "", body=NEW)
    assert isinstance(made, OpenedSuggestion)
    return made


async def do(room: SuggestionsRoom, number: str, action: str, by: Principal = EDITOR, **form: str) -> StaffSuggestion:
    body = SuggestionActForm(SuggestionForm(**form))
    moved = await send(room, "POST", "/{number}/actions/{action}", by, body=body, number=number, action=action)
    assert isinstance(moved, StaffSuggestion)
    return moved


async def listed(room: SuggestionsRoom) -> SuggestionPage:
    page = await send(room, "GET", "", query=SuggestionListQuery())
    assert isinstance(page, SuggestionPage)
    return page


async def test_a_submitted_suggestion_is_listed_only_once_it_was_published_and_then_masked(
    room: SuggestionsRoom,
) -> None:
    made = await submitted(room)
    assert (made.state_label, len(made.query_code)) == ("已提交", 6)
    assert (await listed(room)).items == []
    await do(room, made.number, "publish")
    item = (await listed(room)).items[0]
    assert (item.number, item.area_name, item.state_label) == (made.number, "松园街道", "公开讨论")
    assert "13800138000" not in item.text + item.title


async def test_a_suggestion_without_a_title_is_refused(room: SuggestionsRoom) -> None:
    with pytest.raises(Invalid) as wrong:
        await send(room, "POST", "", body=NewSuggestion(" ", TEXT))
    assert wrong.value.fields == {"title": "empty"}


async def test_its_author_reads_it_whole_and_takes_it_back(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    code = CodeForm(made.number, made.query_code)
    own = await send(room, "POST", "/track", body=code)
    assert isinstance(own, OwnSuggestion)
    assert "13800138000" in own.suggestion.text
    assert own.can == ["withdraw"]
    gone = await send(room, "POST", "/withdraw", body=code)
    assert isinstance(gone, OwnSuggestion)
    assert (gone.suggestion.state_label, gone.can) == ("已撤回", [])


async def test_a_hidden_suggestion_is_not_found_by_its_number(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    with pytest.raises(NotFound):
        await send(room, "GET", "/{number}", number=made.number)


async def test_a_guest_has_to_say_who_they_are_to_support(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    await do(room, made.number, "publish")
    with pytest.raises(NotSignedIn):
        await send(room, "POST", "/{number}/support", number=made.number)
    citizen = Principal(Kind.CITIZEN, id="c2")
    await send(room, "POST", "/{number}/support", citizen, number=made.number)
    assert (await listed(room)).items[0].supports == 1


async def test_who_is_about_to_submit_is_shown_what_is_near(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    await do(room, made.number, "publish")
    page = await send(room, "GET", "/similar", query=SimilarQuery(TEXT))
    assert isinstance(page, SimilarPage)
    assert [each.number for each in page.items] == [made.number]
    again = await submitted(room)
    assert [each.number for each in again.similar] == [made.number]


async def test_editors_see_every_suggestion_with_what_they_may_do(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    page = await send(room, "GET", "/desk", EDITOR, query=DeskQuery())
    assert isinstance(page, StaffPage)
    assert "13800138000" in page.items[0].suggestion.text
    assert [each.action for each in page.items[0].actions] == ["examine", "publish", "decline"]
    decline = page.items[0].actions[2]
    assert [(each.name, each.required) for each in decline.fields] == [("reason", True)]
    assert (await do(room, made.number, "publish")).actions[0].action == "study"


async def test_a_unit_sees_what_it_has_in_hand_and_masked(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    await do(room, made.number, "publish")
    await do(room, made.number, "study")
    await do(room, made.number, "assign", unit=POLICE)
    own = await send(room, "GET", "/desk", UNIT, query=DeskQuery())
    others = await send(room, "GET", "/desk", OTHER, query=DeskQuery())
    assert isinstance(own, StaffPage)
    assert isinstance(others, StaffPage)
    assert [each.suggestion.number for each in own.items] == [made.number]
    assert "13800138000" not in own.items[0].suggestion.text
    assert others.items == []
    with pytest.raises(NotAllowed):
        await send(room, "GET", "/desk/{number}", OTHER, number=made.number)
    adopted = await do(room, made.number, "adopt", UNIT, reason="可行", plan="六月完成")
    assert adopted.suggestion.decision.plan == "六月完成"


async def test_a_units_list_holds_what_it_has_still_to_answer_or_to_carry_out(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    await do(room, made.number, "publish")
    await do(room, made.number, "study")
    await do(room, made.number, "assign", unit=POLICE)

    async def waiting() -> list[str]:
        page = await send(room, "GET", "/desk", UNIT, query=DeskQuery(waiting=True))
        assert isinstance(page, StaffPage)
        return [each.suggestion.number for each in page.items]

    assert await waiting() == [made.number]
    await do(room, made.number, "adopt", UNIT, reason="可行", plan="六月完成")
    assert await waiting() == [made.number]
    await do(room, made.number, "realise", UNIT, reason="已建成")
    assert await waiting() == []


async def test_citizens_do_not_see_the_desk(room: SuggestionsRoom) -> None:
    with pytest.raises(NotAllowed):
        await send(room, "GET", "/desk", query=DeskQuery())


async def test_an_unknown_action_is_refused(room: SuggestionsRoom) -> None:
    made = await submitted(room)
    with pytest.raises(Invalid):
        await do(room, made.number, "explode")


async def test_a_suggestion_follows_its_unit_to_the_successor(
    floor: Floor, room: SuggestionsRoom, directory: DirectoryRoom
) -> None:
    number = (await submitted(room)).number
    for action in ("publish", "study"):
        await do(room, number, action)
    await do(room, number, "assign", unit=POLICE)
    page = await send(room, "GET", "/desk", OTHER, query=DeskQuery())
    assert isinstance(page, StaffPage)
    assert page.items == []
    await merge_police_into_housing(floor, directory)
    page = await send(room, "GET", "/desk", OTHER, query=DeskQuery())
    assert isinstance(page, StaffPage)
    assert [(each.suggestion.number, each.suggestion.unit_name) for each in page.items] == [(number, "甲子市住房局")]
    with pytest.raises(Invalid) as caught:
        await do(room, number, "assign", unit=POLICE)
    assert caught.value.fields == {"unit": "unit_retired"}
    kept = await do(room, number, "keep", OTHER, reason="纳入下一步研究。")
    assert kept.unit == POLICE

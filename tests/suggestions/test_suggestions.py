"""A suggestion is taken in, made public, supported, handed to a unit, decided on, and its author is told."""

from datetime import UTC, datetime

import pytest

from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from kernel.journal import Recorded
from kernel.people import Principal
from kernel.room import Floor
from suggestions.model import Suggestion, SuggestionDraft, SuggestionState
from suggestions.room import SuggestionsRoom
from suggestions.rules.life import SuggestionAction
from suggestions.store import suggestions as table
from suggestions.suggestions import SuggestionForm
from tests.knowledge.small_city import PINE, POLICE
from tests.suggestions.conftest import AUTHOR, CITIZEN, EDITOR, OTHER, TEXT, UNIT, Open

A = SuggestionAction


async def act(
    floor: Floor,
    room: SuggestionsRoom,
    number: str,
    action: SuggestionAction,
    by: Principal = EDITOR,
    form: SuggestionForm | None = None,
) -> Suggestion:
    async with floor.database.transaction() as tx:
        return await room.suggestions.act(tx, number, action, form or SuggestionForm(), by)


async def told(floor: Floor) -> list[str]:
    async with floor.database.reading() as tx:
        thread = await floor.mailbox.thread(tx, AUTHOR)
    return [entry.outbound.text for entry in thread if entry.outbound is not None]


async def facts(floor: Floor) -> list[Recorded]:
    await floor.journal.sequence(floor.database)
    async with floor.database.reading() as tx:
        return [fact for fact in await floor.journal.read_after(tx, 0) if fact.kind.startswith("suggestions.")]


async def test_a_suggestion_gets_a_number_a_code_and_a_day_for_the_answer(floor: Floor, submit: Open) -> None:
    first, second = await submit(area=PINE), await submit("公园晚上多开几盏路灯，方便散步。")
    assert (first.number, second.number) == ("JY202603160001", "JY202603160002")
    assert first.query_code != second.query_code
    assert first.state is SuggestionState.SUBMITTED
    # Ten working days after Monday, 16 March: Monday, 30 March, end of business.
    assert first.due == datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
    opened = (await facts(floor))[0]
    assert (opened.kind, opened.fact.channel, opened.fact.area) == ("suggestions.SuggestionOpened", "web", PINE)


async def test_numbers_begin_anew_each_day_of_the_city(submit: Open, clock: ManualClock) -> None:
    await submit()
    clock.set(datetime(2026, 3, 16, 16, 30, tzinfo=UTC))
    assert (await submit()).number == "JY202603170001"


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (SuggestionDraft("好"), {"text": "too_short"}),
        (SuggestionDraft("字" * 3001), {"text": "too_long"}),
        (SuggestionDraft(TEXT, "题" * 61), {"title": "too_long"}),
        (SuggestionDraft(TEXT, area="123"), {"area": "unknown_area"}),
    ],
)
async def test_what_cannot_be_used_is_refused_by_field(
    floor: Floor, room: SuggestionsRoom, draft: SuggestionDraft, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as wrong:
        async with floor.database.transaction() as tx:
            await room.suggestions.open(tx, draft, CITIZEN)
    assert wrong.value.fields == fields


async def test_without_a_title_the_text_begins_one(submit: Open) -> None:
    assert (await submit(title="")).title == TEXT[:24]


async def test_the_words_as_written_are_sealed_in_the_database(floor: Floor, submit: Open) -> None:
    await submit("请在学校门口加人行横道，我的电话是13800138000。")
    async with floor.database.reading() as tx:
        row = (await tx.rows(table.select()))[0]
    assert "13800138000" not in str(dict(row))
    assert "人行横道" not in row["text"]


async def test_a_suggestion_goes_all_the_way_and_its_author_is_told(
    floor: Floor, room: SuggestionsRoom, submit: Open
) -> None:
    number = (await submit()).number
    async with floor.database.transaction() as tx:
        await room.suggestions.publish(tx, number, EDITOR)
    await act(floor, room, number, A.STUDY)
    await act(floor, room, number, A.ASSIGN, form=SuggestionForm(unit=POLICE))
    decided = SuggestionForm(reason="确有需要。", plan="六月底前施划。", basis="道路交通安全法", period="六月底")
    adopted = await act(floor, room, number, A.ADOPT, UNIT, decided)
    assert (adopted.state, adopted.decision.plan, adopted.unit) == (SuggestionState.ADOPTED, "六月底前施划。", POLICE)
    await act(floor, room, number, A.CARRY_OUT, UNIT)
    done = await act(floor, room, number, A.REALISE, UNIT, SuggestionForm(reason="已施划完成。"))
    assert (done.decision.reason, done.note) == ("确有需要。", "已施划完成。")
    for action in (A.FOLLOW_UP, A.REWARD, A.CLOSE):
        closed = await act(floor, room, number, action)
    assert closed.state is SuggestionState.CLOSED
    texts = await told(floor)
    assert [text for text in texts if number in text] == texts
    assert len(texts) == 4
    assert "甲子市公安局" in texts[1]
    assert "六月底前施划。" in texts[2]
    assert "已施划完成。" in texts[3]
    moved = [fact.fact for fact in await facts(floor) if fact.kind == "suggestions.SuggestionMoved"]
    assert [fact.after for fact in moved][:4] == ["published", "study", "in_hand", "adopted"]
    assert moved[3].units == (POLICE,)


async def test_declining_needs_a_reason_that_the_author_is_told(
    floor: Floor, room: SuggestionsRoom, submit: Open
) -> None:
    number = (await submit()).number
    with pytest.raises(Invalid) as wrong:
        async with floor.database.transaction() as tx:
            await room.suggestions.decline(tx, number, "  ", EDITOR)
    assert wrong.value.fields == {"reason": "missing"}
    async with floor.database.transaction() as tx:
        await room.suggestions.decline(tx, number, "与建言无关，请按投诉登记。", EDITOR)
    assert "请按投诉登记" in (await told(floor))[0]
    with pytest.raises(Conflict):
        await act(floor, room, number, A.PUBLISH)


async def test_a_unit_nobody_knows_gets_nothing(floor: Floor, room: SuggestionsRoom, submit: Open) -> None:
    number = (await submit()).number
    await act(floor, room, number, A.PUBLISH)
    await act(floor, room, number, A.STUDY)
    with pytest.raises(Invalid) as wrong:
        await act(floor, room, number, A.ASSIGN, form=SuggestionForm(unit="XX"))
    assert wrong.value.fields == {"unit": "unknown_unit"}


async def test_another_unit_may_not_decide(floor: Floor, room: SuggestionsRoom, submit: Open) -> None:
    number = (await submit()).number
    for action, form in ((A.PUBLISH, None), (A.STUDY, None), (A.ASSIGN, SuggestionForm(unit=POLICE))):
        await act(floor, room, number, action, form=form)
    with pytest.raises(NotAllowed):
        await act(floor, room, number, A.KEEP, OTHER, SuggestionForm(reason="不"))


async def test_before_it_is_public_nobody_reads_or_supports_it(
    floor: Floor, room: SuggestionsRoom, submit: Open
) -> None:
    number = (await submit()).number
    async with floor.database.transaction() as tx:
        for attempt in (room.suggestions.public(tx, number), room.suggestions.support(tx, number, "c2")):
            with pytest.raises(NotFound):
                await attempt


async def test_a_citizen_supports_once_and_not_their_own(floor: Floor, room: SuggestionsRoom, submit: Open) -> None:
    number = (await submit()).number
    await act(floor, room, number, A.PUBLISH)

    async def support(citizen: str) -> int:
        async with floor.database.transaction() as tx:
            return (await room.suggestions.support(tx, number, citizen)).supports

    assert [await support("c2"), await support("c3"), await support("c2")] == [1, 2, 2]
    with pytest.raises(NotAllowed):
        await support("c1")
    with pytest.raises(NotSignedIn):
        await support("")
    supported = [fact.fact.supports for fact in await facts(floor) if fact.kind.endswith("Supported")]
    assert supported == [1, 2]


async def test_support_ends_when_it_is_decided(floor: Floor, room: SuggestionsRoom, submit: Open) -> None:
    number = (await submit()).number
    for action, form in ((A.PUBLISH, None), (A.STUDY, None), (A.ASSIGN, SuggestionForm(unit=POLICE))):
        await act(floor, room, number, action, form=form)
    await act(floor, room, number, A.REJECT, UNIT, SuggestionForm(reason="道路条件不允许。"))
    with pytest.raises(Conflict):
        async with floor.database.transaction() as tx:
            await room.suggestions.support(tx, number, "c2")


async def test_a_near_equal_suggestion_is_noted_and_a_public_one_is_offered(
    floor: Floor, room: SuggestionsRoom, submit: Open
) -> None:
    first = await submit()
    await submit("公园晚上多开几盏路灯，方便散步。")
    second = await submit(TEXT.replace("很危险", "非常危险") + "谢谢")
    assert second.similar == (first.number,)
    async with floor.database.reading() as tx:
        assert await room.suggestions.similar_public(tx, TEXT) == ()
    await act(floor, room, first.number, A.PUBLISH)
    async with floor.database.reading() as tx:
        assert [each.number for each in await room.suggestions.similar_public(tx, TEXT)] == [first.number]


async def test_the_author_reads_and_withdraws_with_number_and_code(
    floor: Floor, room: SuggestionsRoom, submit: Open
) -> None:
    made = await submit()
    async with floor.database.reading() as tx:
        own = await room.suggestions.by_code(tx, made.number.lower(), f" {made.query_code.lower()} ")
        assert own.number == made.number
        for number, code in ((made.number, "WRONG2"), ("JY000000000000", made.query_code)):
            with pytest.raises(NotFound):
                await room.suggestions.by_code(tx, number, code)
    async with floor.database.transaction() as tx:
        gone = await room.suggestions.withdraw(tx, made.number, made.query_code)
    assert gone.state is SuggestionState.WITHDRAWN
    with pytest.raises(Conflict):
        await act(floor, room, made.number, A.PUBLISH)


async def test_two_editors_at_once_do_not_overwrite_each_other(
    floor: Floor, room: SuggestionsRoom, submit: Open
) -> None:
    number = (await submit()).number
    await act(floor, room, number, A.PUBLISH)
    with pytest.raises(Conflict):
        await act(floor, room, number, A.DECLINE, form=SuggestionForm(reason="晚了一步"))


async def test_a_page_goes_on_where_the_last_one_ended(floor: Floor, room: SuggestionsRoom, submit: Open) -> None:
    numbers = [(await submit(f"第{n}条建议：{'好' * n}城市更美好")).number for n in range(1, 6)]
    for number in numbers:
        await act(floor, room, number, A.PUBLISH)
    async with floor.database.reading() as tx:
        first = await room.suggestions.find(tx, [SuggestionState.PUBLISHED], limit=2)
        rest = await room.suggestions.find(tx, [SuggestionState.PUBLISHED], after=first[-1].number, limit=9)
    assert [each.number for each in (*first, *rest)] == numbers[::-1]

"""Who asked what nothing answered is told once there is an answer, and nobody twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kernel.clock import ManualClock
from kernel.errors import NotFound
from kernel.messages import Address, Outbound
from kernel.room import Floor
from knowledge.model import Article, ArticleState, Origin, Proposal, QuestionGroup
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EditorialAction
from knowledge.store import questions as rows
from tests.knowledge.conftest import EDITOR, LEADER, REVIEWER
from tests.knowledge.editing import act, draft, kinds
from tests.knowledge.entries import DOGS
from tests.knowledge.small_city import POLICE

ANN, BEN = Address("web", "site", "ann"), Address("wechat", "account", "ben")
KIOSK = Address("kiosk", "hall", "k1")
CATS = Article("cat-keeping", "养猫要办证吗", "养猫不需要办证。", POLICE)


async def asked(floor: Floor, room: KnowledgeRoom, text: str, by: Address | None = None) -> None:
    async with floor.database.transaction() as tx:
        await room.library.record_unanswered(tx, text, "", by)
    while await room.asking.group():
        pass


async def groups(floor: Floor) -> Sequence[QuestionGroup]:
    async with floor.database.reading() as tx:
        return (await rows.groups(tx, "", 50))[0]


async def written_to(floor: Floor, address: Address) -> list[Outbound]:
    async with floor.database.reading() as tx:
        return [line.outbound for line in await floor.mailbox.thread(tx, address) if line.outbound is not None]


async def settled(floor: Floor, room: KnowledgeRoom, answer: str) -> None:
    """The only group of the queue is answered by an entry, or by none."""
    ids = [each.id for group in await groups(floor) for each in group.questions]
    async with floor.database.transaction() as tx:
        await room.asking.settle(tx, ids, answer, "e1")


async def drafted(floor: Floor, room: KnowledgeRoom, article: Article, group: QuestionGroup) -> Article:
    made = await draft(floor, room, article, EDITOR)
    async with floor.database.transaction() as tx:
        await room.asking.wait_for(tx, [each.id for each in group.questions], made.id)
    return made


async def published(floor: Floor, room: KnowledgeRoom, made: Article) -> None:
    for action, by in (
        (EditorialAction.SUBMIT, EDITOR),
        (EditorialAction.APPROVE, LEADER),
        (EditorialAction.PUBLISH, REVIEWER),
    ):
        await act(floor, room, made, action, by)


async def test_alike_questions_are_one_group_and_others_are_not(floor: Floor, knowledge: KnowledgeRoom) -> None:
    for text in ("养猫要不要办证", "家里养猫需要办证吗？", "护照到期了怎么换", "请问养猫办证要吗"):
        await asked(floor, knowledge, text, ANN)
    found = [sorted(each.text for each in group.questions) for group in await groups(floor)]
    assert sorted(map(len, found)) == [1, 3]
    assert ["护照到期了怎么换"] in found
    assert next(group.waiting for group in await groups(floor) if len(group.questions) == 3) == 1


async def test_all_who_asked_are_told_once_when_the_entry_is_published(floor: Floor, knowledge: KnowledgeRoom) -> None:
    await asked(floor, knowledge, "养猫要不要办证", ANN)
    await asked(floor, knowledge, "家里养猫需要办证吗", ANN)
    await asked(floor, knowledge, "家里养猫需要办证吗", BEN)
    await asked(floor, knowledge, "养猫要不要办证", KIOSK)
    made = await drafted(floor, knowledge, CATS, (await groups(floor))[0])
    assert await groups(floor) == ()
    await knowledge.asking.tell()
    assert await written_to(floor, ANN) == []
    await published(floor, knowledge, made)
    await knowledge.asking.tell()
    await knowledge.asking.tell()
    told = await written_to(floor, ANN)
    assert [CATS.short in each.text for each in told] == [True]
    assert "养猫" in told[0].text.partition("”")[0]
    assert told[0].citations[0].id == CATS.id
    assert len(await written_to(floor, BEN)) == 1
    assert await written_to(floor, KIOSK) == []
    assert (await kinds(floor)).count("knowledge.AskersTold") == 1
    async with floor.database.reading() as tx:
        assert await rows.told(tx, CATS.id) == 2


async def test_a_published_entry_that_answers_them_is_told_at_once(floor: Floor, knowledge: KnowledgeRoom) -> None:
    await asked(floor, knowledge, "养小狗办什么证", ANN)
    await settled(floor, knowledge, DOGS.id)
    await knowledge.asking.tell()
    assert [DOGS.short in each.text for each in await written_to(floor, ANN)] == [True]


async def test_what_no_entry_shall_answer_is_told_to_nobody(floor: Floor, knowledge: KnowledgeRoom) -> None:
    await asked(floor, knowledge, "今天彩票开什么号", ANN)
    await settled(floor, knowledge, "")
    await knowledge.asking.tell()
    assert await written_to(floor, ANN) == []


async def test_questions_wait_again_when_their_draft_is_given_up(floor: Floor, knowledge: KnowledgeRoom) -> None:
    await asked(floor, knowledge, "养猫要不要办证", ANN)
    made = await drafted(floor, knowledge, CATS, (await groups(floor))[0])
    await act(floor, knowledge, made, EditorialAction.DISCARD, EDITOR)
    assert [group.waiting for group in await groups(floor)] == [1]


async def test_an_entry_that_is_not_yet_or_no_longer_in_force_is_told_to_nobody(
    floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock
) -> None:
    await asked(floor, knowledge, "养猫要不要办证", ANN)
    later = replace(CATS, valid_from=date(2026, 3, 18), valid_to=date(2026, 3, 19))
    made = await drafted(floor, knowledge, later, (await groups(floor))[0])
    await published(floor, knowledge, made)
    await knowledge.asking.tell()
    assert await written_to(floor, ANN) == []
    clock.advance(timedelta(days=2))
    await knowledge.asking.tell()
    assert len(await written_to(floor, ANN)) == 1
    await asked(floor, knowledge, "养猫要不要办证", BEN)
    await settled(floor, knowledge, made.id)
    clock.advance(timedelta(days=2))
    await knowledge.asking.tell()
    assert await written_to(floor, BEN) == []


async def test_an_agents_answer_becomes_a_draft_for_all_who_asked_alike(floor: Floor, knowledge: KnowledgeRoom) -> None:
    await asked(floor, knowledge, "养猫要不要办证", BEN)
    said = Proposal(
        "家里养猫需要办证吗，我是张伟，电话13800138000",
        "您好，养猫不需要办证。感谢您的来电，再见！",
        Origin.AGENT,
        "talk-1",
        owner=POLICE,
        asker=ANN,
    )
    async with floor.database.transaction() as tx:
        made = await knowledge.library.propose(tx, said, EDITOR)
    assert made is not None
    assert (made.state, made.short) == (ArticleState.UNIT_REVIEW, "养猫不需要办证。")
    assert made.title == "家里养猫需要办证吗"
    assert "13800138000" not in f"{made}"
    assert "养猫要不要办证" in made.variants
    assert await groups(floor) == ()
    await act(floor, knowledge, made, EditorialAction.APPROVE, LEADER)
    await act(floor, knowledge, made, EditorialAction.PUBLISH, REVIEWER)
    await knowledge.asking.tell()
    assert [len(await written_to(floor, who)) for who in (ANN, BEN)] == [1, 1]


async def test_an_answer_of_no_known_unit_stays_a_draft_for_the_editors(floor: Floor, knowledge: KnowledgeRoom) -> None:
    said = Proposal("养猫要办证吗", "不需要。", Origin.AGENT, "talk-1", asker=ANN)
    async with floor.database.transaction() as tx:
        made = await knowledge.library.propose(tx, said, EDITOR)
    assert made is not None
    assert made.state is ArticleState.DRAFT


async def test_what_is_not_on_the_queue_cannot_be_settled(floor: Floor, knowledge: KnowledgeRoom) -> None:
    with pytest.raises(NotFound):
        async with floor.database.transaction() as tx:
            await knowledge.asking.settle(tx, ["nothing"], "", "e1")


async def test_who_asked_is_forgotten_after_half_a_year(
    floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock
) -> None:
    await asked(floor, knowledge, "养猫要不要办证", ANN)
    clock.advance(timedelta(days=181))
    assert await knowledge.asking.forget() == 1
    assert [group.waiting for group in await groups(floor)] == [0]


async def test_the_queue_is_read_by_pages(floor: Floor, knowledge: KnowledgeRoom) -> None:
    async with floor.database.transaction() as tx:
        for number in range(120):
            await knowledge.library.record_unanswered(tx, f"{chr(0x4E00 + number)}号文件在哪里看")
    seen: list[str] = []
    cursor = ""
    while True:
        async with floor.database.reading() as tx:
            found, more = await rows.groups(tx, cursor, 50)
        seen += [each.id for each in found]
        if more is None:
            break
        cursor = more
    async with floor.database.reading() as tx:
        assert len(seen) == len(set(seen)) == await rows.count_open(tx) > 100

"""What people say is wrong is a work list, resolved by a new version or a reason; citizens are told once."""

from dataclasses import replace

import pytest

from kernel.errors import Conflict, Invalid
from kernel.messages import Address
from kernel.people import May
from kernel.room import Floor
from knowledge.api import DoubtForm
from knowledge.editing_views import CorrectionPage
from knowledge.model import Article, Correction, CorrectionState
from knowledge.queue_api import CorrectionQuery
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EditorialAction
from knowledge.store import corrections as rows
from knowledge.views import Done
from tests.knowledge.conftest import EDITOR
from tests.knowledge.editing import act, draft, kinds
from tests.knowledge.entries import DOGS
from tests.knowledge.test_api import route, send
from tests.knowledge.test_asking import published, written_to

CITIZEN = Address("sms", "citizens", "+8613800138000")


async def said(floor: Floor, room: KnowledgeRoom, text: str, tell: Address | None = CITIZEN) -> Correction:
    article = await room.library.article(DOGS.id)
    async with floor.database.transaction() as tx:
        return await room.mending.point_out(tx, article, text, "", tell)


async def mending(floor: Floor, room: KnowledgeRoom, correction: Correction) -> Article:
    made = await draft(floor, room, replace(DOGS, short="犬只每年免疫一次。"), EDITOR)
    async with floor.database.transaction() as tx:
        await room.mending.mend_with(tx, [correction.id], made)
    return made


async def now(floor: Floor, correction: Correction) -> Correction:
    async with floor.database.reading() as tx:
        return await rows.by_id(tx, correction.id)


async def test_a_new_version_mends_it_and_the_citizen_is_told_once(floor: Floor, knowledge: KnowledgeRoom) -> None:
    correction = await said(floor, knowledge, "免疫间隔写错了，联系我13900139000")
    assert "13900139000" not in correction.text
    made = await mending(floor, knowledge, correction)
    await knowledge.mending.tell()
    assert await written_to(floor, CITIZEN) == []
    await published(floor, knowledge, made)
    await knowledge.mending.tell()
    await knowledge.mending.tell()
    told = await written_to(floor, CITIZEN)
    assert [made.short in each.text for each in told] == [True]
    after = await now(floor, correction)
    assert (after.state, after.mending, after.tell) == (CorrectionState.MENDED, made.version, False)
    assert (await kinds(floor)).count("knowledge.CorrectionSettled") == 1


async def test_it_waits_again_when_the_version_is_given_up(floor: Floor, knowledge: KnowledgeRoom) -> None:
    correction = await said(floor, knowledge, "地点不对")
    made = await mending(floor, knowledge, correction)
    await act(floor, knowledge, made, EditorialAction.DISCARD, EDITOR)
    assert (await now(floor, correction)).state is CorrectionState.OPEN


async def test_it_is_refused_with_a_reason_only_and_only_once(floor: Floor, knowledge: KnowledgeRoom) -> None:
    correction = await said(floor, knowledge, "我不喜欢")
    for reason, error in (("", Invalid), ("与规定一致", None), ("再次", Conflict)):
        async with floor.database.transaction() as tx:
            if error is None:
                done = await knowledge.mending.refuse(tx, correction.id, reason, "e1")
                assert (done.state, done.reason) == (CorrectionState.REFUSED, reason)
                continue
            with pytest.raises(error):
                await knowledge.mending.refuse(tx, correction.id, reason, "e1")
    await knowledge.mending.tell()
    assert await written_to(floor, CITIZEN) == []


async def test_the_way_to_a_citizen_is_sealed(floor: Floor, knowledge: KnowledgeRoom) -> None:
    correction = await said(floor, knowledge, "地点不对")
    async with floor.database.reading() as tx:
        sealed = await tx.scalar(rows.corrections.select().with_only_columns(rows.corrections.c.sealed))
    assert correction.tell
    assert "13800138000" not in sealed


@pytest.mark.parametrize("text", ["", "  ", "字" * 501])
async def test_empty_and_endless_words_are_refused(floor: Floor, knowledge: KnowledgeRoom, text: str) -> None:
    with pytest.raises(Invalid):
        await said(floor, knowledge, text)


async def test_an_answer_is_doubted_once_with_words_or_without(knowledge: KnowledgeRoom) -> None:
    async def doubt(mark: str, text: str = "", question: str = "", article: str = DOGS.id) -> bool:
        body = DoubtForm(article, mark, text, question)
        done = await send(knowledge, "POST", "/doubts", body=body)
        assert isinstance(done, Done)
        return done.recorded

    assert await doubt("m1", question="养狗要办证吗，我的电话13900139000")
    assert await doubt("m1", "又按了一次")
    assert await doubt("m2", "收费写错了，请打13900139000")
    assert not await doubt("m3", article="nothing")
    page = await send(knowledge, "GET", "/corrections", EDITOR, query=CorrectionQuery())
    assert isinstance(page, CorrectionPage)
    second, first = sorted(each.text for each in page.items)
    assert first == "没有说明哪里不对\n当时问的是：养狗要办证吗"
    assert second.startswith("收费写错了")
    assert "13900139000" not in second
    for wrong in (DoubtForm(DOGS.id, ""), DoubtForm(DOGS.id, "m4", "字" * 501), DoubtForm(DOGS.id, "m4", phone="1")):
        with pytest.raises(Invalid):
            await send(knowledge, "POST", "/doubts", body=wrong)


def test_a_page_that_embeds_the_chat_may_say_it_too(knowledge: KnowledgeRoom) -> None:
    assert route(knowledge, "POST", "/doubts").may is May.CHAT

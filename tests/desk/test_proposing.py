"""A good answer becomes a draft with one key, a closed consultation proposes an entry; nothing personal with it."""

from datetime import timedelta

import pytest

from desk.model import Conversation
from desk.proposing import ArticleForm
from desk.views import ProposedView
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import Kind, Principal, Role
from knowledge.events import ArticleExpired, ArticleMoved, ArticleReviewDue
from knowledge.model import ArticleState, Origin
from knowledge.store.articles import Listing, Saved, versions
from tests.desk.world import World
from ticketing.model.acting import Form
from ticketing.model.labels import Action, Secrecy, TicketKind
from ticketing.model.ticket import Draft

QUESTION, ANSWER = "家里养猫需要到派出所办证吗", "您好，养猫不需要办证，但应当按时免疫。感谢您的来电！"
SAFE = "养猫不需要办证，但应当按时免疫。"


async def kept(world: World) -> tuple[Saved, ...]:
    async with world.floor.database.reading() as tx:
        return (await versions(tx, Listing()))[0]


async def answered(world: World, agent: Principal, user: str = "one") -> Conversation:
    """A citizen asked the bot in vain, and an agent answered."""
    await world.ask(user, QUESTION)
    talk = await world.wait_for_person(user)
    await world.claim(talk, agent)
    await world.answer(talk, agent, ANSWER)
    return talk


async def saved_as_draft(
    world: World, talk: Conversation, agent: Principal, form: ArticleForm | None = None
) -> ProposedView:
    view: ProposedView = await world.call("POST", f"/conversations/{talk.id}/article", agent, form or ArticleForm())
    return view


async def test_one_key_makes_a_draft_of_question_and_answer(city: World) -> None:
    agent = await city.agent("a")
    talk = await answered(city, agent)
    made = await saved_as_draft(city, talk, agent)
    assert made.title == QUESTION
    saved = (await kept(city))[0]
    assert (saved.article.short, saved.origin, saved.source) == (SAFE, Origin.AGENT, talk.id)
    assert saved.by == agent.id
    state = ArticleState.UNIT_REVIEW if made.owner_name else ArticleState.DRAFT
    assert saved.article.state is state
    with pytest.raises(Conflict):
        await saved_as_draft(city, talk, agent)


async def test_what_tells_who_asked_is_left_out(city: World) -> None:
    agent = await city.agent("a")
    talk = await answered(city, agent)
    form = ArticleForm("我叫欧阳明，电话13800138000，养兔子要办证吗", "不需要，有事打13900139000。")
    await saved_as_draft(city, talk, agent, form)
    article = (await kept(city))[0].article
    assert article.title == "养兔子要办证吗"
    assert not any(secret in repr(article) for secret in ("13800138000", "13900139000", "欧阳明"))


async def test_a_talk_without_an_answer_and_a_colleagues_talk_make_none(city: World) -> None:
    agent, colleague = await city.agent("a"), await city.agent("b")
    talk = await city.wait_for_person("one")
    await city.claim(talk, agent)
    with pytest.raises(Invalid) as wrong:
        await saved_as_draft(city, await city.now(talk), agent)
    assert set(wrong.value.fields) == {"question", "answer"}
    with pytest.raises(NotAllowed):
        await saved_as_draft(city, await city.now(talk), colleague)
    assert await kept(city) == ()


# -- what follows of facts ------------------------------------------------------------------------------


async def closed(city: World, secrecy: Secrecy = Secrecy.NORMAL, text: str = QUESTION) -> str:
    """A consultation an agent answered and the citizen confirmed; its number."""
    agent = await city.agent(f"w{secrecy}{len(text)}")
    draft = Draft(TicketKind.CONSULT, text, placeless=True, contact="13800138000", secrecy=secrecy)
    async with city.floor.database.transaction() as tx:
        ticket = await city.ticketing.tickets.open(tx, draft, agent)
    steps = (
        (Action.ANSWER, agent, Form(text=f"{SAFE}联系人电话13700137000。", citations=("entry",))),
        (Action.CONFIRM, Principal(Kind.LINK, link=ticket.number), Form()),
    )
    for action, by, form in steps:
        async with city.floor.database.transaction() as tx:
            await city.ticketing.tickets.act(tx, ticket.number, action, form, by)
    return ticket.number


async def react(city: World) -> None:
    """Let what follows follow, from the beginning."""
    await city.floor.journal.sequence(city.floor.database)
    async with city.floor.database.transaction() as tx:
        await city.desk.reactions.follow(tx, await city.floor.journal.read_after(tx, 0, 1000))


async def test_a_closed_consultation_proposes_an_entry_once(city: World) -> None:
    number = await closed(city)
    await react(city)
    await react(city)
    (saved,) = await kept(city)
    assert (saved.origin, saved.source, saved.article.state) == (Origin.TICKET, number, ArticleState.DRAFT)
    assert saved.article.title == QUESTION
    assert "13700137000" not in repr(saved.article)


async def test_what_is_secret_or_long_past_proposes_none(city: World) -> None:
    await closed(city, Secrecy.CONFIDENTIAL)
    await react(city)
    assert await kept(city) == ()
    await closed(city)
    city.clock.advance(timedelta(days=4))
    await react(city)
    assert await kept(city) == ()


async def test_units_are_written_to_of_what_waits_for_them(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = await city.agent("a", Role.AGENT)
    talk = await answered(city, agent)
    await saved_as_draft(city, talk, agent)
    (saved,) = await kept(city)
    told: list[tuple[str, str, bool]] = []

    async def remind(_tx: object, unit: str, text: str, _short: str, link: str, *, leaders: bool = False) -> int:
        assert link == f"/knowledge?entry={saved.article.id}"
        told.append((unit, str(text), leaders))
        return 1

    monkeypatch.setattr(city.desk.reactions._tickets, "remind_unit", remind)
    about = (saved.article.id, 1, ("FS-A",), "system", city.clock.now())
    facts = (
        ArticleReviewDue(*about, city.clock.now().date()),
        ArticleReviewDue(*about, city.clock.now().date() - timedelta(days=1)),
        ArticleExpired(*about),
        ArticleMoved(*about, "submit", ArticleState.DRAFT, ArticleState.UNIT_REVIEW),
        ArticleMoved(*about, "approve", ArticleState.UNIT_REVIEW, ArticleState.HOTLINE_REVIEW),
    )
    async with city.floor.database.transaction() as tx:
        for fact in facts:
            await city.floor.journal.state(tx, fact)
    told.clear()
    await react(city)
    ours = [each for each in told if each[0] == "FS-A"]
    assert [leaders for _, _, leaders in ours] == [False, False, False, True]
    for (_, text, _), word in zip(ours, ("须在", "已过，尚未核实", "已停止对外引用", "待本单位审核"), strict=True):
        assert word in text
    assert all(saved.article.title in text for _, text, _ in ours)

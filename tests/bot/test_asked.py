"""A question is told from a matter by what entries and catalogue teach, whatever word of trouble either holds."""

from collections.abc import Sequence

import pytest

from bot.adapters.local import LocalReader, phrases
from bot.asked import Asked
from bot.assistant import Assistant
from bot.model import Intent
from bot.trying import TakenAs, Trying
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel.emergency import load_emergencies
from kernel.errors import NotFound
from kernel.room import Floor
from knowledge.model import Article
from tests.bot.doors import Book, Box, Shelf, articles
from tests.learnt import demo_matters
from tests.rooms import CITY
from ticketing.model.duties import Matter


@pytest.fixture(scope="module")
async def asked() -> Asked:
    """Taught by the demo city's entries and catalogue."""
    made = Asked(phrases, lambda: articles(CITY / "articles"), demo_matters)
    await made.start()
    return made


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("老板拖欠工资去哪里投诉", "老板拖欠了我们三个月工资，电话也不接"),
        ("邻居半夜吵，法律是怎么规定的", "楼上邻居天天半夜拖椅子，吵得全家睡不着"),
        ("身份证丢了要带什么去补办", "窗口的人态度恶劣，叫我跑了三趟"),
    ],
)
def test_what_is_asked_is_told_from_what_is_told(asked: Asked, question: str, matter: str) -> None:
    assert asked.likely(question) > 0.5 > asked.likely(matter)


async def test_it_learns_when_the_entries_change_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "打边炉用嘅炭去边度买"
    entries: list[Article] = []
    asked = Asked(phrases, lambda: entries, demo_matters)
    await asked.start()
    before = asked.likely(said)
    one = articles(CITY / "articles")[0]
    entries.append(Article("charcoal", "买炭", "略", one.owner, variants=(said, "打边炉去边度买炭")))
    await asked.learn()
    assert asked.likely(said) > before
    learnt: list[int] = []
    monkeypatch.setattr("bot.asked.textbayes.learn", lambda *_: learnt.append(1))
    await asked.learn()
    assert learnt == []


async def test_without_entries_the_phrases_and_the_catalogue_teach() -> None:
    def none() -> Sequence[Article]:
        raise NotFound("city")

    def no_matters() -> Sequence[Matter]:
        return ()

    asked = Asked(phrases, none, no_matters)
    assert asked.likely("怎么办理居住证") == 1.0
    await asked.start()
    assert 0.5 < asked.likely("怎么办理居住证") < 1.0


@pytest.fixture
def trying(city_floor: Floor, lookup: Lookup, reader: LocalReader, asked: Asked) -> Trying:
    """A bot that knows what is asked."""
    understanding = Understanding(reader, lookup, city_floor.settings.bot.unsure, asked)
    book, shelf = Book(lookup, city_floor.clock), Shelf(articles(CITY / "articles"))
    assistant = Assistant(city_floor, understanding, load_emergencies(), lookup, shelf, book, book, Box())
    return Trying(assistant, understanding, book, city_floor.clock)


async def test_an_entry_is_quoted_only_as_surely_as_anything_is_asked(
    trying: Trying, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "likely", lambda _text: 0.9)
    assert (await trying.first("公积金提取")).taken_as is TakenAs.ANSWERED
    monkeypatch.setattr(asked, "likely", lambda _text: 0.3)
    assert (await trying.first("公积金提取")).taken_as is not TakenAs.ANSWERED
    assert (await trying.first("居住证怎么办理")).taken_as is TakenAs.ANSWERED, "who asks for a way asks"


@pytest.mark.parametrize(
    ("likely", "intent"),
    [(0.95, Intent.CONSULT), (0.02, Intent.COMPLAIN)],
)
async def test_what_is_as_good_as_sure_stands_over_the_reader(
    trying: Trying, asked: Asked, monkeypatch: pytest.MonkeyPatch, likely: float, intent: Intent
) -> None:
    monkeypatch.setattr(asked, "likely", lambda _text: likely)
    assert (await trying.intents("出租屋里有人给别人打针美容"))[0][0] is intent


async def test_clear_words_stand_over_everything(trying: Trying, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "likely", lambda _text: 1.0)
    assert (await trying.first("转人工")).taken_as is TakenAs.PERSON
    assert (await trying.intents("我要投诉物业乱收费"))[0] == (Intent.COMPLAIN, 1.0)
    assert (await trying.intents("查我的工单进度"))[0] == (Intent.PROGRESS, 1.0)

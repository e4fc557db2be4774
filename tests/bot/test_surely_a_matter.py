"""A line the reader makes nothing of is a ticket's all the same where it surely speaks of a matter."""

import pytest

from bot.adapters.local import LocalReader
from bot.assistant import Assistant
from bot.model import Intent, Meaning, Reader
from bot.rules.confidence import MATTER_SURE, is_told, may_be_a_matter, of_a_matter, settled
from bot.rules.said import Plain, wants_person
from bot.trying import TakenAs, Trying
from bot.understanding import Understanding
from directory.lookup import Lookup
from directory.model import Level
from kernel.emergency import load_emergencies
from kernel.room import Floor
from knowledge.model import Answer, Hit, Verdict
from tests.bot.doors import Book, Box, Shelf, articles
from tests.rooms import CITY
from ticketing.model.duties import Matter
from ticketing.model.labels import TicketKind

LOST = "涌面今朝浮起一层死鱼"


def matter(kind: TicketKind = TicketKind.COMPLAINT) -> Matter:
    return Matter("dust", "环境", "扬尘", "粉尘", (), (), kind, "ecology", Level.DISTRICT)


@pytest.fixture
def book(lookup: Lookup, city_floor: Floor) -> Book:
    """The tickets, and what texts are about."""
    return Book(lookup, city_floor.clock)


@pytest.fixture
def trying(city_floor: Floor, lookup: Lookup, reader: LocalReader, book: Book) -> Trying:
    """Tries first messages."""
    understanding = Understanding(reader, lookup, city_floor.settings.bot.unsure)
    shelf = Shelf(articles(CITY / "articles"))
    assistant = Assistant(city_floor, understanding, load_emergencies(), lookup, shelf, book, book, Box())
    return Trying(assistant, understanding, book, city_floor.clock)


@pytest.mark.parametrize(
    ("kind", "sureness", "taken_as"),
    [
        (TicketKind.COMPLAINT, MATTER_SURE, TakenAs.TICKET),
        (TicketKind.REPORT, 0.95, TakenAs.TICKET),
        (TicketKind.HELP, 0.95, TakenAs.TICKET),
        (TicketKind.COMPLAINT, MATTER_SURE - 0.01, TakenAs.ASKED_BACK),
        (TicketKind.CONSULT, 0.95, TakenAs.ASKED_BACK),
        (TicketKind.SUGGEST, 0.95, TakenAs.ASKED_BACK),
    ],
)
async def test_what_is_surely_about_a_matter_is_taken_down(
    trying: Trying, book: Book, kind: TicketKind, sureness: float, taken_as: TakenAs
) -> None:
    assert (await trying.first(LOST)).taken_as is TakenAs.ASKED_BACK
    book.matters[LOST] = (matter(kind), sureness)
    assert (await trying.first(LOST)).taken_as is taken_as


@pytest.mark.parametrize("text", ["转人工", "查进度", "你好", "居住证怎么办理", "我上次反映的粉尘有结果了吗"])
async def test_what_is_understood_stays_what_it_is(trying: Trying, book: Book, text: str) -> None:
    before = (await trying.first(text)).taken_as
    book.matters[text] = (matter(), 0.99)
    assert (await trying.first(text)).taken_as is before is not TakenAs.TICKET


@pytest.mark.parametrize(
    ("text", "intent", "worth"),
    [
        ("河面浮起一大片翻肚子的鱼", Intent.OTHER, True),
        ("厂里知道我怀孕就把我调去搬布", Intent.PROGRESS, True),
        ("厂里上次把我调去搬布，跟进了没", Intent.PROGRESS, False),
        ("电线杆上全是贴纸", Intent.CONSULT, True),
        ("电线杆上的贴纸归哪里管", Intent.CONSULT, False),
        ("多装几盏灯就好了", Intent.SUGGEST, False),
        ("路口天天塞满车，三条道只剩一条", Intent.SUGGEST, True),
        ("屋苑装了管道几年还没通煤气，几时才得啊", Intent.PROGRESS, True),
        ("到底还改不改造", Intent.OTHER, False),
        ("老板反悔行不行", Intent.OTHER, False),
        ("投诉", Intent.OTHER, False),
    ],
)
def test_only_lines_that_no_word_bears_out_are_looked_at(text: str, intent: Intent, worth: bool) -> None:
    assert may_be_a_matter(Plain.of(text), ((intent, 0.6),), 0.35) is worth
    assert not may_be_a_matter(Plain.of(text), ((intent, 1.0),), 0.35)
    assert not may_be_a_matter(Plain.of(text), (), 0.35)


@pytest.mark.parametrize(
    ("text", "sureness", "worth"),
    [
        ("厂里把车间的灰往外吹，有没有人来查一下", 0.35, True),
        ("厂里把车间的灰往外吹，有没有人来查一下", 0.6, False),
        ("厂里把车间的灰往外吹合法吗", 0.35, False),
        ("请问车间的灰往外吹有没有规定", 0.35, False),
    ],
)
def test_a_question_the_reader_doubts_may_be_a_matter(text: str, sureness: float, worth: bool) -> None:
    assert may_be_a_matter(Plain.of(text), ((Intent.CONSULT, sureness),), 0.35) is worth


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("我在那间厂做了七年，昨天人事把门卡收走，叫我以后不用再来上班了", Intent.COMPLAIN),
        ("我在那间厂做了七年，昨天人事收走门卡，这样行不行得通", Intent.OTHER),
        ("我上次反映的那间厂，昨天人事又把门卡收走，叫我以后不用再来", Intent.OTHER),
        ("昨天人事把门卡收走了", Intent.OTHER),
    ],
)
def test_who_tells_at_length_what_happened_complains(text: str, best: Intent) -> None:
    assert settled(Plain.of(text), ((Intent.PRAISE, 0.2), (Intent.COMPLAIN, 0.1)), 0.35)[0][0] is best


def test_what_is_done_to_somebody_is_no_wish_for_a_person() -> None:
    assert not wants_person(Plain.of("门口块草地俾人锄咗嚟种菜"))
    assert wants_person(Plain.of("俾个人嚟同我讲"))


def test_a_matter_of_help_is_help_and_a_report_is_no_secret_by_itself() -> None:
    ranked = ((Intent.OTHER, 0.0), (Intent.COMPLAIN, 0.2))
    assert of_a_matter(ranked, TicketKind.HELP, 0.9, 0.35)[0] == (Intent.HELP, 0.35)
    assert of_a_matter(ranked, TicketKind.REPORT, 0.9, 0.35) == ((Intent.COMPLAIN, 0.35), (Intent.OTHER, 0.0))


ANSWERED = "居住证弄丢了"


async def test_what_an_entry_surely_answers_is_answered_unless_it_surely_tells_of_a_trouble(
    city_floor: Floor, lookup: Lookup, book: Book
) -> None:
    class Helpful(Reader):
        version = ""

        async def read(self, text: str) -> Meaning:
            return Meaning(text, ((Intent.HELP, 0.6), (Intent.CONSULT, 0.2)))

    class Knowing(Shelf):
        async def answer(self, question: str, *, area: str = "") -> Answer:
            return Answer((Hit(self.entries[0], 0.9),), 0.9, Verdict.ANSWER)

    understanding = Understanding(Helpful(), lookup, city_floor.settings.bot.unsure)
    shelf = Knowing(articles(CITY / "articles"))
    assistant = Assistant(city_floor, understanding, load_emergencies(), lookup, shelf, book, book, Box())
    trying = Trying(assistant, understanding, book, city_floor.clock)
    assert (await trying.first(ANSWERED)).taken_as is TakenAs.ANSWERED
    book.matters[ANSWERED] = (matter(TicketKind.CONSULT), 0.99)
    assert (await trying.first(ANSWERED)).taken_as is TakenAs.ANSWERED
    book.matters[ANSWERED] = (matter(), 0.99)
    assert (await trying.first(ANSWERED)).taken_as is TakenAs.TICKET


def test_only_what_asks_nothing_is_told() -> None:
    ranked = ((Intent.HELP, 0.6),)
    assert is_told(Plain.of("居住证弄丢了"), ranked)
    assert not is_told(Plain.of("居住证弄丢了怎么办"), ranked)
    assert not is_told(Plain.of("居住证弄丢了"), ((Intent.HELP, 1.0),))
    assert not is_told(Plain.of("居住证弄丢了"), ((Intent.CONSULT, 0.6),))

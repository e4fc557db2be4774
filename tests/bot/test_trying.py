"""A first message is told apart by what the assistant really does with it."""

import pytest

from bot.adapters.local import LocalReader
from bot.assistant import Assistant
from bot.model import Intent
from bot.trying import TakenAs, Trying
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel.emergency import load_emergencies
from kernel.room import Floor
from tests.bot.doors import Book, Box, Shelf, articles
from tests.rooms import CITY
from ticketing.model.labels import State, TicketKind, Urgency


@pytest.fixture
def book(lookup: Lookup, city_floor: Floor) -> Book:
    """The tickets opened."""
    return Book(lookup, city_floor.clock)


@pytest.fixture
def trying(city_floor: Floor, lookup: Lookup, reader: LocalReader, book: Book) -> Trying:
    """Tries messages on a bot over the demo city."""
    understanding = Understanding(reader, lookup, city_floor.settings.bot.unsure)
    shelf = Shelf(articles(CITY / "articles"))
    assistant = Assistant(city_floor, understanding, load_emergencies(), lookup, shelf, book, book, Box())
    return Trying(assistant, understanding, book, city_floor.clock)


@pytest.mark.parametrize(
    ("text", "taken_as"),
    [
        ("桂城街道南海大道的路灯坏了三天，晚上很黑，请派人来修", TakenAs.TICKET),
        ("我建议在公园多装几盏灯", TakenAs.SUGGESTION),
        ("转人工", TakenAs.PERSON),
        ("煤气泄漏了，好大煤气味，快来人", TakenAs.PERSON),
        ("居住证怎么办理", TakenAs.ANSWERED),
        ("请问火星上的兰花展览几点开门", TakenAs.UNANSWERED),
        ("你好", TakenAs.ASKED_BACK),
        ("查进度", TakenAs.ASKED_BACK),
    ],
)
async def test_a_message_is_taken_as_the_bot_takes_it(trying: Trying, text: str, taken_as: TakenAs) -> None:
    assert (await trying.first(text)).taken_as is taken_as


async def test_the_entry_quoted_and_the_entries_offered_are_named(trying: Trying) -> None:
    quoted = await trying.first("居住证怎么办理")
    assert quoted.entries == ("residence-permit",)
    offered = await trying.first("身份证怎么办")
    assert offered.taken_as is TakenAs.CHOICES
    assert len(offered.entries) > 1
    assert (await trying.first("转人工")).entries == ()


async def test_the_draft_is_what_the_ticket_would_hold(trying: Trying) -> None:
    draft = (await trying.first("桂城街道南海大道的路灯坏了三天，晚上很黑，请派人来修")).draft
    assert (draft.kind, draft.area) == (TicketKind.HELP, "440605011")
    assert "路灯坏了三天" in draft.text
    danger = (await trying.first("煤气泄漏了，好大煤气味，快来人")).draft
    assert danger.urgency is Urgency.P1


async def test_where_the_bot_would_ask_for_the_town_the_draft_names_no_place(trying: Trying) -> None:
    draft = (await trying.first("南海区有条路的路灯坏了三天没人修")).draft
    assert (draft.area, draft.place, draft.placeless) == ("", "", True)


async def test_what_is_registered_is_opened_by_the_bot_in_a_talk(trying: Trying, book: Book, city_floor: Floor) -> None:
    tried = await trying.first("桂城街道南海大道的路灯坏了三天，晚上很黑，请派人来修")
    async with city_floor.database.transaction() as tx:
        ticket = await trying.register(tx, tried.draft)
    [(opened, draft)] = book.opened
    assert (opened, ticket.state) == (ticket, State.DISPATCHED)
    assert draft.conversation
    assert draft.address is not None


async def test_the_intents_are_the_readers(trying: Trying) -> None:
    ranked = await trying.intents("楼下大排档太吵了，天天吵到半夜")
    assert ranked[0][0] is Intent.COMPLAIN
    assert [sure for _, sure in ranked] == sorted((sure for _, sure in ranked), reverse=True)

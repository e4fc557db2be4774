"""The composition root: the floor and every room on it, bottom-up, each given the doors of those below."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analytics import events as analytics_events
from analytics import room as analytics
from bot import events as bot_events
from bot import room as bot
from channels import events as channels_events
from channels import room as channels
from desk import events as desk_events
from desk import room as desk
from directory import events as directory_events
from directory import room as directory
from hotline import events as own_events
from hotline.data import room as data
from hotline.failures import problem_of
from hotline.house import ROOT, House, build_floor
from hotline.phrasing import room as phrasing
from kernel.clock import Clock
from kernel.errors import NotFound
from kernel.settings import Settings
from knowledge import events as knowledge_events
from knowledge import room as knowledge
from suggestions import events as suggestions_events
from suggestions import room as suggestions
from ticketing import events as ticketing_events
from ticketing import room as ticketing

MODELS = ROOT / "var" / "models"
# Before a city is loaded there is nothing that keeps to the clock on the wall.
NO_CITY = ZoneInfo("UTC")

FACTS: tuple[type, ...] = (
    *directory_events.FACTS,
    *knowledge_events.FACTS,
    *ticketing_events.FACTS,
    *suggestions_events.FACTS,
    *bot_events.FACTS,
    *desk_events.FACTS,
    *channels_events.FACTS,
    *analytics_events.FACTS,
    *own_events.FACTS,
)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms as built, for what needs more of them than the house: seeding and the replay."""

    directory: directory.DirectoryRoom
    knowledge: knowledge.KnowledgeRoom
    ticketing: ticketing.Ticketing
    suggestions: suggestions.SuggestionsRoom
    bot: bot.Bot
    desk: desk.Desk
    channels: channels.Channels
    analytics: analytics.AnalyticsRoom


@dataclass(frozen=True, slots=True)
class Assembled:
    """The whole house, its rooms, and the data of all of them."""

    house: House
    rooms: Rooms
    data: data.Data


def assemble(settings: Settings, clock: Clock, key: bytes) -> Assembled:
    """Build everything from the settings; nothing is opened or started yet."""
    floor = build_floor(settings, clock, key, FACTS)
    city = directory.build(floor)
    lookup = city.lookup
    library = knowledge.build(floor, lookup)
    tickets = ticketing.build(floor, lookup, city.reorganising, models=MODELS, tell=lambda error: problem_of(error, ""))
    ideas = suggestions.build(floor, lookup)
    assistant = bot.build(
        floor, lookup, library.library, tickets.tickets, tickets.queries, ideas.suggestions, models=MODELS
    )
    agents = desk.build(floor, lookup, library.library, tickets.tickets, tickets.queries, assistant.assistant)
    reached = channels.build(floor)
    figures = analytics.build(
        floor,
        lookup,
        tickets.queries.matter_name,
        lambda: _inspected(tickets),
        library.library.owned,
        agents.turns.words,
    )
    rooms = Rooms(city, library, tickets, ideas, assistant, agents, reached, figures)
    built = (city, library, tickets, ideas, assistant, agents, reached, figures)
    sheets = data.build(floor, city, tickets, library)
    own = [each.room for each in built]
    all_rooms = (*own, sheets.room, phrasing.build(floor, own, lookup))
    house = House(floor, all_rooms, city.accounts, lookup, lambda: _zone(city), city.keys)
    return Assembled(house, rooms, sheets)


def _inspected(tickets: ticketing.Ticketing) -> analytics.InspectionTerms:
    limits = tickets.limits.now()
    return analytics.InspectionTerms(limits.inspection_share, limits.inspection_passed)


def _zone(city: directory.DirectoryRoom) -> ZoneInfo:
    try:
        return ZoneInfo(city.lookup.city().zone)
    except NotFound:
        return NO_CITY

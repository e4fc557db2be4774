"""Builds the desk."""

from dataclasses import dataclass

from bot.assistant import Assistant
from desk.alike import Alike
from desk.api import DeskApi, routes
from desk.assist import Assist
from desk.auditing import Auditing
from desk.calls import Calls
from desk.calls_api import CallsApi
from desk.calls_api import routes as call_routes
from desk.conversations import QUEUE_TOPIC, Conversations
from desk.distribution import ACCOUNT_CHANGED, Distribution
from desk.drafts import Drafts
from desk.identities import Identities
from desk.jobs import IdleConversations, SilentCitizens, jobs
from desk.proposing import Proposing
from desk.reactions import Reactions
from desk.reception import Reception
from desk.store import ConversationStore
from desk.texts import phrase_rows
from desk.turns import Turns
from directory.lookup import Lookup
from kernel.mailbox import IN_TOPIC
from kernel.room import Floor, Loop, Observer, Room
from knowledge.library import Library
from ticketing.queries import Queries
from ticketing.tickets import Tickets

RECEPTION_LANES = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk, with the parts that tests and the replay step by hand."""

    room: Room
    reception: Reception
    distribution: Distribution
    conversations: Conversations
    store: ConversationStore
    reactions: Reactions
    turns: Turns


def build(
    floor: Floor, lookup: Lookup, library: Library, tickets: Tickets, queries: Queries, assistant: Assistant
) -> Desk:
    """The desk over the rooms below."""
    store = ConversationStore(floor.vault)
    conversations = Conversations(floor, store, lookup, tickets)
    drafts = Drafts(floor, store, lookup)
    reception = Reception(floor, store, conversations, lookup, queries, assistant)
    distribution = Distribution(floor, store, conversations, lookup)
    assist = Assist(floor, conversations, lookup, library, tickets, assistant)
    identities = Identities(floor.clock, floor.journal, store, lookup, tickets)
    alike = Alike(store, lookup, queries)
    proposing = Proposing(floor, conversations, assist, library)
    reactions = Reactions(floor.clock, library, tickets, queries, lookup)
    api = DeskApi(
        floor, store, conversations, distribution, assist, lookup, tickets, queries, identities, alike, proposing
    )
    room = Room(
        "desk",
        routes=[*routes(api), *call_routes(CallsApi(floor.database, Calls(floor.clock, floor.journal)))],
        phrases=phrase_rows(),
        jobs=jobs(IdleConversations(floor, store, conversations), SilentCitizens(floor, conversations, drafts)),
        observers=[
            Observer("desk.staff", distribution.follow, at_once=[ACCOUNT_CHANGED]),
            Observer("desk.reactions", reactions.follow),
        ],
        loops=[
            Loop("desk.reception", reception.step, [IN_TOPIC], idle=1.0, lanes=RECEPTION_LANES),
            Loop("desk.distribution", distribution.step, [QUEUE_TOPIC], idle=5.0),
        ],
        audits=[Auditing(floor.database).audit()],
    )
    return Desk(room, reception, distribution, conversations, store, reactions, Turns(floor.mailbox))

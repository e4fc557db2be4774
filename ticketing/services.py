"""Builds the services of ticketing, each over the floor, the doors below and those before it."""

from dataclasses import dataclass
from pathlib import Path

from directory.lookup import Lookup
from directory.reorganising import Reorganising
from kernel.room import Floor
from ticketing.absences import Absences
from ticketing.approving import Approving
from ticketing.attending import Attending
from ticketing.auditing import Auditing
from ticketing.batching import Batching
from ticketing.calling import Calling
from ticketing.catalogue import Catalogue
from ticketing.cataloguing import Cataloguing
from ticketing.changing import Changing
from ticketing.classifier import Classifier
from ticketing.deciding import Deciding
from ticketing.differing import Differing
from ticketing.following import Following
from ticketing.guarding import Guarding
from ticketing.history import History
from ticketing.joining import Joining
from ticketing.leaking import Leaking
from ticketing.learning import Learning
from ticketing.limiting import LimitKeeper
from ticketing.links import Links
from ticketing.model.opinion import GivesOpinion
from ticketing.model.ticket import Ticket
from ticketing.numbering import Numbers
from ticketing.offering import Offering
from ticketing.opening import Opening
from ticketing.past_showing import PastShowing
from ticketing.queries import Queries
from ticketing.reaching import Reaching
from ticketing.receipting import Receipting
from ticketing.recognising import Recogniser
from ticketing.recounting import Recounting
from ticketing.reorganisation import Reorganisation
from ticketing.replying import Replying
from ticketing.rules.limits import Limits
from ticketing.rules.telling import searchable
from ticketing.rules.webhooks import Posts
from ticketing.rulings import Rulings
from ticketing.second_opinions import SecondOpinions
from ticketing.sensitive import WordKeeper
from ticketing.showing import Showing
from ticketing.standing_in import StandingIn
from ticketing.store.tickets import TicketStore
from ticketing.supervision import Supervision
from ticketing.telling import Telling
from ticketing.tickets import Tickets
from ticketing.tracking import Tracking
from ticketing.unreached import Unreached
from ticketing.unveiling import Unveiling
from ticketing.waking import Waking
from ticketing.webhooks import Webhooks
from ticketing.worklists import Books, Worklists

MODELS = Path("var/models")


@dataclass(frozen=True, slots=True)
class Services:
    """The services by name."""

    lookup: Lookup
    limits: LimitKeeper
    catalogue: Catalogue
    deciding: Deciding
    approving: Approving
    links: Links
    absences: Absences
    reaching: Reaching
    unreached: Unreached
    guarding: Guarding
    words: WordKeeper
    replying: Replying
    cataloguing: Cataloguing
    learning: Learning
    joining: Joining
    tickets: Tickets
    queries: Queries
    history: History
    past: PastShowing
    showing: Showing
    tracking: Tracking
    differing: Differing
    leaking: Leaking
    waking: Waking
    following: Following
    recounting: Recounting
    receipting: Receipting
    reorganising: Reorganising
    reorganisation: Reorganisation
    batching: Batching
    rulings: Rulings
    attending: Attending
    calling: Calling
    opinions: SecondOpinions
    unveiling: Unveiling
    auditing: Auditing
    worklists: Worklists
    webhooks: Webhooks


def services(
    floor: Floor,
    lookup: Lookup,
    reorganising: Reorganising,
    models: Path,
    limits: Limits,
    sender: Posts,
    books: Books,
    model: GivesOpinion,
) -> Services:
    """All of them; nothing is loaded yet. ``sender`` posts webhooks, ``books`` reads and writes units' worklists,
    ``model`` gives second opinions."""
    keeper = LimitKeeper(floor, lookup, limits)
    store = TicketStore(floor.vault, searchable, lookup.town_of)
    catalogue = Catalogue(floor.database, floor.clock, Classifier(models))
    deciding = Deciding(lookup, catalogue, lambda: keeper.now().auto_dispatch)
    standing = StandingIn(floor.clock, lookup)
    links = Links(floor.signer, floor.settings)
    absences = Absences(floor.clock, lookup, reorganising)
    approving = Approving(floor.clock, lookup, absences)
    reaching = Reaching(floor, lookup, reorganising, keeper, absences, store)
    telling = Telling(floor, lookup, links, reaching, lambda ticket: store.reach(ticket).phone)
    guarding = Guarding(floor.clock, floor.journal, lookup, floor.vault)
    words, recogniser = WordKeeper(floor), Recogniser()
    learning = Learning(floor.database, floor.clock, deciding)
    changing = Changing(
        store,
        floor.clock,
        floor.journal,
        lookup,
        deciding,
        telling,
        keeper,
        approving,
        guarding,
        words,
        recogniser,
        learning,
        floor.attachments,
    )
    numbers = Numbers(floor.clock, lookup, floor.settings.tickets.number_prefix)
    opening = Opening(floor.clock, store, lookup, deciding, numbers, keeper)
    replying = Replying(store, words)
    joining = Joining(floor, lookup, catalogue, store, opening, changing)
    tickets = Tickets(
        floor, lookup, store, opening, changing, deciding, links, guarding, standing, words, joining, reaching,
        replying, approving,
    )  # fmt: skip
    queries = Queries(store, catalogue, lookup, approving)
    history = History(floor, lookup, catalogue, keeper)
    unveiling = Unveiling(floor, lookup, keeper, guarding, telling)

    def rings(ticket: Ticket) -> bool:
        return bool(store.reach(ticket).phone)

    showing = Showing(
        floor.clock,
        floor.attachments,
        lookup,
        catalogue,
        store,
        queries,
        keeper,
        Offering(floor.clock, lookup, catalogue, keeper, telling.writes_to, rings),
        deciding,
        history,
        guarding,
        standing,
        recogniser,
        links,
        unveiling,
        approving,
    )
    supervision = Supervision(floor.clock, floor.journal, lookup, store, changing, telling)
    following = Following(floor, lookup, store, changing, deciding)
    return Services(
        lookup=lookup,
        unveiling=unveiling,
        limits=keeper,
        catalogue=catalogue,
        deciding=deciding,
        approving=approving,
        links=links,
        absences=absences,
        reaching=reaching,
        unreached=Unreached(floor, lookup, keeper, absences, reaching),
        guarding=guarding,
        words=words,
        replying=replying,
        cataloguing=Cataloguing(floor, lookup, catalogue),
        learning=learning,
        joining=joining,
        tickets=tickets,
        queries=queries,
        history=history,
        past=PastShowing(lookup, queries),
        showing=showing,
        tracking=Tracking(floor.clock, lookup, queries, showing, keeper, guarding),
        differing=Differing(lookup, catalogue, store),
        leaking=Leaking(floor, lookup, store, links, keeper, changing),
        waking=Waking(floor, lookup, store, changing, telling, supervision),
        following=following,
        recounting=Recounting(floor, lookup, changing),
        receipting=Receipting(floor, changing),
        reorganising=reorganising,
        reorganisation=Reorganisation(lookup, catalogue, reorganising, following),
        batching=Batching(floor, lookup, tickets, queries, deciding),
        rulings=Rulings(floor, lookup, catalogue, tickets, queries),
        attending=Attending(floor, queries),
        calling=Calling(floor, lookup, store, tickets, deciding, guarding, standing),
        opinions=SecondOpinions(
            floor.database, floor.clock, catalogue, store, model, floor.settings.second_opinion.matters
        ),
        auditing=Auditing(floor, lookup, store),
        worklists=Worklists(floor, lookup, queries, tickets, keeper, books),
        webhooks=Webhooks(floor, lookup, sender),
    )

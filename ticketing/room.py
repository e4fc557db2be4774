"""Builds ticketing."""

from dataclasses import dataclass
from pathlib import Path

from directory.lookup import TOPIC as DIRECTORY
from directory.lookup import Lookup
from directory.model import Level
from directory.reorganising import Reorganising
from kernel.relay import ENDED_TOPIC
from kernel.room import Floor, Loop, Observer, Room
from ticketing.adapters import worksheets
from ticketing.adapters.hooks import HookSender
from ticketing.adapters.speech import Transcriber
from ticketing.api import TicketApi
from ticketing.api import routes as staff_routes
from ticketing.approval_api import ApprovalApi
from ticketing.approval_api import routes as approval_routes
from ticketing.approving import Approving
from ticketing.attending import Attending
from ticketing.attending_api import AttendingApi
from ticketing.attending_api import routes as attending_routes
from ticketing.auditing import Auditing
from ticketing.batch_api import BatchApi
from ticketing.batch_api import routes as batch_routes
from ticketing.batching import Batching
from ticketing.calling import Calling
from ticketing.calling_api import CallingApi
from ticketing.calling_api import routes as calling_routes
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.cataloguing import Cataloguing
from ticketing.changing import Changing
from ticketing.classifier import Classifier
from ticketing.deciding import Deciding
from ticketing.differing import Differing
from ticketing.following import TOPIC as FOLLOW
from ticketing.following import Following
from ticketing.guarding import Guarding
from ticketing.hearing_api import HearingApi
from ticketing.hearing_api import routes as hearing_routes
from ticketing.history import History
from ticketing.history_api import HistoryApi
from ticketing.history_api import routes as history_routes
from ticketing.importing import MatterImporter, MatterReport
from ticketing.jobs import jobs
from ticketing.joining import Joining
from ticketing.leaking import Leaking
from ticketing.learning import Learning
from ticketing.limit_api import LimitApi
from ticketing.limit_api import routes as limit_routes
from ticketing.limiting import TOPIC as LIMITS
from ticketing.limiting import LimitKeeper
from ticketing.links import Links
from ticketing.matter_api import MatterApi
from ticketing.matter_api import routes as matter_routes
from ticketing.matter_showing import MatterShowing
from ticketing.numbering import Numbers
from ticketing.offering import Offering
from ticketing.open311_api import Open311Api
from ticketing.open311_api import routes as open311_routes
from ticketing.opening import Opening
from ticketing.past_showing import PastShowing
from ticketing.photographs_api import PhotographsApi
from ticketing.photographs_api import routes as photograph_routes
from ticketing.privacy_api import PrivacyApi
from ticketing.privacy_api import routes as privacy_routes
from ticketing.queries import Queries
from ticketing.rating_api import RatingApi
from ticketing.rating_api import routes as rating_routes
from ticketing.reach_api import ReachApi
from ticketing.reach_api import routes as reach_routes
from ticketing.reaching import Reaching
from ticketing.recognising import Recogniser
from ticketing.recounting import Recounting
from ticketing.reorganisation import Reorganisation
from ticketing.rules import dutypage
from ticketing.rules.limits import Limits
from ticketing.rules.phrasebook import phrase_rows
from ticketing.rules.telling import searchable
from ticketing.ruling_api import RulingApi
from ticketing.ruling_api import routes as ruling_routes
from ticketing.rulings import Rulings
from ticketing.sensitive import TOPIC as WORDS
from ticketing.sensitive import WordKeeper
from ticketing.sensitive_api import SensitiveApi
from ticketing.sensitive_api import routes as sensitive_routes
from ticketing.showing import Showing
from ticketing.store.tickets import TicketStore
from ticketing.supervision import Supervision
from ticketing.telling import Telling
from ticketing.tickets import Tickets
from ticketing.track_api import TrackApi
from ticketing.track_api import routes as track_routes
from ticketing.tracking import Tracking
from ticketing.unit_api import UnitApi
from ticketing.unit_api import routes as unit_routes
from ticketing.waking import Waking
from ticketing.wall import Wall
from ticketing.wall_api import WallApi
from ticketing.wall_api import routes as wall_routes
from ticketing.webhook_api import WebhookApi
from ticketing.webhook_api import routes as webhook_routes
from ticketing.webhooks import NUMBERED, SEND, Webhooks
from ticketing.whatif import WhatIf
from ticketing.worklist_api import WorklistApi
from ticketing.worklist_api import routes as worklist_routes
from ticketing.worklists import Tell, Worklists, coded

MODELS = Path("var/models")
# A ring may be lost; then a process works with an old catalogue for so many seconds.
RELOAD_IDLE = 5.0
FOLLOW_IDLE = 15.0
WEBHOOK_IDLE = 5.0


@dataclass(frozen=True, slots=True)
class Ticketing:
    """Ticketing: its doors, and the import for the command line."""

    room: Room
    tickets: Tickets
    queries: Queries
    importer: MatterImporter
    catalogue: Catalogue
    deciding: Deciding
    waking: Waking
    following: Following
    recounting: Recounting
    reaching: Reaching
    reorganisation: Reorganisation
    lookup: Lookup
    history: History
    webhooks: Webhooks
    approving: Approving
    attending: Attending
    rulings: Rulings
    words: WordKeeper
    cataloguing: Cataloguing
    calling: Calling
    what_if: WhatIf

    async def import_city(self, folder: Path) -> MatterReport:
        """Import a city's matters and know them in this process at once; MatterFileWrong, and nothing is loaded."""
        return await self.importer.import_folder(folder)

    async def duty_page(self, folder: Path, source: str) -> str:
        """The duty catalogue of a city's matters as a page, over the units the directory has loaded; nothing is kept
        or trained. MatterFileWrong."""
        matters = await self.importer.read_folder(folder)
        towns = [self.lookup.lineage(town.code) for town in self.lookup.areas(level=Level.TOWN)]
        lookup = self.lookup
        return dutypage.page(matters, towns, lookup.units_at, lookup.function_name, lookup.power_name, source)


def build(
    floor: Floor,
    lookup: Lookup,
    reorganising: Reorganising | None = None,
    *,
    models: Path = MODELS,
    limits: Limits | None = None,
    tell: Tell = coded,
) -> Ticketing:
    """Ticketing over the floor and the directory's doors; without ``reorganising`` over one of its own. ``models``
    keeps trained models; ``tell`` puts a row's failure into words.
    """
    reorganising = reorganising or Reorganising(floor)
    keeper = LimitKeeper(floor, lookup, limits or Limits())
    store = TicketStore(floor.vault, searchable, lookup.town_of)
    catalogue = Catalogue(floor.database, Classifier(models))
    deciding = Deciding(lookup, catalogue, floor.settings.tickets.auto_dispatch)
    approving = Approving(floor.clock, lookup)
    links = Links(floor.signer, floor.settings)
    reaching = Reaching(floor, lookup, reorganising, keeper)
    telling = Telling(floor.mailbox, floor.clock, lookup, links, reaching, floor.phrases)
    guarding = Guarding(floor.clock, floor.journal, lookup, floor.vault)
    words = WordKeeper(floor)
    recogniser = Recogniser()
    cataloguing = Cataloguing(floor, lookup, catalogue)
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
    )
    numbers = Numbers(floor.clock, lookup, floor.settings.tickets.number_prefix)
    opening = Opening(floor.clock, store, lookup, deciding, numbers, keeper)
    joining = Joining(floor, lookup, catalogue, store, opening, changing)
    tickets = Tickets(floor, lookup, store, opening, changing, deciding, links, guarding, approving, words, joining)
    queries = Queries(store, catalogue, lookup)
    offering = Offering(floor.clock, lookup, catalogue, keeper)
    history = History(floor, lookup, catalogue, keeper)
    showing = Showing(
        floor.clock,
        floor.attachments,
        lookup,
        catalogue,
        store,
        queries,
        keeper,
        offering,
        deciding,
        history,
        guarding,
        approving,
        recogniser,
    )
    tracking = Tracking(floor.clock, lookup, queries, showing, keeper, guarding)
    differing = Differing(lookup, catalogue, store)
    api = TicketApi(floor, lookup, catalogue, tickets, queries, deciding, showing, guarding, differing)
    leaking = Leaking(floor, lookup, store, links, keeper, changing)
    supervision = Supervision(floor.clock, floor.journal, lookup, store, changing, telling)
    waking = Waking(floor, lookup, store, changing, telling, supervision)
    following = Following(floor, lookup, store, changing, deciding)
    recounting = Recounting(floor, lookup, changing)
    reorganisation = Reorganisation(lookup, catalogue, reorganising, following)
    batching = Batching(floor, lookup, tickets, queries, deciding)
    rulings = Rulings(floor, lookup, catalogue, tickets, queries)
    attending = Attending(floor, queries)
    calling = Calling(floor, lookup, store, tickets, deciding, guarding)
    together = [
        *batch_routes(BatchApi(floor.database, batching, showing)),
        *ruling_routes(RulingApi(floor.database, floor.clock, lookup, rulings, deciding, showing)),
        *hearing_routes(HearingApi(floor, lookup, rulings, deciding, showing)),
        *approval_routes(ApprovalApi(floor.database, lookup, approving)),
        *attending_routes(AttendingApi(floor.database, attending, showing)),
    ]
    transcriber = Transcriber(floor.settings.speech)
    worklists = Worklists(floor, lookup, queries, tickets, keeper, worksheets)
    settings = floor.settings.webhooks
    sender = HookSender(allow_private=settings.allow_private, seconds=settings.timeout_seconds)
    webhooks = Webhooks(floor, lookup, sender)
    room = Room(
        "ticketing",
        routes=[
            *staff_routes(api),
            *track_routes(TrackApi(floor, tickets, queries, tracking)),
            *rating_routes(RatingApi(floor, links, tickets, queries, tracking, showing)),
            *unit_routes(UnitApi(floor.database, lookup, reorganising, reorganisation)),
            *history_routes(HistoryApi(floor.database, history, PastShowing(lookup, queries))),
            *limit_routes(LimitApi(floor.database, floor.clock, lookup, keeper)),
            *reach_routes(ReachApi(floor, reaching)),
            *privacy_routes(PrivacyApi(floor.database, floor.clock, lookup, queries, showing, guarding, leaking)),
            *open311_routes(Open311Api(floor, lookup, catalogue, tickets)),
            *webhook_routes(WebhookApi(floor.database, lookup, webhooks)),
            *wall_routes(WallApi(floor, Wall(floor.clock, lookup, showing), queries, words)),
            *together,
            *matter_routes(MatterApi(floor.database, lookup, cataloguing, MatterShowing(lookup, cataloguing))),
            *sensitive_routes(SensitiveApi(floor.database, lookup, words)),
            *photograph_routes(PhotographsApi(floor, lookup, queries, showing, transcriber)),
            *calling_routes(CallingApi(floor, lookup, queries, calling)),
            *worklist_routes(WorklistApi(lookup, worklists, tell)),
        ],
        jobs=jobs(waking, reaching, leaking, webhooks, attending, history, cataloguing, rulings, joining, learning),
        loops=[
            Loop("ticketing.reload", catalogue.refresh, [TOPIC], idle=RELOAD_IDLE, in_web=True),
            Loop("ticketing.follow", following.step, [FOLLOW], idle=FOLLOW_IDLE),
            Loop("ticketing.recount", recounting.step, [DIRECTORY], idle=FOLLOW_IDLE),
            Loop("ticketing.limits", keeper.refresh, [LIMITS], idle=RELOAD_IDLE, in_web=True),
            Loop("ticketing.words", words.refresh, [WORDS], idle=RELOAD_IDLE, in_web=True),
            Loop("ticketing.calls", calling.note, [ENDED_TOPIC], idle=FOLLOW_IDLE),
            Loop("ticketing.plan_webhooks", webhooks.plan, [NUMBERED], idle=WEBHOOK_IDLE),
            Loop("ticketing.send_webhooks", webhooks.send, [SEND], idle=WEBHOOK_IDLE, lanes=4),
        ],
        observers=[Observer("ticketing.staff", attending.follow)],
        phrases=phrase_rows(),
        starting=[catalogue.load, keeper.load, words.load],
        stopping=[sender.stop, transcriber.stop],
        audits=[Auditing(floor, lookup, store).audit()],
    )
    importer = MatterImporter(floor, lookup, catalogue)
    doors = room, tickets, queries, importer, catalogue, deciding
    loops = waking, following, recounting, reaching
    changes = reorganisation, lookup, history, webhooks
    what_if = WhatIf(floor.database, lookup, catalogue, floor.settings.tickets.auto_dispatch)
    return Ticketing(*doors, *loops, *changes, approving, attending, rulings, words, cataloguing, calling, what_if)

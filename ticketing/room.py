"""Builds ticketing."""

from dataclasses import dataclass
from pathlib import Path

from directory.lookup import Lookup
from directory.model import Level
from directory.reorganising import Reorganising
from kernel.room import Floor, Loop, Room
from ticketing.api import TicketApi
from ticketing.api import routes as staff_routes
from ticketing.approval_api import ApprovalApi
from ticketing.approval_api import routes as approval_routes
from ticketing.approving import Approving
from ticketing.attending import Attending
from ticketing.attending_api import AttendingApi
from ticketing.attending_api import routes as attending_routes
from ticketing.batch_api import BatchApi
from ticketing.batch_api import routes as batch_routes
from ticketing.batching import Batching
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.changing import Changing
from ticketing.classifier import Classifier
from ticketing.deciding import Deciding
from ticketing.following import TOPIC as FOLLOW
from ticketing.following import Following
from ticketing.importing import MatterImporter, MatterReport
from ticketing.jobs import jobs
from ticketing.links import Links
from ticketing.numbering import Numbers
from ticketing.offering import Offering
from ticketing.opening import Opening
from ticketing.queries import Queries
from ticketing.reorganisation import Reorganisation
from ticketing.rules import dutypage
from ticketing.rules.limits import Limits
from ticketing.ruling_api import RulingApi
from ticketing.ruling_api import routes as ruling_routes
from ticketing.rulings import Rulings
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

MODELS = Path("var/models")
# A ring may be lost; then a process works with an old catalogue for so many seconds.
RELOAD_IDLE = 5.0
FOLLOW_IDLE = 15.0


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
    reorganisation: Reorganisation
    lookup: Lookup
    approving: Approving
    attending: Attending
    rulings: Rulings

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
) -> Ticketing:
    """Ticketing over the floor and the directory's doors; without ``reorganising`` over one of its own. ``models``
    keeps trained models."""
    limits, reorganising = limits or Limits(), reorganising or Reorganising(floor)
    store = TicketStore(floor.vault)
    catalogue = Catalogue(floor.database, Classifier(models))
    deciding = Deciding(lookup, catalogue, floor.settings.tickets.auto_dispatch)
    approving = Approving(floor.clock, lookup)
    links = Links(floor.signer, floor.settings.security.link_days)
    telling = Telling(floor.mailbox, floor.clock, lookup, links)
    changing = Changing(store, floor.clock, floor.journal, lookup, deciding, telling, limits, approving)
    numbers = Numbers(floor.clock, lookup, floor.settings.tickets.number_prefix)
    opening = Opening(floor.clock, store, lookup, deciding, numbers)
    tickets = Tickets(floor, lookup, store, opening, changing, deciding, links, approving)
    queries = Queries(store, catalogue, lookup)
    offering = Offering(floor.clock, lookup, catalogue, limits)
    showing = Showing(
        floor.clock, floor.attachments, lookup, catalogue, store, queries, limits, offering, deciding, approving
    )
    tracking = Tracking(floor.clock, lookup, queries, showing, limits)
    api = TicketApi(floor, lookup, catalogue, tickets, queries, deciding, showing)
    supervision = Supervision(floor.clock, floor.journal, lookup, store, changing, telling)
    waking = Waking(floor, lookup, store, changing, telling, supervision)
    following = Following(floor, lookup, store, changing, deciding)
    reorganisation = Reorganisation(lookup, catalogue, reorganising, following)
    units = UnitApi(floor.database, lookup, reorganising, reorganisation)
    batching = Batching(floor, lookup, tickets, queries, deciding)
    rulings = Rulings(floor.clock, lookup, catalogue, tickets, queries)
    attending = Attending(floor, queries)
    together = [
        *batch_routes(BatchApi(floor.database, batching, showing)),
        *ruling_routes(RulingApi(floor.database, floor.clock, lookup, rulings, deciding, showing)),
        *approval_routes(ApprovalApi(floor.database, lookup, approving)),
        *attending_routes(AttendingApi(floor.database, attending, showing)),
    ]
    tracks = TrackApi(floor, tickets, queries, tracking)
    room = Room(
        "ticketing",
        routes=[*staff_routes(api), *track_routes(tracks), *unit_routes(units), *together],
        jobs=jobs(waking, attending),
        loops=[
            Loop("ticketing.reload", catalogue.refresh, [TOPIC], idle=RELOAD_IDLE, in_web=True),
            Loop("ticketing.follow", following.step, [FOLLOW], idle=FOLLOW_IDLE),
        ],
        starting=[catalogue.load],
    )
    importer = MatterImporter(floor, lookup, catalogue)
    doors = room, tickets, queries, importer, catalogue, deciding
    return Ticketing(*doors, waking, following, reorganisation, lookup, approving, attending, rulings)

"""Builds ticketing."""

from dataclasses import dataclass
from pathlib import Path

from directory.lookup import TOPIC as DIRECTORY
from directory.lookup import Lookup
from directory.model import Level
from directory.reorganising import Reorganising
from kernel.clock import SystemClock
from kernel.journal import numbered
from kernel.relay import ENDED_TOPIC
from kernel.room import Floor, Loop, Observer, Room
from kernel.settings import Settings
from ticketing.adapters import worksheets
from ticketing.adapters.chat_model import ChatModel
from ticketing.adapters.hooks import HookSender
from ticketing.adapters.speech import Transcriber
from ticketing.approving import Approving
from ticketing.attending import ACCOUNT_CHANGED, Attending
from ticketing.calling import Calling
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.cataloguing import Cataloguing
from ticketing.deciding import Deciding
from ticketing.following import TOPIC as FOLLOW
from ticketing.following import Following
from ticketing.history import History
from ticketing.importing import MatterImporter, MatterReport
from ticketing.jobs import jobs
from ticketing.limiting import TOPIC as LIMITS
from ticketing.limiting import LimitKeeper
from ticketing.model.labels import State, TicketKind, Urgency
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.reaching import Reaching
from ticketing.receipting import Receipting
from ticketing.recounting import Recounting
from ticketing.reorganisation import Reorganisation
from ticketing.rules import dutypage
from ticketing.rules.limits import Limits
from ticketing.rules.phrasebook import phrase_rows
from ticketing.rules.pointcheck import point_checks
from ticketing.rulings import Rulings
from ticketing.sensitive import TOPIC as WORDS
from ticketing.sensitive import WordKeeper
from ticketing.services import MODELS, Services, services
from ticketing.surface import routes_of
from ticketing.tickets import Tickets
from ticketing.unveiling import Unveiling
from ticketing.waking import Waking
from ticketing.webhooks import PLAN, SEND, TOLD, Webhooks
from ticketing.whatif import WhatIf
from ticketing.worklists import Tell, coded

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
    receipting: Receipting
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
    unveiling: Unveiling
    what_if: WhatIf
    limits: LimitKeeper

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
    hooks = floor.settings.webhooks
    sender = HookSender(allow_private=hooks.allow_private, seconds=hooks.timeout_seconds)
    transcriber, model = Transcriber(floor.settings.speech), ChatModel(floor.settings.second_opinion)
    reorganising = reorganising or Reorganising(floor)
    limits = limits or _first_limits(floor.settings)
    s = services(floor, lookup, reorganising, models, limits, sender, worksheets, model)
    room = Room(
        "ticketing",
        routes=routes_of(floor, s, transcriber, tell),
        jobs=jobs(
            s.waking,
            s.reaching,
            s.leaking,
            s.webhooks,
            s.attending,
            s.history,
            s.cataloguing,
            s.rulings,
            s.joining,
            s.learning,
            s.opinions,
            s.unveiling,
            s.receipting,
        ),
        loops=_loops(s),
        observers=[Observer("ticketing.staff", s.attending.follow, at_once=[ACCOUNT_CHANGED])],
        phrases=phrase_rows(),
        starting=[s.catalogue.load, s.limits.load, s.words.load],
        stopping=[sender.stop, transcriber.stop, model.stop],
        audits=[s.auditing.audit()],
    )
    return Ticketing(
        room=room,
        importer=MatterImporter(floor, lookup, s.catalogue),
        limits=s.limits,
        what_if=WhatIf(floor.database, lookup, s.catalogue, lambda: s.limits.now().auto_dispatch),
        tickets=s.tickets,
        queries=s.queries,
        catalogue=s.catalogue,
        deciding=s.deciding,
        waking=s.waking,
        following=s.following,
        recounting=s.recounting,
        receipting=s.receipting,
        reaching=s.reaching,
        reorganisation=s.reorganisation,
        lookup=s.lookup,
        history=s.history,
        webhooks=s.webhooks,
        approving=s.approving,
        attending=s.attending,
        rulings=s.rulings,
        words=s.words,
        cataloguing=s.cataloguing,
        calling=s.calling,
        unveiling=s.unveiling,
    )


def _loops(s: Services) -> list[Loop]:
    return [
        Loop("ticketing.reload", s.catalogue.refresh, [TOPIC], idle=RELOAD_IDLE, in_web=True),
        Loop("ticketing.follow", s.following.step, [FOLLOW], idle=FOLLOW_IDLE),
        Loop("ticketing.recount", s.recounting.step, [DIRECTORY], idle=FOLLOW_IDLE),
        Loop("ticketing.limits", s.limits.refresh, [LIMITS], idle=RELOAD_IDLE, in_web=True),
        Loop("ticketing.words", s.words.refresh, [WORDS], idle=RELOAD_IDLE, in_web=True),
        Loop("ticketing.calls", s.calling.note, [ENDED_TOPIC], idle=FOLLOW_IDLE),
        Loop("ticketing.plan_webhooks", s.webhooks.plan, [PLAN, *map(numbered, TOLD)], idle=WEBHOOK_IDLE),
        Loop("ticketing.send_webhooks", s.webhooks.send, [SEND], idle=WEBHOOK_IDLE, lanes=4),
    ]


def _first_limits(settings: Settings) -> Limits:
    """Those of the program, and of the settings what they say, until a version of the limits takes effect."""
    quality = settings.analytics
    return Limits(
        auto_dispatch=settings.tickets.auto_dispatch,
        inspection_share=quality.inspection_share,
        inspection_passed=quality.pass_points,
    )


def points_judged(title: str, text: str, reply: str) -> list[str]:
    """What the look at a reply says of each point of a letter: fine, doubt or wrong; for evaluations."""
    now = SystemClock().now()
    asked = Ticket("", TicketKind.COMPLAINT, Urgency.P2, State.REVIEW, now, text, now, now, title=title)
    return [check.verdict for check in point_checks(asked, reply, "")]

"""The routes of ticketing, room by room of its surface."""

from kernel.room import Floor, Route
from ticketing.absence_api import AbsenceApi
from ticketing.absence_api import routes as absence_routes
from ticketing.api import TicketApi
from ticketing.api import routes as staff_routes
from ticketing.approval_api import ApprovalApi
from ticketing.approval_api import routes as approval_routes
from ticketing.attending_api import AttendingApi
from ticketing.attending_api import routes as attending_routes
from ticketing.batch_api import BatchApi
from ticketing.batch_api import routes as batch_routes
from ticketing.calling_api import CallingApi
from ticketing.calling_api import routes as calling_routes
from ticketing.hearing_api import HearingApi
from ticketing.hearing_api import routes as hearing_routes
from ticketing.history_api import HistoryApi
from ticketing.history_api import routes as history_routes
from ticketing.limit_api import LimitApi
from ticketing.limit_api import routes as limit_routes
from ticketing.matter_api import MatterApi
from ticketing.matter_api import routes as matter_routes
from ticketing.matter_showing import MatterShowing
from ticketing.model.speech import Transcribes
from ticketing.open311_api import Open311Api
from ticketing.open311_api import routes as open311_routes
from ticketing.photographs_api import PhotographsApi
from ticketing.photographs_api import routes as photograph_routes
from ticketing.privacy_api import PrivacyApi
from ticketing.privacy_api import routes as privacy_routes
from ticketing.rating_api import RatingApi
from ticketing.rating_api import routes as rating_routes
from ticketing.reach_api import ReachApi
from ticketing.reach_api import routes as reach_routes
from ticketing.ruling_api import RulingApi
from ticketing.ruling_api import routes as ruling_routes
from ticketing.sensitive_api import SensitiveApi
from ticketing.sensitive_api import routes as sensitive_routes
from ticketing.services import Services
from ticketing.track_api import TrackApi
from ticketing.track_api import routes as track_routes
from ticketing.unit_api import UnitApi
from ticketing.unit_api import routes as unit_routes
from ticketing.wall import Wall
from ticketing.wall_api import WallApi
from ticketing.wall_api import routes as wall_routes
from ticketing.webhook_api import WebhookApi
from ticketing.webhook_api import routes as webhook_routes
from ticketing.worklist_api import WorklistApi
from ticketing.worklist_api import routes as worklist_routes
from ticketing.worklists import Tell


def routes_of(floor: Floor, s: Services, transcriber: Transcribes, tell: Tell) -> list[Route]:
    """All routes; ``transcriber`` writes down what officers dictate, ``tell`` puts a row's failure into words."""
    return [
        *_of_tickets(floor, s, transcriber),
        *_of_citizens(floor, s),
        *_of_the_floor(floor, s),
        *_of_units(floor, s, tell),
        *_of_settings(floor, s),
    ]


def _of_tickets(floor: Floor, s: Services, transcriber: Transcribes) -> list[Route]:
    """What the hotline's people and officers do on tickets."""
    api = TicketApi(floor, s.lookup, s.catalogue, s.tickets, s.queries, s.deciding, s.showing, s.guarding, s.differing)
    return [
        *staff_routes(api),
        *history_routes(HistoryApi(floor.database, s.history, s.past)),
        *privacy_routes(
            PrivacyApi(floor.database, floor.clock, s.lookup, s.queries, s.showing, s.guarding, s.leaking, s.unveiling)
        ),
        *attending_routes(AttendingApi(floor.database, s.attending, s.showing)),
        *photograph_routes(PhotographsApi(floor, s.lookup, s.queries, s.showing, transcriber)),
        *calling_routes(CallingApi(floor, s.lookup, s.queries, s.calling)),
    ]


def _of_citizens(floor: Floor, s: Services) -> list[Route]:
    """What citizens, and sites in their name, reach by links and by Open311."""
    return [
        *track_routes(TrackApi(floor, s.tickets, s.queries, s.tracking)),
        *rating_routes(RatingApi(floor, s.links, s.tickets, s.queries, s.tracking, s.showing)),
        *open311_routes(Open311Api(floor, s.lookup, s.catalogue, s.tickets)),
    ]


def _of_the_floor(floor: Floor, s: Services) -> list[Route]:
    """Dispatching, ruling and watching over all."""
    return [
        *batch_routes(BatchApi(floor.database, s.batching, s.showing)),
        *ruling_routes(RulingApi(floor.database, floor.clock, s.lookup, s.rulings, s.deciding, s.showing)),
        *wall_routes(WallApi(floor, Wall(floor.clock, s.lookup, s.showing), s.queries, s.replying)),
    ]


def _of_units(floor: Floor, s: Services, tell: Tell) -> list[Route]:
    """What units do beside their tickets, and their systems."""
    return [
        *unit_routes(UnitApi(floor.database, s.lookup, s.reorganising, s.reorganisation)),
        *hearing_routes(HearingApi(floor, s.lookup, s.rulings, s.deciding, s.showing)),
        *approval_routes(ApprovalApi(floor.database, s.lookup, s.approving)),
        *absence_routes(AbsenceApi(floor.database, s.lookup, s.absences, s.unreached)),
        *reach_routes(ReachApi(floor, s.reaching)),
        *worklist_routes(WorklistApi(s.lookup, s.worklists, tell)),
        *webhook_routes(WebhookApi(floor.database, s.lookup, s.webhooks)),
    ]


def _of_settings(floor: Floor, s: Services) -> list[Route]:
    """What administrators change."""
    return [
        *limit_routes(LimitApi(floor.database, floor.clock, s.lookup, s.limits)),
        *matter_routes(MatterApi(floor.database, s.lookup, s.cataloguing, MatterShowing(s.lookup, s.cataloguing))),
        *sensitive_routes(SensitiveApi(floor.database, s.lookup, s.words)),
    ]

"""Builds the analytics room."""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.api import FiguresApi, routes
from analytics.auditing import Auditing
from analytics.bot_report import BotReportApi
from analytics.bot_report import routes as bot_report_routes
from analytics.counting import Counting
from analytics.inspecting import Inspecting, InspectionTerms
from analytics.inspection_api import InspectionApi
from analytics.inspection_api import routes as inspection_routes
from analytics.jobs import jobs
from analytics.judging import Judging
from analytics.report_api import ReportApi
from analytics.report_api import routes as report_routes
from analytics.reporting import Reporting
from analytics.rolling import READER as ROLL_UP
from analytics.rolling import Rolling
from analytics.rules.topics import Topic, hot_topics
from analytics.samples_api import SamplesApi, Words
from analytics.samples_api import routes as sample_routes
from analytics.standing import Owned, Standing
from directory.lookup import Lookup
from kernel.room import Floor, Observer, Room

__all__ = ["READER", "AnalyticsRoom", "InspectionTerms", "Topic", "build", "hot_topics"]

READER = "analytics.figures"
UNPROVEN_CALLS = "analytics.unproven_calls"
BOT_SAMPLE = "analytics.bot_sample"


@dataclass(frozen=True, slots=True)
class AnalyticsRoom:
    """The analytics room; the house runs its observers."""

    room: Room
    observer: Observer
    rolling: Rolling
    inspecting: Inspecting
    standing: Standing
    judging: Judging


def build(
    floor: Floor,
    lookup: Lookup,
    matter_name: Callable[[str], str],
    terms: Callable[[], InspectionTerms],
    owned: Owned,
    words: Words,
) -> AnalyticsRoom:
    """The analytics room over the floor and the directory; ``matter_name`` tells what a matter is called, ``terms`` how
    much is inspected now, ``owned`` by unit how many entries it keeps and how many are past their day, ``words``
    what was said in a turn of the bot."""
    observer = Observer(READER, Counting(lookup).fold)
    wanted = floor.settings.analytics
    rolling = Rolling(floor.database, floor.clock, lookup)
    judging = Judging(floor.clock, floor.journal, lookup, wanted.bot_sample_share)
    standing = Standing(floor.database, floor.clock, lookup, owned)
    inspecting = Inspecting(floor.database, floor.clock, floor.journal, lookup, terms)
    api = FiguresApi(floor.database, floor.clock, lookup)
    reporting = Reporting(floor.clock, lookup, wanted.shrink)
    reports = ReportApi(floor.database, lookup, reporting, matter_name, league_table=wanted.league_table)
    room = Room(
        "analytics",
        routes=[
            *routes(api),
            *report_routes(reports),
            *bot_report_routes(BotReportApi(floor.database, floor.clock, lookup)),
            *sample_routes(SamplesApi(floor.database, lookup, judging, words, wanted.bot_sample_share)),
            *inspection_routes(InspectionApi(floor.database, lookup, inspecting)),
        ],
        jobs=jobs(rolling, inspecting, standing),
        observers=[
            observer,
            Observer(ROLL_UP, rolling.fold),
            Observer(UNPROVEN_CALLS, inspecting.follow),
            Observer(BOT_SAMPLE, judging.follow),
        ],
        audits=[Auditing(floor.database, floor.clock, floor.journal, rolling).audit()],
    )
    return AnalyticsRoom(room, observer, rolling, inspecting, standing, judging)

"""The routes of the bot's answers that were drawn: a list to judge, and the verdict."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.judging import Judging
from analytics.model import Judged
from analytics.store import samples
from analytics.store.samples import Sample
from directory.lookup import Lookup
from kernel.database import Database, Tx
from kernel.labels import Labelled
from kernel.pages import length
from kernel.people import May, Principal
from kernel.room import Call, Route

# By a citizen's message: the question and the bot's answer, with whoever they are about masked; empty once it is gone.
Words = Callable[[Tx, str], Awaitable[tuple[str, str]]]


class SampleList(Labelled):
    """Which answers a list shows."""

    WAITING = "waiting", "待判定"
    UNSURE = "unsure", "说不准"
    DONE = "done", "已判定"


VERDICTS = {
    SampleList.WAITING: [""],
    SampleList.UNSURE: [Judged.UNSURE.value],
    SampleList.DONE: [Judged.RIGHT.value, Judged.WRONG.value],
}


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """What waits, what somebody was not sure of, or what is judged."""

    view: SampleList = SampleList.WAITING
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class VerdictForm:
    """Whether an answer was right, and why not."""

    verdict: Judged
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BotSampleView:
    """An answer that was drawn; ``may``: whoever reads it may judge it."""

    id: str
    answered_at: datetime
    channel: str
    question: str
    answer: str
    articles: Sequence[str]
    verdict: str
    verdict_label: str
    reason: str
    judged_by: str
    judged_at: datetime | None
    may: bool


@dataclass(frozen=True, slots=True)
class BotSamplePage:
    """A page of them, the oldest answer first; so great a ``share`` of the answers is drawn."""

    items: Sequence[BotSampleView]
    share: float
    next: str | None


class SamplesApi:
    """Shows, takes down."""

    def __init__(self, database: Database, lookup: Lookup, judging: Judging, words: Words, share: float) -> None:
        self._database = database
        self._lookup = lookup
        self._judging = judging
        self._words = words
        self._share = share

    async def browse(self, call: Call) -> BotSamplePage:
        asked = call.asked(SampleQuery)
        async with self._database.reading() as tx:
            found, behind = await samples.with_verdicts(tx, VERDICTS[asked.view], length(asked.limit), asked.cursor)
            return BotSamplePage(await self._views(tx, found, call.principal), self._share, behind)

    async def judge(self, call: Call) -> BotSampleView:
        form = call.form(VerdictForm)
        async with self._database.transaction() as tx:
            judged = await self._judging.judge(tx, call.path["id"], form.verdict, form.reason, call.principal)
            return (await self._views(tx, [judged], call.principal))[0]

    async def _views(self, tx: Tx, found: Sequence[Sample], by: Principal) -> list[BotSampleView]:
        names = await self._lookup.staff_names(tx, {one.judged_by for one in found if one.judged_by})
        return [_view(one, await self._words(tx, one.id), names.get(one.judged_by, ""), by) for one in found]


def _view(one: Sample, words: tuple[str, str], name: str, by: Principal) -> BotSampleView:
    label = Judged(one.verdict).label if one.verdict else ""
    may = one.verdict in {"", Judged.UNSURE} and one.judged_by != by.id
    about = (one.id, one.answered_at, one.channel, *words, one.articles)
    return BotSampleView(*about, one.verdict, label, one.reason, name, one.judged_at, may)


def routes(api: SamplesApi) -> list[Route]:
    """The part of whoever judges the bot's answers."""
    root, may = "/api/v1/bot-samples", May.JUDGE_BOT
    return [
        Route("GET", root, api.browse, may, "智能客服应答抽查", query=SampleQuery, gives=BotSamplePage),
        Route("POST", f"{root}/{{id}}", api.judge, may, "判定智能客服应答", body=VerdictForm, gives=BotSampleView),
    ]

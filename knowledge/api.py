"""The knowledge room's routes for everybody: search, an entry, what is asked often, what helped and what is wrong."""

from dataclasses import dataclass

from kernel.errors import Invalid, NotFound
from kernel.messages import Address
from kernel.pages import PageQuery, place
from kernel.people import Kind, May
from kernel.phones import phone as valid_phone
from kernel.room import Call, Floor, Route
from knowledge.library import Library
from knowledge.mending import Mending
from knowledge.model import City
from knowledge.views import (
    ArticleView,
    Done,
    FileView,
    FoundPage,
    HitView,
    HotPage,
    HotView,
    QuestionPage,
    QuestionView,
)

LONGEST_QUESTION = 200
MOST_HITS = 20
LONGEST_MARK = 128
SMS, CITIZENS = "sms", "citizens"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked, and from which area."""

    q: str
    area: str = ""
    audience: str = ""
    limit: int = 5


@dataclass(frozen=True, slots=True)
class HotQuery:
    """How many."""

    limit: int = 8


@dataclass(frozen=True, slots=True)
class OutcomeForm:
    """Whether an entry helped, and what had been asked."""

    solved: bool
    question: str = ""


@dataclass(frozen=True, slots=True)
class SettleForm:
    """The entry that answers a question now; empty when none shall."""

    article: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """What is wrong with an entry; ``phone`` is where a citizen wants to be told once it is mended, or empty."""

    text: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DoubtForm:
    """A citizen takes an answer for wrong: the entry it was from, the message it stood in or whatever else tells this
    answer from others, and, if they like, what is wrong, what they had asked and where to tell them."""

    article: str
    message: str
    text: str = ""
    question: str = ""
    phone: str = ""


class KnowledgeApi:
    """Reads, asks the use cases, shows."""

    def __init__(self, floor: Floor, library: Library, mending: Mending, city: City) -> None:
        self._database = floor.database
        self._attachments = floor.attachments
        self._by_sms = SMS in floor.settings.channels
        self._library = library
        self._mending = mending
        self._city = city

    async def search(self, call: Call) -> FoundPage:
        asked = call.asked(SearchQuery)
        if len(asked.q) > LONGEST_QUESTION:
            raise Invalid({"q": "too_long"})
        _bounded("limit", asked.limit, MOST_HITS)
        answer = await self._library.answer(asked.q, area=asked.area, audience=asked.audience, limit=asked.limit)
        staff = call.principal.kind is Kind.STAFF
        return FoundPage(
            items=[HitView.of(hit, self._city, staff=staff) for hit in answer.hits],
            verdict=answer.verdict,
            verdict_label=answer.verdict.label,
            confidence=round(answer.confidence, 3) if staff else None,
            choices=[hit.article.id for hit in answer.choices],
        )

    async def show(self, call: Call) -> ArticleView:
        article = await self._library.article(call.path["id"])
        async with self._database.reading() as tx:
            known = await self._attachments.known(tx, article.attachments)
        files = [FileView.of(each, self._attachments.url(each)) for each in known]
        return ArticleView.of(article, self._city, files, sms=self._by_sms)

    async def hot(self, call: Call) -> HotPage:
        limit = call.asked(HotQuery).limit
        _bounded("limit", limit, MOST_HITS)
        async with self._database.reading() as tx:
            found = await self._library.hot(tx, limit)
        return HotPage([HotView(each.id, each.title) for each in found])

    async def rate(self, call: Call) -> Done:
        form = call.form(OutcomeForm)
        article = await self._library.article(call.path["id"])
        async with self._database.transaction() as tx:
            await self._library.record_outcome(tx, article.id, form.question, form.solved)
        return Done()

    async def unanswered(self, call: Call) -> QuestionPage:
        asked = call.asked(PageQuery)
        at = place(asked.cursor, asked.limit)
        async with self._database.reading() as tx:
            found = await self._library.unanswered(tx, at.limit + 1, at.start)
        return QuestionPage([QuestionView.of(each, self._city) for each in found[: at.limit]], at.next_of(found))

    async def settle(self, call: Call) -> Done:
        form = call.form(SettleForm)
        async with self._database.transaction() as tx:
            await self._library.settle(tx, call.path["id"], form.article, call.principal.id)
        return Done()

    async def correct(self, call: Call) -> Done:
        form = call.form(CorrectionForm)
        article = await self._library.article(call.path["id"])
        staff = call.principal.kind is Kind.STAFF
        tell = None if staff else self._way(form.phone)
        async with self._database.transaction() as tx:
            await self._mending.point_out(tx, article, form.text, call.principal.id if staff else "", tell)
        return Done()

    async def doubt(self, call: Call) -> Done:
        """Says nothing of an entry that is gone meanwhile: there is nothing left to mend."""
        form = call.form(DoubtForm)
        if not 0 < len(form.message) <= LONGEST_MARK:
            raise Invalid({"message": "wrong"})
        tell = self._way(form.phone)
        try:
            article = await self._library.article(form.article)
        except NotFound:
            return Done(recorded=False)
        async with self._database.transaction() as tx:
            await self._mending.doubt(tx, article, (form.text, form.question), form.message, tell)
        return Done()

    def _way(self, phone: str) -> Address | None:
        """Where a citizen is to be told; None without a number. Invalid."""
        if not phone.strip():
            return None
        if not self._by_sms:
            raise Invalid({"phone": "way_not_there"})
        return Address(SMS, CITIZENS, valid_phone(phone))


def _bounded(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise Invalid({name: "out_of_range"}, most=most)


def routes(api: KnowledgeApi) -> list[Route]:
    """The knowledge room's part of the API."""
    root = "/api/v1/knowledge"
    ask, read, edit = May.ASK_KNOWLEDGE, May.READ_KNOWLEDGE, May.EDIT_KNOWLEDGE
    return [
        Route("GET", f"{root}/search", api.search, ask, "检索知识", query=SearchQuery, gives=FoundPage),
        Route("GET", f"{root}/hot", api.hot, ask, "热门知识", query=HotQuery, gives=HotPage),
        Route("GET", f"{root}/articles/{{id}}", api.show, ask, "知识条目", gives=ArticleView),
        Route("POST", f"{root}/articles/{{id}}/outcome", api.rate, ask, "是否解决", body=OutcomeForm, gives=Done),
        Route("GET", f"{root}/unanswered", api.unanswered, read, "未解答问题", query=PageQuery, gives=QuestionPage),
        Route("POST", f"{root}/unanswered/{{id}}/settle", api.settle, edit, "处理问题", body=SettleForm, gives=Done),
        Route(
            "POST", f"{root}/articles/{{id}}/corrections", api.correct, ask, "内容有误", body=CorrectionForm, gives=Done
        ),
        # As open as the chat: the page of another site that embeds it says this too.
        Route("POST", f"{root}/doubts", api.doubt, May.CHAT, "市民认为回答有误", body=DoubtForm, gives=Done),
    ]

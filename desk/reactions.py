"""What follows in one room from a fact of another: a row an event, event → call."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from desk.rules.proposing import may_become_public, question_of
from desk.texts import (
    EXPIRED,
    EXPIRED_SHORT,
    OVERDUE,
    OVERDUE_SHORT,
    REVIEW_DUE,
    REVIEW_DUE_SHORT,
    UNIT_REVIEW,
    UNIT_REVIEW_SHORT,
)
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import HotlineError
from kernel.journal import Recorded
from kernel.people import SYSTEM
from knowledge.events import ArticleExpired, ArticleMoved, ArticleReviewDue
from knowledge.library import Library
from knowledge.model import ArticleState, Origin, Proposal
from ticketing.events import TicketClosed
from ticketing.queries import Queries
from ticketing.tickets import Tickets

log = structlog.get_logger()

# A journal read for the first time is long: what nobody waits for any more stays as it is.
LATEST = timedelta(days=3)
UNIT_PAGE = "/knowledge?entry={article}"


class Reactions:
    """Follows the journal; each effect is in the transaction that moves the reader's cursor."""

    def __init__(self, clock: Clock, library: Library, tickets: Tickets, queries: Queries, lookup: Lookup) -> None:
        self._clock = clock
        self._library = library
        self._tickets = tickets
        self._queries = queries
        self._lookup = lookup

    async def follow(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Do what the table says follows from each fact."""
        for each in facts:
            react = REACTIONS.get(type(each.fact))
            if react is None or each.at < self._clock.now() - LATEST:
                continue
            try:
                await react(self, tx, each.fact)
            except HotlineError as error:
                # One fact that cannot be followed must not hold up those behind it.
                log.warning("desk.reaction_refused", kind=each.kind, error=error.code)

    async def propose(self, tx: Tx, fact: TicketClosed) -> None:
        """An answered consultation proposes an entry to the editors, unless anything of it is secret."""
        ticket = await self._queries.by_number(tx, fact.number)
        if not may_become_public(ticket) or ticket.reply is None:
            return
        owner = ticket.lead.unit if ticket.lead else ""
        proposal = Proposal(
            question_of(ticket), ticket.reply.text, Origin.TICKET, ticket.number, owner, ticket.matter, ticket.area
        )
        await self._library.propose(tx, proposal, SYSTEM)

    async def remind(self, tx: Tx, fact: ArticleReviewDue) -> None:
        """The unit that keeps an entry is written to before it ends or is to be verified, and when that day is past."""
        article = await self._library.version(tx, fact.article, fact.version)
        is_past = fact.due < self._lookup.calendar().local_date(fact.at)
        long, brief = (OVERDUE, OVERDUE_SHORT) if is_past else (REVIEW_DUE, REVIEW_DUE_SHORT)
        text = long.format(title=article.title, due=fact.due.isoformat())
        short = brief.format(due=fact.due.isoformat())
        for unit in fact.units:
            await self._tickets.remind_unit(tx, unit, text, short, UNIT_PAGE.format(article=fact.article))

    async def tell_expired(self, tx: Tx, fact: ArticleExpired) -> None:
        """The unit that keeps an entry is written to when it is quoted no more."""
        article = await self._library.version(tx, fact.article, fact.version)
        text, link = EXPIRED.format(title=article.title), UNIT_PAGE.format(article=fact.article)
        for unit in fact.units:
            await self._tickets.remind_unit(tx, unit, text, EXPIRED_SHORT, link)

    async def ask_for_review(self, tx: Tx, fact: ArticleMoved) -> None:
        """The leaders of a unit are written to when an entry waits for their review."""
        if fact.after is not ArticleState.UNIT_REVIEW:
            return
        article = await self._library.version(tx, fact.article, fact.version)
        text, link = UNIT_REVIEW.format(title=article.title), UNIT_PAGE.format(article=fact.article)
        for unit in fact.units:
            await self._tickets.remind_unit(tx, unit, text, UNIT_REVIEW_SHORT, link, leaders=True)


REACTIONS: Mapping[type, Callable[[Reactions, Tx, Any], Awaitable[None]]] = {
    TicketClosed: Reactions.propose,
    ArticleReviewDue: Reactions.remind,
    ArticleExpired: Reactions.tell_expired,
    ArticleMoved: Reactions.ask_for_review,
}

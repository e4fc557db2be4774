"""What the bot asks of the rooms below it, as narrow as it needs; room.py hands the real doors in."""

from typing import Protocol

from bot.model import Caller
from kernel.database import Tx
from kernel.messages import Address
from kernel.people import Principal
from knowledge.model import Answer, Article
from ticketing.model.acting import Form
from ticketing.model.duties import DispatchDecision, Matter
from ticketing.model.labels import Action, SideAction
from ticketing.model.ticket import Alike, Draft, Ticket


class Library(Protocol):
    """Knowledge."""

    async def answer(self, question: str, *, area: str = "") -> Answer:
        """What answers ``question``; Unavailable while there is no index."""
        ...

    async def article(self, article_id: str) -> Article:
        """An entry in force; NotFound."""
        ...

    async def record_unanswered(self, tx: Tx, question: str, area: str, address: Address | None = None) -> object:
        """Note a question without an answer."""
        ...

    async def record_outcome(
        self, tx: Tx, article_id: str, question: str, solved: bool, address: Address | None = None
    ) -> object:
        """Note whether an answer helped."""
        ...


class Tickets(Protocol):
    """The write side of ticketing."""

    async def open(self, tx: Tx, draft: Draft, by: Principal) -> Ticket:
        """A new ticket; Invalid names what is missing."""
        ...

    async def urge(self, tx: Tx, number: str, by: Principal) -> object:
        """Urge a ticket; Conflict, NotAllowed or NotFound when that cannot be."""
        ...

    async def act(
        self,
        tx: Tx,
        number: str,
        action: Action | SideAction,
        form: Form,
        by: Principal,
        *,
        version: int | None = None,
    ) -> Ticket:
        """One action on a ticket; Conflict when it has changed since ``version`` or its state does not know it."""
        ...

    async def preview(self, draft: Draft) -> DispatchDecision:
        """Where a draft would go, with the reasons; Invalid for an area nobody knows."""
        ...

    async def alike(self, tx: Tx, draft: Draft) -> Alike | None:
        """The open ticket that tells the same and may be followed instead; Invalid for an area nobody knows."""
        ...

    def link_for(self, number: str) -> str:
        """The tracking link of a ticket."""
        ...

    def matter_in(self, text: str) -> tuple[Matter, float] | None:
        """The matter a text is likeliest about, and how surely (0 to 1); None when it is about none."""
        ...

    def wants_a_person(self, text: str) -> bool:
        """Whether somebody should speak with whoever writes this, for a sensitive word it holds."""
        ...


class Queries(Protocol):
    """The read side of ticketing."""

    async def by_number(self, tx: Tx, number: str, by: Principal | None = None) -> Ticket:
        """One ticket; NotFound, also when it is none of ``by``'s business."""
        ...

    async def by_code(self, tx: Tx, number: str, code: str) -> Ticket:
        """The ticket of a number and its query code; NotFound when they do not belong together."""
        ...


class Suggester(Protocol):
    """Opens suggestions."""

    async def suggest(self, tx: Tx, text: str, area: str, caller: Caller) -> str:
        """Open a suggestion of the caller's; gives its number."""
        ...

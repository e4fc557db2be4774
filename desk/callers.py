"""Who writes, as far as the bot may know them: masked phone, latest tickets in the citizen's words."""

from bot.model import Caller, OpenTicket
from desk.model import Conversation
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.privacy import mask_phone
from ticketing.model.labels import CITIZEN_WORDS, ClockKind
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries

LATEST_TICKETS = 5


class Callers:
    """Gathers what is known of a conversation's citizen."""

    def __init__(self, lookup: Lookup, queries: Queries) -> None:
        self._lookup = lookup
        self._queries = queries

    async def of(self, tx: Tx, conversation: Conversation) -> Caller:
        """The citizen of a conversation."""
        contact = await self._lookup.contact(tx, conversation.citizen_id)
        tickets = await self._queries.of_citizen(tx, conversation.citizen_id, LATEST_TICKETS)
        return Caller(
            conversation.citizen_id,
            conversation.address,
            conversation.id,
            mask_phone(contact.phone) if contact.phone else "",
            tuple(self._open_ticket(ticket) for ticket in tickets),
        )

    def _open_ticket(self, ticket: Ticket) -> OpenTicket:
        lead = ticket.lead
        clock = ticket.clock(ClockKind.TOTAL)
        return OpenTicket(
            ticket.number,
            ticket.title,
            ticket.state,
            ticket.awaits.label if ticket.awaits else CITIZEN_WORDS[ticket.state][0],
            self._lookup.unit(lead.unit).name if lead else "",
            clock.due if clock and clock.running else None,
        )

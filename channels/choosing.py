"""A typed number becomes the choice it stands for, on channels that show choices as a numbered list."""

from dataclasses import replace

from channels.rules.rendering import chosen, is_number
from kernel.database import Database
from kernel.mailbox import Mailbox
from kernel.messages import Address, Choice, Inbound, InboundKind

LOOK_BACK = 10


class Choosing:
    """Knows what was last offered to whom."""

    def __init__(self, database: Database, mailbox: Mailbox) -> None:
        self._database = database
        self._mailbox = mailbox

    async def understood(self, message: Inbound) -> Inbound:
        """``message`` with the choice in place of its number; as it is when nothing was offered."""
        if message.kind is not InboundKind.TEXT or not is_number(message.text):
            return message
        return replace(message, text=chosen(message.text, await self._offered(message.address)))

    async def _offered(self, address: Address) -> tuple[Choice, ...]:
        # Only what was said last counts: an older offer may have been about something else.
        async with self._database.reading() as tx:
            thread = await self._mailbox.thread(tx, address, limit=LOOK_BACK)
        told = [entry.outbound for entry in thread if entry.outbound is not None]
        return told[-1].choices if told else ()

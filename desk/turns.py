"""What was said in one turn of the bot: the citizen's message and the answer, for whoever judges the answer."""

from desk.rules.showing import shown
from kernel.database import Tx
from kernel.errors import NotFound
from kernel.mailbox import Mailbox
from kernel.messages import Author, Outbound


class Turns:
    """Reads the mailbox, where the words lie and nowhere else."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def words(self, tx: Tx, inbound_id: str) -> tuple[str, str]:
        """The question and the bot's answer; numbers and names are masked but in what quotes an entry. Both empty when
        the message is no more."""
        try:
            inbound, replies = await self._mailbox.exchange(tx, inbound_id)
        except NotFound:
            return "", ""
        said = [_said(one) for one in replies if one.author is Author.BOT]
        return shown(inbound.text), "\n\n".join(said)


def _said(reply: Outbound) -> str:
    return reply.text if reply.citations else shown(reply.text)

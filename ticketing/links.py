"""Signed links that need no sign-in: one opens the citizen's own ticket, one votes on one reply and shows no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.errors import NotAllowed
from kernel.settings import Settings
from kernel.signing import Signer
from ticketing.model.ticket import Ticket

PURPOSE = "track"
RATING = "rate"


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a rating link is for: the ``round``-th reply of a ticket, until a moment."""

    number: str
    round: int
    until: datetime


class Links:
    """Makes tracking and rating links."""

    def __init__(self, signer: Signer, settings: Settings) -> None:
        self._signer = signer
        self._valid = timedelta(days=settings.security.link_days)
        self._rated_within = timedelta(days=settings.security.rating_link_days)
        self._public_url = settings.server.public_url.rstrip("/")

    def link_for(self, number: str) -> str:
        """The path of a ticket's tracking page."""
        return f"/track/{self._signer.sign(PURPOSE, number, self._valid)}"

    def rated_until(self, ticket: Ticket) -> datetime | None:
        """Until when the reply the ticket has can be voted on by its link, longer where the citizen was asked to
        confirm what they said in a call-back; None without a reply."""
        if not ticket.reply or not ticket.replied:
            return None
        asked = [call.at for call in ticket.attempts if call.to_confirm]
        return max([ticket.replied, *asked]) + self._rated_within

    def rating_link(self, ticket: Ticket) -> str:
        """The whole address at which this requester votes on the reply the ticket has; empty without a reply."""
        until = self.rated_until(ticket)
        if until is None:
            return ""
        token = self._signer.sign(RATING, f"{ticket.number}~{ticket.round}~{int(until.timestamp())}")
        return f"{self._public_url}/rate/{token}"

    def ballot(self, token: str) -> Ballot:
        """What a rating link is for; NotAllowed("bad_token")."""
        number, _, rest = self._signer.verify(RATING, token).partition("~")
        round_, _, until = rest.partition("~")
        if not (number and round_.isdigit() and until.isdigit()):
            raise NotAllowed("bad_token")
        return Ballot(number, int(round_), datetime.fromtimestamp(int(until), tz=self._signer.now().tzinfo))

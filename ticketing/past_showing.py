"""Makes what the screens are told of closed tickets of other systems."""

from directory.lookup import Lookup
from kernel.errors import NotFound
from ticketing.dispatch_views import PastView, PrecedentView
from ticketing.history import Precedent
from ticketing.model.duties import PastTicket
from ticketing.queries import Queries


class PastShowing:
    """Makes what the screens are told of closed tickets."""

    def __init__(self, lookup: Lookup, queries: Queries) -> None:
        self._lookup = lookup
        self._queries = queries

    def ticket(self, past: PastTicket) -> PastView:
        """One in full."""
        return PastView(
            source=past.source,
            number=past.number,
            title=past.title,
            text=past.text,
            matter=past.matter,
            matter_name=self._queries.matter_name(past.matter) or past.matter_text,
            area=past.area,
            area_name=self._area_name(past.area) or past.area_text,
            place=past.place,
            unit=past.unit,
            unit_name=self._unit_name(past.unit) or past.unit_text,
            received_at=past.received,
            replied_at=past.replied,
            closed_at=past.closed,
            outcome_label=past.outcome.label if past.outcome else past.outcome_text,
            reply=past.reply,
            returned=past.returned,
        )

    def precedent(self, precedent: Precedent) -> PrecedentView:
        """One beside a new ticket."""
        return PrecedentView(self.ticket(precedent.ticket), round(precedent.likeness * 100), precedent.same_caller)

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else ""
        except NotFound:
            return ""

    def _area_name(self, code: str) -> str:
        try:
            return "".join(area.name for area in self._lookup.lineage(code)[1:]) if code else ""
        except NotFound:
            return ""

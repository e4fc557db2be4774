"""What codes are called on the screens."""

from collections.abc import Mapping
from datetime import datetime

from directory.lookup import Lookup
from kernel.errors import NotFound
from kernel.labels import Labelled
from ticketing.model.labels import Action, RequestKind, RequestMove, SideAction
from ticketing.queries import Queries
from ticketing.rules.exceptions import RULED
from ticketing.rules.fields import fields_of
from ticketing.rules.moves import LEARNT
from ticketing.rules.precedents import BY_PRECEDENT

MOVES: Mapping[str, Labelled] = {each.value: each for kind in (Action, SideAction, RequestMove) for each in kind}
# What a unit may give as its reason, by its code.
REASON_LABELS: Mapping[str, str] = {
    value: label
    for kind in RequestKind
    for field in fields_of(kind)
    if field.name == "reason_code"
    for value, label in field.options
}

NOT_BY_FUNCTION = {RULED: "裁定主办", LEARNT: "改派经验", BY_PRECEDENT: "裁决先例"}


class Names:
    """Units, areas, matters, duty items and actions in words. What nobody knows any more reads as its code."""

    def __init__(self, lookup: Lookup, queries: Queries) -> None:
        self._lookup = lookup
        self._queries = queries

    def unit(self, code: str, at: datetime | None = None) -> str:
        """What a unit is called, or was called ``at`` then; empty for none."""
        try:
            unit = self._lookup.unit(code) if code else None
        except NotFound:
            return code
        if unit is None:
            return ""
        return unit.name_at(at) if at is not None else unit.name

    def area(self, code: str) -> str:
        """An area with those around it, without the city; empty for none."""
        try:
            return "".join(area.name for area in self._lookup.lineage(code)[1:]) if code else ""
        except NotFound:
            return code

    def matter(self, code: str) -> str:
        """What a matter is called; empty for a code nobody knows."""
        return self._queries.matter_name(code)

    def duty(self, item: str) -> str:
        """A row of the duty catalogue as people say it: matter and function; empty for none."""
        matter, _, rest = item.partition("/")
        function = rest.partition("@")[0]
        named = NOT_BY_FUNCTION.get(function) or self._lookup.functions().get(function, function)
        return f"{self.matter(matter) or matter}：{named}" if item else ""

    @staticmethod
    def action(action: str) -> str:
        """What an action or a request is called; empty for none."""
        found = MOVES.get(action) or next((kind for kind in RequestKind if kind.value == action), None)
        return found.label if found else ""

"""Makes what administrators are told of matters: who leads where, what a change does, in words."""

from collections import Counter
from collections.abc import Mapping, Sequence

from directory.lookup import Lookup
from directory.model import Level
from kernel.errors import NotFound
from ticketing.cataloguing import RECENT, Cataloguing, Preview
from ticketing.matter_views import (
    CandidateRuling,
    CodeName,
    FieldView,
    FlowRow,
    LeadView,
    MatterChangeView,
    MatterDetail,
    MatterOptions,
    MatterPreview,
    MatterRow,
)
from ticketing.model.duties import Matter, NamedLead
from ticketing.model.labels import TicketKind, Urgency
from ticketing.model.rulings import Precedent
from ticketing.row_views import OptionView
from ticketing.rules.dispatch import Where
from ticketing.rules.dutypage import led_by, lines_of
from ticketing.rules.exceptions import leads_at
from ticketing.rules.matterchanges import ChangeKind, ChangeState, MatterChange, Retired

LEVELS = (Level.CITY, Level.DISTRICT, Level.TOWN)
Names = Mapping[str, str]
# The fields of a matter in the order of its page.
FIELDS: Mapping[str, str] = {
    "level1": "一级类别",
    "level2": "二级类别",
    "name": "事项名称",
    "kind": "诉求类型",
    "urgency": "紧急程度",
    "function": "负责职能",
    "owner_level": "办理层级",
    "needs_power": "所需执法权",
    "supports": "协办职能",
    "leads": "裁定主办",
    "basis": "依据",
    "keywords": "关键词",
    "examples": "例句",
    "asks": "追问",
}


class MatterShowing:
    """Views of matters."""

    def __init__(self, lookup: Lookup, cataloguing: Cataloguing) -> None:
        self._lookup = lookup
        self._cataloguing = cataloguing

    def tree(
        self,
        found: Sequence[Matter],
        waiting: Sequence[MatterChange],
        said: Sequence[Precedent],
        gone: Sequence[Matter] = (),
    ) -> list[MatterRow]:
        """The matters found, and those ``gone`` of which nothing new comes."""
        waits, rulings = Counter(each.matter for each in waiting), Counter(each.matter for each in said)
        rows = [MatterRow(m.code, m.level1, m.level2, m.name, waits[m.code], rulings[m.code]) for m in found]
        return rows + [MatterRow(m.code, m.level1, m.level2, m.name, 0, 0, retired=True) for m in gone]

    def detail(
        self,
        version: int,
        matter: Matter,
        history: Sequence[MatterChange],
        said: Sequence[Precedent],
        staff: Names,
        gone: Retired | None = None,
    ) -> MatterDetail:
        """A matter in full."""
        done = [each for each in history if each.state is ChangeState.DONE]
        return MatterDetail(
            version=version,
            code=matter.code,
            level1=matter.level1,
            level2=matter.level2,
            name=matter.name,
            keywords=matter.keywords,
            examples=matter.examples,
            kind=matter.kind.value,
            kind_label=matter.kind.label,
            function=matter.function,
            function_name=self._function(matter.function),
            owner_level=matter.owner_level.value,
            owner_level_label=matter.owner_level.label,
            needs_power=matter.needs_power,
            power_name=self._power(matter.needs_power),
            supports=[CodeName(code, self._function(code)) for code in matter.supports],
            urgency=matter.urgency.value,
            urgency_label=matter.urgency.label,
            asks=matter.asks,
            basis=matter.basis,
            leads=[self._lead(each) for each in matter.leads],
            led_by=self.led_by(matter),
            history=[self.change(each, staff) for each in history],
            rulings=[self.ruling(each, matter) for each in said],
            can_undo=bool(done) and done[0].kind is not ChangeKind.UNDO,
            retired=gone is not None,
            successor_name=self._cataloguing.name_of(gone.successor) if gone else "",
        )

    def led_by(self, matter: Matter) -> list[str]:
        """Who leads where, in as few lines as say it."""
        return lines_of(led_by(matter, self._cataloguing.towns(), self._lookup.units_at))

    def preview(self, preview: Preview) -> MatterPreview:
        """What an order comes to."""
        return MatterPreview(
            preview.version,
            self._fields(preview.before, preview.after),
            [area.name for area in preview.hole.nobody],
            [area.name for area in preview.hole.several],
            [FlowRow(self._unit(f.before), self._unit(f.after), f.open, f.closed) for f in preview.flows],
            preview.tickets,
            RECENT.days,
            preview.learns,
            self.led_by(preview.after) if preview.after else [],
        )

    def change(self, change: MatterChange, staff: Names) -> MatterChangeView:
        """A change that was made or waits."""
        return MatterChangeView(
            change.id,
            change.kind.value,
            change.kind.label,
            change.state.value,
            change.state.label,
            change.valid_from,
            change.at,
            staff.get(change.by, ""),
            change.why,
            self._fields(change.before, change.after) if change.before and change.after else [],
            self._cataloguing.name_of(change.successor),
        )

    def ruling(self, said: Precedent, matter: Matter | None) -> CandidateRuling:
        """A ruling beside what the catalogue says there."""
        now: tuple[str, ...] = ()
        if matter is not None and said.area:
            where = Where(self._lookup.lineage(said.area))
            now = leads_at(matter, where, self._lookup.units_at, self._cataloguing.unit_of)
        return CandidateRuling(
            said.id,
            said.ticket,
            said.matter,
            self._cataloguing.name_of(said.matter),
            self._area(said.area),
            self._unit(said.lead),
            [self._unit(each) for each in now],
            [self._unit(each) for each in said.supporting],
            said.reason,
            said.clause,
            said.at,
        )

    def options(self, groups: Sequence[str]) -> MatterOptions:
        """What may be chosen."""
        functions, powers = self._lookup.functions(), self._lookup.powers()
        return MatterOptions(
            self._cataloguing.today(),
            [CodeName(code, name) for code, name in functions.items()],
            [CodeName(code, name) for code, name in powers.items()],
            [OptionView(each.value, each.label) for each in LEVELS],
            [OptionView(each.value, each.label) for each in TicketKind if each is not TicketKind.SUGGEST],
            [OptionView(each.value, each.label) for each in Urgency],
            groups,
        )

    # -- words ------------------------------------------------------------------------------------------

    def _fields(self, before: Matter | None, after: Matter | None) -> list[FieldView]:
        said = [FieldView(label, self._words(before, name), self._words(after, name)) for name, label in FIELDS.items()]
        return [each for each in said if each.before != each.after]

    def _words(self, matter: Matter | None, name: str) -> str:
        if matter is None:
            return ""
        match name:
            case "function":
                said = self._function(matter.function)
            case "needs_power":
                said = self._power(matter.needs_power)
            case "supports":
                said = "、".join(self._function(each) for each in matter.supports)
            case "leads":
                said = "；".join(f"{self._area(each.area)}：{self._unit(each.unit)}" for each in matter.leads)
            case _:
                value = getattr(matter, name)
                said = "\n".join(value) if isinstance(value, tuple) else str(getattr(value, "label", value))
        return said

    def _lead(self, lead: NamedLead) -> LeadView:
        return LeadView(
            lead.area,
            self._area(lead.area),
            lead.unit,
            self._unit(lead.unit),
            lead.supporting,
            [self._unit(each) for each in lead.supporting],
            lead.basis,
            lead.precedent,
        )

    def _function(self, code: str) -> str:
        return self._lookup.functions().get(code, code)

    def _power(self, code: str) -> str:
        return self._lookup.powers().get(code, code)

    def _unit(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else ""
        except NotFound:
            return code

    def _area(self, code: str) -> str:
        try:
            areas = self._lookup.lineage(code) if code else ()
        except NotFound:
            return code
        return "".join(area.name for area in areas[1:]) or "".join(area.name for area in areas)

"""The routes of the work list as a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from directory.lookup import Lookup
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import May, Scope
from kernel.room import Call, Download, Route
from ticketing.worklists import Outcome, Tell, Worklists

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a row that was done, or left alone, is told as.
DONE, LEFT = 200, 204


@dataclass(frozen=True, slots=True)
class RowView:
    """What came of a row: ``status`` 200 done, 204 left alone, else as the API tells a failure (409: changed
    meanwhile). ``row`` counts as a table program does, the header being 1."""

    row: int
    number: str
    status: int
    done: Sequence[str] = ()
    code: str = ""
    detail: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportView:
    """What came of a workbook, row by row."""

    done: int
    refused: int
    left: int
    rows: Sequence[RowView]


class WorklistApi:
    """Gives the list, takes it back."""

    def __init__(self, lookup: Lookup, worklists: Worklists, tell: Tell) -> None:
        self._lookup = lookup
        self._worklists = worklists
        self._tell = tell

    async def show(self, call: Call) -> Download:
        code = self._lookup.unit(call.path["code"]).code
        if call.scope is not Scope.ANY and call.principal.unit != code:
            raise NotFound("unit")
        return Download(f"worklist-{code}.xlsx", XLSX, await self._worklists.write(code))

    async def take(self, call: Call) -> ReportView:
        code = self._lookup.unit(call.path["code"]).code
        if call.principal.unit != code:
            raise NotAllowed("not_allowed")
        if len(call.uploads) != 1:
            raise Invalid({"file": "missing"})
        rows = [self._view(each) for each in await self._worklists.take(call.uploads[0].data, call.principal)]
        done, left = (sum(row.status == status for row in rows) for status in (DONE, LEFT))
        return ReportView(done, len(rows) - done - left, left, rows)

    def _view(self, outcome: Outcome) -> RowView:
        if outcome.error is None:
            return RowView(outcome.row, outcome.number, DONE if outcome.done else LEFT, outcome.done)
        said = self._tell(outcome.error)
        code = outcome.error.code
        return RowView(outcome.row, outcome.number, said.status, (), code, said.detail, said.fields)


def routes(api: WorklistApi) -> list[Route]:
    """The table of the work list's routes."""
    path = "/api/v1/units/{code}/worklist.xlsx"
    return [
        Route("GET", path, api.show, May.READ_TICKET, "导出单位在办工单", gives=Download),
        Route("POST", path, api.take, May.ACT_ON_TICKET, "交回单位在办工单", gives=ReportView, takes_files=True),
    ]

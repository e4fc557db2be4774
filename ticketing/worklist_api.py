"""The routes of the work list as a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from directory.lookup import Lookup
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import May, Scope
from kernel.room import Call, Download, Route
from ticketing.rules.worksheet import as_cells, heading
from ticketing.worklists import Outcome, Tell, Worklists

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a row that was done, or left alone, is told as.
DONE, LEFT = 200, 204


@dataclass(frozen=True, slots=True)
class WorklistForm:
    """``dry_run``: only tell what would come of it."""

    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """The rows that were refused, by their numbers, with a comma between them."""

    rows: str


@dataclass(frozen=True, slots=True)
class CellFaultView:
    """What is wrong with a cell, by the heading of its column; without one it is the row as a whole."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class RowView:
    """What came of a row: ``status`` 200 done, 204 left alone, else as the API tells a failure (409: changed
    meanwhile). ``row`` counts as a table program does, the header being 1; ``detail`` names it and the columns."""

    row: int
    number: str
    title: str
    status: int
    done: Sequence[str] = ()
    code: str = ""
    detail: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[CellFaultView] = ()


@dataclass(frozen=True, slots=True)
class ReportView:
    """What came of a workbook, or would come of it, row by row."""

    dry_run: bool
    done: int
    refused: int
    left: int
    rows: Sequence[RowView]


@dataclass(frozen=True, slots=True)
class ReturnedView:
    """The workbook of what was refused, in base64."""

    name: str
    file: bytes


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
        return Download(f"worklist-{code}.xlsx", XLSX, await self._worklists.write(code), fresh=True)

    async def take(self, call: Call) -> ReportView:
        only_try = call.form(WorklistForm).dry_run
        data = self._handed_in(call)
        rows = [self._view(each) for each in await self._worklists.take(data, call.principal, only_try=only_try)]
        done, left = (sum(row.status == status for row in rows) for status in (DONE, LEFT))
        return ReportView(only_try, done, len(rows) - done - left, left, rows)

    async def give_back(self, call: Call) -> ReturnedView:
        """Refused rows to be mended, each with what is wrong with it."""
        numbers = {int(each) for each in call.form(ReturnedForm).rows.split(",") if each.strip().isdecimal()}
        data = self._handed_in(call)
        if not numbers:
            raise Invalid({"rows": "required"})
        tried = await self._worklists.take(data, call.principal, only_try=True)
        why = {each.row: _said(self._view(each).faults) for each in tried if each.row in numbers}
        file = await self._worklists.returned(data, why, call.principal)
        return ReturnedView(f"worklist-{call.principal.unit}-refused.xlsx", file)

    def _handed_in(self, call: Call) -> bytes:
        code = self._lookup.unit(call.path["code"]).code
        if call.principal.unit != code:
            raise NotAllowed("not_allowed")
        if len(call.uploads) != 1:
            raise Invalid({"file": "missing"})
        return call.uploads[0].data

    def _view(self, outcome: Outcome) -> RowView:
        row, number, title = outcome.row, outcome.number, outcome.title
        if outcome.error is None:
            return RowView(row, number, title, DONE if outcome.done else LEFT, outcome.done)
        told, said = self._tell(outcome.error), self._tell(as_cells(outcome.error))
        faults = [CellFaultView(heading(name), text) for name, text in said.fields.items()]
        faults = faults or [CellFaultView("", said.detail)]
        detail = f"第 {row} 行{_said(faults)}"
        return RowView(row, number, title, told.status, (), outcome.error.code, detail, told.fields, faults)


def _said(faults: Sequence[CellFaultView]) -> str:
    return "；".join(f"“{each.heading}”列：{each.text}" if each.heading else each.text for each in faults)


def routes(api: WorklistApi) -> list[Route]:
    """The table of the work list's routes."""
    path = "/api/v1/units/{code}/worklist.xlsx"
    refused, act = "/api/v1/units/{code}/worklist/refused", May.ACT_ON_TICKET
    return [
        Route("GET", path, api.show, May.READ_TICKET, "导出单位在办工单", gives=Download),
        Route(
            "POST", path, api.take, act, "试办或交回单位在办工单", body=WorklistForm, gives=ReportView, takes_files=True
        ),
        Route(
            "POST",
            refused,
            api.give_back,
            act,
            "取回未办理的行",
            body=ReturnedForm,
            gives=ReturnedView,
            takes_files=True,
            unkept=True,
        ),
    ]

"""The work list of a unit without a system of its own, as a sheet: what it says of a ticket, what is filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kernel.errors import Conflict, HotlineError, Invalid
from kernel.labels import Labelled
from kernel.sheets import Column, Holds, Layout, Problem, Row, code, defused, restored
from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import Action, Outcome, State
from ticketing.model.ticket import Ticket
from ticketing.rules import deadlines
from ticketing.rules.agenda import due_clock
from ticketing.rules.limits import Limits
from ticketing.rules.redacting import redacted
from ticketing.rules.telling import SECRET
from ticketing.rules.working import UNIT_OUTCOMES

LONG = 4000
MOST_ROWS = 2000
MOST_NAMED = 8


class Step(Labelled):
    """How far a row is to be brought."""

    ACCEPT = "accept", "签收"
    START = "start", "开始办理"
    SUBMIT = "submit", "提交结果"


# What is still to be done from a state, in order, and which of it belongs to which step.
WAY: Mapping[State, tuple[Action, ...]] = {
    State.DISPATCHED: (Action.ACCEPT, Action.START, Action.SUBMIT_RESULT),
    State.ACCEPTED: (Action.START, Action.SUBMIT_RESULT),
    State.IN_PROGRESS: (Action.SUBMIT_RESULT,),
    State.REHANDLE: (Action.RESTART, Action.SUBMIT_RESULT),
}
UP_TO: Mapping[Step, frozenset[Action]] = {
    Step.ACCEPT: frozenset({Action.ACCEPT}),
    Step.START: frozenset({Action.ACCEPT, Action.START, Action.RESTART}),
    Step.SUBMIT: frozenset({Action.ACCEPT, Action.START, Action.RESTART, Action.SUBMIT_RESULT}),
}
FIELDS_OF: Mapping[Action, tuple[str, ...]] = {
    Action.START: ("contacted_at", "contact_how", "no_contact_reason"),
    Action.SUBMIT_RESULT: ("findings", "measures", "basis", "handler", "phone", "outcome"),
}
FILLED_IN = ("step", *FIELDS_OF[Action.START], *FIELDS_OF[Action.SUBMIT_RESULT])


def _long(name: str, label: str, what: str = "") -> Column:
    return Column(name, label, what, Holds.LONG, longest=LONG)


LAYOUT = Layout(
    "worklist",
    "工单",
    "一行一件在办工单。填写“办理动作”及其右侧各列后交回；编号与版本请勿改动，不办的行留空。",
    (
        code("number", "工单编号"),
        code("version", "版本", "交回时工单已有变化的，该行不办理"),
        Column("state", "状态"),
        Column("title", "标题"),
        _long("text", "诉求内容"),
        Column("place", "地点"),
        Column("due", "办理期限"),
        Column("light", "时限状态"),
        Column("step", "办理动作", "签收、开始办理或提交结果", Holds.CHOICE, choices={s.value: s.label for s in Step}),
        Column("contacted_at", "首次联系时间", "如 2026-03-16 10:30"),
        _long("contact_how", "首次联系方式", "没有通话记录的，写明何时、以何方式联系到市民"),
        _long("no_contact_reason", "未联系原因"),
        _long("findings", "调查情况"),
        _long("measures", "处理措施"),
        _long("basis", "办理依据"),
        Column("handler", "承办人"),
        Column("phone", "承办人电话"),
        Column(
            "outcome",
            "办理结果",
            "选“已解决”的须在系统中上传办理凭证后提交",
            Holds.CHOICE,
            choices={o.value: o.label for o in Outcome if o in UNIT_OUTCOMES},
        ),
    ),
    key=("number",),
)
WHY = "why"
# A list of what was refused goes back to be mended: it says why, and is read like any other.
RETURNED = replace(LAYOUT, columns=(*LAYOUT.columns, replace(_long(WHY, "未办理原因"), optional=True)))
# What is no column of the list is asked for in another one.
_COLUMN_OF: Mapping[str, str] = {"evidence": "outcome"}
# What a sheet is told in words of its own, by the code of the failure: the column it is about, the code of the words.
_OF_A_ROW: Mapping[str, tuple[str, str]] = {
    "not_found": ("number", "row_not_of_unit"),
    "ticket_changed": ("version", "row_outdated"),
    "wrong_state": ("step", "row_step_over"),
}
_OF_A_HEADER: Mapping[str, str] = {
    "column_missing": "sheet_columns_missing",
    "column_repeated": "sheet_columns_repeated",
    "column_unknown": "sheet_columns_unknown",
    "column_without_name": "sheet_columns_unnamed",
}
_OF_A_CELL: Mapping[str, str] = {
    "no_contact_on_record": "no_contact_in_sheet",
    "required_if_resolved": "no_evidence_in_sheet",
}


def heading(name: str) -> str:
    """The heading of the column a field is filled in at; empty where no column is."""
    name = _COLUMN_OF.get(name, name)
    return LAYOUT.column(name).label if name in LAYOUT.names else ""


def as_cells(error: HotlineError) -> HotlineError:
    """A failure as what is wrong with cells, where it is about cells."""
    if isinstance(error, Invalid):
        said = {name: _OF_A_CELL.get(code, code) for name, code in error.fields.items()}
        return Invalid(said, error.code, **error.data)
    if error.code not in _OF_A_ROW:
        return error
    column, words = _OF_A_ROW[error.code]
    current = error.current if isinstance(error, Conflict) and isinstance(error.current, Mapping) else {}
    state = current.get("state", "")
    return Invalid({column: words}, state=State(state).label if state else "")


def check_header(problems: Sequence[Problem]) -> None:
    """Invalid by the headings a sheet lacks, has twice or has besides."""
    by_code: dict[str, list[str]] = {}
    for each in problems:
        name = heading(each.column) or each.column
        by_code.setdefault(each.code, []).append(f"“{name}”" if name else "")
    missing = by_code.get("column_missing", [])
    if f"“{heading('number')}”" in missing:
        raise Invalid({"file": "sheet_header_wrong"})
    for code_, words in _OF_A_HEADER.items():
        if code_ in by_code:
            raise Invalid({"file": words}, columns="".join(by_code[code_][:MOST_NAMED]))
    raise Invalid({"file": "sheet_header_wrong"})


def cells(ticket: Ticket, calendar: WorkCalendar, limits: Limits, now: datetime) -> Sequence[str]:
    """The row of a ticket, nothing filled in; no cell is taken for a formula."""
    shown = redacted if ticket.secrecy in SECRET else str
    clock = due_clock(ticket)
    due = clock.due.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M") if clock else ""
    light = deadlines.light(calendar, clock, now, limits).label if clock and not clock.paused else ""
    said = {
        "number": ticket.number,
        "version": str(ticket.version),
        "state": ticket.state.label,
        "title": shown(ticket.title),
        "text": shown(ticket.text),
        "place": shown(ticket.place),
        "due": due,
        "light": light,
    }
    return [defused(said.get(name, "")) for name in LAYOUT.names]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row asks for; ``texts`` are its cells, ``wrong`` those that cannot be read. Without a ``step`` nothing is
    asked."""

    row: int
    number: str
    texts: Mapping[str, str]
    version: int = 0
    step: Step | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_wish(row: Row, problems: Sequence[Problem], calendar: WorkCalendar) -> Wish:
    """What a row says; ``problems`` are all of its sheet."""
    texts = {name: restored(row.raw(name)) for name in LAYOUT.names}
    number = texts["number"].upper()
    if not any(texts[name] for name in FILLED_IN):
        return Wish(row.number, number, texts)
    mine = [each for each in problems if each.row == row.number and each.column in ("number", "version", *FILLED_IN)]
    wrong = {each.column: "cell_wrong" for each in mine}
    if not number:
        wrong["number"] = "required"
    version = texts["version"]
    if not (version.isascii() and version.isdigit()):
        wrong["version"] = "wrong"
    for name in FILLED_IN:
        if len(texts[name]) > LAYOUT.column(name).longest:
            wrong[name] = "too_long"
    step, outcome = _chosen("step", texts, wrong), _chosen("outcome", texts, wrong)
    if not texts["step"]:
        wrong["step"] = "required"
    form: dict[str, Any] = {name: texts[name] for fields in FIELDS_OF.values() for name in fields}
    form["outcome"] = Outcome(outcome) if outcome else None
    form["contacted_at"] = _moment(texts["contacted_at"], calendar, wrong)
    if texts["contact_how"] and not texts["contacted_at"] and not texts["no_contact_reason"]:
        # It was filled in some time before it is read: the moment is not now.
        wrong.setdefault("contacted_at", "required")
    if wrong:
        return Wish(row.number, number, texts, wrong=wrong)
    return Wish(row.number, number, texts, int(version), Step(step), form)


def returned(wish: Wish, now: Sequence[str], why: str) -> Sequence[str]:
    """The row of what was refused: what was filled in, ``now`` what is known of the ticket, if that is still known."""
    known = dict(zip(LAYOUT.names, now, strict=True)) if now else {}
    kept = {name: defused(wish.texts.get(name, "")) for name in LAYOUT.names}
    return [*(kept[name] if name in FILLED_IN else known.get(name, kept[name]) for name in LAYOUT.names), defused(why)]


def actions(ticket: Ticket, wish: Wish) -> list[Action]:
    """What has to be done to bring a ticket so far; Conflict when it has changed or there is nothing left to do."""
    current = {"state": ticket.state.value, "version": ticket.version}
    if ticket.version != wish.version:
        raise Conflict("ticket_changed", current=current)
    wanted = UP_TO[wish.step] if wish.step else frozenset[Action]()
    found = [action for action in WAY.get(ticket.state, ()) if action in wanted]
    if not found:
        raise Conflict("wrong_state", current=current)
    return found


def _chosen(name: str, texts: Mapping[str, str], wrong: dict[str, str]) -> str:
    choices, said = LAYOUT.column(name).choices, texts[name].lower()
    chosen = next((value for value, label in choices.items() if said in {value, label}), "")
    if said and not chosen:
        wrong[name] = "not_in_list"
    return chosen


def _moment(text: str, calendar: WorkCalendar, wrong: dict[str, str]) -> datetime | None:
    if not text:
        return None
    for shape in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=calendar.zone)
        except ValueError:
            continue
    wrong["contacted_at"] = "moment_wrong"
    return None

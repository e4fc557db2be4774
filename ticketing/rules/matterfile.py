"""The sheet of matters: its columns, its rows read with every wrong cell named, and the catalogue written into it."""

from collections.abc import Callable, Sequence

from directory.model import Level
from kernel.sheets import Column, Holds, Layout, Problem, Row, Sheet, Table, choice, code, labels, read_csv, table
from ticketing.model.duties import Matter
from ticketing.model.labels import TicketKind, Urgency

LONGEST_WORDS = 60
LONGEST_SENTENCE = 500
FILE = "matters.csv"
Known = Callable[[str], bool]

_KINDS = {each.value.upper(): each.label for each in TicketKind}
_URGENCIES = {each.value.upper(): each.label for each in Urgency}


def _sentences(name: str, label: str, what: str) -> Column:
    return Column(name, label, what, Holds.LIST, longest=LONGEST_SENTENCE)


LAYOUT = Layout(
    "matters",
    "诉求事项",
    "事项目录的末级；每个事项在每个镇街须恰有一个主办单位",
    (
        code("code", "事项代码", "唯一", longest=40),
        Column("level1", "一级类别", required=True, longest=LONGEST_WORDS),
        Column("level2", "二级类别", required=True, longest=LONGEST_WORDS),
        Column("name", "事项名称", required=True, longest=LONGEST_WORDS),
        Column("keywords", "关键词", "至少一个，用 | 分隔", Holds.LIST, required=True),
        _sentences("examples", "例句", "市民会怎么说，用 | 分隔；用来训练分类"),
        choice("kind", "诉求类型", _KINDS),
        code("function", "负责职能", "职能代码"),
        choice("owner_level", "办理层级", labels(Level), "由哪一级单位主办"),
        code("needs_power", "所需执法权", "执法权代码，可留空", required=False),
        Column("supports", "协办职能", "职能代码，用 | 分隔", Holds.CODES),
        choice("urgency", "紧急程度", _URGENCIES),
        _sentences("asks", "追问", "受理时要问清什么，用 | 分隔"),
        _sentences("basis", "依据", "法规文件，用 | 分隔"),
    ),
)


def read_matters(text: str, is_function: Known, is_power: Known) -> tuple[tuple[Matter, ...], tuple[Problem, ...]]:
    """The matters of the file's text and what is wrong with it; the two say which codes there are."""
    problems: list[Problem] = []
    found = read_matter_sheet(read_csv(LAYOUT, text, problems), is_function, is_power)
    return tuple(matter for _, matter in found), tuple(problems)


def read_matter_sheet(sheet: Sheet, is_function: Known, is_power: Known) -> Sequence[tuple[Row, Matter]]:
    """The matters of a sheet, each with its row, where a cell it cannot do without is not wrong."""
    found: dict[str, tuple[Row, Matter]] = {}
    for row in sheet.rows:
        matter = _matter(row, is_function, is_power)
        if matter is None:
            continue
        if matter.code in found:
            row.wrong("code", "repeated")
        found[matter.code] = (row, matter)
    return tuple(found.values())


def _matter(row: Row, is_function: Known, is_power: Known) -> Matter | None:
    code, level1, level2, name = (row.text(column) for column in ("code", "level1", "level2", "name"))
    kind, urgency, level = (
        row.choice("kind", TicketKind),
        row.choice("urgency", Urgency),
        row.choice("owner_level", Level),
    )
    function, power, supports = row.text("function"), row.text("needs_power"), row.parts("supports")
    keywords, examples = row.parts("keywords"), row.parts("examples")
    asks, basis = row.parts("asks"), row.parts("basis")
    _refuse_unknown(row, "function", (function,), is_function)
    _refuse_unknown(row, "needs_power", (power,), is_power)
    _refuse_unknown(row, "supports", supports, is_function)
    if not (code and name and kind and urgency and level):
        return None
    return Matter(
        code, level1, level2, name, keywords, examples, kind, function, level, power, supports, urgency, asks, basis
    )


def _refuse_unknown(row: Row, column: str, codes: Sequence[str], known: Known) -> None:
    if strangers := [each for each in codes if each and not known(each)]:
        row.wrong(column, "unknown", "|".join(strangers))


def matter_table(matters: Sequence[Matter]) -> Table:
    """The catalogue as its sheet."""
    return table(
        LAYOUT,
        (
            (
                *(m.code, m.level1, m.level2, m.name, m.keywords, m.examples, m.kind.value.upper(), m.function),
                *(m.owner_level, m.needs_power, m.supports, m.urgency.value.upper(), m.asks, m.basis),
            )
            for m in matters
        ),
    )

"""The sheet of published entries: its columns, its rows read, and the entries written into it."""

from collections.abc import Container, Sequence

from kernel.sheets import Column, Holds, Layout, Row, Sheet, Table, code, table
from knowledge.model import Article
from knowledge.rules.checking import LONGEST_SHORT, LONGEST_TEXT, LONGEST_TITLE, faults

LONGEST_FIELD = 500


def _field(name: str, label: str, what: str = "") -> Column:
    return Column(name, label, what, longest=LONGEST_FIELD)


def _several(name: str, label: str, what: str) -> Column:
    return Column(name, label, what, Holds.LIST, longest=LONGEST_FIELD)


LAYOUT = Layout(
    "articles",
    "知识条目",
    "已发布的条目；与现有内容不同的行发布为新版本，表中没有的条目不受影响",
    (
        code("id", "条目编号", "小写字母、数字和连字符，唯一", longest=60),
        Column("title", "标题", required=True, longest=LONGEST_TITLE),
        _several("variants", "其他问法", "用 | 分隔"),
        Column("short", "简要答复", holds=Holds.LONG, required=True, longest=LONGEST_SHORT),
        Column("full", "详细答复", holds=Holds.LONG, longest=LONGEST_TEXT),
        _several("materials", "材料", "用 | 分隔"),
        _field("place", "地点"),
        _field("hours", "时间"),
        Column("phone", "电话", holds=Holds.CODE, longest=LONGEST_FIELD),
        _field("fee", "费用"),
        _field("limit", "时限"),
        _field("online", "网上办理"),
        _several("basis", "依据", "文件名称，用 | 分隔"),
        code("owner", "责任单位", "单位代码"),
        Column("areas", "适用区域", "区域代码，用 | 分隔；留空为全市", Holds.CODES),
        _field("audience", "适用对象"),
        Column("valid_from", "生效日期", holds=Holds.DATE),
        Column("valid_to", "失效日期", holds=Holds.DATE),
        Column("review_due", "复核期限", holds=Holds.DATE),
        Column("verified_on", "核实日期", "留空的条目对外标明待核实", Holds.DATE),
        code("matter", "所属事项", "事项代码，可留空", required=False, longest=40),
    ),
    key=("id",),
)


def read_article_sheet(
    sheet: Sheet, units: Container[str], areas: Container[str], matters: Container[str]
) -> tuple[Article, ...]:
    """The entries of a sheet; what is wrong with them is noted at their rows. The others are the codes there are."""
    found: dict[str, Article] = {}
    seen: set[str] = set()
    for row in sheet.rows:
        article = article_of(row)
        note_faults(row, article, units, areas, matters, seen)
        found[article.id] = article
    return tuple(found.values())


def note_faults(
    row: Row,
    article: Article,
    units: Container[str],
    areas: Container[str],
    matters: Container[str],
    seen: set[str],
) -> None:
    """Note at a row what is wrong with its entry; ``seen`` are the ids of the rows above and gets this one's."""
    for column, what in faults(article, units, areas).items():
        # An empty cell was told by its column already.
        row.wrong(column, what)
    if article.matter and article.matter not in matters:
        row.wrong("matter", "unknown_matter")
    if article.id in seen:
        row.wrong("id", "repeated")
    seen.add(article.id)


def article_of(row: Row) -> Article:
    """The entry of a row."""
    return Article(
        id=row.text("id"),
        title=row.text("title"),
        short=row.text("short"),
        owner=row.text("owner"),
        full=row.text("full"),
        variants=row.parts("variants"),
        materials=row.parts("materials"),
        place=row.text("place"),
        hours=row.text("hours"),
        phone=row.text("phone"),
        fee=row.text("fee"),
        limit=row.text("limit"),
        online=row.text("online"),
        basis=row.parts("basis"),
        areas=row.parts("areas"),
        audience=row.text("audience"),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        review_due=row.day("review_due"),
        verified_on=row.day("verified_on"),
        matter=row.text("matter"),
    )


def article_table(articles: Sequence[Article], layout: Layout = LAYOUT) -> Table:
    """The entries as their sheet, whatever state and version they have."""
    return table(layout, (tuple(getattr(each, name) for name in layout.names) for each in articles))

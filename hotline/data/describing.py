"""Writes docs/data.md: every sheet and column as the code has them, and how data are handed in."""

from collections.abc import Iterator, Sequence

from hotline.data.books import MOST_COLUMNS, MOST_ROWS
from hotline.data.xlsx import explain
from kernel.sheets import Layout

HEAD = f"""# Data in and out

All data of a city are nine sheets. They come out as one workbook or as CSV, and come in again as either; what is
exported and imported again changes nothing. The sheets below are written from the code by
`hotline.data.describing.page`; a test holds this page to it.

```
python -m hotline export city.xlsx            # or city.zip, or a folder of CSV files
python -m hotline import city.xlsx --dry-run  # every fault with sheet, row and column, and what would change
python -m hotline import city.xlsx            # also a .zip, a folder, single .csv files, or a folder of cities/
python -m hotline import-history old.xlsx --dry-run --write-mapping map.toml
python -m hotline import-history old.xlsx --mapping map.toml [--skip-faulty]
```

Administrators do the same on `/admin` under 数据导入导出; programs by `GET /api/v1/admin/export?format=xlsx|csv`, `POST
/api/v1/admin/import` and `POST /api/v1/admin/import-history` (multipart; described at `/api/openapi.json`). An
answer 200 with `loaded: false` and `faults` means that nothing was loaded.

## How it is read

- **All or nothing.** While anything is wrong, nothing is loaded; all faults are told at once, also those between
  sheets: a unit in an area nobody knows, an entry of no unit, a matter without exactly one lead in some town. What
  is right is kept in one transaction. A load that was confirmed on a report does what the report said: when
  somebody has changed the data meanwhile it is refused and checked anew.
- **A sheet that is left out stays as it is**, and the others are checked against it. A sheet that is there says
  all: of areas and units what it no longer holds is put out of use, places, calendar days and matters are
  removed, functions, powers and published entries stay. A sheet with a header and no rows is a fault.
- **Sheets and columns** are known by their English name or their Chinese label, in any order. A column nobody knows
  is a fault, so that a misspelt one is not overlooked.
- **Several values in a cell** are separated by `|`; a `|` or `\\` in a value has a `\\` before it.
- **Table programs spoil cells.** Numbers that were codes (440604.0, or with a format of zeros) and days however
  written or stored are read right. Formulas, error values, codes that became days or lost digits, and leading zeros
  that are missing are faults. The workbook we write holds text only; its columns are set to text so that this does
  not happen again.
- **CSV** is written in UTF-8 with a mark, so that table programs show Chinese, and read in UTF-8, GB18030 or
  UTF-16. A cell that begins with `=`, `+`, `-`, `@` or a tab has an apostrophe before it, which goes away again
  when it is read.
- **Refused**: macros (.xlsm), links to other files, old .xls and encrypted workbooks, files that unpack beyond
  measure, more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns a sheet.

## The sheets
"""

HISTORY = """## Tickets of another system

Closed tickets of the system before are kept in a table of their own: found by number and by words, page by page (`GET
/api/v1/history`), set beside new tickets of the same caller or of the same kind, and learnt from. They come in as
one sheet, a row a ticket; importing a file again updates by number. Telephone and document numbers in the texts are
masked as in our own tickets; of the caller's number only a blind index is kept, until a ticket of ours would be
archived, the name only serves to mask it.

Rows whose words match no matter, unit, area or result of ours are kept all the same and counted in the report. A
small TOML says what this system calls what; `--write-mapping` (or 下载对照表 on the page) writes one to fill in:

```toml
source = "旧热线系统"          # numbers are unique within a source
header_row = 1
sheet = ""                    # the first one
date_formats = ["%d.%m.%Y"]   # only for unusual ones; moments are in the city's zone

[columns]                     # our field = their header; several are joined
number = "工单流水号"
text = ["诉求标题", "诉求详情"]

[matters]                     # their word = our code; also [units], [areas], [outcomes]
"噪音扰民" = "noise-social"
```

Rows with text and matter train the classifier: of each matter the newest 40 (fewer where there are hundreds), of
each the first 80 characters, beside the catalogue's own sentences. Training takes seconds for a hundred matters and
a minute or two for seven hundred, in a process of its own; the new model takes over at once everywhere, and the ten
newest are kept in `var/models` by the digest of what they learnt. Rows that also name unit and area tell
dispatchers who led such tickets before: they order the candidates where the catalogue leaves several or only a
coordinating unit, and never overrule the lead the catalogue names.
"""


def page(layouts: Sequence[Layout], history: Layout) -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    for layout in layouts:
        parts += [*_sheet(layout), ""]
    parts += [HISTORY, *_columns(history), ""]
    return "\n".join(parts)


def _sheet(layout: Layout) -> Iterator[str]:
    keys = "、".join(f"`{name}`" for name in layout.key)
    yield f"### {layout.label} `{layout.name}`"
    yield ""
    yield f"{layout.what}。区分各行：{keys}。"
    yield ""
    yield from _columns(layout)


def _columns(layout: Layout) -> Iterator[str]:
    yield "| column | label | needed | |"
    yield "| --- | --- | --- | --- |"
    for column in layout.columns:
        needed = "yes" if column.required else ("may be missing" if column.optional else "")
        yield f"| `{column.name}` | {column.label} | {needed} | {explain(column).replace('|', chr(92) + '|')} |"

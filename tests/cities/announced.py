"""The state's holidays and make-up days as a city's calendar.csv holds them, from the open package chinesecalendar.

``python -m tests.cities.announced`` writes them into every city's calendar.csv; ``calendar_years`` of its city.toml are
the years named here. It stands among the tests because only they and this step need the package.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

CITIES = Path(__file__).resolve().parents[2] / "cities"
COLUMNS = ("date", "kind", "name")
# The notices of the State Council say 清明节, 端午节, 中秋节; the package leaves the last word out.
FULL_NAMES: Mapping[str, str] = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
NAMES: Mapping[str, str] = {each.value: FULL_NAMES.get(each.chinese, each.chinese) for each in Holiday}


def rows() -> Iterator[tuple[str, str, str]]:
    """Date, kind and name of every day that differs from its weekday, in order."""
    days = [(day, "holiday", NAMES[name]) for day, name in holidays.items()]
    days += [(day, "makeup", NAMES[name]) for day, name in workdays.items()]
    for day, kind, name in sorted(days):
        yield day.isoformat(), kind, name


def years() -> list[int]:
    """The years the package knows."""
    return sorted({day.year for day in (*holidays, *workdays)})


def text() -> str:
    """The whole file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()


def main() -> None:
    """Write the file of every city."""
    for folder in sorted(each for each in CITIES.iterdir() if (each / "city.toml").exists()):
        (folder / "calendar.csv").write_text(text(), "utf-8")
        sys.stdout.write(f"{folder.name}: {years()[0]}–{years()[-1]}\n")


if __name__ == "__main__":
    main()

"""Reads entries from a city's YAML files: all of them are right, or every fault is told by file, entry and field."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

from kernel.errors import Invalid
from knowledge.model import Article
from knowledge.rules.checking import faults

TEXTS = frozenset({"variants", "materials", "basis", "areas"})
DAYS = frozenset({"valid_from", "valid_to", "review_due", "verified_on"})
TEXT = frozenset(
    {"id", "title", "short", "full", "place", "hours", "phone", "fee", "limit", "online", "owner", "audience", "matter"}
)
NEEDED = frozenset({"id", "title", "short", "owner"})

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: ``where`` is file, entry and field."""

    where: str
    code: str


class ArticleFilesWrong(Invalid):
    """The files cannot be loaded; ``problems`` says why, each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__({p.where: p.code for p in problems}, code="article_files_wrong", count=len(problems))
        self.problems = problems


def read_articles(
    folder: Path, units: Collection[str], areas: Collection[str], matters: Collection[str] | None = None
) -> tuple[Article, ...]:
    """All entries of the ``*.yaml`` files in ``folder``; ArticleFilesWrong when any is wrong.

    A file holds one entry or a list. ``units``, ``areas`` and ``matters`` are the codes there are; without
    ``matters`` those are not checked.
    """
    read, problems = read_entries(folder)
    found: dict[str, Article] = {}
    for where, article in read:
        wrong = faults(article, units, areas)
        if matters is not None and article.matter and article.matter not in matters:
            wrong["matter"] = "unknown_matter"
        if article.id in found:
            wrong["id"] = "twice"
        found[article.id] = article
        problems += [Problem(f"{where}.{name}", code) for name, code in sorted(wrong.items())]
    if problems:
        raise ArticleFilesWrong(tuple(problems))
    return tuple(found.values())


def read_entries(folder: Path) -> tuple[Sequence[tuple[str, Article]], list[Problem]]:
    """The entries of the ``*.yaml`` files with the place of each, and what cannot be read; nothing is checked yet."""
    problems: list[Problem] = []
    found: list[tuple[str, Article]] = []
    for path in sorted(folder.glob("*.yaml")):
        for number, raw in enumerate(_entries(path, problems), start=1):
            where = f"{path.name}:{raw.get('id') or number}"
            article, wrong = _article(raw)
            problems += [Problem(f"{where}.{name}", code) for name, code in sorted(wrong.items())]
            if article is not None:
                found.append((where, article))
    return found, problems


def _entries(path: Path, problems: list[Problem]) -> Iterator[Mapping[str, object]]:
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, UnicodeDecodeError):
        problems.append(Problem(path.name, "not_yaml"))
        return
    for each in raw if isinstance(raw, list) else [raw]:
        if isinstance(each, dict) and all(isinstance(name, str) for name in each):
            yield each
        else:
            problems.append(Problem(path.name, "not_an_entry"))


def _article(raw: Mapping[str, object]) -> tuple[Article | None, dict[str, str]]:
    wrong = {name: "missing" for name in NEEDED if not raw.get(name)}
    values: dict[str, object] = {}
    for name, value in raw.items():
        try:
            values[name] = _value(name, value)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        return None, wrong
    return Article(**values), {}  # type: ignore[arg-type] # every value was converted to its field's type


def _value(name: str, value: object) -> str | tuple[str, ...] | date | None:
    if name in TEXT:
        return _text(value)
    if name in TEXTS:
        if not isinstance(value, list | None):
            raise ValueError("not_a_list")
        return tuple(_text(each) for each in value or ())
    if name in DAYS:
        return _day(value)
    raise ValueError("unknown_field")


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("not_text")  # noqa: TRY004 - told with all other faults, not raised to the caller
    return value.strip()


def _day(value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = _text(value)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("not_a_day") from None

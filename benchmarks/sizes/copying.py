"""Cuts the rows of a ticket at what differs from ticket to ticket, and writes as many others as are wanted.

Rows are taken in PostgreSQL's own text form, so that whatever a table holds is copied as the services wrote it: ids,
numbers, moments, codes and words are exchanged, what is sealed is sealed anew for its new row.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
from cryptography.exceptions import InvalidTag

from kernel.errors import Invalid
from kernel.privacy import Vault

ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{12}7[0-9a-f]{19})(?![0-9a-f])")
INDEX = re.compile(r"(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])")
MOMENT = re.compile(r"(20\d\d-\d\d-\d\d)([ T]\d\d:\d\d:)\d\d(\.\d+)?")
DAY = re.compile(r"20\d\d-\d\d-\d\d")
SEALED = re.compile(r"v1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_=-]+")
# How many of an id's digits tell which copy it is.
COUNTED = 6
SPREAD = 60_000_000
CONTEXTS = ("ticket.contact:{}", "ticket.original:{}", "mailbox_in:{}", "mailbox_out:{}", "conversation.dialogue:{}",
            "conversation.last_text:{}", "journal:{}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Whose rows of a table belong to a thing: ``where`` with the thing's id or name as $1; ``without`` are columns
    that are counted anew."""

    table: str
    where: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """Something sealed: the words, and what they are sealed for."""

    words: str
    context: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rows of one thing by table, with holes; ``seals`` fill holes of their own. ``first_day`` is the city's day of
    ``received``."""

    rows: Mapping[str, str]
    seals: Mapping[str, Seal]
    first_day: date
    received: datetime

    def moved(self, days: int) -> "Pattern":
        """The same so many days later."""
        shift = timedelta(days=days)

        def move(found: re.Match[str]) -> str:
            return str(date.fromisoformat(found[0]) + shift)

        def age(found: re.Match[str]) -> str:
            return f"{int(found[1][:12], 16) + days * 86_400_000:012x}{found[1][12:]}"

        def each(text: str) -> str:
            return _AGED.sub(age, DAY.sub(move, text))

        seals = {name: Seal(each(seal.words), each(seal.context)) for name, seal in self.seals.items()}
        rows = {table: each(text) for table, text in self.rows.items()}
        return Pattern(rows, seals, self.first_day + shift, self.received + shift)


_AGED = re.compile(rf"(?<![0-9a-f])([0-9a-f]{{12}}7[0-9a-f]{{{19 - COUNTED}}})(?=%\(c\))")


@dataclass(frozen=True, slots=True)
class Cutter:
    """Knows what differs: ``words`` are texts and what hole each leaves, ``shared`` ids that stay as they are."""

    vault: Vault
    words: Mapping[str, str]
    shared: frozenset[str]

    def cut(self, rows: Mapping[str, str], first_day: date, received: datetime) -> Pattern:
        """The pattern of some rows."""
        seals: dict[str, Seal] = {}
        made = {table: self._holes(text, seals) for table, text in rows.items()}
        return Pattern(made, seals, first_day, received)

    def _holes(self, text: str, seals: dict[str, Seal]) -> str:
        ids = set(ID.findall(text))

        def sealed(found: re.Match[str]) -> str:
            name = f"seal{len(seals)}"
            seals[name] = self._opened(found[0], ids)
            return f"%({name})s"

        text = SEALED.sub(sealed, text.replace("%", "%%"))
        return self._plain(text)

    def _plain(self, text: str) -> str:
        text = ID.sub(lambda found: self._counted(found[1]), text)
        text = INDEX.sub(lambda found: f"{found[1][:-COUNTED]}%(c)06x", text)
        text = MOMENT.sub(r"\1\2%(second)s", text)
        for words, hole in self.words.items():
            text = re.sub(rf"(?<![A-Za-z0-9_-]){re.escape(words)}(?![A-Za-z0-9_-])", hole, text)
        return text

    def _counted(self, found: str) -> str:
        return found if found in self.shared else f"{found[:-COUNTED]}%(c)0{COUNTED}x"

    def _opened(self, sealed: str, ids: set[str]) -> Seal:
        for id_ in ids:
            for context in CONTEXTS:
                try:
                    words = self.vault.open(sealed, context.format(id_))
                except (Invalid, InvalidTag):
                    continue
                return Seal(self._plain(words.replace("%", "%%")), self._plain(context.format(id_)))
        raise LookupError("sealed for something else")


@dataclass(frozen=True, slots=True)
class Columns:
    """A table and the columns that are copied, in order."""

    table: str
    names: tuple[str, ...]


async def columns_of(connection: asyncpg.Connection, source: Source) -> Columns:
    """The columns of a table but those counted anew."""
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'public'"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position",
        source.table,
    )
    return Columns(source.table, tuple(row[0] for row in rows if row[0] not in source.without))


async def rows_of(connection: asyncpg.Connection, source: Source, columns: Columns, key: str) -> str:
    """The rows of a thing as COPY writes them."""
    buffer = bytearray()

    async def keep(data: bytes) -> None:
        buffer.extend(data)

    names = ", ".join(f'"{name}"' for name in columns.names)
    query = f"SELECT {names} FROM {source.table} WHERE {source.where}"  # noqa: S608 - our own names
    await connection.copy_from_query(query, key, output=keep)
    return buffer.decode()


async def write_rows(connection: asyncpg.Connection, columns: Columns, lines: Any) -> None:
    """Write lines of COPY's text form into a table."""
    await connection.copy_to_table(columns.table, source=lines, columns=list(columns.names))


def filled(pattern: Pattern, table: str, values: Mapping[str, object]) -> str:
    """The rows of a copy."""
    return pattern.rows[table] % values


def sealed_values(pattern: Pattern, vault: Vault, values: Mapping[str, object]) -> dict[str, str]:
    """What is sealed in a copy."""
    return {name: vault.seal(seal.words % values, seal.context % values) for name, seal in pattern.seals.items()}


def second_of(count: int) -> str:
    """The second a copy's moments fall on: another for each."""
    return f"{count % 59:02d}.{count // 59 % 1_000_000:06d}"


async def pieces(text: str) -> AsyncIterator[bytes]:
    """A text in parts the driver takes one after another."""
    data = text.encode()
    for start in range(0, len(data), 1 << 18):
        yield data[start : start + (1 << 18)]

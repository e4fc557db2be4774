"""Rows of suggestions and of those who stand behind them; the words as written are sealed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Date, Index, Integer, RowMapping, Select, String, Table, Text, select, update

from kernel.database import Json, Moment, Tx, metadata
from kernel.errors import Conflict, NotFound
from kernel.messages import Address
from kernel.privacy import Vault
from suggestions.model import Decision, Suggestion, SuggestionState

suggestions = Table(
    "suggestion",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("query_code", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("area", String(32), nullable=False),
    Column("citizen_id", String(32), nullable=False),
    Column("address", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("decision", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("supports", Integer, nullable=False),
    Column("similar", Json, nullable=False),
    Column("sketch", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("published_at", Moment),
    Column("due", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_suggestion_state", "state", "number"),
    Index("ix_suggestion_unit", "unit", "state"),
)

supporters = Table(
    "suggestion_support",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("citizen_id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
)

numbers = Table(
    "suggestion_number",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)


class SuggestionStore:
    """Loads and saves suggestions."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def next_number(self, tx: Tx, day: date) -> int:
        """The next number of a day, from 1."""
        statement = tx.insert(numbers).values(day=day, last=1)
        statement = statement.on_conflict_do_update(index_elements=["day"], set_={"last": numbers.c.last + 1})
        return int((await tx.execute(statement.returning(numbers.c.last))).scalar_one())

    async def add(self, tx: Tx, suggestion: Suggestion, sketch: tuple[int, ...]) -> None:
        """A new row."""
        await tx.execute(suggestions.insert().values(sketch=sketch, **self._values(suggestion)))

    async def save(self, tx: Tx, suggestion: Suggestion) -> Suggestion:
        """Write back what was loaded; Conflict when somebody else has written since."""
        saved = replace(suggestion, version=suggestion.version + 1)
        mine = (suggestions.c.number == saved.number) & (suggestions.c.version == suggestion.version)
        if (await tx.execute(update(suggestions).where(mine).values(**self._values(saved)))).rowcount != 1:
            raise Conflict("suggestion_changed")
        return saved

    async def by_number(self, tx: Tx, number: str, *, lock: bool = False) -> Suggestion:
        """One suggestion; NotFound. With ``lock`` nobody else changes it until the transaction ends."""
        query = select(suggestions).where(suggestions.c.number == number)
        row = await tx.row(query.with_for_update() if lock else query)
        if row is None:
            raise NotFound("suggestion")
        return self._suggestion(row)

    async def find(
        self,
        tx: Tx,
        states: Collection[SuggestionState],
        *,
        units: Collection[str] = (),
        area: str = "",
        after: str,
        limit: int,
    ) -> tuple[Suggestion, ...]:
        """Those in ``states``, the newest first, from below the number ``after`` (empty: from the newest)."""
        query = select(suggestions).where(suggestions.c.state.in_([state.value for state in states]))
        if units:
            query = query.where(suggestions.c.unit.in_(units))
        if area:
            query = query.where(suggestions.c.area == area)
        if after:
            query = query.where(suggestions.c.number < after)
        return await self._all(tx, query.order_by(suggestions.c.number.desc()).limit(limit))

    async def named(self, tx: Tx, wanted: Collection[str]) -> tuple[Suggestion, ...]:
        """Suggestions by their numbers; an unknown number is left out."""
        return await self._all(tx, select(suggestions).where(suggestions.c.number.in_(wanted)))

    async def sketches(self, tx: Tx, states: Collection[SuggestionState], limit: int) -> Mapping[str, tuple[int, ...]]:
        """The sketches of the newest suggestions in ``states``, by number."""
        query = select(suggestions.c.number, suggestions.c.sketch)
        query = query.where(suggestions.c.state.in_([state.value for state in states]))
        rows = await tx.rows(query.order_by(suggestions.c.number.desc()).limit(limit))
        return {row["number"]: tuple(row["sketch"]) for row in rows}

    async def add_support(self, tx: Tx, number: str, citizen_id: str, at: datetime) -> bool:
        """Put a citizen behind a suggestion; False when they stand there already."""
        statement = tx.insert(supporters).values(number=number, citizen_id=citizen_id, at=at)
        done = await tx.execute(statement.on_conflict_do_nothing(index_elements=["number", "citizen_id"]))
        return bool(done.rowcount)

    async def _all(self, tx: Tx, query: Select[Any]) -> tuple[Suggestion, ...]:
        return tuple(self._suggestion(row) for row in await tx.rows(query))

    def _values(self, s: Suggestion) -> dict[str, Any]:
        return {
            "number": s.number,
            "query_code": s.query_code,
            "title": self._vault.seal(s.title, f"suggestion_title:{s.number}"),
            "text": self._vault.seal(s.text, f"suggestion:{s.number}"),
            "area": s.area,
            "citizen_id": s.citizen_id,
            "address": s.address.key if s.address else "",
            "state": s.state.value,
            "unit": s.unit,
            "note": s.note,
            "decision": msgspec.to_builtins(s.decision),
            "supports": s.supports,
            "similar": s.similar,
            "opened_at": s.opened_at,
            "published_at": s.published_at,
            "due": s.due,
            "version": s.version,
        }

    def _suggestion(self, row: RowMapping) -> Suggestion:
        number = row["number"]
        return Suggestion(
            number=number,
            query_code=row["query_code"],
            title=self._vault.open(row["title"], f"suggestion_title:{number}"),
            text=self._vault.open(row["text"], f"suggestion:{number}"),
            area=row["area"],
            citizen_id=row["citizen_id"],
            address=Address.from_key(row["address"]) if row["address"] else None,
            state=SuggestionState(row["state"]),
            opened_at=row["opened_at"],
            due=row["due"],
            published_at=row["published_at"],
            unit=row["unit"],
            note=row["note"],
            decision=msgspec.convert(row["decision"], Decision),
            supports=row["supports"],
            similar=tuple(row["similar"]),
            version=row["version"],
        )

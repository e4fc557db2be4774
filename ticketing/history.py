"""Closed tickets of other systems: taken in by number as often as one likes, looked up, and set beside new ones."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from directory.lookup import Lookup
from directory.model import Level
from kernel.database import Tx
from kernel.errors import Invalid, NotAllowed
from kernel.people import Principal
from kernel.privacy import mask_name, mask_text
from kernel.room import Floor
from kernel.sheets import Grid, Problem
from ticketing.access import is_unit_staff
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.events import HistoryImported
from ticketing.limiting import LimitKeeper
from ticketing.model.duties import PastTicket
from ticketing.model.labels import Outcome
from ticketing.model.ticket import Ticket
from ticketing.places import locate
from ticketing.rules.historyfile import (
    LAYOUT,
    HistoryFile,
    HistoryMapping,
    HistoryRow,
    mapping_text,
    read_history,
    read_mapping,
)
from ticketing.rules.matching import Names, plain
from ticketing.rules.repeats import ALIKE_SAME_MATTER, likeness
from ticketing.store import history as past_rows
from ticketing.store.history import Kept, Source

LONGEST_TEXT = 10_000
# Kept in pieces, so that nobody waits long for their turn to write; a piece that is kept is kept once.
PIECE = 1000
SURE = 1.0
FOUND = 50
MOST_NAMED = 500
LOOKED_THROUGH, OF_SAME_CALLER, SHOWN = 60, 10, 5


@dataclass(frozen=True, slots=True)
class HistoryCheck:
    """What taking a file in would do, or has done.

    ``unmatched`` counts by our field the words that match no code of ours, ``silent`` the rows that say nothing there.
    ``learnable`` rows name text and matter, ``placed`` ones unit and area besides. ``mapping`` is TOML to go on with.
    """

    source: str
    rows: int
    problems: tuple[Problem, ...]
    headers: tuple[str, ...]
    taken: Mapping[str, tuple[str, ...]]
    places: Mapping[str, int]
    mapping: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    unmatched: Mapping[str, Counter[str]] = field(default_factory=dict)
    silent: Mapping[str, int] = field(default_factory=dict)
    learnable: int = 0
    placed: int = 0
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Precedent:
    """A closed ticket beside a new one: of the ``same_caller``, or one that reads alike (0 to 1)."""

    ticket: PastTicket
    likeness: float
    same_caller: bool


class History:
    """Takes in and finds tickets of other systems."""

    layout = LAYOUT

    def __init__(self, floor: Floor, lookup: Lookup, catalogue: Catalogue, limits: LimitKeeper) -> None:
        self._limits = limits
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._vault = floor.vault
        self._lookup = lookup
        self._catalogue = catalogue

    # -- taking in --------------------------------------------------------------------------------------

    async def check(self, grids: Sequence[Grid], mapping: str) -> HistoryCheck:
        """What is wrong with a file and what taking it in would do; ``mapping`` is TOML or empty. Invalid for it."""
        return (await self._prepared(grids, mapping))[0]

    async def load(
        self, grids: Sequence[Grid], mapping: str, by: Principal, *, skip_faulty: bool = False
    ) -> HistoryCheck:
        """Take a file in; nothing of it while something is wrong with it, unless wrong rows are to be skipped."""
        checked, fresh = await self._prepared(grids, mapping)
        if any(problem.row <= _header_row(mapping) for problem in checked.problems):
            return checked
        if checked.problems and not skip_faulty:
            return checked
        now = self._clock.now()
        for start in range(0, len(fresh), PIECE):
            async with self._database.transaction() as tx:
                await past_rows.keep(tx, fresh[start : start + PIECE], now)
        if fresh:
            async with self._database.transaction() as tx:
                await past_rows.bump(tx, now)
                fact = HistoryImported(checked.source, checked.added, checked.changed, now, by.id)
                await self._journal.state(tx, fact)
                tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return replace(checked, loaded=True)

    async def _prepared(self, grids: Sequence[Grid], mapping: str) -> tuple[HistoryCheck, list[Kept]]:
        how = read_mapping(mapping)
        grid = _chosen(grids, how)
        zone = self._lookup.calendar().zone
        file = await asyncio.to_thread(read_history, grid, how, zone, self._clock.now())
        async with self._database.reading() as tx:
            known = await past_rows.known(tx, how.source)
        reading = _Reading(self._lookup, self._catalogue, how)
        if strangers := reading.strangers():
            raise Invalid(strangers, code="mapping_wrong")
        tickets = await asyncio.to_thread(self._read, file.rows, reading)
        fresh = [each for each in tickets if known.get(each.ticket.number) != each.digest]
        return _checked(file, how, reading, tickets, known), fresh

    def _read(self, rows: Sequence[HistoryRow], reading: "_Reading") -> list[Kept]:
        found, since = [], self._callers_since()
        for row in rows:
            ticket, phone = reading.ticket(row), row.texts.get("phone", "")
            known = phone and (ticket.ended is None or ticket.ended >= since)
            found.append(Kept(ticket, self._vault.blind_index("phone", phone) if known else ""))
        return found

    def _callers_since(self) -> datetime:
        """Whose tickets ended before may no longer be recognised: as with ours, once they are archived."""
        return self._clock.now() - self._limits.now().archived_after

    async def forget_callers(self) -> int:
        """Drop what recognises the callers of tickets that have been closed long enough; gives how many."""
        async with self._database.transaction() as tx:
            return await past_rows.forget_callers(tx, self._callers_since())

    # -- looking up -------------------------------------------------------------------------------------

    async def sources(self, tx: Tx) -> list[Source]:
        """What was taken in, by source."""
        return await past_rows.sources(tx)

    async def by_number(self, tx: Tx, number: str, by: Principal) -> list[PastTicket]:
        """The tickets of an external number, one of each source that has it; a unit sees its own."""
        return await past_rows.by_number(tx, number.strip(), self._own(by))

    async def find(
        self, tx: Tx, question: str, by: Principal, cursor: str = "", limit: int = FOUND
    ) -> tuple[list[PastTicket], str | None]:
        """A page of tickets whose number begins with ``question`` or that hold its words, the newest first, a unit's
        its own; and the cursor of the next page. Invalid for a cursor that is not ours."""
        return await past_rows.find(tx, question, self._own(by), limit, cursor)

    async def precedents(self, tx: Tx, ticket: Ticket, phone: str) -> list[Precedent]:
        """Closed tickets of the same caller, and those of the matter that read most like it."""
        index = self._vault.blind_index("phone", phone) if phone else ""
        own = await past_rows.of_phone(tx, index, OF_SAME_CALLER)
        alike = await past_rows.of_matter(tx, ticket.matter, LOOKED_THROUGH)
        same = {(each.source, each.number) for each in own}
        found = [Precedent(each, _alike(ticket, each), same_caller=True) for each in own]
        others = (
            Precedent(each, _alike(ticket, each), same_caller=False)
            for each in alike
            if (each.source, each.number) not in same
        )
        found += [each for each in others if each.likeness >= ALIKE_SAME_MATTER]
        return sorted(found, key=lambda each: (not each.same_caller, -each.likeness))[:SHOWN]

    def _own(self, by: Principal) -> tuple[str, ...] | None:
        """The units whose tickets a person may see: all, or their own and those it goes on for."""
        if not is_unit_staff(by):
            return None
        if not by.unit:
            raise NotAllowed("not_allowed")
        return self._lookup.stands_for(by.unit)


class _Reading:
    """Understands rows and counts what it does not understand."""

    def __init__(self, lookup: Lookup, catalogue: Catalogue, mapping: HistoryMapping) -> None:
        self._lookup = lookup
        self._source = mapping.source.strip()
        self._matters = Names(((m.code, (m.name, f"{m.level2}{m.name}")) for m in catalogue.all()), mapping.matters)
        self._units = Names(((u.code, lookup.names_of(u.code)) for u in lookup.units()), mapping.units)
        self._areas = Names(((a.code, (a.name, *a.aliases)) for a in lookup.areas()), mapping.areas)
        self._outcomes = Names(((o.value, (o.label,)) for o in Outcome), mapping.outcomes)
        self._places: dict[tuple[str, str], str] = {}
        self.unmatched: dict[str, Counter[str]] = {name: Counter() for name in ("matter", "unit", "area", "outcome")}
        self.silent: Counter[str] = Counter()

    def strangers(self) -> dict[str, str]:
        """The codes of the mapping that there are not."""
        tables = {"matters": self._matters, "units": self._units, "areas": self._areas, "outcomes": self._outcomes}
        return {f"mapping.{table}.{name}": "unknown" for table, names in tables.items() for name, _ in names.unknown()}

    def ticket(self, row: HistoryRow) -> PastTicket:
        """The ticket of a row, its texts masked."""
        texts = {name: row.texts.get(name, "") for name in ("matter", "unit", "area", "outcome")}
        masked = {name: _masked(row, name) for name in ("text", "title", "place", "reply")}
        outcome = self._code("outcome", texts["outcome"], self._outcomes)
        return PastTicket(
            source=self._source,
            number=row.texts["number"],
            text=masked["text"][:LONGEST_TEXT],
            title=masked["title"],
            matter=self._code("matter", texts["matter"], self._matters),
            matter_text=texts["matter"],
            area=self._area(texts["area"], row.texts.get("place", "")),
            area_text=texts["area"],
            place=masked["place"],
            unit=self._code("unit", texts["unit"], self._units),
            unit_text=texts["unit"],
            received=row.moments.get("received"),
            replied=row.moments.get("replied"),
            closed=row.moments.get("closed"),
            outcome=Outcome(outcome) if outcome else None,
            outcome_text=texts["outcome"],
            reply=masked["reply"][:LONGEST_TEXT],
            returned=row.returned,
        )

    def _code(self, name: str, said: str, names: Names) -> str:
        code = names.code(said)
        if not said:
            self.silent[name] += 1
        elif not code:
            self.unmatched[name][said] += 1
        return code

    def _area(self, said: str, place: str) -> str:
        if said or place:
            code = self._areas.code(said) or self._located(said, place)
            if not code and said:
                self.unmatched["area"][said] += 1
            return code
        self.silent["area"] += 1
        return ""

    def _located(self, said: str, place: str) -> str:
        if (said, place) not in self._places:
            where = locate(self._lookup, "", said, place)
            finest = where.finest
            sure = finest is not None and finest.level is not Level.CITY and where.certainty >= SURE
            self._places[said, place] = finest.code if finest is not None and sure else ""
        return self._places[said, place]


def _masked(row: HistoryRow, name: str) -> str:
    text, person = row.texts.get(name, ""), row.texts.get("name", "").strip()
    if len(person) > 1:
        text = text.replace(person, mask_name(person))
    return mask_text(text)


def _chosen(grids: Sequence[Grid], mapping: HistoryMapping) -> Grid:
    wanted = plain(mapping.sheet)
    found = next((grid for grid in grids if not wanted or plain(grid.title) == wanted), None)
    if found is None:
        raise Invalid({"mapping.sheet": "sheet_not_found" if grids else "file_empty"}, code="mapping_wrong")
    return found


def _header_row(mapping: str) -> int:
    return read_mapping(mapping).header_row


def _checked(
    file: HistoryFile, how: HistoryMapping, reading: _Reading, tickets: Sequence[Kept], known: Mapping[str, str]
) -> HistoryCheck:
    numbers = {each.ticket.number: each.digest for each in tickets}
    added = sum(number not in known for number in numbers)
    unchanged = sum(known.get(number) == digest for number, digest in numbers.items())
    names = {
        f"{name}s": [said for said, _ in words.most_common(MOST_NAMED)] for name, words in reading.unmatched.items()
    }
    return HistoryCheck(
        source=how.source.strip(),
        rows=len(tickets),
        problems=file.problems,
        headers=file.headers,
        taken=file.taken,
        places=file.places,
        mapping=mapping_text(how, file.taken, names),
        added=added,
        changed=len(numbers) - added - unchanged,
        unchanged=unchanged,
        unmatched={name: words for name, words in reading.unmatched.items() if words},
        silent=dict(reading.silent),
        learnable=sum(bool(each.ticket.matter) for each in tickets),
        placed=sum(bool(each.ticket.matter and each.ticket.unit and each.ticket.area) for each in tickets),
    )


def _alike(ticket: Ticket, past: PastTicket) -> float:
    return likeness(ticket.text + ticket.place, past.text + past.place)

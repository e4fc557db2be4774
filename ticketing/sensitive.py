"""The lists of sensitive words, kept by every process; entries made, changed, and taken in line by line."""

import asyncio
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.ids import new_id
from kernel.people import SYSTEM, Principal
from kernel.room import Floor
from ticketing.events import SensitiveWordsChanged
from ticketing.model.labels import Urgency, WordEffect, WordKind
from ticketing.model.ticket import SensitiveHit
from ticketing.rules.checks import Check
from ticketing.rules.replycheck import sensitive_check
from ticketing.rules.sensitive import ON_TICKETS, Finder, Hit, SensitiveWord, checked, fold, pasted
from ticketing.store import sensitive as rows

TOPIC = "ticketing.sensitive"
START = Path(__file__).parent / "data" / "sensitive_words.csv"
MOST_LINES = 2000
FIRST_WHY = "随程序提供的初始词表"


@dataclass(frozen=True, slots=True)
class Imported:
    """What pasted lines came to: new entries, and words that were there already."""

    added: int
    known: tuple[str, ...]


class WordKeeper:
    """Finds sensitive words and changes the lists."""

    def __init__(self, floor: Floor) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._version = -1
        self._finder = Finder(())

    # -- finding ----------------------------------------------------------------------------------------

    async def hits(self, tx: Tx, text: str) -> tuple[SensitiveHit, ...]:
        """What a ticket's text holds, by the newest lists."""
        await self._hold(tx)
        now = self._clock.now()
        return tuple(hit.kept(now) for hit in self._finder.find(text, ON_TICKETS))

    def wants_a_person(self, text: str) -> bool:
        """Whether somebody should speak with whoever writes this."""
        return bool(self._finder.find(text, frozenset({WordEffect.PERSON})))

    def reply_checks(self, text: str) -> tuple[Check, ...]:
        """What a reviewer is warned of in a reply."""
        found = self._finder.find(text, frozenset({WordEffect.WARN_REPLY}))
        return (sensitive_check([(hit.word.word, hit.word.kind.label) for hit in found]),) if found else ()

    def try_out(self, text: str, more: SensitiveWord | None = None) -> tuple[Hit, ...]:
        """What a text would trigger, or with the entry ``more`` alone."""
        return (Finder([replace(more, active=True)]) if more else self._finder).find(text)

    # -- keeping up -------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Take in the first list where there is none yet, and read."""
        async with self._database.reading() as tx:
            begun = await rows.version(tx) > 0
        if not begun:
            await self._begin()
        async with self._database.reading() as tx:
            await self._hold(tx)

    async def refresh(self) -> bool:
        """Read when there is a new version; the step of a loop that runs in every process."""
        async with self._database.reading() as tx:
            await self._hold(tx)
        return False

    async def _hold(self, tx: Tx) -> None:
        version = await rows.version(tx)
        if version > self._version:
            self._finder, self._version = Finder(await rows.all_words(tx)), version

    async def _begin(self) -> None:
        first = await asyncio.to_thread(read_start, START, self._clock.now())
        async with self._database.transaction() as tx:
            if await rows.version(tx) == 0:
                await rows.add(tx, [(folded(word), word) for word in first], FIRST_WHY)
                await self._changed(tx, SYSTEM, len(first), FIRST_WHY)

    # -- changing ---------------------------------------------------------------------------------------

    async def all(self, tx: Tx) -> Sequence[SensitiveWord]:
        """Every entry."""
        return await rows.all_words(tx)

    async def one(self, tx: Tx, id_: str) -> tuple[SensitiveWord, list[tuple[SensitiveWord, str]]]:
        """An entry with what became of it; NotFound."""
        found = await rows.by_id(tx, id_)
        if found is None:
            raise NotFound("sensitive_word", id=id_)
        return found, await rows.history(tx, id_)

    async def add(self, tx: Tx, word: SensitiveWord, by: Principal) -> SensitiveWord:
        """A new entry; Invalid names what is wrong, also where the word is listed already."""
        new = replace(checked(word), id=new_id(), by=by.id, at=self._clock.now(), version=1)
        if await rows.taken(tx, [folded(new)]) or not await rows.add(tx, [(folded(new), new)], ""):
            raise Invalid({"word": "listed_already"})
        await self._changed(tx, by, 1, "")
        return new

    async def change(self, tx: Tx, word: SensitiveWord, known: int, why: str, by: Principal) -> SensitiveWord:
        """A changed entry, also one that is no longer looked for; ``why`` must be said.

        Conflict("word_changed") when somebody else has changed it since version ``known``.
        """
        before = await rows.by_id(tx, word.id)
        if before is None:
            raise NotFound("sensitive_word", id=word.id)
        if not why.strip():
            raise Invalid({"why": "required"})
        new = replace(checked(word), by=by.id, at=self._clock.now(), version=known + 1)
        if (await rows.taken(tx, [folded(new)])).get(folded(new), word.id) != word.id:
            raise Invalid({"word": "listed_already"})
        if not await rows.change(tx, folded(new), new, known, why.strip()):
            raise Conflict("word_changed", current={"version": before.version})
        await self._changed(tx, by, 1, why.strip())
        return new

    async def take_in(self, tx: Tx, text: str, like: SensitiveWord, by: Principal) -> Imported:
        """Pasted lines as entries like ``like``; Invalid names every wrong line, and nothing is taken in."""
        lines = pasted(text)
        if not lines:
            raise Invalid({"lines": "required"})
        if len(lines) > MOST_LINES:
            raise Invalid({"lines": "too_many_lines"}, limit=MOST_LINES)
        wrong: dict[str, str] = {}
        made: dict[str, SensitiveWord] = {}
        now = self._clock.now()
        for line in lines:
            entry = replace(like, id=new_id(), word=line.word, exceptions=line.exceptions, by=by.id, at=now, version=1)
            try:
                entry = checked(entry)
            except Invalid as error:
                own = {"word", "exceptions"}
                wrong |= {f"lines.{line.number}" if key in own else key: code for key, code in error.fields.items()}
                continue
            made.setdefault(folded(entry), entry)
        if wrong:
            raise Invalid(wrong)
        there = await rows.taken(tx, list(made))
        new = [(key, entry) for key, entry in made.items() if key not in there]
        added = await rows.add(tx, new, "")
        if added:
            await self._changed(tx, by, added, "")
        return Imported(added, tuple(made[key].word for key in there))

    async def _changed(self, tx: Tx, by: Principal, many: int, why: str) -> None:
        version = await rows.next_version(tx)
        await self._journal.state(tx, SensitiveWordsChanged(version, many, by.id, why, self._clock.now()))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))


def folded(word: SensitiveWord) -> str:
    """How an entry is told from others."""
    return "*".join(fold(part)[0] for part in word.word.split("*"))


def read_start(path: Path, at: datetime) -> list[SensitiveWord]:
    """The list that comes with the program."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_entry(row, number, at) for number, row in enumerate(csv.DictReader(file), start=1)]


def _entry(row: dict[str, str], number: int, at: datetime) -> SensitiveWord:
    effects: Iterable[str] = row["effects"].split("|")
    return checked(
        SensitiveWord(
            f"start-{number:04}",
            WordKind(row["kind"]),
            row["word"],
            frozenset(WordEffect(each) for each in effects),
            int(row["supervision"] or 0),
            Urgency(row["urgency"]) if row["urgency"] else None,
            tuple(each for each in row["exceptions"].split("|") if each),
            by=SYSTEM.id,
            at=at,
        )
    )

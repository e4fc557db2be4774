"""The catalogue of matters and the rulings on them in memory, loaded anew in every process when there are new ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import NotFound
from ticketing.classifier import Classifier, lessons_of, past_per_matter
from ticketing.model.duties import Matter
from ticketing.rules.matterchanges import Retired
from ticketing.rules.moves import Moves
from ticketing.rules.precedents import Precedents
from ticketing.rules.prior import Prior
from ticketing.store import history as past_rows
from ticketing.store import lessons as lesson_rows
from ticketing.store import matterchanges as change_rows
from ticketing.store import matters as matter_rows
from ticketing.store import precedents as precedent_rows

TOPIC = "ticketing.matters"
MOST_FOUND = 200
# So many corrections of a matter are learnt; the newest say best what is meant now.
MOST_CORRECTED = 40
# Whom people gave a matter to longer ago says nothing of today.
MOVED_WITHIN = timedelta(days=365)


class Catalogue:
    """Matters by code, the classifier that names them, and which units led tickets of each before."""

    def __init__(self, database: Database, clock: Clock, classifier: Classifier) -> None:
        self._database = database
        self._clock = clock
        self.classifier = classifier
        self._version = (-1, -1)
        self._matters: dict[str, Matter] = {}
        self._retired: dict[str, Retired] = {}
        self.prior = Prior()
        self.moves = Moves()
        self.precedents = Precedents()
        self._ruled: tuple[int, str, int] = (0, "", 0)

    async def load(self) -> None:
        """Read the catalogue and what was learnt of closed tickets anew, and let the classifier learn both."""
        async with self._database.reading() as tx:
            version = await _version(tx)
            found = await matter_rows.all_matters(tx)
            retired = await change_rows.all_retired(tx)
            past = await past_rows.lessons(tx, past_per_matter(len(found)))
            corrected = await lesson_rows.newest(tx, MOST_CORRECTED)
            prior = Prior(await past_rows.led(tx))
            moves = Moves(await lesson_rows.moved(tx, self._clock.now() - MOVED_WITHIN))
            await self.read_rulings(tx)
        # Who leads what changes at once; the text model follows when it is trained, which may take minutes.
        self._retired = {each.matter.code: each for each in retired}
        self._matters, self.prior, self.moves = {matter.code: matter for matter in found}, prior, moves
        await self.classifier.learn(found, past, corrected)
        self._version = version

    async def tried(self, matters: Sequence[Matter], folder: Path) -> "Catalogue":
        """A catalogue of other matters beside this one, which stays as it is. A model they need is kept in ``folder``;
        where they say the same as these and only lead elsewhere, the model is this one's."""
        other = Catalogue(self._database, self._clock, Classifier(folder))
        async with self._database.reading() as tx:
            past = await past_rows.lessons(tx, past_per_matter(len(matters)))
        if lessons_of(matters, past).version == self.classifier.learnt.version:
            other.classifier = self.classifier
        else:
            await other.classifier.learn(matters, past)
        # Sheets do not speak of rulings: what was taken over stays with its matter.
        leads = {code: matter.leads for code, matter in self._matters.items()}
        other._matters = {each.code: replace(each, leads=leads.get(each.code, each.leads)) for each in matters}
        other._retired, other.prior, other.moves = self._retired, self.prior, self.moves
        other.precedents = self.precedents
        return other

    async def refresh(self) -> bool:
        """Load when there is a new version; the step of a loop that runs in every process."""
        async with self._database.reading() as tx:
            version = await _version(tx)
            await self.read_rulings(tx)
        if version != self._version:
            await self.load()
        return False

    async def read_rulings(self, tx: Tx) -> None:
        """Read the rulings anew where there are others than were read."""
        ruled = await precedent_rows.version(tx)
        if ruled != self._ruled:
            self.precedents, self._ruled = Precedents(await precedent_rows.every(tx)), ruled

    def all(self) -> tuple[Matter, ...]:
        """Every matter in the order of the file."""
        return tuple(self._matters.values())

    def matter(self, code: str) -> Matter:
        """One matter, also one that is retired: its tickets keep it; NotFound."""
        found = self.known(code)
        if found is None:
            raise NotFound("matter", matter=code)
        return found

    def known(self, code: str) -> Matter | None:
        """One matter, or None for a code that is empty or of a matter no longer kept."""
        retired = self._retired.get(code)
        return self._matters.get(code) or (retired.matter if retired else None)

    def successor(self, code: str) -> str:
        """The matter new tickets of ``code`` belong to: itself, unless it is retired and another goes on with it."""
        seen: set[str] = set()
        while code not in self._matters and code in self._retired and code not in seen:
            seen.add(code)
            code = self._retired[code].successor or code
        return code

    def is_retired(self, code: str) -> bool:
        """Whether nothing new comes to it."""
        return code in self._retired and code not in self._matters

    def search(self, text: str) -> tuple[Matter, ...]:
        """Matters whose name, group or keyword holds ``text``; by its meaning when nothing does. All when empty."""
        wanted = text.strip().lower()
        if not wanted:
            return self.all()
        named = [m for m in self._matters.values() if wanted in f"{m.code} {m.name} {m.level1} {m.level2}".lower()]
        spoken = [m for m in self._matters.values() if m not in named and any(wanted in k.lower() for k in m.keywords)]
        meant = (
            []
            if named or spoken
            else [self._matters[g.matter] for g in self.classifier.rank(text) if g.matter in self._matters]
        )
        return tuple([*named, *spoken, *meant][:MOST_FOUND])


async def _version(tx: Tx) -> tuple[int, int]:
    return await matter_rows.version(tx), await past_rows.version(tx)

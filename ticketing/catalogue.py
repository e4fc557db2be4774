"""The catalogue of matters in memory, loaded anew in every process when it has a new version."""

from kernel.database import Database
from kernel.errors import NotFound
from ticketing.classifier import Classifier
from ticketing.model import Matter
from ticketing.store import matters as matter_rows

TOPIC = "ticketing.matters"
MOST_FOUND = 200


class Catalogue:
    """Matters by code, and the classifier that names them."""

    def __init__(self, database: Database, classifier: Classifier) -> None:
        self._database = database
        self.classifier = classifier
        self._version = -1
        self._matters: dict[str, Matter] = {}

    async def load(self) -> None:
        """Read the catalogue anew and let the classifier learn it."""
        async with self._database.reading() as tx:
            version = await matter_rows.version(tx)
            found = await matter_rows.all_matters(tx)
        await self.classifier.learn(found)
        self._matters, self._version = {matter.code: matter for matter in found}, version

    async def refresh(self) -> bool:
        """Load when there is a new version; the step of a loop that runs in every process."""
        async with self._database.reading() as tx:
            version = await matter_rows.version(tx)
        if version != self._version:
            await self.load()
        return False

    def all(self) -> tuple[Matter, ...]:
        """Every matter in the order of the file."""
        return tuple(self._matters.values())

    def matter(self, code: str) -> Matter:
        """One matter; NotFound."""
        if code not in self._matters:
            raise NotFound("matter", code=code)
        return self._matters[code]

    def known(self, code: str) -> Matter | None:
        """One matter, or None for a code that is empty or of a matter no longer kept."""
        return self._matters.get(code)

    def search(self, text: str) -> tuple[Matter, ...]:
        """Matters whose name, group or keyword holds ``text``; by its meaning when nothing does. All when empty."""
        wanted = text.strip().lower()
        if not wanted:
            return self.all()
        named = [m for m in self._matters.values() if wanted in f"{m.code} {m.name} {m.level1} {m.level2}".lower()]
        spoken = [m for m in self._matters.values() if m not in named and any(wanted in k.lower() for k in m.keywords)]
        meant = [] if named or spoken else [self._matters[g.matter] for g in self.classifier.rank(text)]
        return tuple([*named, *spoken, *meant][:MOST_FOUND])

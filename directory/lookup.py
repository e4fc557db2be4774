"""The directory's door: areas, places, units and the calendar from memory, citizens and staff from the database."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from directory.citizens import Citizens
from directory.elsewhere import names_elsewhere
from directory.model import (
    Account,
    Area,
    CalendarDay,
    Citizen,
    City,
    CityData,
    Contact,
    Judgement,
    Level,
    Nearby,
    PlaceHit,
    Route,
    SamePerson,
    Staff,
    Unit,
)
from directory.rules.keys import KEY_ID
from directory.rules.reference import Reference
from directory.store import accounts as account_rows
from directory.store import reference as reference_rows
from directory.store.keys import KeyStore
from directory.store.staff import StaffStore
from kernel.chinese import add_words
from kernel.database import Database, Tx
from kernel.errors import NotFound, Unavailable
from kernel.messages import Address, GeoPoint
from kernel.people import Role
from kernel.workcalendar import WorkCalendar

TOPIC = "directory"


class Lookup:
    """Answers who and what there is. What needs no ``tx`` is answered from memory and may be some moments old."""

    def __init__(self, database: Database, citizens: Citizens, staff: StaffStore) -> None:
        self._database = database
        self._citizens = citizens
        self._staff = staff
        self._keys = KeyStore()
        self._version = 0
        self._reference = Reference(CityData())

    # -- the reference data in memory -------------------------------------------------------------------

    async def load(self) -> None:
        """Read the reference data anew and teach the cutter the places' names."""
        async with self._database.reading() as tx:
            version = await reference_rows.version(tx)
            data = await reference_rows.load(tx)
        await self._learn(version, data)

    async def hold(self, tx: Tx) -> None:
        """Know the newest data, which nobody changes until the transaction ends: what is decided by them stays right.

        Call it before anything else is locked.
        """
        version = await reference_rows.version_held(tx)
        if version != self._version:
            await self._learn(version, await reference_rows.load(tx))

    async def _learn(self, version: int, data: CityData) -> None:
        reference = await asyncio.to_thread(Reference, data, names_elsewhere(data.city))
        add_words(reference.finder.index.names())
        # Of two that read at once the one with the older data may come last.
        if version >= self._version:
            self._reference, self._version = reference, version

    async def refresh(self) -> bool:
        """Load when the data have a new version; the step of a loop that runs in every process."""
        async with self._database.reading() as tx:
            version = await reference_rows.version(tx)
        if version != self._version:
            await self.load()
        return False

    async def check(self) -> None:
        """Unavailable while no city is loaded."""
        if self._reference.data.city is None:
            raise Unavailable("no_city_loaded")

    # -- areas and places -------------------------------------------------------------------------------

    def city(self) -> City:
        """The city; NotFound before one was imported."""
        if self._reference.data.city is None:
            raise NotFound("city")
        return self._reference.data.city

    def area(self, code: str) -> Area:
        """The area of a code, also one no longer in use; NotFound."""
        return self._reference.area(code)

    def areas(self, level: Level | None = None, parent: str | None = None) -> tuple[Area, ...]:
        """Areas in use in the order of the files, of one level or directly below ``parent`` when given."""
        return self._reference.areas_where(level, parent)

    def lineage(self, code: str) -> tuple[Area, ...]:
        """The areas from the city down to ``code`` itself; NotFound."""
        return self._reference.lineage(code)

    def town_of(self, code: str) -> str:
        """The town an area lies in, or is; the code itself where that lies in none, or nobody knows it."""
        try:
            lineage = self._reference.lineage(code)
        except NotFound:
            return code
        return next((area.code for area in lineage if area.level is Level.TOWN), code)

    def lies_in(self, code: str, wider: str) -> bool:
        """Whether the area ``code`` is ``wider`` or lies in it; False for codes nobody knows."""
        return self._reference.lies_in(code, wider)

    def towns_under(self, code: str) -> tuple[Area, ...]:
        """The towns in use that lie in the area; of a town itself, of a village none. NotFound."""
        self._reference.area(code)
        return tuple(town for town in self.areas(Level.TOWN) if self._reference.lies_in(town.code, code))

    def find_places(self, text: str) -> tuple[PlaceHit, ...]:
        """The places a text speaks of, best first, with positions in ``text``; none is no error.

        Of a name with several meanings every one is given, none ``certain``.
        """
        return self._reference.finder.find(text)

    def nearby(self, point: GeoPoint) -> Nearby | None:
        """The place nearest to a point; None where none is near, or no coordinates were loaded."""
        return self._reference.nearby.find(point)

    # -- units and the calendar -------------------------------------------------------------------------

    def unit(self, code: str) -> Unit:
        """The unit of a code, also one no longer active; NotFound."""
        return self._reference.unit(code)

    def units(self, *, retired: bool = False) -> tuple[Unit, ...]:
        """Active units in the order of the files; with ``retired`` all there ever were."""
        return tuple(unit for unit in self._reference.data.units if unit.active or retired)

    def units_at(self, function: str, area: str, power: str = "") -> tuple[Unit, ...]:
        """Active units charged with ``function`` for exactly this area and holding ``power`` when one is given."""
        return self._reference.units_at(function, area, power)

    def heir(self, code: str, function: str = "", area: str = "") -> str:
        """The active unit that goes on with the work of ``code``: itself while it is active, else whom its work of
        this function and area went to; empty when to nobody, or for a code nobody knows."""
        return self._reference.heir(code, function, area)

    def heir_by(self, route: Route, function: str, area: str) -> str:
        """The unit of a route that work of a function in an area goes to, as soon as the route is taken."""
        return self._reference.heir_by(route, function, area)

    def stands_for(self, code: str) -> tuple[str, ...]:
        """The unit itself, then those no longer active whose work, or a part of it, it goes on with."""
        return self._reference.stands_for(code)

    def function_name(self, code: str) -> str:
        """What a function is called; NotFound."""
        return _named(self._reference.data.functions, "function", code)

    def successor_to(self, code: str) -> tuple[str, ...]:
        """The unit itself, then those no longer active that it is the successor of, whatever parts went elsewhere."""
        return tuple(each for each in self.stands_for(code) if each == code or self.heir(each) == code)

    def names_of(self, code: str) -> tuple[str, ...]:
        """All a unit may be looked for by, its code first: also what it, and those it stands for, were called."""
        return self._reference.names_of(code)

    def spoken_of(self, text: str) -> tuple[Unit, ...]:
        """Active units that may be named in a text; all others surely are not."""
        return self._reference.spoken_of(text)

    def functions(self) -> Mapping[str, str]:
        """Every function by code, with its name."""
        return self._reference.data.functions

    def powers(self) -> Mapping[str, str]:
        """Every power of enforcement by code, with its name."""
        return self._reference.data.powers

    def power_name(self, code: str) -> str:
        """What a power of enforcement is called; NotFound."""
        return _named(self._reference.data.powers, "power", code)

    def calendar(self) -> WorkCalendar:
        """The city's working days and business hours; NotFound before a city was imported."""
        if self._reference.calendar is None:
            raise NotFound("city")
        return self._reference.calendar

    def calendar_days(self) -> tuple[CalendarDay, ...]:
        """Every day that is worked or not against its weekday, in order."""
        return self._reference.data.days

    # -- citizens ---------------------------------------------------------------------------------------

    async def citizen_at(self, tx: Tx, address: Address) -> Citizen:
        """The citizen who writes from ``address``; one is made when nobody did before."""
        return await self._citizens.at(tx, address)

    async def keep_contact(
        self, tx: Tx, citizen_id: str, *, name: str | None = None, phone: str | None = None, address: str | None = None
    ) -> None:
        """Keep what a citizen told: None leaves a field as it is, empty removes it.

        The phone is kept in one way of writing; Invalid({"phone": …}) when it is none. NotFound.
        """
        await self._citizens.keep_contact(tx, citizen_id, name, phone, address)

    async def contact(self, tx: Tx, citizen_id: str) -> Contact:
        """Name, phone and address in the open: mask them for whoever may not see them. NotFound."""
        return await self._citizens.contact(tx, citizen_id)

    async def contacts(self, tx: Tx, citizen_ids: Collection[str]) -> Mapping[str, Contact]:
        """Contacts in the open by citizen, in one query; who is not known is left out."""
        return await self._citizens.contacts(tx, citizen_ids)

    async def addresses_of(self, tx: Tx, citizen_id: str) -> tuple[Address, ...]:
        """Every address the citizen writes from, the oldest first."""
        return await self._citizens.addresses_of(tx, citizen_id)

    async def citizens_with_phone(self, tx: Tx, phone: str) -> tuple[Citizen, ...]:
        """Citizens who left this number, however it is written, the oldest first; Invalid({"phone": …})."""
        return await self._citizens.with_phone(tx, phone)

    async def perhaps_same(self, tx: Tx, citizen_id: str) -> tuple[Citizen, ...]:
        """Other citizens who left the same number: to be suggested to a person, never to be merged by itself."""
        return await self._citizens.perhaps_same(tx, citizen_id)

    async def judgements(self, tx: Tx, citizen_id: str) -> tuple[Judgement, ...]:
        """What people said of this citizen and others, the oldest first."""
        return await self._citizens.judgements(tx, citizen_id)

    async def same_as(self, tx: Tx, citizen_id: str) -> tuple[str, ...]:
        """The other ids of a citizen of whom a person said that they are the same."""
        return await self._citizens.same_as(tx, citizen_id)

    async def judge_same(self, tx: Tx, citizen_id: str, other: str, verdict: SamePerson | None, by: str) -> None:
        """Keep whether two are the same, or take it back (None); NotFound for one that is not suggested."""
        await self._citizens.judge(tx, citizen_id, other, verdict, by)

    # -- staff ------------------------------------------------------------------------------------------

    async def staff(self, tx: Tx, staff_id: str) -> Staff:
        """One account, also a shut one; NotFound."""
        return await self._staff.by_id(tx, staff_id)

    async def staff_of(self, tx: Tx, unit: str) -> list[Staff]:
        """Accounts of a unit by login, shut ones too."""
        return await self._staff.of_units(tx, [unit])

    async def staff_with(self, tx: Tx, roles: Collection[Role]) -> list[Staff]:
        """Active accounts of the hotline itself with any of ``roles``, by login."""
        return [each for each in await self._staff.of_hotline(tx) if each.active and not each.roles.isdisjoint(roles)]

    async def officers(self, tx: Tx) -> Sequence[Account]:
        """Active accounts of units by login, with when each came in last."""
        return await account_rows.officers(tx)

    async def staff_names(self, tx: Tx, ids: Iterable[str]) -> Mapping[str, str]:
        """Names of staff and of API keys by id; an id nobody has is left out."""
        wanted = set(ids)
        keys = {each for each in wanted if each.startswith(KEY_ID)}
        named = {each: f"接口密钥“{name}”" for each, name in (await self._keys.names(tx, keys)).items()} if keys else {}
        return named | await self._staff.names(tx, wanted - keys)


def _named(names: Mapping[str, str], what: str, code: str) -> str:
    if code not in names:
        raise NotFound(what, name=code)
    return names[code]

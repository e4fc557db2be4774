"""A hotline at work for the tests of ticketing: the demo city's directory and catalogue, its people, its citizens."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from directory.importing import read_city
from directory.lookup import Lookup
from directory.model import UnitChange, UnitOrder
from directory.room import DirectoryRoom
from directory.room import build as build_directory
from directory.rules.reference import Reference
from directory.store import reference
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.journal import Recorded
from kernel.messages import Address, Attachment, Media, Outbound
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from tests.learnt import demo_matters
from tests.rooms import CITY
from ticketing.classifier import Classifier
from ticketing.model.acting import Form
from ticketing.model.duties import Matter
from ticketing.model.labels import Action, Outcome, ReviewCheck, Score, SideAction, Solved, TicketKind
from ticketing.model.ticket import Draft, Ticket
from ticketing.reorganisation import Preview
from ticketing.room import Ticketing, build

BOT = Principal(Kind.SYSTEM, id="bot", name="智能客服")
PHONE = "13800138000"
PROOF = (Attachment("file", Media.IMAGE, "image/jpeg", "照片.jpg", 1000),)
LITTER = "同济路25号旁边的路面垃圾好几天没人扫"
VENDING = "同济路25号旁边每晚都有烧烤档占道经营，路都走不了"


def staff(*roles: Role, unit: str = "", name: str = "") -> Principal:
    """A member of staff; the id tells the first role and the unit."""
    return Principal(Kind.STAFF, f"{roles[0].value}-{unit or '1'}", name or roles[0].label, frozenset(roles), unit)


AGENT = staff(Role.AGENT)
DISPATCHER = staff(Role.DISPATCHER)
REVIEWER = staff(Role.REVIEWER)
CALLBACK = staff(Role.CALLBACK)
SUPERVISOR = staff(Role.SUPERVISOR)
ADMIN = staff(Role.ADMIN)


@dataclass
class Hotline:
    """Ticketing over a floor, and what a test wants to do with it."""

    floor: Floor
    clock: ManualClock
    lookup: Lookup
    room: Ticketing
    directory: DirectoryRoom

    @property
    def database(self) -> Database:
        return self.floor.database

    async def open(self, text: str = VENDING, by: Principal = BOT, **more: Any) -> Ticket:
        """A complaint from the web chat, unless said otherwise."""
        draft = replace(
            Draft(TicketKind.COMPLAINT, text, place=text, contact=PHONE, name="张三", address=address("one")), **more
        )
        async with self.database.transaction() as tx:
            return await self.room.tickets.open(tx, draft, by)

    async def act(self, ticket: Ticket, action: Action | SideAction, by: Principal, **form: Any) -> Ticket:
        """One action on the ticket as it is now."""
        async with self.database.transaction() as tx:
            return await self.room.tickets.act(tx, ticket.number, action, Form(**form), by)

    async def now(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now."""
        async with self.database.reading() as tx:
            return await self.room.queries.by_number(tx, ticket.number)

    async def facts(self, ticket: Ticket) -> list[Recorded]:
        """What the journal says of it."""
        async with self.database.reading() as tx:
            assert await self.floor.journal.broken_links(tx, f"ticket:{ticket.number}") == []
            return await self.floor.journal.about(tx, f"ticket:{ticket.number}")

    async def mails(self, to: Address) -> list[Outbound]:
        """What was sent to an address."""
        async with self.database.reading() as tx:
            thread = await self.floor.mailbox.thread(tx, to)
        return [entry.outbound for entry in thread if entry.outbound is not None]

    async def approve_inside(self, unit: str, wanted: bool = True) -> None:
        """From now on a unit's results pass through its leader, or no longer."""
        async with self.database.transaction() as tx:
            await self.room.approving.set_wanted(tx, unit, wanted, ADMIN)

    async def load_city(self) -> None:
        """Write the directory down, so that its units can be changed: most tests need it in memory only."""
        async with self.database.transaction() as tx:
            await self.directory.importer.keep(tx, self.lookup._reference.data)
        await self.lookup.load()

    async def preview(self, order: UnitOrder) -> Preview:
        """What a change of units would come to."""
        async with self.database.reading() as tx:
            return await self.room.reorganisation.preview(tx, order)

    async def reorganise(self, order: UnitOrder, *, version: int | None = None) -> UnitChange:
        """A change of units as an administrator makes it; open work has still to follow."""
        async with self.database.transaction() as tx:
            known = version if version is not None else await reference.version(tx)
            change = await self.room.reorganisation.carry_out(tx, order, known, ADMIN)
        await self.lookup.load()
        return change

    async def to_review(self, ticket: Ticket, **result: Any) -> Ticket:
        """The unit that leads does all its work."""
        unit = lead_staff(ticket)
        await self.act(ticket, Action.ACCEPT, unit)
        await self.act(
            ticket, Action.START, unit, contacted_at=self.clock.now(), contact_how="用办公座机打通并核对了情况"
        )
        return await self.act(ticket, Action.SUBMIT_RESULT, unit, **(RESULT | result))

    async def to_reply(self, ticket: Ticket) -> Ticket:
        """The unit works, the reviewer releases."""
        await self.to_review(ticket)
        return await self.act(ticket, Action.RELEASE, REVIEWER, text=REPLY, checked=CHECKED, reason=ALL_THE_SAME)


RESULT: dict[str, Any] = {
    "findings": "现场有三个烧烤档占道",
    "measures": "已劝离并清理",
    "basis": "城市市容和环境卫生管理条例",
    "handler": "李工",
    "phone": "0757-00000000",
    "outcome": Outcome.RESOLVED,
    "evidence": PROOF,
}
REPLY = "已清理占道摊档，并安排夜间巡查。"
CHECKED = frozenset(ReviewCheck)
# Why a reply of the tests goes out that is about something else than its ticket.
ALL_THE_SAME = "已与承办单位核实答复内容"
GOOD: dict[str, Any] = {"score": Score.SATISFIED, "solved": Solved.YES}
BAD: dict[str, Any] = {"score": Score.DISSATISFIED, "solved": Solved.NO}


def address(user: str) -> Address:
    """Somebody who writes in the web chat."""
    return Address("web", "site", user)


def lead_staff(ticket: Ticket) -> Principal:
    """The liaison of the unit that leads."""
    assert ticket.lead is not None
    return staff(Role.LIAISON, unit=ticket.lead.unit)


def link(ticket: Ticket) -> Principal:
    """Whoever holds the tracking link."""
    return Principal(Kind.LINK, link=ticket.number)


@dataclass(frozen=True)
class City:
    """What every hotline of the tests knows, read and learnt once: it would take a second for each test."""

    reference: Reference
    matters: tuple[Matter, ...]
    classifier: Classifier


async def read_demo_city(models: Path) -> City:
    """The demo city's files; the model of its matters lies in ``models``, or is trained there."""
    matters = demo_matters()
    classifier = Classifier(models)
    await classifier.learn(matters)
    return City(Reference(read_city(CITY)), matters, classifier)


def hotline(floor: Floor, clock: ManualClock, city: City) -> Hotline:
    """The demo city's hotline over an empty database."""
    directory = build_directory(floor)
    directory.lookup._reference = city.reference
    room = build(floor, directory.lookup, directory.reorganising)
    room.catalogue._matters = {matter.code: matter for matter in city.matters}
    room.catalogue.classifier = city.classifier
    return Hotline(floor, clock, directory.lookup, room, directory)

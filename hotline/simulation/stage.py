"""What all who play share: screens, the agenda, the people, who told of which ticket, the count of what happened."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from hotline.assembly import Rooms
from hotline.simulation.agenda import Agenda
from hotline.simulation.people import People
from hotline.simulation.plan.contacts import Contact
from hotline.simulation.plan.dice import Dice
from hotline.simulation.plan.habits import Habit, Mood, habit_of, mood_of
from hotline.simulation.screen import Screen
from kernel.clock import ManualClock
from kernel.errors import HotlineError, Invalid
from kernel.people import Kind, Principal, Role
from kernel.room import Upload

TICKET = "/api/v1/tickets/{number}"
TRACK = "/api/v1/track/{link}"
SECRET = frozenset({"report", "confidential"})
URGENT = frozenset({"p0", "p1"})
UNIT_ROLES = frozenset({Role.LIAISON, Role.HANDLER, Role.UNIT_LEADER})
MOST_TOLD = 50


@dataclass
class Tally:
    """What happened, beside what the database says: contacts by how they went, buttons missing, refusals."""

    contacts: Counter[str] = field(default_factory=Counter)
    pressed: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    seen_secret: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def fault(self, rule: str, about: str, what: str) -> None:
        """Somebody saw what must not be."""
        if len(self.faults) < MOST_TOLD:
            self.faults.append((rule, about, what))


@dataclass
class Stage:
    """Where the play takes place."""

    seed: int
    rooms: Rooms
    screen: Screen
    clock: ManualClock
    people: People
    agenda: Agenda = field(default_factory=Agenda)
    tally: Tally = field(default_factory=Tally)
    told_by: dict[str, Contact] = field(default_factory=dict)
    tickets_of: dict[int, list[str]] = field(default_factory=dict)
    rare: float = 1.0

    @property
    def lookup(self) -> Any:
        """The city."""
        return self.rooms.directory.lookup

    # -- time -------------------------------------------------------------------------------------------

    def within(self, urgency: str, minutes: float, hours: float, errand: Callable[[], Awaitable[None]]) -> None:
        """Urgent things after ``minutes`` by the clock on the wall, others after ``hours`` of business."""
        if urgency in URGENT:
            self.agenda.at(self.clock.now() + timedelta(minutes=minutes), errand)
        else:
            self.business(hours, errand)

    def business(self, hours: float, errand: Callable[[], Awaitable[None]]) -> None:
        """After so many hours of business."""
        calendar = self.lookup.calendar()
        self.agenda.at(calendar.add_business(self.clock.now(), timedelta(hours=hours)), errand)

    def later(self, errand: Callable[[], Awaitable[None]], **span: float) -> None:
        """After a span by the clock on the wall."""
        self.agenda.at(self.clock.now() + timedelta(**span), errand)

    # -- who --------------------------------------------------------------------------------------------

    def dice(self, *about: object) -> Dice:
        """Chance for one thing."""
        return Dice(self.seed, *about, rare=self.rare)

    def register(self, number: str, contact: Contact) -> None:
        """A ticket came of a contact."""
        self.told_by[number] = contact
        self.tickets_of.setdefault(contact.number, []).append(number)

    def key(self, number: str) -> str:
        """What a ticket is called in draws: by its contact, as numbers follow from who came first."""
        contact = self.told_by.get(number)
        return f"{contact.number}.{self.tickets_of[contact.number].index(number)}" if contact else number

    def habit(self, unit: str) -> Habit:
        """A unit's ways."""
        return habit_of(self.seed, unit)

    def mood(self, number: str, again: int = 0) -> Mood:
        """How the citizen of a ticket takes it."""
        contact = self.told_by.get(number)
        return mood_of(self.seed, contact.number if contact else 0, again, self.rare)

    async def person(self, unit: str, role: Role) -> Principal:
        """A unit's person; when the unit first has something to do, it also says whether its leader approves."""
        if not self.people.knows(unit) and self.habit(unit).approval:
            admin, path = self.people.posts[Role.ADMIN][0], "/api/v1/units/{unit}/approval"
            await self.screen.put(admin, path, {"wanted": True}, unit=unit)
        return await self.people.at(unit, role)

    # -- screens ----------------------------------------------------------------------------------------

    async def see(self, who: Principal, number: str) -> Any:
        """The ticket as somebody sees it; what must not be seen is noted."""
        view = await self.screen.get(who, TICKET, number=number)
        if view.secrecy in SECRET and who.roles <= UNIT_ROLES:
            self.look_for_identity(view)
        return view

    def look_for_identity(self, view: Any) -> None:
        """Whether a unit's screen says who told of a secret ticket."""
        self.tally.seen_secret += 1
        contact = self.told_by.get(view.number)
        shown = f"{view.text} {view.where_text} {view.title} {view.requester.name}"
        if view.requester.name or (contact and (contact.phone in shown or contact.name in shown)):
            self.tally.fault("report_shows_no_identity", view.number, "a unit reads who the citizen is")

    async def press(
        self, who: Principal, view: Any, action: str, *, expect: Sequence[str] = (), **form: Any
    ) -> Any | None:
        """Press a button of the ticket that was just seen; None when it is not there or the rules refuse."""
        if action not in {each.action for each in view.actions}:
            self.tally.missing[action] += 1
            return None
        body = {"version": view.version, "form": form}
        path = f"{TICKET}/actions/{{action}}"
        return await self.tried(
            action, expect, lambda: self.screen.post(who, path, body, number=view.number, action=action)
        )

    async def ask(self, who: Principal, view: Any, kind: str, *, expect: Sequence[str] = (), **form: Any) -> Any | None:
        """Ask for something as the lead unit; without looking for the button, so that late ones are tried too."""
        body = {"kind": kind, "form": form, "version": view.version}
        path = f"{TICKET}/requests"
        return await self.tried(f"ask_{kind}", expect, lambda: self.screen.post(who, path, body, number=view.number))

    async def decide(
        self, who: Principal, number: str, request: str, granted: bool, *, disputed: bool = False,
        expect: Sequence[str] = (), **form: Any,
    ) -> Any | None:  # fmt: skip
        """Decide about a request."""
        body = {"granted": granted, "disputed": disputed, "form": form}
        path = f"{TICKET}/requests/{{id}}"
        name = "dispute" if disputed else "grant" if granted else "refuse"
        return await self.tried(name, expect, lambda: self.screen.post(who, path, body, number=number, id=request))

    async def track(self, number: str, wish: str, *, expect: Sequence[str] = (), **form: Any) -> Any | None:
        """What the citizen does by the link; None when the page does not offer it."""
        who = Principal(Kind.LINK, link=number)
        page = await self.screen.get(who, TRACK, link=number)
        if wish not in page.can:
            self.tally.missing[f"track_{wish}"] += 1
            return None
        if wish == "add_photo":
            photo = Upload("file", "现场.jpg", picture())
            path, files = f"{TRACK}/photos", [photo]
            return await self.tried(
                "track_add_photo", expect, lambda: self.screen.post(who, path, files=files, link=number)
            )
        path = f"{TRACK}/{{action}}"
        return await self.tried(
            f"track_{wish}", expect, lambda: self.screen.post(who, path, form, link=number, action=wish)
        )

    async def photo_of(self, who: Principal, view: Any) -> str:
        """A photo of the place as it is now."""
        upload = Upload("file", "现场.jpg", picture())
        kept = await self.screen.post(who, f"{TICKET}/attachments", files=[upload], number=view.number)
        return str(kept[0].id)

    async def tried(self, name: str, expect: Sequence[str], do: Callable[[], Awaitable[Any]]) -> Any | None:
        try:
            given = await do()
        except HotlineError as error:
            codes = [error.code, *(error.fields.values() if isinstance(error, Invalid) else ())]
            known = any(code in expect for code in codes)
            (self.tally.expected if known else self.tally.surprises)[f"{name}: {_told(error)}"] += 1
            return None
        self.tally.pressed[name] += 1
        return given


def _told(error: HotlineError) -> str:
    if isinstance(error, Invalid):
        return ", ".join(f"{field}={code}" for field, code in sorted(error.fields.items())) or error.code
    return error.code


@lru_cache(maxsize=1)
def picture() -> bytes:
    """A small photo."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (96, 112, 128)).save(out, "JPEG")
    return out.getvalue()


def offered(view: Any, action: str) -> bool:
    """Whether a view has a button."""
    return any(each.action == action for each in view.actions)


def barred_in(view: Any, action: str) -> frozenset[str]:
    """The units that the form of a button shows as not to be chosen."""
    button = next((each for each in view.actions if each.action == action), None)
    shown = (one.value for field in button.fields for one in field.barred) if button else ()
    return frozenset(shown)


def prefilled(view: Any, action: str) -> Mapping[str, str]:
    """What stands in the form of a button at first."""
    button = next((each for each in view.actions if each.action == action), None)
    return {field.name: field.value for field in button.fields if field.value} if button else {}

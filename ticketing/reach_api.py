"""An officer's own notices: on which ways, in which hours, what there is to read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from kernel.errors import Invalid
from kernel.people import May, Principal
from kernel.phones import phone as valid_phone
from kernel.room import Call, Floor, Route
from ticketing.access import is_unit_staff
from ticketing.reaching import Reaching
from ticketing.rules.reaching import Reach, Way, page_of
from ticketing.store import reaching as rows

SHOWN = 30
SHAPES: Mapping[Way, re.Pattern[str]] = {
    Way.WECOM: re.compile(r"[A-Za-z0-9][A-Za-z0-9_@.\-]{0,63}"),
    Way.SMS: re.compile(r"1\d{10}"),
    Way.EMAIL: re.compile(r"[^@\s\"<>,;:]{1,64}@[A-Za-z0-9.\-]{3,120}"),
}


@dataclass(frozen=True, slots=True)
class WayView:
    """A way there is here; ``address`` is the officer's own. ``problem`` is why it is not used, a code."""

    way: Way
    label: str
    address: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OfficerNoticeView:
    """A thing the officer was told of, and the page it is opened on."""

    number: str
    what: str
    at: datetime
    read: bool
    page: str


@dataclass(frozen=True, slots=True)
class ReachView:
    """What the officer chose, and their newest notices; times are local ``HH:MM`` or empty."""

    ways: Sequence[WayView]
    quiet_from: str
    quiet_to: str
    unread: int
    notices: Sequence[OfficerNoticeView]
    phone: str = ""
    preferred: Way | None = None
    all_urgent: bool = False


@dataclass(frozen=True, slots=True)
class ReachForm:
    """What the officer chooses; a way without an address is not used, and cannot be the preferred one."""

    ways: Mapping[Way, str] = field(default_factory=dict)
    quiet_from: str = ""
    quiet_to: str = ""
    phone: str = ""
    preferred: Way | None = None
    all_urgent: bool = False


@dataclass(frozen=True, slots=True)
class ReadForm:
    """The ticket that was opened."""

    number: str


@dataclass(frozen=True, slots=True)
class ReadView:
    """How many are left."""

    unread: int


class ReachApi:
    """Reads and keeps what concerns the one who asks, nobody else."""

    def __init__(self, floor: Floor, reaching: Reaching) -> None:
        self._database = floor.database
        self._vault = floor.vault
        self._clock = floor.clock
        self._reaching = reaching

    async def show(self, call: Call) -> ReachView:
        return await self._view(call.principal)

    async def keep(self, call: Call) -> ReachView:
        form = call.form(ReachForm)
        ways = {way: address.strip() for way, address in form.ways.items() if address.strip()}
        wrong = {f"ways.{way.value}": "address_wrong" for way, a in ways.items() if not SHAPES[way].fullmatch(a)}
        wrong |= {f"ways.{way.value}": "way_not_there" for way in ways if way not in self._reaching.ways}
        hours = _time("quiet_from", form.quiet_from), _time("quiet_to", form.quiet_to)
        preferred = form.preferred
        if preferred is not None and preferred not in ways:
            wrong.setdefault(f"ways.{preferred.value}", "preferred_without_address")
        phone = valid_phone(form.phone) if form.phone.strip() else ""
        reach = Reach(ways, *hours, phone=phone, preferred=preferred, all_urgent=form.all_urgent)
        if (reach.quiet_from is None) is not (reach.quiet_to is None):
            wrong["quiet_to" if reach.quiet_to is None else "quiet_from"] = "required"
        if wrong:
            raise Invalid(wrong)
        async with self._database.transaction() as tx:
            await rows.keep(tx, self._vault, call.principal.id, reach, self._clock.now())
        return await self._view(call.principal)

    async def read(self, call: Call) -> ReadView:
        async with self._database.transaction() as tx:
            await rows.read(tx, call.principal.id, call.form(ReadForm).number, self._clock.now())
            return ReadView(await rows.unread(tx, call.principal.id))

    async def _view(self, by: Principal) -> ReachView:
        staff, of_unit = by.id, is_unit_staff(by)
        async with self._database.reading() as tx:
            reach = (await rows.of(tx, self._vault, [staff])).get(staff, Reach({}))
            found, unread = await rows.newest(tx, staff, SHOWN), await rows.unread(tx, staff)
        ways = [
            WayView(way, way.label, reach.ways.get(way, ""), reach.stopped.get(way, "")) for way in self._reaching.ways
        ]
        notices = [
            OfficerNoticeView(
                each.number,
                each.what,
                each.at,
                each.read_at is not None,
                page_of(each.number, each.what, of_unit=of_unit),
            )
            for each in found
        ]
        hours = _shown(reach.quiet_from), _shown(reach.quiet_to)
        order = reach.in_order(self._reaching.ways)
        preferred = reach.preferred or (order[0] if order else None)
        return ReachView(ways, *hours, unread, notices, reach.phone, preferred, reach.all_urgent)


def _time(name: str, text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid({name: "not_a_time"}) from error


def _shown(at: time | None) -> str:
    return "" if at is None else f"{at:%H:%M}"


def routes(api: ReachApi) -> list[Route]:
    """The officer's own part of the API."""
    may, root = May.USE_OWN_NOTICES, "/api/v1/my"
    return [
        Route("GET", f"{root}/notices", api.show, may, "我的通知", gives=ReachView),
        Route("PUT", f"{root}/notices", api.keep, may, "设置我的通知方式", body=ReachForm, gives=ReachView),
        Route("POST", f"{root}/notices/read", api.read, may, "通知已读", body=ReadForm, gives=ReadView),
    ]

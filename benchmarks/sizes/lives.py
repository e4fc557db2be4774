"""Tickets made by the services themselves, one for each way a ticket can go; the many are copied from them.

What differs from ticket to ticket (what it is about, where, whose) is written here as marks no ordinary text holds.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.sizes.affairs import Affair
from benchmarks.sizes.house import SizedHouse
from kernel.ids import new_id
from kernel.messages import Address, Attachment, Media
from kernel.people import Kind, Principal, Role
from ticketing.model.acting import Form
from ticketing.model.labels import (
    Action,
    Flag,
    Outcome,
    RequestKind,
    ReviewCheck,
    Score,
    Secrecy,
    SideAction,
    Solved,
    State,
    SuspensionReason,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Draft, Ticket

TITLE, PLACE, TEXT = "题甲乙丙丁戊", "地甲乙丙丁戊", "文甲乙丙丁戊"
PHONE = "13900139000"
BOT = Principal(Kind.SYSTEM, id="bot", name="智能客服")
PROOF = (Attachment("file", Media.IMAGE, "image/jpeg", "照片.jpg", 1000),)
CHECKED = frozenset(ReviewCheck)
SAME_FOR_ALL = "基准测试的工单答复相同"


@dataclass(frozen=True, slots=True)
class Life:
    """A ticket as it was made; ``weight`` is how often tickets go this way, ``ends`` whether it is over."""

    ticket: Ticket
    weight: float
    ends: bool


class Maker:
    """Opens tickets and takes them along their ways."""

    def __init__(self, house: SizedHouse, affair: Affair) -> None:
        self._house = house
        self.affair = affair
        self._tickets = house.rooms.ticketing.tickets
        self.unit = house.liaisons[affair.unit]

    async def open(self, by: Principal = BOT, **more: object) -> Ticket:
        """A ticket about the affair, told by somebody new in the web chat."""
        given: dict[str, object] = {
            "kind": TicketKind.COMPLAINT,
            "text": TEXT,
            "title": TITLE,
            "matter": self.affair.matter,
            "area": self.affair.area,
            "place": PLACE,
            "name": "张三",
            "contact": PHONE,
            "address": Address("web", "site", new_id()),
            **more,
        }
        async with self._house.database.transaction() as tx:
            return await self._tickets.open(tx, Draft(**given), by)  # type: ignore[arg-type]

    async def act(self, ticket: Ticket, action: Action | SideAction, by: Principal, **form: object) -> Ticket:
        """One step, some time later."""
        async with self._house.database.transaction() as tx:
            return await self._tickets.act(tx, ticket.number, action, Form(**form), by)  # type: ignore[arg-type]

    async def ask(self, ticket: Ticket, kind: RequestKind, **form: object) -> Ticket:
        """The unit that leads asks for something."""
        async with self._house.database.transaction() as tx:
            return await self._tickets.ask(tx, ticket.number, kind, Form(**form), self.unit)  # type: ignore[arg-type]

    async def grant(self, ticket: Ticket, by: Principal, **form: object) -> Ticket:
        """What was asked for last is granted."""
        request = ticket.requests[-1].id
        async with self._house.database.transaction() as tx:
            return await self._tickets.decide(tx, ticket.number, request, True, Form(**form), by)  # type: ignore[arg-type]

    def person(self, role: Role) -> Principal:
        return self._house.people[role]

    def later(self, **span: float) -> None:
        self._house.clock.advance(timedelta(**span))

    @property
    def now(self) -> datetime:
        return self._house.clock.now()

    # -- stretches of the way ---------------------------------------------------------------------------

    async def dispatched(self, **more: object) -> Ticket:
        """Taken in and given to the unit."""
        ticket = await self.open(**more)  # type: ignore[arg-type]
        if ticket.state is State.RECEIVED:
            ticket = await self.act(ticket, Action.TRIAGE, self.person(Role.AGENT))
        if ticket.state is State.TRIAGE:
            self.later(minutes=31)
            ticket = await self.act(ticket, Action.DISPATCH, self.person(Role.DISPATCHER), unit=self.affair.unit)
        return ticket

    async def begun(self, **more: object) -> Ticket:
        """The unit is at it."""
        ticket = await self.dispatched(**more)
        self.later(minutes=47)
        ticket = await self.act(ticket, Action.ACCEPT, self.unit)
        self.later(hours=1)
        return await self.act(
            ticket, Action.START, self.unit, contacted_at=self.now, contact_how="用办公座机打通并核对了情况"
        )

    async def submitted(self, ticket: Ticket) -> Ticket:
        """The unit says what it did."""
        self.later(hours=22)
        return await self.act(
            ticket,
            Action.SUBMIT_RESULT,
            self.unit,
            findings="现场核实，反映的路段照明不足、路面有破损",
            measures="已安排人员到场处理，并纳入日常巡查",
            basis="有关管理条例",
            handler="经办人",
            phone="0757-00000000",
            outcome=Outcome.RESOLVED,
            evidence=PROOF,
        )

    async def replied(self, ticket: Ticket) -> Ticket:
        """The citizen has the answer."""
        ticket = await self.submitted(ticket)
        self.later(hours=3)
        text = "经现场核实，已安排人员修复照明和路面，并纳入日常巡查，感谢您的监督。"
        return await self.act(
            ticket, Action.RELEASE, self.person(Role.REVIEWER), text=text, checked=CHECKED, reason=SAME_FOR_ALL
        )

    async def rated(self, ticket: Ticket, score: Score = Score.SATISFIED, solved: Solved = Solved.YES) -> Ticket:
        """The citizen has voted."""
        self.later(hours=5)
        citizen = Principal(Kind.LINK, link=ticket.number)
        return await self.act(ticket, Action.RATE, citizen, score=score, solved=solved)


# -- ways that have ended -----------------------------------------------------------------------------------


async def plain(make: Maker) -> Ticket:
    return await make.rated(await make.replied(await make.begun()))


async def shown_to_all(make: Maker) -> Ticket:
    return await make.rated(await make.replied(await make.begun(secrecy=Secrecy.OPEN)))


async def by_phone(make: Maker) -> Ticket:
    ticket = await make.begun(by=make.person(Role.AGENT), address=None, kind=TicketKind.HELP)
    ticket = await make.act(ticket, SideAction.URGE, make.person(Role.AGENT))
    return await make.rated(await make.replied(ticket))


async def extended(make: Maker) -> Ticket:
    ticket = await make.begun()
    ticket = await make.ask(ticket, RequestKind.EXTENSION, reason="需协调多方", new_due=make.now + timedelta(days=16))
    ticket = await make.grant(ticket, make.person(Role.SUPERVISOR))
    return await make.rated(await make.replied(ticket), Score.BASICALLY_SATISFIED)


async def handled_twice(make: Maker) -> Ticket:
    ticket = await make.replied(await make.begun())
    ticket = await make.rated(ticket, Score.DISSATISFIED, Solved.NO)
    ticket = await make.act(
        ticket, Action.REHANDLE, make.person(Role.CALLBACK), reason="仍未解决", reason_code="unsolved"
    )
    if ticket.state is State.REHANDLE:
        ticket = await make.act(ticket, Action.RESTART, make.unit)
    return await make.rated(await make.replied(ticket))


async def withdrawn(make: Maker) -> Ticket:
    ticket = await make.dispatched()
    make.later(hours=1)
    return await make.act(ticket, Action.WITHDRAW, Principal(Kind.LINK, link=ticket.number), reason="已自行解决")


async def answered(make: Maker) -> Ticket:
    ticket = await make.open(by=make.person(Role.AGENT), kind=TicketKind.CONSULT, matter="", urgency=Urgency.P3)
    ticket = await make.act(
        ticket, Action.ANSWER, make.person(Role.AGENT), text="可以在线办理。", basis="办事指南", citations=("guide",)
    )
    make.later(hours=2)
    return await make.act(ticket, Action.CONFIRM, Principal(Kind.LINK, link=ticket.number))


Way = Callable[[Maker], Awaitable[Ticket]]
ENDED: Sequence[tuple[Way, float]] = (
    (plain, 50),
    (shown_to_all, 10),
    (by_phone, 20),
    (extended, 6),
    (handled_twice, 4),
    (withdrawn, 3),
    (answered, 7),
)

# -- ways that go on ----------------------------------------------------------------------------------------


async def in_triage(make: Maker) -> Ticket:
    return await make.open(by=make.person(Role.AGENT), matter="")


async def uncertain(make: Maker) -> Ticket:
    return await make.open(matter="", urgency=Urgency.P1)


async def waiting_for_words(make: Maker) -> Ticket:
    ticket = await make.open(by=make.person(Role.AGENT), matter="")
    return await make.act(ticket, Action.ASK_INFO, make.person(Role.DISPATCHER), question="请问在哪一栋？")


async def just_dispatched(make: Maker) -> Ticket:
    return await make.dispatched()


async def urgent(make: Maker) -> Ticket:
    return await make.dispatched(by=make.person(Role.AGENT), urgency=Urgency.P1)


async def at_work(make: Maker) -> Ticket:
    return await make.begun()


async def secret(make: Maker) -> Ticket:
    return await make.begun(kind=TicketKind.REPORT, secrecy=Secrecy.REPORT, flags=frozenset({Flag.ANONYMOUS}))


async def asked_to_return(make: Maker) -> Ticket:
    ticket = await make.dispatched()
    return await make.ask(
        ticket, RequestKind.RETURN, reason="不属本单位职责", reason_code="not_our_duty", clause="三定方案第二条",
        suggested_unit=make.affair.other,
    )  # fmt: skip


async def asked_for_more_time(make: Maker) -> Ticket:
    ticket = await make.begun()
    return await make.ask(ticket, RequestKind.EXTENSION, reason="需协调多方", new_due=make.now + timedelta(days=16))


async def suspended(make: Maker) -> Ticket:
    ticket = await make.begun()
    code = next(iter(SuspensionReason)).value
    ticket = await make.ask(ticket, RequestKind.SUSPENSION, reason="等待第三方", reason_code=code)
    return await make.grant(ticket, make.person(Role.SUPERVISOR))


async def in_review(make: Maker) -> Ticket:
    return await make.submitted(await make.begun())


async def just_replied(make: Maker) -> Ticket:
    return await make.replied(await make.begun())


async def to_be_called(make: Maker) -> Ticket:
    return await make.rated(await make.replied(await make.begun()), Score.DISSATISFIED, Solved.NO)


GOING_ON: Sequence[tuple[Way, float]] = (
    (in_triage, 4),
    (uncertain, 2),
    (waiting_for_words, 3),
    (just_dispatched, 14),
    (urgent, 1),
    (at_work, 42),
    (secret, 1),
    (asked_to_return, 1),
    (asked_for_more_time, 2),
    (suspended, 2),
    (in_review, 10),
    (just_replied, 12),
    (to_be_called, 6),
)


async def lives(
    house: SizedHouse, affair: Affair, ways: Sequence[tuple[Way, float]], starts: Sequence[datetime], ends: bool
) -> list[Life]:
    """Every way once from every start."""
    made = []
    for start in starts:
        for way, weight in ways:
            house.clock.set(start)
            ticket = await way(Maker(house, affair))
            made.append(Life(ticket, weight, ends))
    return made

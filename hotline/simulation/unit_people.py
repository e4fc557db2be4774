"""People of the member units: they sign, give back, hand down, ask, work, approve, each unit after its habit."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hotline.simulation import words
from hotline.simulation.plan.dice import Dice
from hotline.simulation.plan.habits import Habit
from hotline.simulation.stage import TICKET, URGENT, Stage, offered
from kernel.errors import NotFound
from kernel.people import Principal, Role

CLOSED_PARTS = frozenset({"done", "returned", "taken_back"})
UNMASKS, BY_PHONE, ENFORCES = 0.2, 0.85, 0.04
WORK_HOURS = {"praise": 4.0, "consult": 3.0, "help": 11.0, "complaint": 15.0, "report": 16.0, "other": 11.0}
RETRY_HOURS = 6.0
NO_POWER = ("lacks_power", "no_power_there")


class UnitPeople:
    """Everybody at the units."""

    def __init__(self, stage: Stage) -> None:
        self._s = stage

    # -- a ticket arrives -------------------------------------------------------------------------------

    def dispatched(self, number: str, unit: str, urgency: str, version: int) -> None:
        """The unit has a new ticket."""
        dice, habit = self._s.dice("dispatched", self._s.key(number), version), self._s.habit(unit)
        minutes, hours = dice.about(6) * habit.pace, dice.about(0.7) * habit.pace
        self._s.within(urgency, minutes, hours, lambda: self._receive(number, unit, dice, habit))

    async def _receive(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.LIAISON)
        if view is None or view.state != "dispatched":
            return
        liaison = await self._person(unit, Role.LIAISON)
        if dice.rarely(habit.gives_back):
            await self._give_back(liaison, view, dice)
            # 先办后议: the work goes on meanwhile.
            view = await self._s.see(liaison, number)
        if offered(view, "accept"):
            await self._s.press(liaison, view, "accept")

    async def _give_back(self, liaison: Principal, view: Any, dice: Dice) -> None:
        other = self._another(view, dice)
        if other:
            code = dice.pick(("not_our_duty", "not_our_area", "other_lead"))
            form = {"reason": words.REASONS["return"], "clause": words.CLAUSE, "suggested_unit": other}
            late = ("return_window_over", "asked_already")
            await self._s.ask(liaison, view, "return", expect=late, reason_code=code, **form)

    def _another(self, view: Any, dice: Dice) -> str:
        lookup, matter = self._s.lookup, self._matter(view.matter)
        found = lookup.units_at(matter.function, view.area or lookup.city().area_code) if matter else ()
        around = [u.code for u in found if u.code != view.unit]
        if around and dice.chance(0.6):
            return str(around[0])
        return str(dice.pick([u.code for u in lookup.units() if u.code != view.unit]))

    def _matter(self, code: str) -> Any:
        return next((m for m in self._s.rooms.ticketing.queries.matters() if m.code == code), None)

    # -- supporting and lower units ---------------------------------------------------------------------

    def part(self, number: str, unit: str, urgency: str) -> None:
        """A unit has a part in it."""
        dice, habit = self._s.dice("part", self._s.key(number), unit), self._s.habit(unit)
        minutes, hours = dice.about(10) * habit.pace, dice.about(1.5) * habit.pace
        self._s.within(urgency, minutes, hours, lambda: self._take_part(number, unit, dice, habit))

    async def _take_part(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.LIAISON)
        if view is None or not offered(view, "accept_part"):
            return
        liaison = await self._person(unit, Role.LIAISON)
        if await self._s.press(liaison, view, "accept_part") is None:
            return
        hours = dice.about(5) * habit.pace
        self._s.within(view.urgency, 30, hours, lambda: self._finish_part(number, unit, dice, habit))

    async def _finish_part(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.LIAISON)
        if view is None:
            return
        liaison = await self._person(unit, Role.LIAISON)
        mine = next((a for a in view.assignments if a.unit == unit and a.state not in CLOSED_PARTS), None)
        if mine and offered(view, "note_dissent") and dice.rarely(habit.refuses):
            await self._s.press(liaison, view, "note_dissent", assignment=mine.id, dissent=words.REASONS["dissent"])
        elif offered(view, "finish_part"):
            done = await self._s.press(
                liaison, view, "finish_part", expect=("parts_open",), findings=dice.pick(words.FINDINGS)
            )
            if done is None:
                self._s.business(RETRY_HOURS, lambda: self._finish_part(number, unit, dice, habit))

    # -- the lead works ---------------------------------------------------------------------------------

    def accepted(self, number: str, unit: str, urgency: str, version: int) -> None:
        """It was signed for, or the timer said so."""
        dice, habit = self._s.dice("accepted", self._s.key(number), version), self._s.habit(unit)
        minutes, hours = dice.about(15) * habit.pace, dice.about(2) * habit.pace
        self._s.within(urgency, minutes, hours, lambda: self._begin(number, unit, dice, habit))

    async def _begin(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.HANDLER)
        if view is None or not offered(view, "start"):
            return
        handler = await self._person(unit, Role.HANDLER)
        below = self._below(unit, view, dice)
        if below and offered(view, "sub_dispatch") and dice.rarely(habit.hands_down):
            handed = await self._s.press(
                handler,
                view,
                "sub_dispatch",
                expect=("works_on_it_already", "named_in_matter", "not_below", *NO_POWER),
                unit=below,
            )
            if handed is not None:
                view = handed
        if view.can_unmask and dice.chance(UNMASKS):
            await self._unmask(handler, number)
            view = await self._s.see(handler, number)
        reached = dice.chance(BY_PHONE)
        how = (
            {"contacted_at": "now", "contact_how": words.CONTACT_HOW}
            if reached
            else {"no_contact_reason": words.REASONS["no_contact"]}
        )
        await self._s.press(handler, view, "start", **how)

    async def _unmask(self, who: Principal, number: str) -> None:
        body = {"purpose": words.PURPOSE, "reason": "verify"}
        await self._s.screen.post(who, f"{TICKET}/unmask", body, number=number)
        self._s.tally.pressed["unmask"] += 1

    def _below(self, unit: str, view: Any, dice: Dice) -> str:
        lookup = self._s.lookup
        found = [u.code for u in lookup.units() if u.parent == unit]
        if not found and view.area:
            found = [u.code for u in lookup.units_at("grassroots", view.area) if u.code != unit]
        matter = self._matter(view.matter)
        power = matter.needs_power if matter else ""
        found = [code for code in found if not power or power in lookup.unit(code).powers]
        return dice.pick(found) if found else ""

    def at_work(self, number: str, unit: str, urgency: str, version: int) -> None:
        """The lead works on it, for the first time or again."""
        dice, habit = self._s.dice("work", self._s.key(number), version), self._s.habit(unit)
        self._s.within(urgency, 20, dice.about(1.0), lambda: self._consider(number, unit, dice, habit))

    async def _consider(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.HANDLER)
        if view is None or view.state != "in_progress":
            return
        handler = await self._person(unit, Role.HANDLER)
        if view.kind in {"complaint", "report"}:
            view = await self._enforce(handler, view) or view
        asked = {each.kind for each in view.requests}
        if view.urgency not in URGENT and not asked:
            if dice.rarely(habit.holds):
                await self._ask_hold(handler, view, dice)
            elif dice.rarely(habit.extends):
                self._plan_extension(number, unit, view, dice, late=False)
            elif dice.rarely(habit.asks_late):
                self._plan_extension(number, unit, view, dice, late=True)
            if dice.rarely(habit.excludes):
                photo = await self._s.photo_of(handler, view)
                form = {"reason": words.REASONS["exclusion"], "evidence": [photo]}
                now = await self._s.see(handler, number)
                await self._s.ask(handler, now, "exclusion", reason_code="lawful_refusal", **form)
        hours = dice.about(WORK_HOURS.get(view.kind, 11.0)) * habit.pace
        minutes = dice.about(90) * habit.pace
        self._s.within(view.urgency, minutes, hours, lambda: self._report(number, unit, dice, habit))

    async def _enforce(self, handler: Principal, view: Any) -> Any | None:
        dice = self._s.dice("enforces", self._s.key(view.number))
        if not offered(view, "open_enforcement") or not dice.rarely(ENFORCES):
            return None
        return await self._s.press(handler, view, "open_enforcement", reason=words.REASONS["enforce"])

    async def _ask_hold(self, handler: Principal, view: Any, dice: Dice) -> None:
        if dice.chance(0.6):
            code = dice.pick(("citizen", "procedure", "force_majeure"))
            await self._s.ask(handler, view, "suspension", reason=words.REASONS["suspension"], reason_code=code)
        else:
            await self._s.ask(handler, view, "shelving", reason=words.REASONS["shelving"], plan=words.PLAN)

    def _plan_extension(self, number: str, unit: str, view: Any, dice: Dice, *, late: bool) -> None:
        own = next((a for a in view.assignments if a.unit == unit and a.role == "lead"), None)
        if own is None:
            return
        left = own.due_at - self._s.clock.now()
        at = own.due_at + timedelta(hours=dice.between(1, 20)) if late else own.due_at - left * dice.between(0.1, 0.5)
        if at > self._s.clock.now():
            self._s.agenda.at(at, lambda: self._ask_extension(number, unit, dice))

    async def _ask_extension(self, number: str, unit: str, dice: Dice) -> None:
        view = await self._own(number, unit, Role.HANDLER)
        if view is None or view.state not in {"dispatched", "accepted", "in_progress"}:
            return
        own = next((a for a in view.assignments if a.unit == unit and a.role == "lead" and a.ended_at is None), None)
        if own is None:
            return
        calendar = self._s.lookup.calendar()
        wanted = calendar.local_date(calendar.working_days_after(own.due_at, dice.pick((1, 2, 2, 3))))
        too_much = ("extension_after_due", "beyond_original_limit", "beyond_legal_ceiling", "asked_already")
        handler = await self._person(unit, Role.HANDLER)
        form = {"reason": words.REASONS["extension"], "new_due": wanted.isoformat()}
        overdue = self._s.clock.now() > own.due_at
        given = await self._s.ask(handler, view, "extension", expect=(*too_much, "extended_too_often"), **form)
        if overdue and given is not None:
            self._s.tally.fault("late_extension_is_refused", number, "an extension was taken after the due time")

    async def _report(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.HANDLER)
        if view is None or not offered(view, "submit_result"):
            return
        handler = await self._person(unit, Role.HANDLER)
        outcome = dice.weighed({"resolved": 0.62, "partly": 0.12, "explained": 0.22, "referred": 0.04})
        proof = [await self._s.photo_of(handler, view)] if outcome == "resolved" else []
        view = await self._s.see(handler, number) if proof else view
        form = {
            "findings": dice.pick(words.FINDINGS),
            "measures": dice.pick(words.EXPLAINED if outcome == "explained" else words.MEASURES),
            "basis": words.BASIS,
            "handler": words.HANDLER,
            "phone": words.OFFICE_PHONE,
            "outcome": outcome,
            "evidence": proof,
        }
        given = await self._s.press(handler, view, "submit_result", expect=("parts_open",), **form)
        if given is None:
            await self._hurry_parts(number, dice)
            self._s.business(RETRY_HOURS, lambda: self._report(number, unit, dice, habit))

    async def _hurry_parts(self, number: str, dice: Dice) -> None:
        """Where a unit lets the clock of its part run out, the hotline is asked to note that."""
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        late = {part.value for each in view.actions if each.action == "note_dissent" for part in _options(each)}
        for part in sorted(late)[:1]:
            form = {"assignment": part, "dissent": words.REASONS["no_part"], "reason": words.REASONS["silent"]}
            await self._s.press(who, view, "note_dissent", **form)

    def submitted(self, number: str, unit: str, urgency: str, version: int) -> None:
        """A result waits for the unit's leader."""
        dice, habit = self._s.dice("submitted", self._s.key(number), version), self._s.habit(unit)
        hours = dice.about(1.5) * habit.pace
        self._s.within(urgency, dice.about(10), hours, lambda: self._approve(number, unit, dice, habit))

    async def _approve(self, number: str, unit: str, dice: Dice, habit: Habit) -> None:
        view = await self._own(number, unit, Role.UNIT_LEADER)
        if view is None or not offered(view, "approve"):
            return
        leader = await self._person(unit, Role.UNIT_LEADER)
        if dice.rarely(habit.careless):
            await self._s.press(leader, view, "redo_inside", reason=words.REASONS["redo"])
        else:
            await self._s.press(leader, view, "approve")

    def suspended(self, number: str, unit: str, version: int) -> None:
        """It stands still; most units go on when they can, some leave it to the timer."""
        dice = self._s.dice("suspended", self._s.key(number), version)
        if dice.chance(0.75):
            self._s.business(dice.between(7, 60), lambda: self._resume(number, unit))

    async def _resume(self, number: str, unit: str) -> None:
        view = await self._own(number, unit, Role.HANDLER)
        if view is not None and offered(view, "resume"):
            await self._s.press(await self._person(unit, Role.HANDLER), view, "resume")

    # -- who --------------------------------------------------------------------------------------------

    async def _person(self, unit: str, role: Role) -> Principal:
        return await self._s.person(unit, role)

    async def _own(self, number: str, unit: str, role: Role) -> Any | None:
        """The ticket as the unit sees it; None when it is none of its business any more."""
        try:
            return await self._s.see(await self._person(unit, role), number)
        except NotFound:
            return None


def _options(action: Any) -> Iterator[Any]:
    return (option for each in action.fields if each.name == "assignment" for option in each.options)

"""The hotline's own people after a ticket is there: they dispatch, decide, review, call back, supervise."""

from datetime import timedelta
from functools import partial
from typing import Any

from hotline.simulation import words
from hotline.simulation.plan.dice import Dice
from hotline.simulation.stage import TICKET, Stage, barred_in, offered, prefilled
from kernel.people import Principal, Role

OPEN = frozenset({"received", "triage", "dispatched", "accepted", "in_progress", "suspended", "submitted", "review"})
MERGEABLE = frozenset({"dispatched", "accepted", "in_progress"})
LIKE_ENOUGH = 60
DECLINES, ASKS, MERGES, ADDS_SUPPORT, LOWERS, RAISES = 0.03, 0.06, 0.6, 0.06, 0.01, 0.01
# of the help that was asked for, so much of the wrong unit
WITHDRAWS = 0.1
REASSIGNS, RECALLS, UNMERGES, DISPUTES, BOUNCES = 0.02, 0.015, 0.08, 0.12, 0.07
HANDS_OVER, PASSES_ON, RECEIPTED, UPHELD, LAWFUL, AGREES = 0.5, 0.02, 0.85, 0.4, 0.15, 0.85
FLAGS, UNFLAGS, FLAGGED = 0.03, 0.4, ("media", "leader_note", "minor", "elder_or_disabled")
NOT_COMPETENT = ("lacks_power", "outside_area", "leads_already", "is_the_lead", "required", "required_of_report")


class HotlinePeople:
    """Dispatchers, reviewers, call-back workers, supervisors."""

    def __init__(self, stage: Stage) -> None:
        self._s = stage

    def _dice(self, what: str, number: str, version: int) -> Dice:
        return self._s.dice(what, self._s.key(number), version)

    # -- before the unit --------------------------------------------------------------------------------

    def received(self, number: str, version: int) -> None:
        """Taken in; where the program may not go on alone, a shift lead does."""
        dice = self._dice("received", number, version)
        self._s.later(lambda: self._take_on(number, dice), minutes=dice.between(1, 4))

    async def _take_on(self, number: str, dice: Dice) -> None:
        lead = self._s.people.one(Role.SHIFT_LEAD, dice)
        view = await self._s.see(lead, number)
        if view.state != "received":
            return
        if dice.chance(HANDS_OVER):
            await self._hand_over(lead, view, dice)
        else:
            await self._s.press(lead, view, "triage")

    async def _hand_over(self, who: Principal, view: Any, dice: Dice) -> None:
        form = {"platform": dice.pick(words.PLATFORMS), "reason": words.REASONS["hand_over"]}
        await self._s.press(who, view, "hand_over", **form)

    def waits_for_dispatch(self, number: str, urgency: str, version: int) -> None:
        """The catalogue left a doubt: a dispatcher looks at it."""
        dice = self._dice("triage", number, version)
        minutes = dice.about(3 if urgency == "p0" else 8)
        self._s.within(urgency, minutes, dice.about(0.7), lambda: self._dispatch(number, dice))

    async def _dispatch(self, number: str, dice: Dice) -> None:
        dispatcher = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(dispatcher, number)
        if view.state != "triage":
            return
        if view.urgency == "p0" and dice.chance(HANDS_OVER / 2):
            agent = self._s.people.one(Role.SHIFT_LEAD, dice)
            await self._hand_over(agent, await self._s.see(agent, number), dice)
        elif view.kind == "consult" and dice.chance(0.6):
            await self._answer(number, dice)
        elif await self._merge(dispatcher, view, dice):
            return
        elif view.urgency in {"p2", "p3"} and dice.rarely(DECLINES):
            await self._decline(dispatcher, view, dice)
        elif dice.rarely(PASSES_ON):
            agent = self._s.people.one(Role.SHIFT_LEAD, dice)
            await self._hand_over(agent, await self._s.see(agent, number), dice)
        elif view.urgency in {"p2", "p3"} and dice.rarely(ASKS):
            await self._s.press(dispatcher, view, "ask_info", question=words.QUESTION)
        else:
            await self._send(dispatcher, view, dice)

    async def _answer(self, number: str, dice: Dice) -> None:
        agent = self._s.people.one(Role.SHIFT_LEAD, dice)
        view = await self._s.see(agent, number)
        found = await self._s.screen.get(agent, "/api/v1/knowledge/search", {"q": view.text[:60]})
        if found.items:
            await self._s.press(agent, view, "answer", text=words.ANSWER, citations=[found.items[0].id])
        else:
            dispatcher = self._s.people.one(Role.DISPATCHER, dice)
            await self._send(dispatcher, await self._s.see(dispatcher, number), dice)

    async def _merge(self, who: Principal, view: Any, dice: Dice) -> bool:
        alike = [each for each in view.repeats if each.likeness >= LIKE_ENOUGH]
        if not alike or view.merged or not dice.chance(MERGES):
            return False
        parent = await self._s.see(who, alike[0].number)
        if parent.state not in OPEN:
            return False
        form = {"parent": parent.number, "reason": words.REASONS["merge"]}
        expected = ("is_a_parent", "another_matter", "guarded_otherwise")
        return await self._s.press(who, view, "merge", expect=expected, **form) is not None

    async def _decline(self, who: Principal, view: Any, dice: Dice) -> None:
        settled = [f"{words.SETTLED_BY}{each.number}" for each in view.repeats]
        reasons = ("statutory_procedure", "petition", "other_power", "other_city", *(["settled"] if settled else []))
        code = dice.pick(reasons)
        form = {"legal_basis": words.LEGAL_BASIS, "right_road": words.RIGHT_ROAD, "text": "".join(settled[:1])}
        proposed = await self._s.press(who, view, "propose_decline", reason_code=code, **form)
        if proposed is not None:
            other = self._s.people.others(Role.DISPATCHER, who.id, dice)
            seen = await self._s.see(other, view.number)
            if dice.chance(AGREES):
                await self._s.press(other, seen, "decline")
            else:
                await self._s.press(other, seen, "oppose_decline", reason=words.REASONS["oppose"])

    async def _send(self, who: Principal, view: Any, dice: Dice, action: str = "dispatch") -> None:
        """To the unit the form proposes, else the best that is competent, else whoever coordinates there."""
        if view.urgency in {"p2", "p3"} and action == "dispatch" and dice.rarely(LOWERS + RAISES):
            view = await self._reweigh(who, view, dice) or view
        known, matter = prefilled(view, action), await self._matter_of_report(who, view)
        closed = barred_in(view, action)
        for form in (way for way in self._ways(view, known.get("unit", ""), dice) if way["unit"] not in closed):
            named = {**form, **self._named(view, dice), **({"matter": matter} if matter else {})}
            given = await self._s.press(who, view, action, expect=NOT_COMPETENT, **named)
            if given is not None:
                return

    async def _matter_of_report(self, who: Principal, view: Any) -> str:
        """Where the reader left the matter of a report open, what a search for its words finds."""
        if view.kind != "report" or view.matter:
            return ""
        found = await self._s.screen.get(who, "/api/v1/matters", {"q": view.text[:60], "limit": 1})
        return str(found.items[0].code) if found.items else ""

    async def _reweigh(self, who: Principal, view: Any, dice: Dice) -> Any | None:
        lower = view.urgency == "p2" and dice.chance(0.5)
        action, urgency = ("lower_urgency", "p3") if lower else ("raise_urgency", "p1")
        reason = words.REASONS["lower" if lower else "raise"]
        return await self._s.press(who, view, action, urgency=urgency, reason=reason)

    def _ways(self, view: Any, proposed: str, dice: Dice) -> list[dict[str, Any]]:
        able = [c.unit for c in view.decision.candidates if c.has_power and c.covers_area]
        against = {each.value for each in view.decision.conflicts}
        lookup = self._s.lookup
        where = view.area or lookup.city().area_code
        coordinating = [
            u.code for area in reversed(lookup.lineage(where)) for u in lookup.units_at("coordination", area.code)
        ]
        units = [
            u for u in dict.fromkeys([proposed, *able, *coordinating]) if u and u not in against and u != view.unit
        ]
        support = [u for u in coordinating if u not in units[:1]][:1] if dice.rarely(ADDS_SUPPORT) else []
        return [
            {
                "unit": unit,
                "basis": words.BASIS,
                "reason": words.REASONS["reassign"],
                "beyond_area": words.REASONS["reassign"],
                "supporting": [s for s in support if s != unit],
            }
            for unit in units
        ]

    # -- with the unit ----------------------------------------------------------------------------------

    def dispatched(self, number: str, unit: str, version: int) -> None:
        """Some are taken back or sent on without having been asked for it; others get help; some are merged late."""
        dice = self._dice("second thoughts", number, version)
        if dice.rarely(REASSIGNS):
            self._s.business(dice.between(0.1, 3), lambda: self._think_again(number, unit, dice, "reassign"))
        elif dice.rarely(RECALLS):
            self._s.business(dice.between(0.1, 1), lambda: self._think_again(number, unit, dice, "recall"))
        elif dice.rarely(ADDS_SUPPORT):
            self._s.business(dice.between(1, 6), lambda: self._add_support(number, dice))
        elif dice.chance(0.5):
            self._s.business(dice.between(0.2, 2), lambda: self._merge_late(number, dice))
        remarks = self._dice("flags", number, version)
        if remarks.rarely(FLAGS):
            self._s.business(remarks.between(0.1, 4), lambda: self._flag(number, remarks))

    async def _flag(self, number: str, dice: Dice) -> None:
        """A newspaper calls, a leader writes a note; some of it was a mistake."""
        who = self._s.people.one(Role.DISPATCHER, dice)
        view, flag = await self._s.see(who, number), dice.pick(FLAGGED)
        if not offered(view, "add_flag"):
            return
        form = {"flags": [flag], "reason": words.REASONS["flag"]}
        given = await self._s.press(who, view, "add_flag", expect=("there_already",), **form)
        if given is not None and dice.chance(UNFLAGS):
            self._s.business(dice.between(0.1, 2), lambda: self._unflag(number, flag, dice))

    async def _unflag(self, number: str, flag: str, dice: Dice) -> None:
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        if offered(view, "remove_flag"):
            await self._s.press(who, view, "remove_flag", flags=[flag], reason=words.REASONS["unflag"])

    async def _think_again(self, number: str, unit: str, dice: Dice, action: str) -> None:
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        if view.unit != unit or not offered(view, action):
            return
        if action == "recall":
            await self._s.press(who, view, "recall", reason=words.REASONS["recall"], **self._named(view, dice))
        else:
            await self._send(who, view, dice, "reassign")

    def _named(self, view: Any, dice: Dice) -> dict[str, str]:
        """A supervisor, where the ticket has changed hands so often that one is to be named."""
        return {"supervisor": self._s.people.one(Role.SUPERVISOR, dice).id} if view.moves_used_up else {}

    async def _add_support(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        for form in self._ways(view, "", dice):
            if offered(view, "add_supporting"):
                helper = {"unit": form["unit"], "reason": words.REASONS["reassign"]}
                added = await self._s.press(who, view, "add_supporting", expect=("works_on_it_already",), **helper)
                if added is not None and dice.rarely(WITHDRAWS):
                    withdraw = partial(self._withdraw_part, number, form["unit"], dice)
                    self._s.business(dice.between(0.1, 1), withdraw)
            return

    async def _withdraw_part(self, number: str, unit: str, dice: Dice) -> None:
        """The help was asked of the wrong unit."""
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        part = next((each for each in view.assignments if each.unit == unit and each.state == "dispatched"), None)
        if part is not None and part.role == "supporting" and offered(view, "withdraw_part"):
            form = {"assignment": part.id, "reason": words.REASONS["recall"]}
            await self._s.press(who, view, "withdraw_part", **form)

    async def _merge_late(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        if view.state in MERGEABLE and view.repeats:
            await self._merge(who, view, dice)

    def merged(self, number: str, version: int) -> None:
        """Some were not the same after all."""
        dice = self._dice("merged", number, version)
        if dice.rarely(UNMERGES):
            self._s.business(dice.between(1, 12), lambda: self._unmerge(number, dice))

    async def _unmerge(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.DISPATCHER, dice)
        view = await self._s.see(who, number)
        if offered(view, "unmerge"):
            await self._s.press(who, view, "unmerge", reason=words.REASONS["unmerge"])

    # -- requests ---------------------------------------------------------------------------------------

    def asked(self, number: str, request: str, kind: str, version: int) -> None:
        """A unit asked for something."""
        dice = self._dice(f"asked {kind}", number, version)
        self._s.business(dice.about(1.2), lambda: self._decide(number, request, kind, dice))

    async def _decide(self, number: str, request: str, kind: str, dice: Dice) -> None:
        role = Role.REVIEWER if kind == "exclusion" else Role.DISPATCHER if kind == "return" else Role.SUPERVISOR
        who = self._s.people.one(role, dice)
        view = await self._s.see(who, number)
        asked = next((r for r in view.requests if r.id == request), None)
        if asked is None or not asked.can_decide:
            return
        if asked.state == "disputed":
            return
        if kind == "return":
            await self._decide_return(who, view, asked, dice)
        elif dice.chance(0.75):
            form: dict[str, Any] = {"reason": words.REASONS["grant"]}
            if kind == "shelving":
                form |= self._shelving(dice)
            await self._s.decide(
                who, number, request, True, expect=("judges_own_reply", "within_longest_shelving"), **form
            )
        else:
            await self._s.decide(
                who, number, request, False, expect=("judges_own_reply",), reason=words.REASONS["refuse"]
            )

    def _shelving(self, dice: Dice) -> dict[str, Any]:
        day = self._s.lookup.calendar().local_date(self._s.clock.now() + timedelta(days=dice.pick((7, 12, 20, 90))))
        return {
            "plan": words.PLAN,
            "owner": words.OWNER,
            "review_at": day.isoformat(),
            "public_text": words.PUBLIC_TEXT,
        }

    async def _decide_return(self, who: Principal, view: Any, asked: Any, dice: Dice) -> None:
        number = view.number
        if dice.rarely(DISPUTES):
            await self._s.decide(who, number, asked.id, False, disputed=True, reason=words.REASONS["dispute"])
            return
        if dice.chance(0.45):
            await self._s.decide(who, number, asked.id, False, reason=words.REASONS["refuse"])
            return
        reason = words.REASONS["grant"]
        for form in self._ways(view, asked.suggested_unit, dice):
            own = {**form, **self._named(view, dice), "reason": reason, "supporting": []}
            if await self._s.decide(who, number, asked.id, True, expect=NOT_COMPETENT, **own) is not None:
                return
        await self._s.decide(who, number, asked.id, False, reason=words.REASONS["refuse"])

    def agreed(self, number: str, request: str, first: str, version: int) -> None:
        """One reviewer agreed; a second one decides."""
        dice = self._dice("agreed", number, version)
        self._s.business(dice.about(3), lambda: self._agree(number, request, first, dice))

    async def _agree(self, number: str, request: str, first: str, dice: Dice) -> None:
        who = self._s.people.others(Role.REVIEWER, first, dice)
        granted = dice.chance(0.8)
        reason = words.REASONS["grant" if granted else "refuse"]
        await self._s.decide(
            who, number, request, granted, expect=("judges_own_reply", "decided_already"), reason=reason
        )

    def disputed(self, number: str, request: str, version: int) -> None:
        """Units disagree: the supervisor or the joint meeting rules."""
        dice = self._dice("disputed", number, version)
        self._s.business(dice.between(1, 6), lambda: self._rule(number, request, dice))

    async def _rule(self, number: str, request: str, dice: Dice) -> None:
        who = self._s.people.one(dice.pick((Role.SUPERVISOR, Role.JOINT_OFFICE)), dice)
        path = "/api/v1/tickets/{number}/disputes/{id}"
        page = await self._s.screen.get(who, path, number=number, id=request)
        if not page.open:
            return
        first = next(side.unit for side in page.sides if side.first)
        said = {"unit": first, "text": words.ARGUMENT, "clause": words.CLAUSE}
        await self._s.screen.post(who, f"{path}/arguments", said, number=number, id=request)
        others = [s.unit for s in page.sides if not s.first and s.has_power]
        lead = dice.pick(others) if others and dice.chance(0.5) else first
        body = {"lead": lead, "reason": words.REASONS["ruling"], "clause": words.CLAUSE, "beyond_area": words.CLAUSE}
        await self._s.tried(
            "ruling", (), lambda: self._s.screen.post(who, f"{path}/ruling", body, number=number, id=request)
        )

    # -- standing still ---------------------------------------------------------------------------------

    def shelved(self, number: str, version: int) -> None:
        """Looked at again: it goes on, is closed as planned, or waits for its day."""
        dice = self._dice("shelved", number, version)
        if dice.chance(0.8):
            self._s.business(dice.between(14, 50), lambda: self._review_shelved(number, dice))

    async def _review_shelved(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.SUPERVISOR, dice)
        view = await self._s.see(who, number)
        if view.state != "shelved":
            return
        action = dice.weighed({"unshelve": 0.45, "close_shelved": 0.35, "renew_hold": 0.2})
        form: dict[str, Any] = {"reason": words.REASONS["close_shelved" if action == "close_shelved" else "renew"]}
        if action == "close_shelved":
            form["measures"] = words.REASONS["plan_done"]
        if action == "renew_hold":
            form["review_at"] = self._shelving(dice)["review_at"]
        await self._s.press(who, view, action, **form)

    def suspended(self, number: str, version: int) -> None:
        """Some stand still longer than they were allowed to."""
        dice = self._dice("suspended by", number, version)
        if dice.chance(0.2):
            self._s.business(dice.between(10, 40), lambda: self._renew(number, dice))

    async def _renew(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.SUPERVISOR, dice)
        view = await self._s.see(who, number)
        if offered(view, "renew_hold"):
            await self._s.press(who, view, "renew_hold", reason=words.REASONS["renew"])

    def late(self, number: str, level: int) -> None:
        """What is very late a supervisor takes up."""
        dice = self._dice("late", number, level)
        if level >= 2 and dice.chance(0.5):
            self._s.business(dice.between(0.5, 4), lambda: self._supervise(number, dice))

    async def _supervise(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.SUPERVISOR, dice)
        view = await self._s.see(who, number)
        if offered(view, "supervise"):
            await self._s.press(who, view, "supervise", reason=words.REASONS["supervise"])

    # -- the reply --------------------------------------------------------------------------------------

    def to_review(self, number: str, urgency: str, version: int) -> None:
        """A result waits for the hotline's reviewer."""
        dice = self._dice("review", number, version)
        self._s.within(urgency, dice.about(8), dice.about(1.5), lambda: self._review(number, dice))

    async def _review(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.REVIEWER, dice)
        view = await self._s.see(who, number)
        if view.state != "review":
            return
        if dice.rarely(BOUNCES):
            name = self._s.people.one(Role.SUPERVISOR, dice).id
            await self._s.press(who, view, "bounce", reason=words.REASONS["bounce"], supervisor=name)
        else:
            held = prefilled(view, "release")
            text, basis = held.get("text", words.ANSWER), held.get("basis", words.BASIS)
            text = text.replace(words.NAMED_INSIDE, words.NAMED_TO_THEM)
            reply = {"text": text, "basis": basis}
            found = await self._s.screen.post(who, f"{TICKET}/reply-check", reply, number=number)
            stops = {check.stops for check in found.checks}
            if "never" in stops:
                name = self._s.people.one(Role.SUPERVISOR, dice).id
                await self._s.press(who, view, "bounce", reason=words.REASONS["bounce"], supervisor=name)
                return
            why = {"reason": words.REASONS["release"]} if "reason" in stops else {}
            await self._s.press(who, view, "release", text=text, basis=basis, checked=True, **why)

    # -- the call-back ----------------------------------------------------------------------------------

    def to_call_back(self, number: str, urgency: str, version: int) -> None:
        """Somebody has to call."""
        dice = self._dice("call back", number, version)
        self._s.within(urgency, dice.about(60), dice.about(2.5), lambda: self._call(number, version, 1))

    async def _call(self, number: str, version: int, attempt: int) -> None:
        dice = self._dice(f"call {attempt}", number, version)
        who = self._s.people.one(Role.CALLBACK, dice)
        view = await self._s.see(who, number)
        if view.state != "call_back":
            return
        voted_badly = view.rating is not None and (
            view.rating.solved == "no" or view.rating.score in {"dissatisfied", "very_dissatisfied"}
        )
        mood = self._s.mood(number, version)
        reached = mood.picks_up or (attempt == 2 and dice.chance(0.3))
        form: dict[str, Any] = {"channel": "phone" if attempt != 2 else "sms", "reached": reached}
        form["text"] = words.NOTES["reached" if reached else "missed"]
        # The exchange is not played: nobody is called over the relay here.
        form["no_call_reason"] = words.NO_CALL
        if reached and view.rating is None:
            form |= {"score": mood.score, "solved": mood.solved}
        bad = voted_badly or (reached and mood.solved == "no")
        after = await self._s.press(who, view, "log_call", **form)
        if after is None or after.state != "call_back":
            return
        if reached and bad:
            await self._after_bad_vote(who, after, dice)
        elif attempt < 3:
            hours = 1.5 if attempt == 1 else 8.0
            self._s.business(hours, lambda: self._call(number, version, attempt + 1))
        elif offered(after, "close"):
            await self._s.press(who, after, "close", expect=("call_back_not_done",))

    async def _after_bad_vote(self, who: Principal, view: Any, dice: Dice) -> None:
        if dice.rarely(LAWFUL) and offered(view, "propose_refusal"):
            form = {"legal_basis": words.LEGAL_BASIS, "reason": words.REASONS["lawful"]}
            proposed = await self._s.press(who, view, "propose_refusal", **form)
            if proposed is not None:
                await self._judge_refusal(who, proposed, dice)
            return
        name = self._s.people.one(Role.SUPERVISOR, dice).id
        form = {
            "reason": words.REASONS["rehandle"],
            "reason_code": dice.pick(("unsolved", "unsatisfied", "not_contacted")),
        }
        await self._s.press(who, view, "rehandle", supervisor=name, **form)

    async def _judge_refusal(self, proposer: Principal, view: Any, dice: Dice) -> None:
        """A colleague agrees or, with none there, the supervisor; or the latter does not and it is handled again."""
        colleague = self._s.people.one(Role.CALLBACK, dice)
        agrees = dice.chance(AGREES)
        if agrees and colleague.id != proposer.id:
            await self._s.press(colleague, view, "close")
            return
        supervisor = self._s.people.one(Role.SUPERVISOR, dice)
        if agrees:
            await self._s.press(supervisor, view, "agree_refusal")
            return
        opposed = await self._s.press(supervisor, view, "oppose_refusal", reason=words.REASONS["rehandle"])
        if opposed is not None:
            again = {"reason": words.REASONS["rehandle"], "reason_code": "unsatisfied", "supervisor": supervisor.id}
            await self._s.press(supervisor, opposed, "rehandle", **again)

    # -- declined, handed over --------------------------------------------------------------------------

    def appealed(self, number: str, version: int) -> None:
        """A supervisor decides about the refusal."""
        dice = self._dice("appealed", number, version)
        self._s.business(dice.about(4), lambda: self._decide_appeal(number, dice))

    async def _decide_appeal(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.SUPERVISOR, dice)
        view = await self._s.see(who, number)
        action = "uphold_appeal" if dice.chance(UPHELD) else "reject_appeal"
        await self._s.press(
            who, view, action, reason=words.REASONS["uphold" if action == "uphold_appeal" else "reject"]
        )

    def handed_over(self, number: str, version: int) -> None:
        """The other side confirms, or sends it back."""
        dice = self._dice("handed over", number, version)
        self._s.later(lambda: self._hear_back(number, dice), minutes=dice.about(60))

    async def _hear_back(self, number: str, dice: Dice) -> None:
        who = self._s.people.one(Role.SHIFT_LEAD, dice)
        view = await self._s.see(who, number)
        if dice.chance(RECEIPTED):
            await self._s.press(who, view, "receipt", handler=words.RECEIVED_BY, reason=words.REASONS["receipt"])
        else:
            await self._s.press(who, view, "sent_back", reason=words.REASONS["sent_back"])

"""The door of the suggestions room: they are taken in, moved by the table of life.py, supported, told of."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from kernel.ids import new_code, new_id
from kernel.messages import Author, Outbound
from kernel.people import Principal
from kernel.room import Floor
from suggestions.events import SuggestionMoved, SuggestionOpened, SuggestionSupported
from suggestions.model import (
    OPEN_TO_SUPPORT,
    PUBLIC,
    Decision,
    Suggestion,
    SuggestionDraft,
    SuggestionState,
)
from suggestions.rules.life import DECISIONS, SuggestionAction, SuggestionActor, actors, step
from suggestions.rules.likeness import nearest, sketch
from suggestions.rules.notices import notice
from suggestions.store import SuggestionStore

ANSWER_WITHIN = 10  # working days for an official answer to a suggestion
SHORTEST_TEXT = 4
LONGEST_TEXT = 3000
LONGEST_TITLE = 60
COMPARED = 2000  # a new suggestion is compared with so many of the newest
_COUNTED_OUT = frozenset({SuggestionState.DECLINED, SuggestionState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class SuggestionForm:
    """What an action may ask for. ``reason`` to ``period`` make the official answer when one is given."""

    reason: str = ""
    basis: str = ""
    plan: str = ""
    cost: str = ""
    period: str = ""
    unit: str = ""


class Suggestions:
    """What is done with suggestions."""

    def __init__(self, floor: Floor, store: SuggestionStore, lookup: Lookup) -> None:
        self._clock = floor.clock
        self._journal = floor.journal
        self._phrases = floor.phrases
        self._mailbox = floor.mailbox
        self._store = store
        self._lookup = lookup

    async def open(self, tx: Tx, draft: SuggestionDraft, by: Principal) -> Suggestion:
        """Take a suggestion in; gives it with number, query code and the numbers of near-equal ones.

        Invalid for a text that is too short or too long, a title that is too long, an unknown area.
        """
        self._check(draft)
        now = self._clock.now()
        calendar = self._lookup.calendar()
        day = calendar.local_date(now)
        text = draft.text.strip()
        known = await self._store.sketches(tx, frozenset(SuggestionState) - _COUNTED_OUT, COMPARED)
        made = Suggestion(
            number=f"JY{day:%Y%m%d}{await self._store.next_number(tx, day):04d}",
            query_code=new_code(),
            title=draft.title.strip() or text[:24],
            text=text,
            area=draft.area,
            citizen_id=draft.citizen_id,
            address=draft.address,
            state=SuggestionState.SUBMITTED,
            opened_at=now,
            due=calendar.working_days_after(now, ANSWER_WITHIN),
            similar=nearest(text, known),
        )
        await self._store.add(tx, made, sketch(text))
        channel = draft.address.channel if draft.address else ""
        await self._journal.state(tx, SuggestionOpened(made.number, (), now, made.area, channel, len(made.similar)))
        return made

    async def publish(self, tx: Tx, number: str, by: Principal) -> Suggestion:
        """Make it public after moderation."""
        return await self.act(tx, number, SuggestionAction.PUBLISH, SuggestionForm(), by)

    async def decline(self, tx: Tx, number: str, reason: str, by: Principal) -> Suggestion:
        """Keep it from the public, and say why."""
        return await self.act(tx, number, SuggestionAction.DECLINE, SuggestionForm(reason=reason), by)

    async def act(
        self, tx: Tx, number: str, action: SuggestionAction, form: SuggestionForm, by: Principal
    ) -> Suggestion:
        """Do ``action`` as staff; Conflict in the wrong state, NotAllowed, NotFound, Invalid for a missing field."""
        suggestion = await self._store.by_number(tx, number, lock=True)
        return await self._move(tx, suggestion, action, form, self.actors(by, suggestion), by.id)

    async def withdraw(self, tx: Tx, number: str, code: str) -> Suggestion:
        """Take it back as its author, before it is public; NotFound for a wrong number or code."""
        suggestion = await self._with_code(tx, number, code, lock=True)
        author = (SuggestionActor.AUTHOR,)
        return await self._move(
            tx, suggestion, SuggestionAction.WITHDRAW, SuggestionForm(), author, suggestion.citizen_id
        )

    async def support(self, tx: Tx, number: str, citizen_id: str) -> Suggestion:
        """Stand behind a public suggestion; a second time changes nothing.

        NotSignedIn without a citizen, NotAllowed for one's own, Conflict when it is decided on.
        """
        if not citizen_id:
            raise NotSignedIn
        suggestion = await self._public(tx, number, lock=True)
        if suggestion.citizen_id == citizen_id:
            raise NotAllowed("own_suggestion")
        if suggestion.state not in OPEN_TO_SUPPORT:
            raise Conflict("wrong_state", current=suggestion.state.value)
        now = self._clock.now()
        if not await self._store.add_support(tx, number, citizen_id, now):
            return suggestion
        saved = await self._store.save(tx, replace(suggestion, supports=suggestion.supports + 1))
        await self._journal.state(tx, SuggestionSupported(number, self._units(saved), now, saved.supports))
        return saved

    # -- reading ----------------------------------------------------------------------------------------

    async def by_code(self, tx: Tx, number: str, code: str) -> Suggestion:
        """One's own suggestion by number and query code; NotFound for a wrong one of either."""
        return await self._with_code(tx, number, code)

    async def public(self, tx: Tx, number: str) -> Suggestion:
        """A suggestion anybody may read; NotFound."""
        return await self._public(tx, number)

    async def by_number(self, tx: Tx, number: str) -> Suggestion:
        """Any suggestion, for staff; NotFound."""
        return await self._store.by_number(tx, number)

    async def find(
        self,
        tx: Tx,
        states: Collection[SuggestionState],
        *,
        unit: str = "",
        area: str = "",
        after: str = "",
        limit: int = 20,
    ) -> tuple[Suggestion, ...]:
        """Those in ``states`` of a unit (or one it is the successor of) or area (empty: any), the newest first, below
        the number ``after``."""
        units = self._lookup.successor_to(unit) if unit else ()
        return await self._store.find(tx, states, units=units, area=area, after=after, limit=limit)

    def actors(self, by: Principal, suggestion: Suggestion) -> tuple[SuggestionActor, ...]:
        """What a member of staff is to a suggestion, also one their unit took over; NotAllowed when nothing."""
        return actors(by, self._lookup.heir(suggestion.unit) or suggestion.unit)

    async def similar_public(self, tx: Tx, text: str) -> tuple[Suggestion, ...]:
        """Public suggestions that say nearly the same as ``text``, nearest first, to be supported instead."""
        keys = nearest(text, await self._store.sketches(tx, OPEN_TO_SUPPORT, COMPARED))
        found = {each.number: each for each in await self._store.named(tx, keys)}
        return tuple(found[key] for key in keys if key in found)

    # -- inside -----------------------------------------------------------------------------------------

    def _check(self, draft: SuggestionDraft) -> None:
        wrong = {}
        if len(draft.text.strip()) < SHORTEST_TEXT:
            wrong["text"] = "too_short"
        elif len(draft.text) > LONGEST_TEXT:
            wrong["text"] = "too_long"
        if len(draft.title.strip()) > LONGEST_TITLE:
            wrong["title"] = "too_long"
        try:
            if draft.area:
                self._lookup.area(draft.area)
        except NotFound:
            wrong["area"] = "unknown_area"
        if wrong:
            raise Invalid(wrong)

    async def _move(
        self,
        tx: Tx,
        suggestion: Suggestion,
        action: SuggestionAction,
        form: SuggestionForm,
        held: tuple[SuggestionActor, ...],
        by: str,
    ) -> Suggestion:
        row = step(suggestion.state, action, held)
        if missing := {name: "missing" for name in row.needs if not getattr(form, name).strip()}:
            raise Invalid(missing)
        if form.unit:
            self._known_unit(form.unit)
        now = self._clock.now()
        moved = replace(
            suggestion,
            state=row.target,
            unit=form.unit or suggestion.unit,
            decision=_decision(form) if action in DECISIONS else suggestion.decision,
            note=suggestion.note if action in DECISIONS else form.reason.strip(),
            published_at=now if row.target is SuggestionState.PUBLISHED else suggestion.published_at,
        )
        saved = await self._store.save(tx, moved)
        fact = SuggestionMoved(saved.number, self._units(saved), now, action.value, suggestion.state, saved.state, by)
        await self._journal.state(tx, fact)
        await self._tell(tx, saved, now)
        return saved

    def _known_unit(self, code: str) -> None:
        try:
            unit = self._lookup.unit(code)
        except NotFound:
            raise Invalid({"unit": "unknown_unit"}) from None
        if not unit.active:
            raise Invalid({"unit": "unit_retired"})

    def _units(self, suggestion: Suggestion) -> tuple[str, ...]:
        unit = self._lookup.heir(suggestion.unit) or suggestion.unit
        return (unit,) if unit else ()

    async def _tell(self, tx: Tx, suggestion: Suggestion, now: datetime) -> None:
        unit = self._lookup.unit(suggestion.unit).name if suggestion.unit else ""
        text = self._phrases.worded(notice(suggestion, unit))
        if text and suggestion.address is not None:
            await self._mailbox.put_out(tx, Outbound(new_id(), suggestion.address, text, Author.SYSTEM, now))

    async def _public(self, tx: Tx, number: str, *, lock: bool = False) -> Suggestion:
        suggestion = await self._store.by_number(tx, number, lock=lock)
        if suggestion.state not in PUBLIC:
            raise NotFound("suggestion")
        return suggestion

    async def _with_code(self, tx: Tx, number: str, code: str, *, lock: bool = False) -> Suggestion:
        suggestion = await self._store.by_number(tx, number.strip().upper(), lock=lock)
        if not hmac.compare_digest(suggestion.query_code.encode(), code.strip().upper().encode()):
            raise NotFound("suggestion")
        return suggestion


def _decision(form: SuggestionForm) -> Decision:
    said = (form.reason, form.basis, form.plan, form.cost, form.period)
    return Decision(*(each.strip() for each in said))

"""The live line: facts from the journal to open screens, each to those who may know it, resumed after a break.

The journal is read once a process. The newest facts stay in memory, so that a screen that lost its line for a while
gets what it missed without a query; one that missed more is told to load its data anew.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from kernel.database import Database
from kernel.errors import NotAllowed
from kernel.journal import Journal, Recorded
from kernel.people import UNIT_ROLES, May, Principal, Scope, allow

KEPT = 5000
QUEUE = 1000
BATCH = 500
STAFF_SUBJECT = "staff:"
# After these a screen of that member of staff must come in anew: what it may know can have changed.
ENDING = frozenset({"directory.StaffSignedOut", "directory.StaffAccountChanged"})

# Which permission lets a screen know a room's facts. A room without a row is shown to nobody.
WATCHERS: Mapping[str, tuple[May, ...]] = {
    "ticketing": (May.READ_TICKET,),
    "desk": (May.WORK_DESK, May.LEAD_DESK),
    "bot": (May.WORK_DESK, May.LEAD_DESK),
    "knowledge": (May.EDIT_KNOWLEDGE, May.REVIEW_KNOWLEDGE),
    "suggestions": (May.MANAGE_SUGGESTIONS,),
    "directory": (May.MANAGE_DIRECTORY, May.MANAGE_STAFF),
    "channels": (May.READ_SYSTEM, May.LEAD_DESK),
    "analytics": (May.READ_FIGURES,),
    "hotline": (May.MANAGE_TEXTS,),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact ready to be sent: who may know it is decided by its room and ``units``."""

    position: int
    kind: str
    subject: str
    units: frozenset[str]
    frame: str

    @property
    def room(self) -> str:
        """The room that stated it."""
        return self.kind.partition(".")[0]

    @classmethod
    def of(cls, recorded: Recorded) -> "Told":
        """The frame of a numbered fact."""
        if recorded.position is None:
            raise ValueError("a fact without a position cannot be followed")
        frame = {
            "type": "fact",
            "position": recorded.position,
            "kind": recorded.kind,
            "subject": recorded.subject,
            "data": msgspec.to_builtins(recorded.fact),
        }
        units = frozenset(getattr(recorded.fact, "units", ()))
        return cls(recorded.position, recorded.kind, recorded.subject, units, msgspec.json.encode(frame).decode())


def may_know(principal: Principal, told: Told) -> bool:
    """Whether a screen of ``principal`` is told: unit staff what concerns their unit, others what they may read."""
    reach = {_reach(principal, may) for may in WATCHERS.get(told.room, ())}
    if Scope.ANY in reach and not principal.roles <= UNIT_ROLES:
        return True
    return bool(reach - {None}) and principal.unit != "" and principal.unit in told.units


def _reach(principal: Principal, may: May) -> Scope | None:
    try:
        return allow(principal, may)
    except NotAllowed:
        return None


class Screen:
    """One open socket: what it missed, then a bounded queue of frames. A screen that does not read is let go."""

    def __init__(self, principal: Principal, missed: Sequence[Told] = ()) -> None:
        self.principal = principal
        self.missed = [told.frame for told in missed if may_know(principal, told)]
        self.frames: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self.ended = asyncio.Event()
        self.code = 0

    def offer(self, told: Told) -> None:
        """Queue a fact if the screen may know it."""
        if self.ended.is_set() or not may_know(self.principal, told):
            return
        try:
            self.frames.put_nowait(told.frame)
        except asyncio.QueueFull:
            self.end(Ended.SLOW)

    def end(self, code: int) -> None:
        """Let the socket close with ``code``."""
        self.code = code
        self.ended.set()


class Ended:
    """Why a socket was closed: RFC 6455 codes and our own."""

    RESTART = 1012
    SILENT = 4408
    SLOW = 4409
    CHANGED = 4410


class LiveFeed:
    """Follows the journal for all screens of this process."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._kept: deque[Told] = deque(maxlen=KEPT)
        self._screens: set[Screen] = set()
        self._closed = False
        self.position = 0

    async def start(self) -> None:
        """Read the newest facts into memory."""
        async with self._database.reading() as tx:
            last = await self._journal.last_position(tx)
        self.position = max(0, last - KEPT)
        while await self.step():
            pass

    async def step(self) -> bool:
        """Read what is new and offer it; whether there may be more."""
        async with self._database.reading() as tx:
            facts = await self._journal.read_after(tx, self.position, BATCH)
        for recorded in facts:
            self._tell(Told.of(recorded))
        return len(facts) == BATCH

    def _tell(self, told: Told) -> None:
        self._kept.append(told)
        self.position = told.position
        for screen in tuple(self._screens):
            if told.kind in ENDING and told.subject == STAFF_SUBJECT + screen.principal.id:
                screen.end(Ended.CHANGED)
            else:
                screen.offer(told)

    def missed(self, after: int) -> Sequence[Told] | None:
        """The facts after ``after``; None when they are not all in memory any more or never were."""
        if after > self.position or self.position - after > KEPT:
            return None
        if after == self.position:
            return ()
        if not self._kept or self._kept[0].position > after + 1:
            return None
        return [told for told in self._kept if told.position > after]

    def join(self, screen: Screen) -> None:
        """Begin to offer facts to ``screen``; one that comes while the house closes is sent away."""
        if self._closed:
            screen.end(Ended.RESTART)
        self._screens.add(screen)

    def leave(self, screen: Screen) -> None:
        """Offer no more."""
        self._screens.discard(screen)

    def screens(self) -> Iterator[Screen]:
        """The screens open now."""
        return iter(tuple(self._screens))

    def close(self) -> None:
        """Tell every screen that the house closes."""
        self._closed = True
        for screen in self.screens():
            screen.end(Ended.RESTART)

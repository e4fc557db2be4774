"""A desk at work over the real rooms below it: citizens who write, agents at their screens, loops stepped by hand."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from argon2 import PasswordHasher

from bot.assistant import Assistant
from bot.room import build as build_bot
from desk.api import ListQuery, ListView, PresenceForm, SayForm, TransferForm
from desk.model import Conversation, Presence, Turn
from desk.room import Desk
from desk.room import build as build_desk
from desk.views import ConversationView, Page
from directory.lookup import Lookup
from directory.model import Staff
from directory.room import DirectoryRoom
from directory.room import build as build_directory
from directory.staffing import NewStaff
from kernel.clock import ManualClock
from kernel.database import Tx
from kernel.ids import new_id
from kernel.journal import Recorded
from kernel.mailbox import Entry
from kernel.messages import Address, Attachment, Inbound, InboundKind, Outbound
from kernel.people import SYSTEM, Kind, Principal, Role, Scope
from kernel.room import Call, Floor, Route
from knowledge.room import build as build_knowledge
from suggestions.room import build as build_suggestions
from ticketing.room import Ticketing
from ticketing.room import build as build_ticketing

T = TypeVar("T")
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
Wrap = Callable[[Assistant], Any]


@dataclass
class World:
    """The floor, the rooms on it and what a test wants to do with them."""

    floor: Floor
    clock: ManualClock
    directory: DirectoryRoom
    ticketing: Ticketing
    assistant: Assistant
    desk: Desk
    said: int = 0

    @property
    def lookup(self) -> Lookup:
        return self.directory.lookup

    # -- citizens ---------------------------------------------------------------------------------------

    async def say(
        self,
        user: str,
        text: str,
        *,
        attachments: tuple[Attachment, ...] = (),
        channel: str = "web",
        reply_within: timedelta | None = None,
    ) -> Inbound:
        """A citizen writes; nobody has looked at it yet."""
        self.said += 1
        now = self.clock.now()
        kind = InboundKind.MEDIA if attachments and not text else InboundKind.TEXT
        inbound = Inbound(
            new_id(),
            address(user, channel),
            f"external-{self.said}",
            kind,
            text,
            now,
            now,
            attachments,
            reply_by=now + reply_within if reply_within else None,
        )
        async with self.floor.database.transaction() as tx:
            await self.floor.mailbox.put_in(tx, [inbound])
        return inbound

    async def ask(self, user: str, text: str, **more: Any) -> Conversation:
        """A citizen writes and the reception deals with it; the conversation as it is then."""
        await self.say(user, text, **more)
        await self.attend()
        return await self.talk(user, more.get("channel", "web"))

    async def attend(self, receptions: int = 1) -> None:
        """Step the reception until nothing is to be done, several side by side when asked for."""

        async def work() -> None:
            while await self.desk.reception.step():
                pass

        await asyncio.gather(*(work() for _ in range(receptions)))

    async def wait_for_person(self, user: str) -> Conversation:
        """A citizen asks for a person and waits."""
        talk = await self.ask(user, "转人工")
        assert talk.turn is Turn.WAITING
        return talk

    async def heard(self, user: str, channel: str = "web") -> list[Outbound]:
        """Everything a citizen was written, in order."""
        return [line.outbound for line in await self.thread(user, channel) if line.outbound is not None]

    async def thread(self, user: str, channel: str = "web") -> list[Entry]:
        """What was said, both ways, in order."""
        async with self.floor.database.reading() as tx:
            return await self.floor.mailbox.thread(tx, address(user, channel))

    async def talk(self, user: str, channel: str = "web") -> Conversation:
        """The citizen's open conversation."""
        async with self.floor.database.reading() as tx:
            found = await self.desk.store.open_with(tx, address(user, channel))
        assert found is not None, f"{user} has no open conversation"
        return found

    async def now(self, conversation: Conversation) -> Conversation:
        """The conversation as it is now."""
        async with self.floor.database.reading() as tx:
            return await self.desk.store.by_id(tx, conversation.id)

    # -- agents -----------------------------------------------------------------------------------------

    async def agent(self, login: str, *roles: Role, state: Presence | None = None) -> Principal:
        """An agent with an account, whose screen says ``state`` when it is given."""
        held = frozenset(roles or (Role.AGENT,))
        async with self.floor.database.transaction() as tx:
            staff: Staff = await self.directory.staffing.add(
                tx, NewStaff(f"agent-{login}", f"坐席{login}", held), "no password", SYSTEM
            )
        made = Principal(Kind.STAFF, staff.id, staff.name, staff.roles)
        if state is not None:
            await self.report(made, state)
        return made

    async def report(self, by: Principal, state: Presence) -> None:
        """The agent's screen says what it says every some seconds."""
        await self.call("PUT", "/presence", by, body=PresenceForm(state))

    async def distribute(self) -> None:
        """Step the distribution until nothing is to be done."""
        while await self.desk.distribution.step():
            pass

    async def call(self, method: str, path: str, by: Principal, body: object = None, query: object = None) -> Any:
        """A handler of the desk's API, as the house calls it after it has checked who asks."""
        route, holes = self._route(method, f"/api/v1/desk{path}")
        return await route.handler(Call(by, Scope.ANY, holes, query, body))

    async def claim(self, conversation: Conversation, by: Principal) -> ConversationView:
        return await self._on(conversation, "/claim", by)

    async def answer(
        self, conversation: Conversation, by: Principal, text: str, *, key: str = "", files: tuple[str, ...] = ()
    ) -> ConversationView:
        """The agent writes."""
        form = SayForm(key or str(uuid.uuid4()), text, list(files))
        return await self._on(conversation, "/messages", by, form)

    async def close(self, conversation: Conversation, by: Principal) -> ConversationView:
        return await self._on(conversation, "/close", by)

    async def release(self, conversation: Conversation, by: Principal) -> ConversationView:
        return await self._on(conversation, "/release", by)

    async def transfer(self, conversation: Conversation, by: Principal, to: Principal | None) -> ConversationView:
        return await self._on(conversation, "/transfer", by, TransferForm(to.id if to else None))

    async def shown(self, conversation: Conversation, by: Principal) -> ConversationView:
        """The conversation on an agent's screen."""
        view: ConversationView = await self.call("GET", f"/conversations/{conversation.id}", by)
        return view

    async def listed(self, view: ListView, by: Principal, cursor: str = "") -> Page:
        """A list on an agent's screen."""
        page: Page = await self.call("GET", "/conversations", by, query=ListQuery(view, cursor))
        return page

    async def facts(self, conversation: Conversation, kind: str = "") -> list[Recorded]:
        """What the journal says of a conversation, of one kind when it is given."""
        async with self.floor.database.reading() as tx:
            about = await self.floor.journal.about(tx, f"conversation:{conversation.id}")
        return [fact for fact in about if not kind or fact.kind == f"desk.{kind}"]

    async def writing(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Do something in a transaction."""
        async with self.floor.database.transaction() as tx:
            return await work(tx)

    # -- changes ----------------------------------------------------------------------------------------

    def with_assistant(self, wrap: Wrap) -> "World":
        """The same world, the assistant behind a wrapper that lets something happen at a certain moment."""
        return replace(self, desk=self._desk(wrap(self.assistant)))

    def with_limit(self, per_agent: int) -> "World":
        """The same world with another number of conversations an agent is given."""
        settings = self.floor.settings
        changed = replace(settings, desk=replace(settings.desk, per_agent=per_agent))
        made = replace(self, floor=replace(self.floor, settings=changed))
        return replace(made, desk=made._desk(self.assistant))

    def _desk(self, assistant: Any) -> Desk:
        doors = self._library, self.ticketing.tickets, self.ticketing.queries
        return build_desk(self.floor, self.lookup, *doors, assistant)

    @property
    def _library(self) -> Any:
        return self.assistant._knowing._library

    async def _on(self, conversation: Conversation, step: str, by: Principal, body: object = None) -> ConversationView:
        view: ConversationView = await self.call("POST", f"/conversations/{conversation.id}{step}", by, body)
        return view

    def _route(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        for route in self.desk.room.routes:
            holes = _holes(route.path, path)
            if route.method == method and holes is not None:
                return route, holes
        raise AssertionError(f"no route {method} {path}")


def _holes(pattern: str, path: str) -> dict[str, str] | None:
    wanted, given = pattern.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    holes = {}
    for want, have in zip(wanted, given, strict=True):
        if want.startswith("{"):
            holes[want.strip("{}")] = have
        elif want != have:
            return None
    return holes


def address(user: str, channel: str = "web") -> Address:
    """Somebody who writes."""
    return Address(channel, "site", user)


async def build_world(floor: Floor, clock: ManualClock, city: Path, models: Path, *, matters: bool) -> World:
    """The desk over the real rooms below it, with a city loaded; ``matters`` when the city's catalogue is wanted."""
    directory = build_directory(floor, CHEAP)
    await directory.import_city(city)
    ticketing = build_ticketing(floor, directory.lookup, models=models)
    if matters:
        await ticketing.import_city(city)
    return await _over(floor, clock, directory, ticketing, models)


async def restarted(world: World, models: Path) -> World:
    """Everything built anew over what the database holds."""
    directory = build_directory(world.floor, CHEAP)
    await directory.lookup.load()
    ticketing = build_ticketing(world.floor, directory.lookup, models=models)
    made = await _over(world.floor, world.clock, directory, ticketing, models)
    return replace(made, said=world.said)


async def _over(
    floor: Floor, clock: ManualClock, directory: DirectoryRoom, ticketing: Ticketing, models: Path
) -> World:
    lookup = directory.lookup
    knowledge, suggestions = build_knowledge(floor, lookup), build_suggestions(floor, lookup)
    doors = knowledge.library, ticketing.tickets, ticketing.queries
    bot = build_bot(floor, lookup, *doors, suggestions.suggestions, models)
    for start in bot.room.starting:
        await start()
    return World(floor, clock, directory, ticketing, bot.assistant, build_desk(floor, lookup, *doors, bot.assistant))

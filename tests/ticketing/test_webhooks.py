"""Webhooks to units' systems, with a receiver that takes, refuses, hangs and is down."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from directory.keys import NewKey
from kernel.errors import Invalid, NotFound
from kernel.people import KeyScope, Kind, Principal
from kernel.settings import WebhookSettings
from tests.ticketing.city import ADMIN, PHONE, Hotline, address, lead_staff
from ticketing.adapters.hooks import HookSender
from ticketing.model.labels import Action, SideAction
from ticketing.rules import webhooks as rules
from ticketing.rules.webhooks import Hook, HookState, SendState
from ticketing.store import webhooks as rows
from ticketing.store.webhooks import Send
from ticketing.webhooks import Webhooks


@dataclass
class Receiver:
    """A unit's system that is not ours: checks signatures by itself and does with posts what it is told."""

    statuses: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    signed: list[int] = field(default_factory=list)
    secret: str = ""
    hang: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        await self.hang.wait()
        body = await request.read()
        said = request.headers["Webhook-Timestamp"].encode() + b"." + body
        good = "v1=" + hmac.new(self.secret.encode(), said, hashlib.sha256).hexdigest()
        signatures = request.headers["Webhook-Signature"].split(" ")
        assert any(hmac.compare_digest(good, each) for each in signatures)
        self.signed.append(len(signatures))
        told = json.loads(body)
        assert request.headers["Webhook-Id"] == told["id"]
        self.ids.append(told["id"])
        status = self.statuses.pop(0) if self.statuses else 204
        if status < 300:
            self.got.append(told)
        headers = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
        return web.Response(status=status, headers=headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """It listens and answers at once."""
    made = Receiver()
    made.hang.set()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/hook"))
        yield made
        made.hang.set()


@pytest.fixture
async def webhooks(desk: Hotline) -> AsyncIterator[Webhooks]:
    """Webhooks that may post to this machine, with little patience."""
    sender = HookSender(allow_private=True, seconds=0.3)
    settings = replace(desk.floor.settings, webhooks=WebhookSettings(allow_private=True))
    yield Webhooks(replace(desk.floor, settings=settings), desk.lookup, sender)
    await sender.stop()


async def subscribed(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver, unit: str, *facts: str, by: Principal = ADMIN
) -> Hook:
    """A subscription to what happens from now on."""
    await desk.floor.journal.sequence(desk.database)
    async with desk.database.transaction() as tx:
        hook, receiver.secret = await webhooks.subscribe(tx, unit, receiver.url, facts, by)
    return hook


async def told(desk: Hotline, webhooks: Webhooks) -> None:
    """The sequencer numbers, the reader plans, what is due is sent."""
    await desk.floor.journal.sequence(desk.database)
    while await webhooks.plan():
        pass
    while await webhooks.send():
        pass


async def log(desk: Hotline, hook: Hook) -> list[Send]:
    async with desk.database.reading() as tx:
        return (await rows.log(tx, hook.id, None, None, 100))[::-1]


async def worked(desk: Hotline) -> tuple[Any, str]:
    """A ticket that was dispatched, and its unit."""
    ticket = await desk.open()
    assert ticket.lead is not None
    return ticket, ticket.lead.unit


async def test_a_unit_is_told_what_happens_to_its_tickets_in_order(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    _, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)
    ticket = await desk.open("隔壁同济路又有烧烤档占道经营", address=address("two"), contact="13900139000")
    await desk.to_review(ticket)
    await told(desk, webhooks)
    mine = [each for each in receiver.got if each["ticket"] == ticket.number]
    assert mine[0]["type"] == "TicketDispatched"
    assert [each["data"].get("after") for each in mine] == [
        "dispatched",
        "accepted",
        "in_progress",
        "submitted",
        "review",
    ]
    assert [each["position"] for each in mine] == sorted(each["position"] for each in mine)
    assert {each["unit"] for each in mine} == {unit}
    assert {send.state for send in await log(desk, hook)} == {SendState.DELIVERED}


async def test_nothing_told_says_who_anybody_is(desk: Hotline, webhooks: Webhooks, receiver: Receiver) -> None:
    """P44."""
    ticket, unit = await worked(desk)
    await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, SideAction.ADD_EVIDENCE, Principal(Kind.LINK, link=ticket.number), text=f"电话{PHONE}找张三")
    async with desk.database.transaction() as tx:
        await desk.room.tickets.show_identity(tx, ticket.number, "联系市民核实现场", lead_staff(ticket))
    await told(desk, webhooks)
    (only,) = receiver.got
    assert (only["type"], only["data"]["what"]) == ("TicketNoted", "add_evidence")
    assert not {"by", "why"} & set(only["data"])
    assert not any(word in str(receiver.got) for word in (PHONE, "张三", ticket.citizen))


async def test_another_units_system_hears_nothing(desk: Hotline, webhooks: Webhooks, receiver: Receiver) -> None:
    hook = await subscribed(desk, webhooks, receiver, "NH-GC")
    await desk.open()
    await told(desk, webhooks)
    assert receiver.got == []
    assert await log(desk, hook) == []


async def test_only_the_facts_wanted_are_told(desk: Hotline, webhooks: Webhooks, receiver: Receiver) -> None:
    ticket, unit = await worked(desk)
    await subscribed(desk, webhooks, receiver, unit, "TicketNoted")
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.act(ticket, SideAction.URGE, Principal(Kind.LINK, link=ticket.number))
    await told(desk, webhooks)
    assert [each["type"] for each in receiver.got] == ["TicketNoted"]
    with pytest.raises(Invalid):
        await subscribed(desk, webhooks, receiver, unit, "IdentityShown")


async def test_many_facts_at_once_are_each_told_once(desk: Hotline, webhooks: Webhooks, receiver: Receiver) -> None:
    """P15: what comes fast is not told twice, whoever reads and sends beside us."""
    _, unit = await worked(desk)
    await subscribed(desk, webhooks, receiver, unit)
    for n in range(5):
        await desk.open(f"同济路第{n}个烧烤档占道经营", address=address(f"v{n}"), contact=f"1390013900{n}")
    await desk.floor.journal.sequence(desk.database)
    await asyncio.gather(*(webhooks.plan() for _ in range(3)))
    while any(await asyncio.gather(*(webhooks.send() for _ in range(3)))):
        pass
    assert len(receiver.ids) == len(set(receiver.ids)) >= 5


async def test_a_time_out_loses_nothing_and_keeps_the_order(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    """P16: one time-out drops nothing; what follows of the same ticket waits."""
    ticket, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.act(
        ticket,
        Action.START,
        lead_staff(ticket),
        contacted_at=desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )
    receiver.hang.clear()
    await told(desk, webhooks)
    first, second = await log(desk, hook)
    assert (first.state, first.attempts, first.error) == (SendState.WAITING, 1, "timeout")
    assert (second.state, second.attempts) == (SendState.WAITING, 0)
    receiver.hang.set()
    assert not await webhooks.send()
    desk.clock.advance(timedelta(seconds=10))
    await told(desk, webhooks)
    assert [each["data"]["after"] for each in receiver.got] == ["accepted", "in_progress"]


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
async def test_what_is_not_taken_is_sent_again_under_its_number(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver, status: int
) -> None:
    """P16."""
    ticket, unit = await worked(desk)
    await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    receiver.statuses = [status]
    await told(desk, webhooks)
    assert receiver.got == []
    desk.clock.advance(timedelta(minutes=1))
    await told(desk, webhooks)
    assert len(receiver.got) == 1
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1


async def test_one_that_is_refused_holds_up_its_own_ticket_only(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    ticket, unit = await worked(desk)
    other = await desk.open("隔壁同济路又有烧烤档占道经营", address=address("two"), contact="13900139000")
    await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.act(other, Action.ACCEPT, lead_staff(other))
    receiver.statuses = [422]
    await told(desk, webhooks)
    assert [each["ticket"] for each in receiver.got] == [other.number]


async def test_after_enough_tries_it_is_given_up_and_a_replay_brings_it(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    """P16: the dead letter, and the way back from it."""
    ticket, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    receiver.statuses = [500] * (len(rules.WAITS) + 1)
    for wait in (timedelta(0), *rules.WAITS):
        desk.clock.advance(wait)
        await told(desk, webhooks)
    (dead,) = await log(desk, hook)
    assert (dead.state, dead.attempts, dead.status) == (SendState.DEAD, len(rules.WAITS) + 1, 500)
    await desk.act(
        ticket,
        Action.START,
        lead_staff(ticket),
        contacted_at=desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )
    await told(desk, webhooks)
    assert [each["data"]["after"] for each in receiver.got] == ["in_progress"]
    async with desk.database.transaction() as tx:
        await webhooks.replay(tx, await rows.one(tx, hook.id), dead.position - 1)
    await told(desk, webhooks)
    assert [each["data"]["after"] for each in receiver.got] == ["in_progress", "accepted", "in_progress"]
    assert receiver.got[0]["id"] == receiver.got[2]["id"]
    async with desk.database.transaction() as tx:
        with pytest.raises(Invalid):
            await webhooks.replay(tx, hook, 10**6)


async def test_a_receiver_that_is_down_is_left_alone_for_a_while(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    ticket, unit = await worked(desk)
    other = await desk.open("隔壁同济路又有烧烤档占道经营", address=address("two"), contact="13900139000")
    up, receiver.url = receiver.url, "http://127.0.0.1:9/hook"
    hook = await subscribed(desk, webhooks, receiver, unit)
    receiver.url = up
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.act(other, Action.ACCEPT, lead_staff(other))
    await told(desk, webhooks)
    assert [(send.attempts, send.error) for send in await log(desk, hook)] == [(1, "unreachable"), (0, "")]


async def test_who_dies_while_sending_is_followed_by_another(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    """P15: sent again under the same number, never forgotten."""
    ticket, unit = await worked(desk)
    await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.floor.journal.sequence(desk.database)
    await webhooks.plan()
    now = desk.clock.now()
    async with desk.database.transaction() as tx:
        assert await rows.claim(tx, now, now + timedelta(minutes=1)) is not None
    assert not await webhooks.send()
    desk.clock.advance(timedelta(minutes=2))
    assert await webhooks.send()
    assert len(receiver.got) == 1


async def test_a_revoked_key_takes_its_subscriptions_with_it(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    await desk.load_city()
    ticket, unit = await worked(desk)
    async with desk.database.transaction() as tx:
        new = NewKey("系统", frozenset({KeyScope.UNIT_READ}), unit)
        key, token = await desk.directory.keys.make(tx, new, ADMIN)
    by = (await desk.directory.keys.holder_of(token)).principal
    await subscribed(desk, webhooks, receiver, unit, by=by)
    async with desk.database.transaction() as tx:
        await desk.directory.keys.revoke(tx, key.id, ADMIN)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await told(desk, webhooks)
    assert receiver.got == []


async def test_a_key_that_follows_another_takes_its_subscriptions_over(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    await desk.load_city()
    ticket, unit = await worked(desk)
    async with desk.database.transaction() as tx:
        new = NewKey("系统", frozenset({KeyScope.UNIT_READ}), unit)
        key, token = await desk.directory.keys.make(tx, new, ADMIN)
    by = (await desk.directory.keys.holder_of(token)).principal
    hook = await subscribed(desk, webhooks, receiver, unit, by=by)
    async with desk.database.transaction() as tx:
        successor, _ = await desk.directory.keys.follow(tx, key.id, 0, None, ADMIN)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await told(desk, webhooks)
    assert [each["data"]["after"] for each in receiver.got] == ["accepted"]
    async with desk.database.transaction() as tx:
        assert (await rows.one(tx, hook.id)).key == successor.id
        await desk.directory.keys.revoke(tx, successor.id, ADMIN)
    await desk.act(
        ticket,
        Action.START,
        lead_staff(ticket),
        contacted_at=desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )
    await told(desk, webhooks)
    assert len(receiver.got) == 1


async def test_while_secrets_change_a_post_is_signed_with_both(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    ticket, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)
    old = receiver.secret
    async with desk.database.transaction() as tx:
        hook, secret = await webhooks.turn_secret(tx, hook, 24)
    assert secret != old
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await told(desk, webhooks)
    # The receiver still looks for the old one, then for the new one.
    receiver.secret = secret
    await desk.act(
        ticket,
        Action.START,
        lead_staff(ticket),
        contacted_at=desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )
    await told(desk, webhooks)
    desk.clock.advance(timedelta(hours=24))
    await desk.act(ticket, SideAction.URGE, Principal(Kind.LINK, link=ticket.number))
    await told(desk, webhooks)
    assert receiver.signed == [2, 2, 1]
    async with desk.database.transaction() as tx:
        with pytest.raises(Invalid):
            await webhooks.turn_secret(tx, hook, 169)
        hook, receiver.secret = await webhooks.turn_secret(tx, hook, 0)
    assert (await webhooks.test(hook)).ok
    assert receiver.signed[-1] == 1


async def test_a_test_is_sent_once_and_tells_of_no_ticket(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    _, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)
    receiver.statuses = [500]
    refused = await webhooks.test(hook)
    assert (refused.ok, refused.status) == (False, 500)
    assert (await webhooks.test(hook)).ok
    (got,) = receiver.got
    assert (got["type"], got["ticket"], got["data"], got["unit"]) == ("Test", "", {}, unit)
    assert await log(desk, hook) == []


async def test_one_delivery_is_sent_again_whatever_became_of_it(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    ticket, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.act(
        ticket,
        Action.START,
        lead_staff(ticket),
        contacted_at=desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )
    receiver.statuses = [500] * (len(rules.WAITS) + 1)
    for wait in (timedelta(0), *rules.WAITS):
        desk.clock.advance(wait)
        await told(desk, webhooks)
    first, second = await log(desk, hook)
    assert (first.state, second.state) == (SendState.DEAD, SendState.DELIVERED)
    async with desk.database.transaction() as tx:
        for send in (first, second):
            await webhooks.again(tx, hook, send.event)
        for wrong in ("nothing", ""):
            with pytest.raises(NotFound):
                await webhooks.again(tx, hook, wrong)
    await told(desk, webhooks)
    assert [each["data"]["after"] for each in receiver.got] == ["in_progress", "accepted", "in_progress"]
    assert {send.state for send in await log(desk, hook)} == {SendState.DELIVERED}


async def test_a_subscription_says_since_when_nothing_arrives(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    ticket, unit = await worked(desk)
    hook = await subscribed(desk, webhooks, receiver, unit)

    async def now() -> Hook:
        async with desk.database.reading() as tx:
            return await rows.one(tx, hook.id)

    assert ((await now()).state, (await now()).delivered) == (HookState.ACTIVE, None)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    receiver.statuses = [500, 500]
    since = desk.clock.now()
    await told(desk, webhooks)
    desk.clock.advance(timedelta(seconds=10))
    await told(desk, webhooks)
    assert ((await now()).state, (await now()).failing) == (HookState.FAILING, since)
    desk.clock.advance(timedelta(minutes=1))
    await told(desk, webhooks)
    assert ((await now()).state, (await now()).delivered) == (HookState.ACTIVE, desk.clock.now())
    standing = await now()
    async with desk.database.transaction() as tx:
        await webhooks.change(tx, standing, receiver.url, (), active=False)
    assert (await now()).state is HookState.PAUSED


async def test_a_subscription_tells_something_else_and_somewhere_else(
    desk: Hotline, webhooks: Webhooks, receiver: Receiver
) -> None:
    ticket, unit = await worked(desk)
    up, receiver.url = receiver.url, "http://127.0.0.1:9/hook"
    hook = await subscribed(desk, webhooks, receiver, unit)
    async with desk.database.transaction() as tx:
        for url, facts in (("ftp://x/", ()), (up, ("IdentityShown",)), (up, ("TicketWatched",))):
            with pytest.raises(Invalid):
                await webhooks.change(tx, hook, url, facts, active=True)
        await webhooks.change(tx, hook, up, ("TicketNoted",), active=True)
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await desk.act(ticket, SideAction.URGE, Principal(Kind.LINK, link=ticket.number))
    await told(desk, webhooks)
    assert [each["type"] for each in receiver.got] == ["TicketNoted"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/hook",
        "https://user:secret@example.com/",
        "https:///hook",
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[64:ff9b::7f00:1]/hook",
        "https://[2002:7f00:1::]/hook",
    ],
)
async def test_no_subscription_leads_into_our_own_network(desk: Hotline, url: str) -> None:
    async with desk.database.transaction() as tx:
        with pytest.raises(Invalid):
            await desk.room.webhooks.subscribe(tx, "FS-CG", url, (), ADMIN)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
async def test_a_name_that_leads_into_our_own_network_is_not_posted_to(receiver: Receiver, host: str) -> None:
    sender = HookSender(allow_private=False, seconds=2)
    answered = await sender.post(receiver.url.replace("127.0.0.1", host), b"{}", {})
    await sender.stop()
    assert answered.status == 0
    # The client itself takes some of these for no host at all.
    assert answered.error in {"private_address", "broken_off"}
    assert receiver.ids == []


def test_the_waits_grow_and_end() -> None:
    assert list(rules.WAITS) == sorted(rules.WAITS)
    assert rules.wait_after(1) == timedelta(seconds=10)
    assert rules.wait_after(len(rules.WAITS) + 1) is None

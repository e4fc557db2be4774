"""The web chat over real WebSockets: greeted, heard once, answered in order, shown out politely."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, FormData, WSMsgType
from aiohttp.base_protocol import BaseProtocol

from channels.store import take_at
from kernel.bell import LocalBell
from kernel.clock import ManualClock
from kernel.ids import new_id
from kernel.mailbox import OUT_TOPIC, OutState
from kernel.messages import Address, Author, Choice, Citation, GeoPoint, Inbound, InboundKind
from kernel.room import Floor
from tests.channels.world import PIXEL, World, open_world, outbound

Frame = dict[str, Any]


@dataclass
class Page:
    """A citizen's page."""

    socket: ClientWebSocketResponse
    token: str = ""
    frames: list[Frame] = field(default_factory=list)
    kept: list[Frame] = field(default_factory=list)

    async def send(self, **frame: object) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def next(self, kind: str = "") -> Frame:
        """The next frame, of that kind when one is named; the others are kept for later."""
        for early in self.kept:
            if not kind or early["type"] == kind:
                self.kept.remove(early)
                return early
        async with asyncio.timeout(10):
            while True:
                message = await self.socket.receive()
                assert message.type is WSMsgType.TEXT, message
                frame: Frame = json.loads(message.data)
                self.frames.append(frame)
                if not kind or frame["type"] == kind:
                    return frame
                self.kept.append(frame)

    async def hello(self, token: str | None = None, after: int = 0) -> Frame:
        await self.send(type="hello", token=token, after=after)
        welcome = await self.next("welcome")
        self.token = welcome["token"]
        return welcome

    async def say(self, text: str, said_id: str = "", **more: object) -> Frame:
        await self.send(type="say", id=said_id or new_id(), text=text, **more)
        return await self.next("ack")

    async def closed(self) -> int | None:
        """Wait for the end; the code it ended with."""
        async with asyncio.timeout(10):
            while True:
                message = await self.socket.receive()
                if message.type is WSMsgType.TEXT:
                    self.frames.append(json.loads(message.data))
                else:
                    return self.socket.close_code


@asynccontextmanager
async def page(world: World) -> AsyncIterator[Page]:
    async with (
        ClientSession() as session,
        session.ws_connect(world.server.make_url("/api/v1/chat"), max_msg_size=0) as socket,
    ):
        yield Page(socket)


def address(world: World, token: str) -> Address:
    web: Any = world.channels.channels["web"]
    found: Address = web.address_of(token)
    return found


def reader_of(socket: ClientWebSocketResponse) -> BaseProtocol:
    """What reads from the wire, to make it stop."""
    connection = socket._conn
    assert connection is not None
    assert connection.protocol is not None
    return connection.protocol


async def dropped(world: World) -> None:
    """Wait until no page is open."""
    async with asyncio.timeout(15):
        with world.floor.bell.listen(OUT_TOPIC) as ear:
            while len(world.channels.hub):
                await ear.heard(0.02)


async def outcome(world: World, message_id: str, state: OutState) -> None:
    """Wait until a message is in ``state``."""
    async with asyncio.timeout(10):
        with world.floor.bell.listen(OUT_TOPIC) as ear:
            while (await world.state(message_id))[0] is not state:
                await ear.heard(5)


async def test_a_new_visitor_is_welcomed_and_recognised_by_the_token_later(world: World) -> None:
    async with page(world) as first:
        assert (await first.hello())["seq"] == 0
        await first.say("你好")
        token = first.token
    async with page(world) as again:
        assert (await again.hello(token))["seq"] == 1
        assert address(world, again.token) == address(world, token)


async def test_a_worthless_token_makes_a_new_visitor(small_world: World) -> None:
    async with page(small_world) as first, page(small_world) as other:
        await first.hello()
        await other.hello(first.token[:-2] + "xx")
        assert address(small_world, other.token) != address(small_world, first.token)


async def test_what_is_said_is_acknowledged_only_when_it_is_kept(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        ack = await mine.say("路灯坏了", "client-1")
        assert ack == {"type": "ack", "id": "client-1", "seq": 1}
        (entry,) = await world.thread(address(world, mine.token))
        assert entry.inbound is not None
        assert (entry.inbound.text, entry.inbound.external_id) == ("路灯坏了", "client-1")


async def test_p14_the_same_id_twice_is_one_message_with_the_same_number(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        acks = [await mine.say("路灯坏了", "client-1") for _ in range(3)]
        assert [ack["seq"] for ack in acks] == [1, 1, 1]
        assert len(await world.thread(address(world, mine.token))) == 1


async def test_an_answer_is_pushed_with_everything_it_has_and_counts_as_sent(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        await mine.say("居住证怎么办", "client-1")
        told = await world.tell(
            address(world, mine.token),
            "到派出所办理。",
            author_name="小佛",
            choices=(Choice("转人工", "人工"),),
            citations=(Citation("a1", "居住证申领", "公安局", "2026-01-05"),),
            link="/guide/a1",
        )
        own, answer = await mine.next("message"), await mine.next("message")
        assert (own["own"], own["id"], own["seq"], own["author"]) == (True, "client-1", 1, "citizen")
        assert answer == {
            "type": "message",
            "seq": 2,
            "id": told.id,
            "author": "bot",
            "author_name": "小佛",
            "text": "到派出所办理。",
            "at": "2026-03-16T02:00:00Z",
            "choices": [{"label": "转人工", "value": "人工"}],
            "citations": [{"id": "a1", "title": "居住证申领", "owner": "公安局", "verified_on": "2026-01-05"}],
            "attachments": [],
            "link": "/guide/a1",
            "own": False,
        }
        await outcome(world, told.id, OutState.SENT)


async def test_a_message_for_a_closed_page_waits_and_is_there_when_it_comes_back(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        await mine.say("你好")
        token = mine.token
    told = await world.tell(address(world, token), "您好，请讲。")
    await world.drain()
    assert await world.state(told.id) == (OutState.QUEUED, "")
    async with page(world) as again:
        await again.hello(token, after=1)
        assert (await again.next("message"))["text"] == "您好，请讲。"
        await outcome(world, told.id, OutState.SENT)


async def test_p17_coming_back_shows_the_same_lines_in_the_same_order(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        for number in range(5):
            await mine.say(f"问{number}")
            await world.tell(address(world, mine.token), f"答{number}")
        live = [(await mine.next("message")) for _ in range(10)]
        token = mine.token
    async with page(world) as again:
        await again.hello(token)
        resumed = [(await again.next("message")) for _ in range(10)]
    assert [frame["text"] for frame in live] == [f"{who}{number}" for number in range(5) for who in "问答"]
    assert [(frame["seq"], frame["id"]) for frame in live] == [(frame["seq"], frame["id"]) for frame in resumed]
    assert [frame["seq"] for frame in live] == list(range(1, 11))


async def test_p17_an_answer_that_was_late_stands_after_the_question_it_missed(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        await mine.say("第一问")
        lane = await world.claimed()
        await mine.say("第二问")
        await world.answer(lane, "答第一问")
        token = mine.token
    async with page(world) as again:
        await again.hello(token)
        assert [(await again.next("message"))["text"] for _ in range(3)] == ["第一问", "第二问", "答第一问"]


async def test_coming_back_with_the_last_number_seen_brings_only_what_is_new(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        for number in range(3):
            await mine.say(f"{number}")
        token = mine.token
    async with page(world) as again:
        await again.hello(token, after=2)
        assert (await again.next("message"))["seq"] == 3


async def test_two_pages_of_one_visitor_both_see_everything_and_it_is_sent_once(world: World) -> None:
    async with page(world) as one, page(world) as two:
        await one.hello()
        await two.hello(one.token)
        await one.say("从第一个页面")
        told = await world.tell(address(world, one.token), "您好")
        for each in (one, two):
            assert [(await each.next("message"))["text"] for _ in range(2)] == ["从第一个页面", "您好"]
        await outcome(world, told.id, OutState.SENT)


async def test_a_message_a_dead_process_had_in_hand_is_pushed_again_and_then_counts_as_sent(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        await mine.say("你好")
        token = mine.token
    told = await world.tell(address(world, token), "您好")
    async with world.floor.database.transaction() as tx:
        entries = await world.floor.mailbox.thread(tx, address(world, token))
        assert len(await take_at(tx, entries, world.clock.now() + timedelta(minutes=1))) == 1
    world.clock.advance(timedelta(minutes=2))
    await world.channels.delivery.expire()
    assert (await world.state(told.id))[0] is OutState.UNKNOWN
    async with page(world) as again:
        await again.hello(token, after=1)
        assert (await again.next("message"))["text"] == "您好"
        await again.send(type="seen", seq=2)
        await again.send(type="ping")
        await again.next("pong")
    assert (await world.state(told.id))[0] is OutState.SENT


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", "malformed"),
        ("", "malformed"),
        ('"hello"', "unknown_frame"),
        ('{"type":"shout"}', "unknown_frame"),
        ('{"type":"say","id":1}', "unknown_frame"),
        ('{"type":"say","id":"","text":"a"}', "bad_id"),
        ('{"type":"say","id":"a\\u0000b","text":"a"}', "bad_id"),
        (json.dumps({"type": "say", "id": "x" * 65, "text": "a"}), "bad_id"),
        (json.dumps({"type": "say", "id": "x", "text": "字" * 4001}), "text_too_long"),
        (json.dumps({"type": "say", "id": "x", "text": "  \n"}), "text_empty"),
        (json.dumps({"type": "say", "id": "x", "attachments": ["0" * 32]}), "unknown_attachment"),
        (json.dumps({"type": "say", "id": "x", "attachments": ["0"] * 10}), "too_many_files"),
        ('{"type":"hello"}', "already_greeted"),
        ('{"type":"ping","more":' + "[" * 60000, "malformed"),
    ],
)
async def test_a_frame_that_is_wrong_gets_an_error_and_the_connection_stays(
    small_world: World, sent: str, code: str
) -> None:
    async with page(small_world) as mine:
        await mine.hello()
        await mine.socket.send_str(sent)
        error = await mine.next("error")
        assert error["code"] == code
        assert error["text"]
        assert (await mine.say("还在"))["seq"] == 1


async def test_bytes_that_are_no_text_get_an_error_and_the_connection_stays(small_world: World) -> None:
    async with page(small_world) as mine:
        await mine.socket.send_bytes(b"\x00\x01")
        assert (await mine.next("error"))["code"] == "text_only"
        await mine.socket._writer.send_frame(b"\xff\xfe", WSMsgType.TEXT)
        assert (await mine.next("error"))["code"] == "malformed"
        await mine.hello()


async def test_nothing_is_heard_before_the_greeting(small_world: World) -> None:
    async with page(small_world) as mine:
        await mine.send(type="say", id="x", text="你好")
        assert (await mine.next("error"))["code"] == "hello_first"
        await mine.send(type="ping")
        assert (await mine.next())["type"] == "pong"


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1_000_000, 1024 * 1024])
async def test_a_frame_that_is_too_large_gets_a_polite_refusal_and_a_close(small_world: World, size: int) -> None:
    async with page(small_world) as mine:
        await mine.hello()
        await mine.socket.send_str("x" * size)
        assert (await mine.next("error"))["code"] == "message_too_large"
        assert await mine.closed() == 1009
    assert await small_world.thread(address(small_world, mine.token)) == []


async def test_whoever_says_too_much_too_fast_is_asked_to_wait(small_world: World) -> None:
    async with page(small_world) as mine:
        await mine.hello()
        for number in range(20):
            await mine.say(f"{number}")
        await mine.send(type="say", id="one-too-many", text="还有")
        assert (await mine.next("error"))["code"] == "too_fast"
        small_world.clock.advance(timedelta(seconds=10))
        assert (await mine.say("现在可以了"))["seq"] == 21


async def test_a_page_that_sends_nothing_but_noise_is_shown_out(small_world: World) -> None:
    async with page(small_world) as mine:
        await mine.hello()
        for _ in range(120):
            await mine.send(type="ping")
        assert await mine.closed() == 1008
        assert mine.frames[-1]["code"] == "too_fast"


async def test_a_page_that_never_says_hello_is_shown_out(floor: Floor, clock: ManualClock) -> None:
    async with open_world(floor, clock, web={"hello_seconds": 0.05}) as world, page(world) as mine:
        assert await mine.closed() == 1008


async def test_call_orders_and_events_are_no_lines_of_the_page(small_world: World) -> None:
    async with page(small_world) as mine:
        await mine.hello()
        where = address(small_world, mine.token)
        now = small_world.clock.now()
        await small_world.channels.intake.accept(
            Inbound(new_id(), where, "e1", InboundKind.EVENT, "", now, now, place=GeoPoint(23.0, 113.0), event="x")
        )
        await small_world.tell(where, "您好", author=Author.SYSTEM)
        frame = await mine.next("message")
        assert (frame["seq"], frame["author"]) == (2, "system")


async def uploaded(world: World, token: str, data: bytes, name: str = "photo.png") -> tuple[int, Frame]:
    form = FormData()
    form.add_field("file", io.BytesIO(data), filename=name, content_type="image/png")
    url = world.server.make_url("/api/v1/chat/uploads")
    async with ClientSession() as session, session.post(url, data=form, headers={"X-Visitor": token}) as response:
        return response.status, await response.json()


async def test_a_picture_is_uploaded_and_sent(world: World) -> None:
    async with page(world) as mine:
        await mine.hello()
        status, file = await uploaded(world, mine.token, PIXEL)
        assert (status, file["media"], file["name"]) == (201, "image", "photo.png")
        await mine.say("", attachments=[file["id"]])
        shown = (await mine.next("message"))["attachments"]
        assert [each["id"] for each in shown] == [file["id"]]
        assert shown[0]["url"].startswith("/files/")
    (entry,) = await world.thread(address(world, mine.token))
    assert entry.inbound is not None
    assert entry.inbound.kind is InboundKind.MEDIA
    assert [each.media_type for each in entry.inbound.attachments] == ["image/png"]


async def test_only_a_visitor_may_upload(small_world: World) -> None:
    assert (await uploaded(small_world, "", PIXEL))[0] == 403
    assert (await uploaded(small_world, "made-up", PIXEL))[0] == 403


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"<html>", "file_kind_not_accepted"), (b"", "file_empty"), (bytes(10 * 1024 * 1024 + 1), "file_too_large")],
)
async def test_a_file_we_do_not_take_is_refused_by_name(small_world: World, data: bytes, code: str) -> None:
    async with page(small_world) as mine:
        await mine.hello()
        status, problem = await uploaded(small_world, mine.token, data)
        assert (status, problem["fields"]["file"]) == (422, code)


async def test_a_body_without_a_file_is_refused(small_world: World) -> None:
    async with page(small_world) as mine, ClientSession() as session:
        await mine.hello()
        url = small_world.server.make_url("/api/v1/chat/uploads")
        for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
            headers = {"X-Visitor": mine.token, "Content-Type": kind}
            async with session.post(url, data=b"a=b", headers=headers) as response:
                assert response.status == 422


async def test_p51_when_the_program_goes_every_page_is_told_when_to_come_back(small_world: World) -> None:
    async with ClientSession() as session:
        url = small_world.server.make_url("/api/v1/chat")
        pages = [Page(await session.ws_connect(url)) for _ in range(100)]
        for each in pages[:50]:
            await each.hello()
        async with asyncio.timeout(10):
            endings = asyncio.gather(*(each.closed() for each in pages))
            await small_world.channels.hub.stop()
            assert set(await endings) == {1001}
        byes = [each.frames[-1] for each in pages]
        assert {bye["type"] for bye in byes} == {"bye"}
        assert all(1 <= bye["after"] <= 6 for bye in byes)
        assert len({bye["after"] for bye in byes}) > 10
        async with session.get(url) as response:
            assert response.status == 503
    await dropped(small_world)


async def test_p51_a_page_that_does_not_read_is_dropped_and_its_messages_wait(floor: Floor, clock: ManualClock) -> None:
    async with open_world(floor, clock, web={"send_seconds": 0.2}) as world:
        async with page(world) as mine:
            await mine.hello()
            token = mine.token
        told = [outbound(address(world, token), "很长的答复。" * 4000, clock.now()) for _ in range(150)]
        async with floor.database.transaction() as tx:
            for each in told:
                await floor.mailbox.put_out(tx, each)
        async with page(world) as mine, asyncio.timeout(20):
            # Nobody reads on the other side: what is pushed fills the buffers.
            await mine.send(type="hello", token=token)
            protocol = reader_of(mine.socket)
            protocol.pause_reading()
            await dropped(world)
            protocol.resume_reading()
        states = [(await world.state(each.id))[0] for each in told]
        assert states[0] is OutState.SENT
        assert states[-1] is OutState.QUEUED
        async with page(world) as again:
            await again.hello(token)
            seqs = [(await again.next("message"))["seq"] for _ in range(150)]
            assert seqs == list(range(1, 151))
            await outcome(world, told[-1].id, OutState.SENT)


async def test_p51_pages_that_go_leave_nothing_behind(small_world: World) -> None:
    bell = small_world.floor.bell
    assert isinstance(bell, LocalBell)
    for _ in range(50):
        async with page(small_world) as mine:
            await mine.hello()
    async with page(small_world) as last:
        await last.hello()
    await dropped(small_world)
    assert not [topic for topic in bell._ears if topic.startswith("mailbox.address")]

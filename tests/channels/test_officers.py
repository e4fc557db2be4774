"""Officers are written to over WeCom and e-mail: once, tried again, refused or unknown, as the mailbox knows it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from channels.room import Channels, build
from channels.sandbox.email import MailServer
from channels.sandbox.officers import OfficerServers, servers_of
from channels.sandbox.wecom import WeComPlatform
from hotline.commands import demo_settings
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import NotAllowed
from kernel.mailbox import OutState
from kernel.messages import Address
from kernel.room import Floor
from kernel.settings import Settings
from tests.channels.world import PUBLIC_URL, outbound, with_channels

LI, GONE = Address("wecom", "staff", "LiSi"), Address("wecom", "staff", "Nobody")
MAIL, NO_MAIL = Address("email", "staff", "li@example.gov.cn"), Address("email", "staff", "none@example.gov.cn")


@dataclass
class Office:
    """The channels with both platforms beside them."""

    floor: Floor
    clock: ManualClock
    channels: Channels
    wecom: WeComPlatform
    mail: MailServer

    async def tell(self, address: Address, text: str = "工单FS1需要处理") -> str:
        """Put out and send."""
        told = outbound(address, text, self.clock.now(), link="/unit?t=FS1")
        async with self.floor.database.transaction() as tx:
            await self.floor.mailbox.put_out(tx, told)
        await self.drain()
        return told.id

    async def drain(self) -> None:
        while await self.channels.delivery.drain():
            pass

    async def state(self, message: str) -> tuple[OutState, str]:
        async with self.floor.database.reading() as tx:
            return (await self.floor.mailbox.states(tx, [message]))[message]


@pytest.fixture
async def office(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> AsyncIterator[Office]:
    wecom, mail = WeComPlatform("ww1", "s", 1000002, clock.now), MailServer(unknown={"none@example.gov.cn"})
    wecom.members.add("LiSi")
    there = TestServer(wecom.app())
    await there.start_server()
    await mail.start()
    sections = {
        "wecom": {"corp_id": "ww1", "secret": "s", "agent_id": 1000002, "api_url": str(there.make_url("/"))},
        "email": {"host": "127.0.0.1", "port": mail.port, "sender": "hotline@example.gov.cn", "security": "none"},
    }
    floor = with_channels(floor_of(sqlite_database), **sections)
    channels = build(floor)
    yield Office(floor, clock, channels, wecom, mail)
    for stop in channels.room.stopping:
        await stop()
    await mail.stop()
    await there.close()


async def test_a_member_reads_the_text_and_the_whole_link(office: Office) -> None:
    message = await office.tell(LI)
    assert office.wecom.told == [("LiSi", f"工单FS1需要处理\n详情：{PUBLIC_URL}/unit?t=FS1")]
    assert (await office.state(message))[0] is OutState.SENT
    await office.tell(LI, "又一件")
    assert office.wecom.tokens_issued == 1


async def test_a_token_that_was_thrown_away_is_renewed_and_the_message_sent_once(office: Office) -> None:
    await office.tell(LI)
    office.clock.advance(timedelta(minutes=1))
    office.wecom.spoil_tokens()
    message = await office.tell(LI, "又一件")
    assert [text.splitlines()[0] for _, text in office.wecom.told] == ["工单FS1需要处理", "又一件"]
    assert (await office.state(message))[0] is OutState.SENT


@pytest.mark.parametrize("code", [-1, 45009, 45033, 60020])
async def test_a_platform_that_is_busy_gets_it_later_and_once(office: Office, code: int) -> None:
    office.wecom.codes = [code]
    message = await office.tell(LI)
    assert (await office.state(message))[0] is OutState.QUEUED
    office.clock.advance(timedelta(hours=2))
    await office.drain()
    assert ((await office.state(message))[0], len(office.wecom.told)) == (OutState.SENT, 1)


async def test_who_is_no_member_fails_at_once(office: Office) -> None:
    assert await office.state(await office.tell(GONE)) == (OutState.FAILED, "unknown_recipient")


async def test_a_line_that_breaks_after_the_message_is_unknown_and_never_sent_again(office: Office) -> None:
    office.wecom.hang_up = True
    message = await office.tell(LI)
    assert (await office.state(message))[0] is OutState.UNKNOWN
    office.wecom.hang_up = False
    office.clock.advance(timedelta(days=1))
    await office.drain()
    assert len(office.wecom.told) == 1


async def test_a_mail_is_plain_and_says_who_sent_it(office: Office) -> None:
    message = await office.tell(MAIL)
    (mail,) = office.mail.mails
    assert (mail["To"], mail["Subject"]) == ("li@example.gov.cn", "工单FS1需要处理")
    assert mail["Message-ID"] == f"<{message}@example.gov.cn>"
    assert f"{PUBLIC_URL}/unit?t=FS1" in mail.get_content()
    assert (await office.state(message))[0] is OutState.SENT


async def test_a_mailbox_there_is_none_of_fails_at_once(office: Office) -> None:
    assert await office.state(await office.tell(NO_MAIL)) == (OutState.FAILED, "unknown_recipient")


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA", "TEXT"])
async def test_a_mail_server_that_is_busy_at_any_point_gets_it_later_and_once(office: Office, verb: str) -> None:
    office.mail.answers = {verb: "451 4.3.0 try later"} | ({"HELO": "451 4.3.0 try later"} if verb == "EHLO" else {})
    message = await office.tell(MAIL)
    assert (await office.state(message))[0] is OutState.QUEUED
    taken = len(office.mail.mails)
    office.clock.advance(timedelta(hours=2))
    await office.drain()
    assert (await office.state(message))[0] is OutState.SENT
    assert len(office.mail.mails) == taken + 1


async def test_a_mail_server_that_falls_silent_after_the_text_leaves_it_unknown(office: Office) -> None:
    office.mail.silent = True
    message = await office.tell(MAIL)
    assert (await office.state(message))[0] is OutState.UNKNOWN
    office.clock.advance(timedelta(days=1))
    await office.drain()
    assert len(office.mail.mails) == 1


async def test_the_stand_ins_page_shows_what_each_officer_was_told(office: Office) -> None:
    page = TestServer(OfficerServers(office.wecom, office.mail).app())
    await page.start_server()
    try:
        await office.tell(GONE, "任何账号都可填写")
        await office.tell(MAIL)
        async with ClientSession() as session, session.get(page.make_url("/officers")) as answer:
            told = {(each["way"], each["account"]): each["texts"] for each in (await answer.json())["officers"]}
    finally:
        await page.close()
    assert [text.splitlines()[0] for text in told["wecom", "Nobody"]] == ["任何账号都可填写"]
    assert f"{PUBLIC_URL}/unit?t=FS1" in told["email", "li@example.gov.cn"][0]


def test_the_stand_ins_run_beside_a_demo_of_this_machine_only() -> None:
    demo = demo_settings(Settings())
    assert servers_of(demo)
    with pytest.raises(NotAllowed, match="sandbox_needs_demo"):
        servers_of(replace(demo, server=replace(demo.server, demo=False)))
    elsewhere = {**demo.channels, "email": {**demo.channels["email"], "host": "mail.example.gov.cn"}}
    with pytest.raises(NotAllowed, match="sandbox_needs_demo"):
        servers_of(replace(demo, channels=elsewhere))

"""The channels with a stand-in of Twilio beside them, both over loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp.test_utils import TestServer, unused_port

from channels.room import Channels, build
from channels.sandbox.sms import SmsServer
from channels.sandbox.sms_platform import SmsPlatform
from kernel.clock import ManualClock
from kernel.mailbox import Lane, OutState
from kernel.messages import Address
from kernel.relay import Relay
from kernel.room import Floor
from kernel.settings import ServerSettings, Settings
from tests.channels.world import outbound, serving

ACCOUNT = "AC00112233445566778899aabbccddeeff"
AUTH_TOKEN = "token-of-the-account"
SENDER, RELAY = "+8610690012345", "+8675712345000"
CITIZEN, OFFICER = "+8613800138000", "+8613900139000"
LI = Address("sms", "staff", "13900139000")


def sms_section(**more: object) -> dict[str, object]:
    """``[channels.sms]`` of the test account."""
    section = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "sender": SENDER, "signature": "【12345热线】"}
    return {**section, "relay_number": RELAY, **more}


@dataclass(frozen=True, slots=True)
class SmsWorld:
    """All of it."""

    floor: Floor
    clock: ManualClock
    channels: Channels
    platform: SmsPlatform
    twilio: SmsServer
    relay: Relay

    def texts(self, number: str) -> list[str]:
        """What lies on a phone."""
        return [text.body for text in self.platform.phone(number).texts if not text.own]

    async def tell(self, address: Address, text: str, **more: Any) -> str:
        """Put out and send."""
        told = outbound(address, text, self.clock.now(), **more)
        async with self.floor.database.transaction() as tx:
            await self.floor.mailbox.put_out(tx, told)
        await self.drain()
        return told.id

    async def drain(self) -> None:
        """Send all that is due, and let the platform report."""
        while await self.channels.delivery.drain():
            pass
        await self.twilio.settle()

    async def state(self, message: str) -> tuple[OutState, str]:
        """Delivery state and reason."""
        async with self.floor.database.reading() as tx:
            return (await self.floor.mailbox.states(tx, [message]))[message]

    async def lane(self) -> Lane | None:
        """What the desk would work on next."""
        async with self.floor.database.transaction() as tx:
            return await self.floor.mailbox.claim(tx, timedelta(minutes=1))


@asynccontextmanager
async def open_sms_world(
    floor: Floor, clock: ManualClock, *, reports: bool = True, rings: bool = True, **section: Any
) -> AsyncIterator[SmsWorld]:
    """The world with these settings of the account."""
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    platform = SmsPlatform(ACCOUNT, AUTH_TOKEN, f"{url}/webhooks/sms", clock.now)
    twilio = SmsServer(platform, reports=reports, rings=rings)
    there = TestServer(twilio.app())
    await there.start_server()
    sections = {"sms": sms_section(**{"api_url": str(there.make_url("/")), **section})}
    settings = Settings(server=ServerSettings(public_url=url), channels=sections)
    floor = replace(floor, settings=settings)
    channels = build(floor)
    try:
        async with serving(channels, port=port):
            relay = Relay(floor.vault, clock, floor.bell)
            yield SmsWorld(floor, clock, channels, platform, twilio, relay)
            await twilio.settle()
    finally:
        await platform.close()
        await there.close()

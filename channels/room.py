"""Builds the channels of the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from channels.api import HookApi, routes
from channels.asking import Asking
from channels.chat import Chat, ChatApi
from channels.choosing import Choosing
from channels.delivery import Delivery
from channels.hearing import Hearing
from channels.hub import Hub
from channels.intake import MEDIA_TOPIC, Intake
from channels.jobs import UnreadMessages, jobs
from channels.media import MediaFetcher
from channels.model import Asks, Channel, FetchesMedia, Hooked, PickedUp, Relays, Sends, Stops
from channels.registry import CHANNELS, open_channels
from channels.relaying import Relaying
from channels.sandbox import officers, sms, wechat
from channels.standings import Standings
from kernel.mailbox import OUT_TOPIC
from kernel.relay import TOPIC as CALLS
from kernel.relay import Relay
from kernel.room import Floor, Loop, Room
from kernel.settings import Settings

# The stand-ins of the platforms, each run by ``python -m hotline sandbox <name>``.
# What a demo sets where the settings say nothing, so that the stand-ins work at once.
DEMO_SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "wechat": wechat.DEMO_SECTION,
    "sms": sms.DEMO_SECTION,
    "wecom": officers.WECOM_SECTION,
    "email": officers.EMAIL_SECTION,
}
SANDBOXES: Mapping[str, Callable[[Settings], None]] = {
    "wechat": wechat.main,
    "sms": sms.main,
    "officers": officers.main,
}

# What may stand in each section [channels.<name>].
SETTINGS: Mapping[str, type] = {name: row.settings for name, row in CHANNELS.items()}


@dataclass(frozen=True, slots=True)
class Channels:
    """The room, with the parts that tests and the replay step by hand."""

    room: Room
    channels: Mapping[str, Channel]
    intake: Intake
    delivery: Delivery
    media: MediaFetcher
    hub: Hub
    asking: Asking
    relaying: Relaying


def build(floor: Floor) -> Channels:
    """The channels over the floor. Invalid when a section of the settings is wrong."""
    opened = open_channels(floor)
    senders = {name: each for name, each in opened.items() if isinstance(each, Sends)}
    hooked = {name: each for name, each in opened.items() if isinstance(each, Hooked)}
    sources = {name: each for name, each in opened.items() if isinstance(each, FetchesMedia)}
    web = opened["web"]
    if not isinstance(web, PickedUp):
        raise TypeError("the web chat is no page")
    intake = Intake(floor.database, floor.mailbox, floor.bell)
    standings = Standings(floor.vault, floor.clock)
    delivery = Delivery(floor.database, floor.mailbox, floor.journal, floor.clock, senders, standings)
    hearing = Hearing(floor.database, floor.mailbox, floor.journal, floor.clock, standings)
    asked = {name: each for name, each in opened.items() if isinstance(each, Asks)}
    asking = Asking(floor.database, floor.mailbox, floor.journal, floor.clock, asked)
    relays = {name: each for name, each in opened.items() if isinstance(each, Relays)}
    relaying = Relaying(floor.database, Relay(floor.vault, floor.clock, floor.bell), relays)
    media = MediaFetcher(floor.database, floor.attachments, floor.journal, floor.clock, sources)
    choosing = Choosing(floor.database, floor.mailbox)
    hub = Hub(SystemRandom())
    tray = floor.database, floor.mailbox, floor.bell, floor.clock
    hooks = HookApi(hooked, *tray, intake, choosing, delivery, hearing, relaying)
    room = Room(
        "channels",
        routes=routes(hooks, ChatApi(Chat(web, floor, intake, hub))),
        jobs=jobs(UnreadMessages(floor.database, floor.clock, web), asking, relaying),
        loops=_loops(delivery, media, relaying, sends=bool(senders), fetches=bool(sources)),
        stopping=[hub.stop, intake.stop, *(each.stop for each in opened.values() if isinstance(each, Stops))],
    )
    return Channels(room, opened, intake, delivery, media, hub, asking, relaying)


def _loops(delivery: Delivery, media: MediaFetcher, relaying: Relaying, *, sends: bool, fetches: bool) -> list[Loop]:
    loops = [Loop("channels.expiry", delivery.expire, [], idle=15.0)]
    if sends:
        loops.append(Loop("channels.delivery", delivery.drain, [OUT_TOPIC], idle=1.0, lanes=2))
    if fetches:
        loops.append(Loop("channels.media", media.step, [MEDIA_TOPIC], idle=5.0, lanes=2))
    if relaying.is_set_up:
        loops.append(Loop("channels.relay", relaying.step, [CALLS], idle=5.0))
    return loops

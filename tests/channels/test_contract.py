"""What every channel must keep, whatever its platform: one test over the registry."""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from channels.model import Channel, FetchesMedia, Hooked, HookRequest, PickedUp, Sends, Stops
from channels.registry import CHANNELS, open_channels
from channels.room import SANDBOXES, SETTINGS, build
from channels.rules.frames import ERRORS, Say
from channels.sandbox.sms_platform import SmsPlatform
from channels.sandbox.wechat_account import Account
from channels.sandbox.wechat_platform import Platform
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, Unavailable
from kernel.messages import Address
from kernel.room import Floor
from tests.channels.sms_world import ACCOUNT, AUTH_TOKEN, sms_section
from tests.channels.world import (
    APP_ID,
    FIXTURES,
    KEYS,
    PUBLIC_URL,
    SECRET,
    outbound,
    wechat_section,
    with_channels,
)

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "channels.md").read_text("utf-8")

# A section that opens each channel; its platform is nowhere.
SECTIONS: Mapping[str, Mapping[str, object]] = {
    "wechat": wechat_section(api_url="http://127.0.0.1:1"),
    "web": {},
    "sms": sms_section(api_url="http://127.0.0.1:1"),
    "wecom": {"corp_id": "ww1", "secret": "s", "agent_id": 1000002, "api_url": "http://127.0.0.1:1"},
    "email": {"host": "127.0.0.1", "port": 1, "sender": "hotline@example.gov.cn", "security": "none"},
}

# Whom a channel can write to, where that is no mere name.
USERS: Mapping[str, str] = {"email": "officer@example.gov.cn", "sms": "13800138000"}


# What a file is called by there, where that is no mere name.
MEDIA: Mapping[str, str] = {"sms": f"http://127.0.0.1:1/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"}

FORM = "application/x-www-form-urlencoded"


def _wechat_call(clock: ManualClock) -> HookRequest:
    platform = Platform(KEYS, Account(APP_ID, SECRET, clock.now), "", clock.now)
    query, body = platform.dressed(platform.message("oCitizen", "text", Content="你好"))
    return HookRequest("POST", query, body.encode(), clock.now())


def _sms_call(clock: ManualClock) -> HookRequest:
    body = (FIXTURES.parent / "sms" / "message.txt").read_bytes()
    fields = parse_qsl(body.decode(), keep_blank_values=True)
    platform = SmsPlatform(ACCOUNT, AUTH_TOKEN, "", clock.now)
    headers = {"x-twilio-signature": platform.signature(f"{PUBLIC_URL}/webhooks/sms", fields), "content-type": FORM}
    return HookRequest("POST", {}, body, clock.now(), headers)


# A genuine call for each channel a platform calls.
CALLS: Mapping[str, Callable[[ManualClock], HookRequest]] = {"wechat": _wechat_call, "sms": _sms_call}


@pytest.fixture
async def opened(
    sqlite_database: Database, floor_of: Callable[[Database], Floor]
) -> AsyncIterator[Mapping[str, Channel]]:
    """Every channel there is."""
    made = open_channels(with_channels(floor_of(sqlite_database), **SECTIONS))
    yield made
    for each in made.values():
        if isinstance(each, Stops):
            await each.stop()


@pytest.fixture(params=sorted(CHANNELS))
def channel(request: pytest.FixtureRequest, opened: Mapping[str, Channel]) -> Channel:
    """One after the other."""
    return opened[request.param]


def test_every_channel_takes_messages_in_and_lets_them_out(channel: Channel) -> None:
    assert isinstance(channel, Hooked | PickedUp) is not CHANNELS[channel.name].officers
    assert isinstance(channel, Sends | PickedUp)


def test_a_channel_goes_by_the_name_of_its_row(opened: Mapping[str, Channel]) -> None:
    assert {name: each.name for name, each in opened.items()} == {name: name for name in CHANNELS}
    assert all(name.isalpha() and name.islower() for name in CHANNELS)


def test_every_channel_has_its_paragraph_in_the_documents(channel: Channel) -> None:
    assert f"\n## {channel.name}" in DOCS


def test_every_setting_of_a_channel_is_documented(channel: Channel) -> None:
    settings = SETTINGS[channel.name]
    assert is_dataclass(settings)
    assert [each.name for each in fields(settings) if f"`{each.name}`" not in DOCS] == []


def test_a_channel_a_platform_calls_has_a_stand_in_and_real_payloads(channel: Channel) -> None:
    if isinstance(channel, Hooked):
        assert channel.name in SANDBOXES
        assert channel.name in CALLS
        assert list((FIXTURES.parent / channel.name).glob("*.*"))


def test_adapter_and_stand_in_share_no_code(channel: Channel) -> None:
    for path in (ROOT / "channels" / "sandbox").glob(f"{channel.name}*.py"):
        assert "channels.adapters" not in path.read_text("utf-8")
    for path in (ROOT / "channels" / "adapters").glob(f"{channel.name}*.py"):
        assert "channels.sandbox" not in path.read_text("utf-8")


def test_a_genuine_call_gives_a_message_with_the_same_id_every_time(channel: Channel, clock: ManualClock) -> None:
    if not isinstance(channel, Hooked):
        return
    call = CALLS[channel.name](clock)
    (first,), (again,) = channel.read(call).messages, channel.read(call).messages
    assert (first.address, first.external_id) == (again.address, again.external_id)
    assert first.address.channel == channel.name
    assert len(first.address.key) <= 200
    assert 0 < len(first.external_id) <= 200
    assert first.received_at == clock.now()


def _changed(call: HookRequest) -> list[HookRequest]:
    later = call.at + timedelta(hours=1)
    each_parameter = [replace(call, query={**call.query, name: "1" + value}) for name, value in call.query.items()]
    without = [replace(call, query={n: v for n, v in call.query.items() if n != name}) for name in call.query]
    each_parameter += [
        replace(call, headers={**call.headers, name: "1" + value}) for name, value in call.headers.items()
    ]
    each_parameter += [replace(call, headers={}), replace(call, query_string="part=status&message=m1")]
    bodies = [b"", b"{}", call.body[: len(call.body) // 2], call.body + b"x", call.body.replace(b"A", b"B")]
    return [*each_parameter, *without, *(replace(call, body=body) for body in bodies), replace(call, at=later)]


def test_a_call_that_was_changed_anywhere_is_forged_or_means_the_same(channel: Channel, clock: ManualClock) -> None:
    if not isinstance(channel, Hooked):
        return
    call = CALLS[channel.name](clock)
    genuine = channel.read(call).messages[0].external_id
    outcomes = {_outcome(channel, changed) for changed in _changed(call)}
    assert outcomes - {genuine} == {"forged_hook"}


def _outcome(channel: Hooked, call: HookRequest) -> str:
    """The message's id, or why the call was refused."""
    try:
        (message,) = channel.read(call).messages
    except NotAllowed as error:
        return error.code if error.data["reason"] else "no reason given"
    return message.external_id


async def test_a_platform_that_is_away_makes_sending_wait(channel: Channel, clock: ManualClock) -> None:
    if isinstance(channel, Sends):
        told = outbound(Address(channel.name, "a", USERS.get(channel.name, "u")), "您好", clock.now())
        with pytest.raises(Unavailable):
            await channel.send(told)
    if isinstance(channel, FetchesMedia):
        with pytest.raises(Unavailable):
            await channel.fetch(MEDIA.get(channel.name, "m1"))
    assert inspect.iscoroutinefunction(getattr(channel, "send", None)) is isinstance(channel, Sends)


def test_a_channel_with_a_page_knows_its_visitors_and_nobody_elses(channel: Channel, clock: ManualClock) -> None:
    if not isinstance(channel, PickedUp):
        return
    address, token = channel.visitor(None)
    assert channel.address_of(token) == address
    assert channel.visitor(token)[0] == address
    assert channel.visitor(None)[0] != address
    with pytest.raises(NotAllowed):
        channel.address_of(token[:-1])
    clock.advance(timedelta(days=181))
    assert channel.visitor(token)[0] != address
    told = outbound(address, "您好", clock.now())
    assert told.id.encode() in channel.frame(1, told)


@pytest.mark.parametrize(
    ("sections", "wrong"),
    [
        ({"fax": {}}, {"channels.fax": "unknown_channel"}),
        ({"web": {"colour": "red"}}, {"channels.web.colour": "unknown_setting"}),
        ({"web": {"unread_days": "many"}}, {"channels.web": "setting_wrong"}),
        ({"wechat": {"app_id": "x"}}, {"channels.wechat": "setting_wrong"}),
        ({"wechat": wechat_section(aes_key="short")}, {"channels.wechat": "setting_wrong"}),
    ],
)
def test_wrong_settings_are_named_at_the_start(
    sqlite_database: Database,
    floor_of: Callable[[Database], Floor],
    sections: dict[str, dict[str, object]],
    wrong: dict[str, str],
) -> None:
    with pytest.raises(Invalid) as caught:
        open_channels(with_channels(floor_of(sqlite_database), **sections))
    assert caught.value.fields == wrong


def test_settings_from_the_environment_are_words_and_are_understood(
    sqlite_database: Database, floor_of: Callable[[Database], Floor]
) -> None:
    sections = {"web": {"unread_days": "7", "origins": "https://a.example,https://b.example"}}
    opened = open_channels(with_channels(floor_of(sqlite_database), **sections))
    assert isinstance(opened["web"], PickedUp)
    assert opened["web"].rules.unread_days == 7
    assert list(opened) == ["web"]


def test_without_a_channel_that_sends_there_is_no_loop_for_it(
    sqlite_database: Database, floor_of: Callable[[Database], Floor]
) -> None:
    only_web = build(with_channels(floor_of(sqlite_database)))
    assert [loop.name for loop in only_web.room.loops] == ["channels.expiry"]
    both = build(with_channels(floor_of(sqlite_database), **SECTIONS))
    assert {loop.name for loop in both.room.loops} == {
        "channels.expiry",
        "channels.delivery",
        "channels.media",
        "channels.relay",
    }


def test_every_error_a_page_may_get_has_words() -> None:
    assert all(text.endswith("。") for text in ERRORS.values())
    assert Say(id="x").text == ""

"""Short messages over Twilio's real protocol: sent once, receipts, refusals, signatures, and citizens who write."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
from multidict import MultiDict
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from channels.adapters.sms import Sms, SmsSettings
from channels.adapters.sms_api import TwilioApi
from channels.model import HookRequest, Refused
from channels.sandbox.sms_platform import SmsPlatform
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import NotAllowed
from kernel.mailbox import OutState
from kernel.messages import Address, InboundKind
from kernel.room import Floor
from tests.channels.sms_world import (
    ACCOUNT,
    AUTH_TOKEN,
    CITIZEN,
    LI,
    OFFICER,
    SENDER,
    SmsWorld,
    open_sms_world,
    sms_section,
)

PUBLIC = "https://hotline.example.gov.cn"
HOOK = f"{PUBLIC}/webhooks/sms"
FORM = "application/x-www-form-urlencoded"
Fields = Sequence[tuple[str, str]]


@pytest.fixture
async def sms(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> AsyncIterator[SmsWorld]:
    async with open_sms_world(floor_of(sqlite_database), clock) as made:
        yield made


@pytest.fixture
async def silent(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> AsyncIterator[SmsWorld]:
    """A platform that reports nothing by itself."""
    async with open_sms_world(floor_of(sqlite_database), clock, reports=False) as made:
        yield made


# -- out -------------------------------------------------------------------------------------------------


async def test_an_officer_gets_a_signed_text_with_the_whole_link(sms: SmsWorld) -> None:
    message = await sms.tell(LI, "新工单待签收。", link="/unit?t=FS1")
    assert sms.texts(OFFICER) == [
        f"【12345热线】新工单待签收。\n详情：{sms.floor.settings.server.public_url}/unit?t=FS1"
    ]
    assert await sms.state(message) == (OutState.SENT, "")


async def test_a_long_text_goes_in_several_messages_each_signed_and_each_within_the_limit(silent: SmsWorld) -> None:
    text = "您反映的路灯已经修好。" * 60
    await silent.tell(Address("sms", SENDER, "13800138000"), text)
    bodies = silent.texts(CITIZEN)
    assert len(bodies) > 1
    assert all(body.startswith("【12345热线】") for body in bodies)
    assert "".join(body.removeprefix("【12345热线】") for body in bodies) == text
    assert [each.callback != "" for each in silent.platform.phone(CITIZEN).texts] == [False] * (len(bodies) - 1) + [
        True
    ]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(21610, "opted_out"), (21211, "unknown_recipient"), (21408, "interface_forbidden"), (21999, "twilio_21999")],
)
async def test_what_the_platform_refuses_fails_at_once_and_says_why(sms: SmsWorld, code: int, reason: str) -> None:
    sms.twilio.troubles = [(code, 400, 0)]
    assert await sms.state(await sms.tell(LI, "您好")) == (OutState.FAILED, reason)
    sms.clock.advance(timedelta(days=1))
    await sms.drain()
    assert sms.texts(OFFICER) == []


async def test_too_many_at_once_waits_as_long_as_the_platform_asks_and_goes_once(sms: SmsWorld) -> None:
    sms.twilio.troubles = [(20429, 429, 90)]
    message = await sms.tell(LI, "您好")
    assert await sms.state(message) == (OutState.QUEUED, "twilio_20429")
    sms.clock.advance(timedelta(seconds=89))
    await sms.drain()
    assert sms.texts(OFFICER) == []
    sms.clock.advance(timedelta(seconds=2))
    await sms.drain()
    assert ((await sms.state(message))[0], len(sms.texts(OFFICER))) == (OutState.SENT, 1)


async def test_a_password_the_platform_does_not_know_is_tried_again_later_and_never_shown(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> None:
    async with open_sms_world(floor_of(sqlite_database), clock, auth_token="wrong") as world:
        with capture_logs() as logs:
            message = await world.tell(LI, "您好")
        assert await world.state(message) == (OutState.QUEUED, "twilio_20003")
        assert "13900139000" not in str(logs)
        assert "wrong" not in str(logs)


async def test_a_text_the_carrier_did_not_deliver_fails_later_with_its_reason(silent: SmsWorld) -> None:
    message = await silent.tell(LI, "您好")
    (text,) = silent.platform.phone(OFFICER).texts
    assert await silent.platform.report(text, "sent") == 200
    assert await silent.state(message) == (OutState.SENT, "")
    assert await silent.platform.report(text, "undelivered", 30003) == 200
    assert await silent.state(message) == (OutState.FAILED, "unreachable")
    # Reports overtake each other: what failed stays failed.
    await silent.platform.report(text, "delivered")
    assert await silent.state(message) == (OutState.FAILED, "unreachable")


async def test_a_text_in_doubt_is_cleared_by_the_platforms_own_report(silent: SmsWorld) -> None:
    silent.twilio.hang_up = True
    message = await silent.tell(LI, "您好")
    assert await silent.state(message) == (OutState.UNKNOWN, "twilio_no_answer")
    (text,) = silent.platform.phone(OFFICER).texts
    await silent.platform.report(text, "delivered")
    assert await silent.state(message) == (OutState.SENT, "")


async def test_a_text_in_doubt_is_asked_for_and_not_sent_again_when_the_platform_has_it(silent: SmsWorld) -> None:
    silent.twilio.hang_up = True
    message = await silent.tell(LI, "您好")
    assert await silent.channels.asking.ask() == 0
    silent.clock.advance(timedelta(minutes=3))
    await silent.drain()
    assert await silent.channels.asking.ask() == 1
    assert await silent.state(message) == (OutState.SENT, "")
    await silent.drain()
    assert len(silent.texts(OFFICER)) == 1


async def test_a_text_the_platform_never_had_is_sent_after_all_and_only_then(silent: SmsWorld) -> None:
    silent.twilio.troubles = [(0, 502, 0)]
    message = await silent.tell(LI, "您好")
    assert await silent.state(message) == (OutState.UNKNOWN, "twilio_unreadable")
    silent.clock.advance(timedelta(minutes=3))
    silent.twilio.troubles = [(0, 500, 0)]
    assert await silent.channels.asking.ask() == 0
    assert silent.texts(OFFICER) == []
    assert await silent.channels.asking.ask() == 1
    await silent.drain()
    assert ((await silent.state(message))[0], len(silent.texts(OFFICER))) == (OutState.SENT, 1)


# -- in --------------------------------------------------------------------------------------------------


async def test_a_citizens_text_becomes_a_message_once_and_the_answer_goes_back(sms: SmsWorld) -> None:
    status, body = await sms.platform.says(CITIZEN, SENDER, "门口的路灯坏了")
    assert (status, body) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response />')
    lane = await sms.lane()
    assert lane is not None
    (message,) = lane.messages
    assert (lane.address, message.text) == (Address("sms", SENDER, "13800138000"), "门口的路灯坏了")
    (text,) = sms.platform.phone(CITIZEN).texts
    await sms.platform.post(sms.platform.hook, sms.platform.message_fields(text))
    async with sms.floor.database.reading() as tx:
        assert len(await sms.floor.mailbox.thread(tx, lane.address)) == 1
    await sms.tell(lane.address, "已登记。")
    assert sms.texts(CITIZEN) == ["【12345热线】已登记。"]


async def test_pictures_of_a_message_are_fetched_from_the_account_and_nowhere_else(sms: SmsWorld) -> None:
    here = f"{sms.floor.settings.channels['sms']['api_url']}2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
    await sms.platform.says(CITIZEN, SENDER, "", [(here, "image/jpeg"), (here, "image/png")])
    lane = await sms.lane()
    assert lane is not None
    assert [message.kind for message in lane.messages] == [InboundKind.MEDIA] * 2
    assert [message.media_ref for message in lane.messages] == [here] * 2
    api = TwilioApi("https://api.twilio.com", ACCOUNT, AUTH_TOKEN)
    for elsewhere in ("https://evil.example/x", f"https://api.twilio.com.evil.example/2010-04-01/Accounts/{ACCOUNT}/m"):
        with pytest.raises(Refused):
            await api.media(elsewhere)


@pytest.mark.parametrize("word", ["退订", "TD", "stop", " STOP "])
async def test_who_writes_stop_is_not_written_to_until_they_want_it_again(sms: SmsWorld, word: str) -> None:
    await sms.platform.says(OFFICER, SENDER, word)
    assert await sms.lane() is None
    assert await sms.state(await sms.tell(LI, "您好")) == (OutState.FAILED, "opted_out")
    assert sms.texts(OFFICER) == []
    await sms.platform.says(OFFICER, SENDER, "START" if "t" in word.lower() else "订阅")
    assert (await sms.state(await sms.tell(LI, "您好")))[0] is OutState.SENT


# -- P11: is it the platform -----------------------------------------------------------------------------


def adapter(url: str = PUBLIC) -> Sms:
    return Sms(SmsSettings(**sms_section(api_url="http://127.0.0.1:1")), url, lambda _: "")  # type: ignore[arg-type]


def hook(
    clock: ManualClock, signed: str, *, query: str = "", fields: Fields = (("Body", "你好"),), headers: Fields = ()
) -> HookRequest:
    """A call signed over ``signed`` by the stand-in."""
    stand_in = SmsPlatform(ACCOUNT, AUTH_TOKEN, "", clock.now)
    whole = [*stand_in.message_fields(stand_in.take(SENDER, CITIZEN, "你好")), *fields, ("AccountSid", ACCOUNT)]
    given = {"x-twilio-signature": stand_in.signature(signed, whole), "content-type": FORM, **dict(headers)}
    return HookRequest("POST", {}, urlencode(whole).encode(), clock.now(), given, query)


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        (PUBLIC, HOOK),
        (PUBLIC, "https://hotline.example.gov.cn:443/webhooks/sms"),
        (f"{PUBLIC}:443", HOOK),
        (f"{PUBLIC}/", HOOK),
        (f"{PUBLIC}:8443", "https://hotline.example.gov.cn:8443/webhooks/sms"),
        ("http://10.1.2.3", "http://10.1.2.3:80/webhooks/sms"),
    ],
)
def test_p11_the_signature_is_over_the_configured_address_with_or_without_its_port(
    clock: ManualClock, url: str, signed: str
) -> None:
    (message,) = adapter(url).read(hook(clock, signed)).messages
    assert message.external_id.startswith("SM")


def test_p11_what_a_proxy_or_anybody_says_the_host_is_counts_for_nothing(clock: ManualClock) -> None:
    spoofed = "https://evil.example/webhooks/sms"
    claims = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")]
    with pytest.raises(NotAllowed) as caught:
        adapter().read(hook(clock, spoofed, headers=claims))
    assert caught.value.data["reason"] == "signature"
    # A proxy that changes host and scheme does no harm either.
    inside = [("host", "127.0.0.1:12345"), ("x-forwarded-proto", "http"), ("x-forwarded-port", "8080")]
    assert adapter().read(hook(clock, HOOK, headers=inside)).messages


def test_p11_a_json_body_counts_by_its_digest_in_the_signed_address(clock: ManualClock) -> None:
    body = '{"status":"delivered"}'
    query = f"part=status&message=m1&bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    validator = RequestValidator(AUTH_TOKEN)
    headers = {
        "x-twilio-signature": validator.compute_signature(f"{HOOK}?{query}", {}),
        "content-type": "application/json",
    }
    asked = {"part": "status", "message": "m1"}
    assert adapter().read(HookRequest("POST", asked, body.encode(), clock.now(), headers, query)).ignored == "status"
    for changed, written in ((b'{"status":"failed"}', query), (body.encode(), "part=status&message=m1")):
        with pytest.raises(NotAllowed):
            adapter().read(HookRequest("POST", asked, changed, clock.now(), headers, written))


def test_p11_the_documented_example_is_signed_as_documented() -> None:
    """https://www.twilio.com/docs/usage/security — the stand-in signs as the platform does, and as its SDK."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234")]
    fields += [("From", "+14158675309"), ("To", "+18005551212")]
    stand_in = SmsPlatform("AC", "12345", "", lambda: None)  # type: ignore[arg-type, return-value]
    assert stand_in.signature(url, fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert RequestValidator("12345").validate(url, MultiDict(fields), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


async def test_p11_over_http_a_forged_report_changes_nothing(silent: SmsWorld) -> None:
    message = await silent.tell(LI, "您好")
    url = f"{silent.platform.hook}?part=status&message={message}"
    fields = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "failed", "ErrorCode": "30003", "AccountSid": ACCOUNT}
    for headers in ({}, {"X-Twilio-Signature": "Zm9yZ2Vk"}, {"X-Twilio-Signature": "é"}):
        async with aiohttp.ClientSession() as session, session.post(url, data=fields, headers=headers) as answer:
            assert (answer.status, await answer.text()) == (403, "")
    assert await silent.state(message) == (OutState.SENT, "")


@pytest.mark.parametrize("wrong", [{"most_segments": 0}, {"most_segments": 11}, {"signature": "很" * 61}])
def test_settings_that_could_only_fail_later_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"most_segments|signature"):
        SmsSettings(**sms_section(**wrong))  # type: ignore[arg-type]

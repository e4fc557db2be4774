"""WeChat's posts: verified, decrypted and read; nothing that is not genuine gets through."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest

from channels.adapters.wechat import Mode, WeChat, WeChatSettings
from channels.adapters.wechat_api import WeChatApi
from channels.model import HookReading, HookRequest, Refused
from channels.sandbox.wechat_wire import Keys, Unreadable, from_xml, to_xml
from kernel.coordinates import wgs84_of
from kernel.errors import NotAllowed
from kernel.messages import Attachment, Citation, InboundKind, Media
from tests.channels.world import AES_KEY, APP_ID, FIXTURES, KEYS, OPENID, PUBLIC_URL, outbound, wechat_section

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
NONCE = "1372623149"
PATIENCE = timedelta(seconds=4.5)


class NoTokens:
    """For an account that never calls the platform."""

    async def current(self) -> str:
        raise AssertionError

    async def renewed(self, stale: str) -> str:
        raise AssertionError


def account(**more: object) -> WeChat:
    settings = msgspec.convert(wechat_section(**more), WeChatSettings)
    api = WeChatApi(settings.api_url, settings.app_id, settings.secret)
    return WeChat(settings, api, NoTokens(), PUBLIC_URL, lambda attachment: f"/files/{attachment.id}")


def sealed_post(xml: str, keys: Keys = KEYS, *, stamp: str = STAMP, around: str = "") -> HookRequest:
    sealed = keys.encrypt(xml)
    query = {
        "signature": keys.sign(stamp, NONCE),
        "timestamp": stamp,
        "nonce": NONCE,
        "openid": OPENID,
        "encrypt_type": "aes",
        "msg_signature": keys.sign(stamp, NONCE, sealed),
    }
    return HookRequest("POST", query, f"<xml>{around}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode(), NOW)


def plain_post(xml: str, keys: Keys = KEYS) -> HookRequest:
    query = {"signature": keys.sign(STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE, "openid": OPENID}
    return HookRequest("POST", query, xml.encode(), NOW)


def payload(name: str) -> str:
    return (FIXTURES / f"{name}.xml").read_text("utf-8")


def read(name: str) -> HookReading:
    return account().read(sealed_post(payload(name)))


def refused(channel: WeChat, hook: HookRequest) -> object:
    with pytest.raises(NotAllowed) as caught:
        channel.read(hook)
    assert caught.value.code == "forged_hook"
    return caught.value.data["reason"]


# -- what comes in --------------------------------------------------------------------------------------


def test_a_text_is_read() -> None:
    (message,) = read("text").messages
    assert message.kind is InboundKind.TEXT
    assert message.text == "门口的路灯坏了三天了，晚上很黑"
    assert (message.address.channel, message.address.account, message.address.user) == ("wechat", APP_ID, OPENID)
    assert message.external_id == "1234567890123456"
    assert message.sent_at == datetime(2012, 9, 28, 11, 31, tzinfo=UTC)
    assert (message.received_at, message.reply_by) == (NOW, NOW + PATIENCE)


@pytest.mark.parametrize(
    ("name", "media", "media_type", "text"),
    [
        ("image", Media.IMAGE, "image/jpeg", ""),
        ("voice", Media.VOICE, "audio/amr", "我想问一下居住证怎么办"),
        ("video", Media.VIDEO, "video/mp4", ""),
        ("shortvideo", Media.VIDEO, "video/mp4", ""),
    ],
)
def test_a_file_is_announced_under_an_id_given_at_once(name: str, media: Media, media_type: str, text: str) -> None:
    (message,) = read(name).messages
    (file,) = message.attachments
    assert message.kind is InboundKind.MEDIA
    assert (file.media, file.media_type, message.text) == (media, media_type, text)
    assert f"[{message.media_ref}]" in payload(name)
    assert len(file.id) == 32


def test_a_place_is_given_in_the_worlds_coordinates() -> None:
    (message,) = read("location").messages
    assert message.kind is InboundKind.PLACE
    assert message.text == "位置信息"
    assert message.place is not None
    assert wgs84_of(23.134521, 113.358803) == (message.place.latitude, message.place.longitude)
    assert message.place.longitude != 113.358803


def test_a_link_is_read_as_its_words() -> None:
    (message,) = read("link").messages
    assert message.text == "公众平台官网链接\n公众平台官网链接说明\nhttps://mp.weixin.qq.com/?a=1&b=2"


@pytest.mark.parametrize(
    ("name", "event", "text", "waits"),
    [
        ("event_subscribe", "subscribe", "", True),
        ("event_subscribe_by_code", "subscribe", "123123", True),
        ("event_scan", "scan", "SCENE_VALUE", True),
        ("event_click", "click", "menu_progress", True),
        ("event_location", "location", "", False),
        ("event_unsubscribe", "unsubscribe", "", False),
    ],
)
def test_an_event_is_read(name: str, event: str, text: str, waits: bool) -> None:
    (message,) = read(name).messages
    assert (message.kind, message.event, message.text) == (InboundKind.EVENT, event, text)
    assert (message.reply_by is not None) is waits


def test_a_reported_place_is_kept_as_it_is() -> None:
    (message,) = read("event_location").messages
    assert message.place is not None
    assert (message.place.latitude, message.place.longitude) == (23.137466, 113.352425)


@pytest.mark.parametrize("name", ["event_view", "event_scancode_push", "event_template_finish"])
def test_what_the_desk_has_no_use_for_is_answered_and_left(name: str) -> None:
    reading = read(name)
    assert reading.messages == ()
    assert reading.answer.body == b"success"
    assert reading.ignored.startswith("event.")


def test_p02_the_same_number_from_two_citizens_makes_two_messages() -> None:
    other = payload("text").replace(OPENID, "oAnotherCitizen")
    (mine,), (theirs,) = read("text").messages, account().read(sealed_post(other)).messages
    assert mine.external_id == theirs.external_id
    assert mine.address.key != theirs.address.key


def test_p02_events_without_a_number_are_told_apart_by_time_kind_and_key() -> None:
    names = ("event_subscribe", "event_subscribe_by_code", "event_scan", "event_click", "event_location")
    ids = [read(name).messages[0].external_id for name in names]
    assert len(set(ids)) == len(names)
    assert [read(name).messages[0].external_id for name in names] == ids
    later = payload("event_location").replace("123456789", "123456794")
    assert account().read(sealed_post(later)).messages[0].external_id not in ids


def test_a_key_of_any_length_makes_a_short_id() -> None:
    long = payload("event_click").replace("menu_progress", "k" * 5000)
    assert len(account().read(sealed_post(long)).messages[0].external_id) < 120


def test_characters_xml_does_not_know_are_left_out() -> None:
    odd = payload("text").replace("路灯", "路\x08灯\x0c")
    assert account().read(sealed_post(odd)).messages[0].text.startswith("门口的路灯坏了")


# -- genuine or not -------------------------------------------------------------------------------------


def test_the_platforms_own_sample_of_an_encrypted_post_is_read() -> None:
    channel = account(
        app_id="wx2c2769f8efd9abc2",
        token="spamtest",
        aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        mode="compatible",
    )
    query = {
        "timestamp": "1409735669",
        "nonce": "1320562132",
        "encrypt_type": "aes",
        "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    }
    at = datetime.fromtimestamp(1409735670, UTC)
    hook = HookRequest("POST", query, (FIXTURES / "official_sample_compatible.xml").read_bytes(), at)
    (message,) = channel.read(hook).messages
    assert (message.text, message.external_id) == ("abcdteT", "6054768590064713728")
    assert message.address.user == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


def _wrong_signature(hook: HookRequest) -> HookRequest:
    return replace(hook, query={**hook.query, "signature": "0" * 40, "msg_signature": "0" * 40})


def _only_plain_signature(hook: HookRequest) -> HookRequest:
    """The mistake of SDKs: the signature that does not cover the body where the other is needed."""
    return replace(hook, query={**hook.query, "msg_signature": hook.query["signature"]})


@pytest.mark.parametrize(("mode", "sealed"), list(product(Mode, [False, True])))
def test_p05_each_mode_takes_what_belongs_to_it_and_only_with_the_right_signature(mode: Mode, sealed: bool) -> None:
    channel = account(mode=mode)
    hook = sealed_post(payload("text")) if sealed else plain_post(payload("text"))
    belongs = {
        (Mode.PLAIN, False): True,
        (Mode.PLAIN, True): False,
        (Mode.COMPATIBLE, False): True,
        (Mode.COMPATIBLE, True): True,
        (Mode.SAFE, False): False,
        (Mode.SAFE, True): True,
    }
    if not belongs[mode, sealed]:
        assert refused(channel, hook) == "mode"
        return
    assert channel.read(hook).messages[0].text.startswith("门口")
    assert refused(channel, _wrong_signature(hook)) == "signature"
    if sealed:
        assert refused(channel, _only_plain_signature(hook)) == "signature"


def test_p05_the_plain_half_of_a_compatible_post_is_never_believed() -> None:
    forged = "<FromUserName>oSomebodyElse</FromUserName><Content>假的</Content><MsgType>text</MsgType>"
    (message,) = account(mode="compatible").read(sealed_post(payload("text"), around=forged)).messages
    assert (message.address.user, message.text) == (OPENID, "门口的路灯坏了三天了，晚上很黑")


def test_p05_a_post_for_another_account_is_refused() -> None:
    other = Keys("wx0000000000000000", KEYS.token, KEYS.aes_key)
    assert refused(account(), sealed_post(payload("text"), other)) == "ciphertext"


def test_a_post_signed_with_another_token_is_refused() -> None:
    other = Keys(APP_ID, "another", KEYS.aes_key)
    assert refused(account(), sealed_post(payload("text"), other)) == "signature"


def test_a_post_under_the_previous_key_is_read_and_answered_under_that_key() -> None:
    new_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    channel = account(aes_key=new_key, previous_aes_key=AES_KEY)
    reading = channel.read(sealed_post(payload("text")))
    assert reading.passive is not None
    answer = from_xml(reading.passive(outbound(reading.messages[0].address, "好的", NOW)).body.decode())
    assert from_xml(KEYS.decrypt(answer["Encrypt"]))["Content"] == "好的"
    with pytest.raises(Unreadable):
        Keys(APP_ID, KEYS.token, new_key).decrypt(answer["Encrypt"])


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_a_post_of_another_time_is_refused(seconds: int) -> None:
    stamp = str(int(NOW.timestamp()) + seconds)
    assert refused(account(), sealed_post(payload("text"), stamp=stamp)) == "stale"


@pytest.mark.parametrize("stamp", ["", "abc", "1e9", "-1", "9" * 30])
def test_a_post_without_a_real_time_is_refused(stamp: str) -> None:
    assert refused(account(), sealed_post(payload("text"), stamp=stamp)) == "timestamp"


def test_the_first_visit_with_a_wrong_signature_is_refused() -> None:
    query = {"signature": "0" * 40, "timestamp": STAMP, "nonce": NONCE, "echostr": "<script>"}
    assert refused(account(), HookRequest("GET", query, b"", NOW)) == "signature"


@pytest.mark.parametrize(
    "sealed",
    ["", "!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "中文", "A" * 43 + "=", KEYS.encrypt("")[:-4], "=" * 64],
    ids=["empty", "sign", "short", "one_block", "chinese", "one_block_short", "cut_off", "padding"],
)
def test_bytes_that_are_no_ciphertext_are_refused(sealed: str) -> None:
    query = {
        "timestamp": STAMP,
        "nonce": NONCE,
        "encrypt_type": "aes",
        "msg_signature": KEYS.sign(STAMP, NONCE, sealed),
    }
    hook = HookRequest("POST", query, f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode(), NOW)
    assert refused(account(), hook) in {"ciphertext", "envelope"}


HOSTILE: dict[str, str] = {
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
    "external dtd": '<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/evil.dtd"><xml></xml>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><xml></xml>',
    "billion laughs": '<!DOCTYPE z [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><xml><Content>&i;</Content></xml>",
    "not closed": "<xml><Content>",
    "not xml": "{}",
    "empty": "",
    "another root": "<html></html>",
    "wrong bytes": "\udcff",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
@pytest.mark.parametrize("dress", [plain_post, sealed_post])
def test_p07_hostile_xml_is_refused_in_the_open_and_under_encryption(
    name: str, dress: Callable[[str], HookRequest]
) -> None:
    if name == "wrong bytes":
        hook = replace(plain_post("<xml></xml>"), body=b"<xml>\xff\xfe</xml>")
    else:
        hook = dress(HOSTILE[name])
    assert refused(account(mode="compatible"), hook) == "xml"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("FromUserName", ""),
        ("FromUserName", "a:b"),
        ("FromUserName", "x" * 65),
        ("CreateTime", ""),
        ("CreateTime", "soon"),
        ("CreateTime", "99999999999999999999"),
        ("MsgId", ""),
        ("MsgId", "12 OR 1=1"),
    ],
)
def test_a_message_without_its_needed_fields_is_refused(field: str, value: str) -> None:
    fields: dict[str, str | int] = {
        "FromUserName": OPENID,
        "CreateTime": "1348831860",
        "MsgType": "text",
        "Content": "你好",
        "MsgId": "1",
        field: value,
    }
    assert refused(account(), sealed_post(to_xml(fields))) == "fields"


@pytest.mark.parametrize("latitude", ["", "nan", "inf", "91", "1e3", "23.1;"])
def test_a_place_that_is_none_is_refused(latitude: str) -> None:
    odd = payload("location").replace("23.134521", latitude)
    assert refused(account(), sealed_post(odd)) == "fields"


# -- what goes out --------------------------------------------------------------------------------------


def test_a_passive_answer_is_sealed_and_signed_for_the_platform() -> None:
    reading = read("text")
    assert reading.passive is not None
    told = outbound(reading.messages[0].address, "已登记。]]> <b>1&2</b>", NOW)
    answer = from_xml(reading.passive(told).body.decode())
    assert answer["MsgSignature"] == KEYS.sign(answer["TimeStamp"], answer["Nonce"], answer["Encrypt"])
    inner = from_xml(KEYS.decrypt(answer["Encrypt"]))
    assert inner == {
        "ToUserName": OPENID,
        "FromUserName": "gh_7f083739789a",
        "CreateTime": STAMP,
        "MsgType": "text",
        "Content": "已登记。]]> <b>1&2</b>",
    }


def test_a_passive_answer_to_a_plain_post_is_plain() -> None:
    reading = account(mode="plain", aes_key="").read(plain_post(payload("text")))
    assert reading.passive is not None
    answer = from_xml(reading.passive(outbound(reading.messages[0].address, "好", NOW)).body.decode())
    assert (answer["Content"], answer["ToUserName"]) == ("好", OPENID)


def test_a_long_answer_does_not_travel_passively() -> None:
    reading = read("text")
    assert reading.passive is not None
    with pytest.raises(Refused, match="too_long"):
        reading.passive(outbound(reading.messages[0].address, "很长。" * 400, NOW))


def test_an_answer_brings_its_source_its_files_and_its_link_as_text() -> None:
    reading = read("text")
    assert reading.passive is not None
    told = outbound(
        reading.messages[0].address,
        "居住证到派出所办理。",
        NOW,
        citations=(Citation("a1", "居住证申领", "公安局", "2026-01-05"),),
        attachments=(Attachment("f1", Media.IMAGE, "image/png", "样表.png", 3),),
        link="/guide/a1",
    )
    answer = from_xml(reading.passive(told).body.decode())
    assert from_xml(KEYS.decrypt(answer["Encrypt"]))["Content"].split("\n") == [
        "居住证到派出所办理。",
        "依据：《居住证申领》 公安局 · 更新日期 2026-01-05",
        f"图片：{PUBLIC_URL}/files/f1",
        f"详情：{PUBLIC_URL}/guide/a1",
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"aes_key": ""}, {"aes_key": "short"}, {"aes_key": "!" * 43}, {"passive_seconds": 5.0}, {"mode": "open"}],
)
def test_wrong_settings_are_found_at_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wechat_section(**wrong), WeChatSettings)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(msgspec.convert(wechat_section(), WeChatSettings))
    assert AES_KEY not in shown
    assert KEYS.token not in shown
    assert "secret-of" not in shown

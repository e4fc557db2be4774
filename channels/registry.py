"""The channels there are, one line each; a name gives the route /webhooks/{name} and the settings' section."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import msgspec

from channels.adapters.email import Email, EmailSettings
from channels.adapters.sms import Sms, SmsSettings
from channels.adapters.web import Web, WebSettings
from channels.adapters.wechat import WeChat, WeChatSettings
from channels.adapters.wechat_api import WeChatApi
from channels.adapters.wecom import WeCom, WeComApi, WeComSettings
from channels.model import Channel
from channels.tokens import TokenKeeper
from kernel.errors import Invalid
from kernel.room import Floor

S = TypeVar("S")
Section = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One channel: its settings' class and how it is made. ``always``: it is there without a section of its own;
    ``officers``: it only lets messages out, to the units' officers."""

    settings: type
    open: Callable[[str, Section, Floor], Channel]
    always: bool = False
    officers: bool = False


def _row(
    settings: type[S], make: Callable[[S, Floor], Channel], *, always: bool = False, officers: bool = False
) -> Row:
    return Row(
        settings, lambda name, section, floor: make(_converted(name, section, settings), floor), always, officers
    )


def _wechat(settings: WeChatSettings, floor: Floor) -> Channel:
    api = WeChatApi(settings.api_url, settings.app_id, settings.secret)
    account = f"wechat:{settings.app_id}"
    tokens = TokenKeeper(floor.database, floor.vault, floor.clock, floor.bell, account, api.stable_token)
    return WeChat(settings, api, tokens, floor.settings.server.public_url, floor.attachments.url)


def _web(settings: WebSettings, floor: Floor) -> Channel:
    return Web(settings, floor.signer, floor.attachments.url)


def _wecom(settings: WeComSettings, floor: Floor) -> Channel:
    api = WeComApi(settings)
    account = f"wecom:{settings.corp_id}:{settings.agent_id}"
    tokens = TokenKeeper(floor.database, floor.vault, floor.clock, floor.bell, account, api.token)
    return WeCom(api, tokens, floor.settings.server.public_url)


def _email(settings: EmailSettings, floor: Floor) -> Channel:
    return Email(settings, floor.settings.server.public_url)


def _sms(settings: SmsSettings, floor: Floor) -> Channel:
    return Sms(settings, floor.settings.server.public_url, floor.attachments.url)


CHANNELS: Mapping[str, Row] = {
    "wechat": _row(WeChatSettings, _wechat),
    "web": _row(WebSettings, _web, always=True),
    "sms": _row(SmsSettings, _sms),
    "wecom": _row(WeComSettings, _wecom, officers=True),
    "email": _row(EmailSettings, _email, officers=True),
}


def open_channels(floor: Floor) -> Mapping[str, Channel]:
    """The channels of the settings, by name. Invalid names every unknown channel and every wrong setting."""
    sections = floor.settings.channels
    unknown = {f"channels.{name}": "unknown_channel" for name in sections if name not in CHANNELS}
    if unknown:
        raise Invalid(unknown, code="settings_unknown")
    return {
        name: row.open(name, sections.get(name, {}), floor)
        for name, row in CHANNELS.items()
        if name in sections or row.always
    }


def _converted(name: str, section: Section, settings: type[S]) -> S:
    known = {each.name for each in fields(settings)}  # type: ignore[arg-type]
    unknown = {f"channels.{name}.{key}": "unknown_setting" for key in section if key not in known}
    if unknown:
        raise Invalid(unknown, code="settings_unknown")
    try:
        return msgspec.convert(dict(section), settings, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid({f"channels.{name}": "setting_wrong"}, detail=str(error)) from error

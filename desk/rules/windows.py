"""How long a platform lets us write after the citizen wrote last, so that the agent knows before writing (P03)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

# WeChat, customer service messages (客服消息): within 48 hours of the follower's last message.
REPLY_WINDOWS: Mapping[str, timedelta] = {"wechat": timedelta(hours=48)}


def reply_until(channel: str, last_spoke: datetime | None) -> datetime | None:
    """Until when one may write; None where the platform sets no end, or nobody has written yet."""
    window = REPLY_WINDOWS.get(channel)
    return last_spoke + window if window and last_spoke else None


def note(until: datetime | None, now: datetime) -> str:
    """What the agent is told of it."""
    if until is None:
        return ""
    return "已超过平台允许回复的时间，消息可能无法送达" if now > until else "平台只允许在市民最后一次发言后48小时内回复"

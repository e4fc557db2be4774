"""What the desk itself says to citizens, one row an occasion."""

from collections.abc import Mapping

from desk.model import Reason

HANDED_OVER = "正在为您转接人工坐席，请稍候。您之前说的内容坐席都能看到，无需重复。"
OF_REASON: Mapping[Reason, str] = {
    Reason.EMERGENCY: "已为您优先转接人工坐席。如有生命危险，请立即拨打110、119或120。",
    Reason.SENSITIVE: "已为您优先转接人工坐席，请稍候。您之前说的内容坐席都能看到，无需重复。",
    Reason.ERROR: "抱歉，系统处理时遇到问题，已为您转接人工坐席，您之前说的内容坐席都能看到。",
    Reason.RETURNED: "坐席暂时离开，正在为您安排另一位坐席，请稍候。",
    Reason.TRANSFERRED: "正在为您转接另一位坐席，请稍候。您之前说的内容坐席都能看到，无需重复。",
}
PASSED_ON = "已为您转接另一位坐席，您之前说的内容坐席都能看到，无需重复。"
BACK_TO_BOT = "人工服务已结束，您可以继续向智能客服提问；需要人工时请说“转人工”。"
CLOSED = "本次服务已结束，感谢您使用12345。再次发送消息即可重新开始。"


def handed_over(reason: Reason) -> str:
    """What a citizen reads when a person is fetched for ``reason``."""
    return OF_REASON.get(reason, HANDED_OVER)

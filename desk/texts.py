"""What the desk itself says to citizens, one row an occasion."""

from collections.abc import Mapping

from desk.model import Reason
from kernel.phrases import Audience, Phrase, PhraseRow, Placeholder, row

HANDED_OVER = Phrase("desk.handed_over", "正在为您转接人工坐席，请稍候。您之前说的内容坐席都能看到，无需重复。")
OF_REASON: Mapping[Reason, Phrase] = {
    Reason.EMERGENCY: Phrase(
        "desk.fetched.emergency", "已为您优先转接人工坐席。如有生命危险，请立即拨打110、119或120。"
    ),
    Reason.SENSITIVE: Phrase(
        "desk.fetched.sensitive", "已为您优先转接人工坐席，请稍候。您之前说的内容坐席都能看到，无需重复。"
    ),
    Reason.ERROR: Phrase(
        "desk.fetched.error", "抱歉，系统处理时遇到问题，已为您转接人工坐席，您之前说的内容坐席都能看到。"
    ),
    Reason.RETURNED: Phrase("desk.fetched.returned", "坐席暂时离开，正在为您安排另一位坐席，请稍候。"),
    Reason.TRANSFERRED: Phrase(
        "desk.fetched.transferred", "正在为您转接另一位坐席，请稍候。您之前说的内容坐席都能看到，无需重复。"
    ),
}
PASSED_ON = Phrase("desk.passed_on", "已为您转接另一位坐席，您之前说的内容坐席都能看到，无需重复。")
BACK_TO_BOT = Phrase("desk.back_to_bot", "人工服务已结束，您可以继续向智能客服提问；需要人工时请说“转人工”。")
STILL_THERE = Phrase(
    "desk.still_there", "您还在吗？刚才的登记还没有提交，随时可以接着说；暂时不方便，下次说“继续登记”即可。"
)
CLOSED = Phrase("desk.closed", "本次服务已结束，感谢您使用12345。再次发送消息即可重新开始。")

REVIEW_DUE = Phrase("officer.article_due", "知识条目“{title}”须在{due}前核实续期，到期将停止对外引用。请登录办理。")
REVIEW_DUE_SHORT = Phrase("officer.article_due_short", "有知识条目须在{due}前核实续期。")
OVERDUE = Phrase("officer.article_overdue", "知识条目“{title}”的复核期限{due}已过，尚未核实。请登录办理。")
OVERDUE_SHORT = Phrase("officer.article_overdue_short", "有知识条目已过复核期限{due}，尚未核实。")
EXPIRED = Phrase("officer.article_expired", "知识条目“{title}”已过有效期，已停止对外引用。仍需使用的请登录写新版本。")
EXPIRED_SHORT = Phrase("officer.article_expired_short", "有知识条目已过有效期，已停止对外引用。")
UNIT_REVIEW = Phrase("officer.article_review", "知识条目“{title}”待本单位审核。请登录办理。")
UNIT_REVIEW_SHORT = Phrase("officer.article_review_short", "有知识条目待本单位审核。")


def handed_over(reason: Reason) -> str:
    """What a citizen reads when a person is fetched for ``reason``."""
    return OF_REASON.get(reason, HANDED_OVER)


_GROUP = "人工服务"
_KNOWN = (Placeholder("title", "条目标题", "养犬要遵守什么规定"), Placeholder("due", "期限", "2026-03-31"))


def phrase_rows() -> list[PhraseRow]:
    """The texts of this table, for whoever words them."""
    plain = (
        (HANDED_OVER, "转人工"),
        (PASSED_ON, "转另一位坐席"),
        (BACK_TO_BOT, "人工服务结束，回到智能客服"),
        (STILL_THERE, "登记到一半没有回音"),
        (CLOSED, "服务结束"),
    )
    fetched = ((text, f"转人工：{reason.label}") for reason, text in OF_REASON.items())
    officers = (
        (REVIEW_DUE, "知识条目待核实续期"),
        (REVIEW_DUE_SHORT, "短信：知识条目待核实续期"),
        (OVERDUE, "知识条目已过复核期限"),
        (OVERDUE_SHORT, "短信：知识条目已过复核期限"),
        (EXPIRED, "知识条目已过有效期"),
        (EXPIRED_SHORT, "短信：知识条目已过有效期"),
        (UNIT_REVIEW, "知识条目待单位审核"),
        (UNIT_REVIEW_SHORT, "短信：知识条目待单位审核"),
    )
    return [
        *(row(text, _GROUP, what, Audience.CITIZEN, ()) for text, what in (*plain, *fetched)),
        *(row(text, "知识", what, Audience.OFFICER, _KNOWN) for text, what in officers),
    ]

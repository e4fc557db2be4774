"""The table of indicators: which fact counts for what, broken down by which of its attributes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

TOTAL = ""
UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row. A fact of ``kind`` counts once, or by the number in its attribute ``amount``, if ``only`` holds for it.

    ``by`` are attributes it is broken down by; facts that name units are broken down by them too.
    """

    name: str
    label: str
    kind: str
    by: tuple[str, ...] = ()
    only: Callable[[Mapping[str, object]], bool] | None = None
    amount: str = ""


def _has(name: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda fact: bool(fact.get(name))


def _is(name: str, value: object) -> Callable[[Mapping[str, object]], bool]:
    return lambda fact: fact.get(name) == value


def _known(name: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda fact: fact.get(name) is not None


INDICATORS: tuple[Indicator, ...] = (
    Indicator("conversations_opened", "会话量", "desk.ConversationOpened", ("channel",)),
    Indicator("citizen_messages", "市民消息数", "desk.CitizenSpoke", ("channel",)),
    Indicator("bot_answers", "智能客服应答数", "desk.BotAnswered", ("channel",)),
    Indicator("bot_quotations", "智能客服引用知识数", "desk.BotAnswered", ("channel",), _has("articles")),
    Indicator("handed_over", "转人工数", "desk.HandedOver", ("channel", "reason")),
    Indicator("agent_replies", "坐席回复数", "desk.AgentReplied", ("channel",)),
    Indicator("first_replies", "人工首次回复数", "desk.AgentReplied", ("channel",), _known("waited_seconds")),
    Indicator(
        "first_reply_seconds",
        "人工首次回复等待秒数",
        "desk.AgentReplied",
        ("channel",),
        _known("waited_seconds"),
        "waited_seconds",
    ),
    Indicator("conversations_closed", "结束会话数", "desk.ConversationClosed", ("channel",)),
    Indicator("tickets_opened", "工单量", "ticketing.TicketOpened", ("kind", "urgency", "matter", "area", "channel")),
    Indicator("tickets_repeated", "重复诉求数", "ticketing.TicketOpened", ("matter",), _is("repeat", True)),
    Indicator("tickets_dispatched", "派单数", "ticketing.TicketDispatched"),
    Indicator("tickets_dispatched_by_itself", "自动派单数", "ticketing.TicketDispatched", (), _is("automatic", True)),
    Indicator("tickets_declined", "不予受理数", "ticketing.TicketMoved", (), _is("after", "declined")),
    Indicator("tickets_replied", "答复数", "ticketing.TicketReplied"),
    Indicator("tickets_closed", "办结数", "ticketing.TicketClosed", ("outcome", "matter")),
    Indicator("tickets_rehandled", "重办数", "ticketing.TicketMoved", (), _is("after", "rehandle")),
    Indicator("tickets_rated", "评价数", "ticketing.TicketRated", ("score", "solved")),
    Indicator("tickets_urged", "催办数", "ticketing.TicketNoted", (), _is("what", "urge")),
    Indicator("tickets_late", "超时数", "ticketing.TicketLate", ("clock",), _is("level", 0)),
    Indicator("returns_asked", "申请退单数", "ticketing.RequestAsked", (), _is("kind", "return")),
    Indicator("extensions_asked", "申请延期数", "ticketing.RequestAsked", (), _is("kind", "extension")),
    Indicator("articles_rated", "知识评价数", "knowledge.ArticleRated"),
    Indicator("articles_solved", "知识解决数", "knowledge.ArticleRated", (), _is("solved", True)),
    Indicator("questions_unanswered", "未解答问题数", "knowledge.QuestionUnanswered", ("reason",)),
    Indicator("suggestions_opened", "建议量", "suggestions.SuggestionOpened", ("channel", "area")),
    Indicator("suggestions_published", "公开建议数", "suggestions.SuggestionMoved", (), _is("after", "published")),
    Indicator("suggestions_adopted", "采纳建议数", "suggestions.SuggestionMoved", (), _is("after", "adopted")),
)


@dataclass(frozen=True, slots=True)
class Count:
    """So much to add to one figure; ``key`` is ``attribute=value``, or TOTAL."""

    name: str
    key: str
    amount: int


def counts(kind: str, fact: Mapping[str, object]) -> Iterator[Count]:
    """What one fact adds to which figures; nothing for a kind the table does not name."""
    for row in _OF_KIND.get(kind, ()):
        if row.only is not None and not row.only(fact):
            continue
        amount = _amount(fact.get(row.amount)) if row.amount else 1
        for key in (TOTAL, *_keys(row, fact)):
            yield Count(row.name, key, amount)


def _keys(row: Indicator, fact: Mapping[str, object]) -> Iterator[str]:
    for name in row.by:
        value = fact.get(name)
        if value is not None and value != "":
            yield f"{name}={value}"
    units = fact.get("units")
    if isinstance(units, list | tuple):
        yield from (f"{UNIT}={unit}" for unit in dict.fromkeys(units))


def _amount(value: object) -> int:
    return round(value) if isinstance(value, int | float) else 0


_OF_KIND: dict[str, tuple[Indicator, ...]] = {
    kind: tuple(row for row in INDICATORS if row.kind == kind) for kind in {row.kind for row in INDICATORS}
}

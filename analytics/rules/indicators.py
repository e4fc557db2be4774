"""The table of indicators: which fact counts for what, broken down by which of its attributes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kernel.labels import Labelled

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


def _first(fact: Mapping[str, object]) -> bool:
    """A vote, not the change of one: a reply is voted on once (P41)."""
    return not fact.get("again")


# The limit phone_answer of the workflow, for every urgency.
ANSWER_WITHIN_SECONDS = 15


def _at_once(fact: Mapping[str, object]) -> bool:
    """Answered no later than fifteen seconds after it was offered; the fifteenth still counts."""
    waited = fact.get("waited_seconds")
    return isinstance(waited, int | float) and waited <= ANSWER_WITHIN_SECONDS


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
    Indicator("calls_offered", "来电数", "desk.CallEnded", ("channel",)),
    Indicator("calls_answered", "接起来电数", "desk.CallEnded", ("channel",), _known("answered_at")),
    Indicator("calls_answered_at_once", "15秒内接起来电数", "desk.CallEnded", ("channel",), _at_once),
    Indicator("conversations_closed", "结束会话数", "desk.ConversationClosed", ("channel",)),
    Indicator(
        "conversations_contained",
        "智能客服独立结束会话数",
        "desk.ConversationClosed",
        ("channel",),
        _is("handed", False),
    ),
    Indicator("tickets_opened", "工单量", "ticketing.TicketOpened", ("kind", "urgency", "matter", "area", "channel")),
    Indicator("tickets_repeated", "重复诉求数", "ticketing.TicketOpened", ("matter",), _is("repeat", True)),
    Indicator("tickets_dispatched", "派单数", "ticketing.TicketDispatched"),
    Indicator("tickets_dispatched_by_itself", "自动派单数", "ticketing.TicketDispatched", (), _is("automatic", True)),
    Indicator("tickets_declined", "不予受理数", "ticketing.TicketMoved", (), _is("after", "declined")),
    Indicator("tickets_replied", "答复数", "ticketing.TicketReplied"),
    Indicator("tickets_closed", "办结数", "ticketing.TicketClosed", ("outcome", "matter")),
    Indicator("tickets_rehandled", "重办数", "ticketing.TicketMoved", (), _is("after", "rehandle")),
    Indicator("tickets_rated", "评价数", "ticketing.TicketRated", ("score", "solved"), _first),
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


# -- shares: one number over another ----------------------------------------------------------------------


class Shape(Labelled):
    """What the division gives."""

    SHARE = "share", "比率"
    AVERAGE = "average", "平均"
    COUNT = "count", "数量"


@dataclass(frozen=True, slots=True)
class Rate:
    """One row: a measure of tickets (``analytics.rules.parts``), or a daily figure over another (``over``).

    ``definition`` says both numbers in words; ``rising``: more is better, None when it is neither. ``standing``: both
    numbers stand at a moment, are known by unit, and are never summed over days. ``sampled``: both are of a random
    sample people judged, and what nobody judged is not known.
    """

    name: str
    label: str
    definition: str
    rising: bool | None = True
    shape: Shape = Shape.SHARE
    over: tuple[str, str] | None = None
    standing: bool = False
    sampled: bool = False


ENTRIES, LATE_ENTRIES = "entries", "entries_late"
SAMPLED, WRONG = "bot_sampled", "bot_sampled_wrong"

RATES: tuple[Rate, ...] = (
    Rate("volume", "工单量", "当期登记的工单", None, Shape.COUNT),
    Rate("excluded", "考核剔除数", "当期经两人复核同意剔除的工单", None, Shape.COUNT),
    Rate("direct", "直接答复率", "热线直接答复的工单 ÷ 当期登记的工单"),
    Rate("signed", "及时签收率", "承办单位在签收时限内自行签收 ÷ 全部签收（含超时自动签收）"),
    Rate("first_right", "首派准确率", "派出后未同意退单、未改派、未收回的工单 ÷ 当期首次派出的工单"),
    Rate("returned", "退单率", "承办单位申请过退单的工单 ÷ 当期首次派出的工单", False),
    Rate("hops", "平均流转次数", "派单与改派的总次数 ÷ 当期首次派出的工单", False, Shape.AVERAGE),
    Rate("responded", "响应率", "派单后24小时内（昼夜连续计）联系市民或答复 ÷ 应联系的工单"),
    Rate("on_time", "按时办结率", "首次答复不晚于到期时间（含获准的延期）÷ 已答复和已到期的工单"),
    Rate("on_time_raw", "按时办结率（不计延期）", "首次答复不晚于原到期时间 ÷ 已答复和已到期的工单"),
    Rate("extended", "延期率", "获准延期的工单 ÷ 当期首次派出的工单", False),
    Rate("first_time", "一次办结率", "未重办且30日内同一人同一事项未再反映的工单 ÷ 当期办结的工单"),
    Rate("rehandled", "重办率", "答复后重办过的工单 ÷ 当期审核答复的工单", False),
    Rate("repeated", "重复率", "同一人重复反映的工单 ÷ 当期登记的工单", False),
    Rate("called_back", "回访覆盖率", "进入回访或已评价的工单 ÷ 当期审核答复的工单"),
    Rate("voted", "参评率", "市民已评价的工单 ÷ 已进入回访的工单"),
    Rate("solved", "解决率", "市民评“已解决”计1、“部分解决”计½ ÷ 有效评价"),
    Rate("satisfied", "满意率", "非常满意、满意、基本满意 ÷ 有效评价（改评以最后一次为准）"),
    Rate("bad_mended", "差评整改率", "差评后改为满意且（部分）解决的工单 ÷ 有过差评的工单"),
    Rate("inspected", "质量抽检得分率", "抽检得分之和 ÷ 抽检工单满分之和"),
    Rate(
        "calls_answered",
        "接通率",
        "人工接起的来电 ÷ 进入人工排队的来电（中途挂断的也算未接通）",
        over=("calls_answered", "calls_offered"),
    ),
    Rate(
        "calls_at_once",
        "15秒接通率",
        "进入人工排队后15秒内接起的来电 ÷ 进入人工排队的来电",
        over=("calls_answered_at_once", "calls_offered"),
    ),
    Rate(
        "connected",
        "人工接起率",
        "转人工后由坐席回复的会话 ÷ 转人工的会话",
        over=("first_replies", "handed_over"),
    ),
    Rate(
        "first_reply",
        "人工首次回复平均秒数",
        "自转人工起至坐席首次回复的秒数之和（智能客服的回复不算）÷ 坐席首次回复数",
        rising=False,
        shape=Shape.AVERAGE,
        over=("first_reply_seconds", "first_replies"),
    ),
    Rate("handed", "转人工率", "转人工数 ÷ 会话量", None, over=("handed_over", "conversations_opened")),
    Rate(
        "contained",
        "智能客服独立办结率",
        "未转人工即结束的会话 ÷ 结束的会话",
        over=("conversations_contained", "conversations_closed"),
    ),
    Rate(
        "abstained",
        "未能解答率",
        "登记到采编清单的未解答提问 ÷ 智能客服应答",
        rising=False,
        over=("questions_unanswered", "bot_answers"),
    ),
    Rate(
        "bot_wrong",
        "智能客服答错率",
        "抽查判为错误的应答 ÷ 抽查已判定对错的应答（随机抽自引用知识的应答，未判定的待核实）",
        rising=False,
        over=(WRONG, SAMPLED),
        sampled=True,
    ),
    Rate("quoted", "智能客服引用率", "引用知识条目的应答 ÷ 智能客服应答", over=("bot_quotations", "bot_answers")),
    Rate("helped", "知识解决率", "评“有用”÷ 知识评价数", over=("articles_solved", "articles_rated")),
    Rate(
        "outdated",
        "知识过期率",
        "已过有效期或复核期限的条目 ÷ 已发布未下线的条目（含已过期待处理的），按期末清点",
        rising=False,
        over=(LATE_ENTRIES, ENTRIES),
        standing=True,
    ),
)
RATE: Mapping[str, Rate] = {rate.name: rate for rate in RATES}


def names_of(rates: Iterable[Rate]) -> tuple[set[str], set[str]]:
    """The daily figures some rates are made of: those that are summed, and those that stand at a moment."""
    made = [rate for rate in rates if rate.over and not rate.sampled]
    summed, standing = ({name for r in made if r.standing is each for name in r.over or ()} for each in (False, True))
    return summed, standing

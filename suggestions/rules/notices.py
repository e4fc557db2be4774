"""What the author of a suggestion is told when it moves; a state without a row is not told."""

from collections.abc import Mapping

from kernel.phrases import Audience, Phrase, PhraseRow, Placeholder, row
from suggestions.model import Suggestion
from suggestions.model import SuggestionState as S

NOTICES: Mapping[S, Phrase] = {
    S.PUBLISHED: Phrase(
        "suggestion.published",
        "您的建议“{title}”（编号 {number}）已通过审核并公开，其他市民可以附议。感谢您为城市出主意。",
    ),
    S.DECLINED: Phrase("suggestion.declined", "您的建议“{title}”（编号 {number}）未能公开。原因：{note}"),
    S.IN_HAND: Phrase("suggestion.in_hand", "您的建议“{title}”（编号 {number}）已交{unit}研究办理，有结果会告知您。"),
    S.ADOPTED: Phrase("suggestion.adopted", "您的建议“{title}”（编号 {number}）已被采纳。{reason}\n下一步安排：{plan}"),
    S.PARTLY_ADOPTED: Phrase(
        "suggestion.partly_adopted", "您的建议“{title}”（编号 {number}）已被部分采纳。{reason}\n下一步安排：{plan}"
    ),
    S.KEPT: Phrase("suggestion.kept", "您的建议“{title}”（编号 {number}）已留作工作参考。{reason}"),
    S.NOT_ADOPTED: Phrase("suggestion.not_adopted", "您的建议“{title}”（编号 {number}）经研究未予采纳。原因：{reason}"),
    S.REALISED: Phrase("suggestion.realised", "您的建议“{title}”（编号 {number}）已经落地。{note}"),
    S.NOT_REALISED: Phrase("suggestion.not_realised", "您的建议“{title}”（编号 {number}）未能落地。原因：{note}"),
}


def notice(suggestion: Suggestion, unit_name: str) -> str:
    """The text for the state it is in now; empty when the author is not told."""
    text = NOTICES.get(suggestion.state)
    if text is None:
        return ""
    return text.format(
        title=suggestion.title,
        number=suggestion.number,
        reason=suggestion.decision.reason,
        note=suggestion.note,
        plan=suggestion.decision.plan,
        unit=unit_name,
    )


GROUP = "建言献策"
_KNOWN = (
    Placeholder("title", "建议标题", "增设公交站点"),
    Placeholder("number", "建议编号", "JY260316000001"),
    Placeholder("reason", "理由", "已列入年度计划"),
    Placeholder("note", "说明", "内容涉及他人隐私"),
    Placeholder("plan", "下一步安排", "年底前完成"),
    Placeholder("unit", "承办单位", "市交通运输局"),
)


def phrase_rows() -> list[PhraseRow]:
    """The texts of this table, for whoever words them."""
    return [
        row(text, "建言献策", state.label, Audience.CITIZEN, _KNOWN, optional=("title",))
        for state, text in NOTICES.items()
    ]

"""What the author of a suggestion is told when it moves; a state without a row is not told."""

from collections.abc import Mapping

from suggestions.model import Suggestion
from suggestions.model import SuggestionState as S

NOTICES: Mapping[S, str] = {
    S.PUBLISHED: "您的建议“{title}”（编号 {number}）已通过审核并公开，其他市民可以附议。感谢您为城市出主意。",
    S.DECLINED: "您的建议“{title}”（编号 {number}）未能公开。原因：{note}",
    S.IN_HAND: "您的建议“{title}”（编号 {number}）已交{unit}研究办理，有结果会告知您。",
    S.ADOPTED: "您的建议“{title}”（编号 {number}）已被采纳。{reason}\n下一步安排：{plan}",
    S.PARTLY_ADOPTED: "您的建议“{title}”（编号 {number}）已被部分采纳。{reason}\n下一步安排：{plan}",
    S.KEPT: "您的建议“{title}”（编号 {number}）已留作工作参考。{reason}",
    S.NOT_ADOPTED: "您的建议“{title}”（编号 {number}）经研究未予采纳。原因：{reason}",
    S.REALISED: "您的建议“{title}”（编号 {number}）已经落地。{note}",
    S.NOT_REALISED: "您的建议“{title}”（编号 {number}）未能落地。原因：{note}",
}


def notice(suggestion: Suggestion, unit_name: str) -> str:
    """The text for the state it is in now; empty when the author is not told."""
    text = NOTICES.get(suggestion.state, "")
    return text.format(
        title=suggestion.title,
        number=suggestion.number,
        reason=suggestion.decision.reason,
        note=suggestion.note,
        plan=suggestion.decision.plan,
        unit=unit_name,
    )

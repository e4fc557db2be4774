"""What is a vote on a reply and what only speaks of contentment."""

import pytest

from bot.rules.rating import SOLVED, Vote, vote_in
from ticketing.model.labels import Score, votes


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("满意", Score.SATISFIED, ""),
        ("很满意，谢谢", Score.VERY_SATISFIED, "谢谢"),
        ("基本满意。", Score.BASICALLY_SATISFIED, ""),
        ("不满意，灯还是不亮", Score.DISSATISFIED, "灯还是不亮"),
        ("不太满意", Score.DISSATISFIED, ""),
        ("唔满意", Score.DISSATISFIED, ""),
        ("非常不满意！", Score.VERY_DISSATISFIED, ""),
        ("五星", Score.VERY_SATISFIED, ""),
        ("1分", Score.VERY_DISSATISFIED, ""),
        ("差评", Score.DISSATISFIED, ""),
    ],
)
def test_a_vote_is_read_with_what_is_added(text: str, score: Score, comment: str) -> None:
    assert vote_in(text) == Vote(score, comment=comment)


@pytest.mark.parametrize(
    "text", ["满意吗", "满意度怎么调查", "对物业不满意怎么投诉", "一般多久办好", "评价 满意", "5分钟", "", "路灯坏了"]
)
def test_what_only_speaks_of_contentment_is_no_vote(text: str) -> None:
    assert vote_in(text) is None


def test_every_tapped_choice_comes_back_as_its_vote_on_its_ticket() -> None:
    cast = [vote_in(choice.value) for choice in votes("FS2026031600001")]
    assert cast == [Vote(score, "FS2026031600001") for score in Score]
    assert set(SOLVED) == set(Score)

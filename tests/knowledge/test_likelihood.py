"""Entries are found by all the ways they are asked for together."""

import pytest

from kernel import textbayes
from kernel.errors import Invalid
from knowledge.model import Entry
from knowledge.rules import likelihood
from knowledge.rules.likelihood import Likelihood, Likely

ENTRIES = (
    Entry("leave", "带薪年休假有几天", ("年假天数", "做满一年有几天假期", "工龄十年年休几天"), ""),
    Entry("waste", "旧家具怎么清运", ("旧沙发怎么扔", "不要的床垫有人上门收吗", "大件垃圾清运"), ""),
    Entry("permit", "居住证怎么办", ("居住证去哪里办", "办居住证要什么材料", "居住证办理流程"), ""),
)


@pytest.mark.parametrize(
    ("question", "entry"),
    [("床垫扔哪里", "waste"), ("工龄十二年休几天", "leave"), ("居住证要带什么", "permit")],
)
def test_the_likeliest_entry_is_the_one_asked_for_in_such_words(question: str, entry: str) -> None:
    likely = Likelihood.of(ENTRIES).of_question(question)
    assert likely.first(1) == (entry,)
    lead = likely.lead(entry, [each.id for each in ENTRIES if each.id != entry])
    assert lead is not None
    assert lead > 0


def test_who_lies_behind_has_a_lead_below_nothing_and_nobody_leads_beyond_bounds() -> None:
    likely = Likely({"a": 40.0, "b": 1.0, "c": 0.5}, 9)
    assert likely.lead("b", ["a", "c"]) == pytest.approx(-1.0986, abs=1e-3)
    assert likely.lead("a", ["b", "c"]) == pytest.approx(1.0986, abs=1e-3)
    # Whom the asker's area rules out is no rival.
    assert likely.lead("b", ["c"]) == pytest.approx(0.5)


def test_too_few_and_too_many_entries_teach_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Likelihood.of(ENTRIES[:1]).of_question("年假").lead("leave", []) is None
    monkeypatch.setattr(likelihood, "MOST_ENTRIES", 2)
    assert Likelihood.of(ENTRIES).of_question("年假") == Likely()


def test_a_model_needs_two_labels() -> None:
    with pytest.raises(Invalid):
        textbayes.learn(["一", "二"], ["a", "a"])

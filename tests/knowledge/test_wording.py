"""Questions are reduced to the words that tell what they are about."""

import pytest

from knowledge.rules.wording import Wording
from knowledge.wordlists import DATA as WORDLISTS
from knowledge.wordlists import read_wording

WORDING = read_wording()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("请问身份证不见了怎么办？", {"身份证", "丢失"}),
        ("身份證掉了要去哪裡補辦", {"身份证", "丢失", "补办"}),
        ("唔见咗身份证，可唔可以补办", {"丢失", "身份证", "补办"}),
        ("驾照到期要多少钱", {"驾驶证", "到期"}),
        ("打12345要钱吗", {"打", "12345"}),
        ("小孩3岁能办社保卡吗", {"孩子", "社保卡"}),
        ("公租房怎么申请", {"公租房"}),
        ("你好，我想问一下", set()),
        ("", set()),
    ],
)
def test_only_what_tells_the_matter_is_left(text: str, words: set[str]) -> None:
    assert set(WORDING.content(text)) == words


def test_a_protected_word_is_not_taken_apart_by_a_shorter_synonym() -> None:
    wording = Wording.of({"租房": "租房", "租屋": "租房", "公租房": "公租房"}, (), (), ())
    assert wording.content("公租房") == ("公租房",)
    assert wording.content("租屋") == ("租房",)


def test_the_same_words_in_another_script_and_with_other_signs_are_bare_equals() -> None:
    assert WORDING.bare("身份證丟了，怎麼補領？？") == WORDING.bare(" 身份证丢了怎么补领")


def test_no_synonym_stands_for_two_words() -> None:
    lines = [line.split(",") for line in (WORDLISTS / "synonyms.csv").read_text("utf-8").splitlines()[1:]]
    every = [word for plain, others in lines for word in (plain, *filter(None, others.split("|")))]
    assert sorted(word for word in set(every) if every.count(word) > 1) == []


def test_no_plain_word_is_dropped_as_a_little_word() -> None:
    little = {line.split(",")[0] for line in (WORDLISTS / "little_words.csv").read_text("utf-8").splitlines()[1:]}
    plain = {line.split(",")[0] for line in (WORDLISTS / "synonyms.csv").read_text("utf-8").splitlines()[1:]}
    assert sorted(plain & little) == []

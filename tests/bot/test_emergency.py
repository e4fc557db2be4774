"""Words of danger show the number first; what only looks like danger does not."""

import pytest

from bot.emergencies import load_emergencies
from bot.rules.emergency import emergencies_in, read_table
from kernel.errors import Invalid

TABLE = load_emergencies()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("隔壁楼着火了", "119"),
        ("厨房起火啦救命", "119"),
        ("有人晕倒在路边没有呼吸", "120"),
        ("有个男人持刀追人", "110"),
        ("佢正在打我，救命呀", "110"),
        ("刚刚发生车祸有人流血", "122"),
        ("电梯困住两个人", "119"),
        ("我不想活了", "110"),
        ("屋企有煤气味", "119"),
        ("我个小朋友唔見咗", "110"),
        ("食物中毒好多人上吐下泻", "120"),
    ],
)
def test_danger_is_heard_and_its_number_known(text: str, number: str) -> None:
    found = emergencies_in(text, TABLE)
    assert found
    assert found[0].number == number


@pytest.mark.parametrize(
    "text",
    [
        "火灾保险怎么买",
        "救命钱什么时候发",
        "跳楼价甩卖是不是骗人",
        "去年家里着火的赔偿怎么申请",
        "消防通道被车堵住了",
        "煤气费怎么交",
        "我们被困扰很久了",
        "想死你了",
        "菜刀具专卖店乱收费",
        "防溺水宣传什么时候来学校",
        "救护车收费标准是多少",
    ],
)
def test_what_looks_like_danger_is_none(text: str) -> None:
    assert emergencies_in(text, TABLE) == ()


def test_a_long_letter_that_tells_of_a_fire_long_over_calls_nobody() -> None:
    letter = "我们小区的消防设施一直没有年检。" * 8 + "车库因为线路老化起火，幸好火势不大。请督促物业整改。"
    assert emergencies_in(letter, TABLE) == ()
    assert emergencies_in(letter + "刚刚又起火了！", TABLE) != ()


def test_every_rule_has_a_number_a_text_and_calls_a_person() -> None:
    assert all(rule.number.isdigit() and rule.text and rule.person for rule in TABLE)
    assert [rule.id for rule in TABLE if rule.crisis] == ["self-harm"]


def test_a_broken_rule_is_named() -> None:
    row = {"id": "x", "number": "1", "text": "t", "urgency": "P0", "person": True, "crisis": False}
    with pytest.raises(Invalid) as wrong:
        read_table([{**row, "patterns": ["("], "unless": []}])
    assert wrong.value.fields == {"x": "emergency_rule_broken"}

"""Words of danger show the number first; what only looks like danger does not."""

import pytest

from kernel.emergency import emergencies_in, load_emergencies, read_table
from kernel.errors import Invalid

TABLE = load_emergencies()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("隔壁楼着火了", "119"),
        ("老公喝醉又扇我耳光，我不敢回家", "110"),
        ("佢打咗我，流血", "110"),
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


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("楼下着火了快来", "fire"),
        ("隔篱屋烧起来啦，好大烟", "fire"),
        ("消防通道着火了", "fire"),
        ("上次投诉没人管，楼上着火了", "fire"),
        ("有人晕倒在路边没有呼吸", "medical"),
        ("阿婆晕咗，嗌唔醒", "medical"),
        ("老公正在打我", "crime"),
        ("有人揸住把刀喺小区度", "crime"),
        ("救命啊", "crime"),
        ("刚刚这里发生车祸，有人流血", "traffic-injury"),
        ("今日上班俾车撞，流好多血", "medical"),
        ("电梯困住人了", "trapped"),
        ("唔想活喇，冇意思做人", "self-harm"),
        ("去年离婚过得很苦，想死的心都有", "self-harm"),
        ("累死了，不想活了", "self-harm"),
        ("屋企有阵煤气味", "gas-smell"),
        ("电线掉在地上", "power-danger"),
        ("马路塌陷了一个大坑", "road-hazard"),
        ("个沙井盖冇咗", "road-hazard"),
        ("食完个饭盒，五个同事都呕吐", "food-poisoning"),
        ("孩子走失了，我好怕", "vulnerable"),
        ("水浸到腰了，有人被困", "flood-danger"),
    ],
)
def test_danger_is_heard_in_mandarin_and_cantonese(text: str, rule: str) -> None:
    assert rule in [each.id for each in emergencies_in(text, TABLE)]


@pytest.mark.parametrize(
    "text",
    [
        "消防通道被车堵住，万一着火怎么办",
        "现在小区消防通道堵了，万一着火怎么办",
        "这是我们的救命钱，老板不发工资",
        "上下班路上被车撞受伤算工伤吗",
        "去年在这里被车撞受伤，一直没有处理",
        "部𨋢成日坏，上次仲困咗人",
        "衣服跳楼价大甩卖",
        "想问怎么给老人办防走失手环",
        "生活困难想申请低保",
        "妈妈中风了几年，可以办残疾证吗",
        "停车费收这么贵简直是抢劫",
        "怕电线老化着火",
        "被困扰很久了，邻居太吵",
        "救护车收费标准是多少",
        "哪里有消防演练可以参加",
        "路灯坏了",
        "老公打我电话不接",
        "地产商围墙里的大树被砍倒",
        "热水器点不着火",
        "找回走失的狗，想表扬",
        "有人收了五万就失踪",
    ],
)
def test_everyday_words_raise_no_alarm(text: str) -> None:
    assert emergencies_in(text, TABLE) == ()


def test_a_long_letter_that_tells_of_a_fire_long_over_calls_nobody() -> None:
    letter = "我们小区的消防设施一直没有年检。" * 8 + "车库因为线路老化起火，幸好火势不大。请督促物业整改。"
    assert emergencies_in(letter, TABLE) == ()
    assert emergencies_in(letter + "刚刚又起火了！", TABLE) != ()


def test_every_rule_has_a_number_and_a_text_and_only_what_develops_calls_no_person() -> None:
    assert len({rule.id for rule in TABLE}) == len(TABLE)
    assert {rule.number for rule in TABLE} == {"110", "119", "120", "122"}
    assert {rule.urgency for rule in TABLE} == {"p0", "p1"}
    assert all(rule.number in rule.text and rule.patterns for rule in TABLE)
    assert {rule.id for rule in TABLE if not rule.person} == {"escape-blocked", "mains-burst", "outage"}
    assert all(rule.person for rule in TABLE if rule.urgency == "p0")
    assert [rule.id for rule in TABLE if rule.crisis] == ["self-harm"]


def test_a_broken_rule_is_named() -> None:
    row = {"id": "x", "number": "1", "text": "t", "urgency": "P0", "person": True, "crisis": False}
    with pytest.raises(Invalid) as wrong:
        read_table([{**row, "patterns": ["("], "unless": []}])
    assert wrong.value.fields == {"x": "emergency_rule_broken"}

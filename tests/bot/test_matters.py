"""Several matters in one message are told apart, and one matter told in several sentences is one."""

import pytest

from bot.rules.matters import matters_in, questions_in


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        (
            "我有两件事要投诉，桂城灯湖东路：1、路灯坏了一个星期；2、井盖松动没人修",
            ("我有两件事要投诉，桂城灯湖东路", "路灯坏了一个星期", "井盖松动没人修"),
        ),
        (
            "楼下烧烤店油烟很大熏得睡不着，另外小区门口的路灯也坏了",
            ("", "楼下烧烤店油烟很大熏得睡不着", "小区门口的路灯也坏了"),
        ),
        (
            "我想反映两个问题，第一是路灯不亮，第二是井盖坏了",
            ("我想反映两个问题", "路灯不亮", "井盖坏了"),
        ),
        (
            "灯湖东路的路灯坏了，还有小区门口的井盖松了没人修",
            ("", "灯湖东路的路灯坏了", "小区门口的井盖松了没人修"),
        ),
        ("一是物业乱收停车费，二是电梯天天坏", ("", "物业乱收停车费", "电梯天天坏")),
        (
            "我屋企楼下条水渠塞咗冇人理，仲有嗰间铺成晚好嘈瞓唔着",
            ("", "我屋企楼下条水渠塞咗冇人理", "嗰间铺成晚好嘈瞓唔着"),
        ),
        ("楼下烧烤店油烟很大，熏得睡不着。投诉多次没人管", ()),
        ("路灯坏了好久，还有没有人管", ()),
        ("路灯坏了，另外请尽快处理", ()),
        ("居住证怎么办，另外需要什么材料", ()),
        ("距离1.5公里的路灯坏了", ()),
        ("1、好 2、行", ()),
        ("", ()),
    ],
)
def test_matters_are_told_apart(text: str, matters: tuple[str, ...]) -> None:
    assert matters_in(text) == matters


@pytest.mark.parametrize(
    ("text", "questions", "rest"),
    [
        ("我家水管爆了没人修，另外请问居住证怎么办", ("请问居住证怎么办",), "我家水管爆了没人修"),
        ("居住证怎么办，养老金怎么查", ("居住证怎么办", "养老金怎么查"), ""),
        ("居住证怎么办理？小孩上学要什么材料？", ("居住证怎么办理？", "小孩上学要什么材料？"), ""),
        ("居住证怎么办", (), "居住证怎么办"),
        ("你好，居住证怎么办", (), "你好，居住证怎么办"),
        ("楼下烧烤店油烟很大，熏得睡不着", (), "楼下烧烤店油烟很大，熏得睡不着"),
        ("", (), ""),
    ],
)
def test_questions_are_told_apart_from_what_else_is_said(text: str, questions: tuple[str, ...], rest: str) -> None:
    assert questions_in(text) == (questions, rest)


def test_more_questions_than_anybody_reads_are_not_told_apart() -> None:
    text = "居住证怎么办，养老金怎么查，社保卡去哪里领，公积金怎么取"
    assert questions_in(text) == ((), text)

"""Who somebody is, is left out where a text is read for its matter; the matter never is."""

import pytest

from kernel.introduction import without_introduction


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("身份证号是440602199001011234，我想投诉楼下烧烤店", "我想投诉楼下烧烤店"),
        ("身份证号440602199001011234我想投诉路灯坏了", "我想投诉路灯坏了"),
        ("我叫张三，身份证号码：4406**********1234，电话13800138000，楼下通宵唱歌", "楼下通宵唱歌"),
        ("姓名：王五 电话：0757-83333333 小区电梯坏了一周", "小区电梯坏了一周"),
        ("我姓陈，想问下医保怎么报销", "想问下医保怎么报销"),
        ("欧阳小明的路灯坏了三天", "欧阳小明的路灯坏了三天"),
        ("我叫欧阳小明，路灯坏了三天", "路灯坏了三天"),
        ("性别：男，今年45岁，家住三水区芦苞镇某某小区，工厂拖欠工资", "工厂拖欠工资"),
        ("家庭住址：某某路12号，楼上漏水到我家", "楼上漏水到我家"),
        ("楼上漏水到我家，联系电话是13800138000", "楼上漏水到我家，"),
    ],
)
def test_who_writes_is_left_out(text: str, left: str) -> None:
    assert without_introduction(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "我的身份证丢了怎么补办",
        "身份证号是440602199001011234",
        "身份证号码重号怎么办",
        "手机号13800138000被人冒用办了贷款",
        "手机号13800138000，被停机了没法用",
        "电话12345打不通，一直没人接",
        "我叫他们来修，他们不来",
        "我叫物业来修都不理",
        "姓名被登记错了，怎么改",
        "我姓氏想改，派出所不给办",
        "住在垃圾站旁边臭死了",
        "我住的楼漏水没人修",
        "地址写错了想改营业执照",
        "",
    ],
)
def test_what_it_is_about_stays(text: str) -> None:
    assert without_introduction(text) == text


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_a_long_text_takes_no_time(size: int) -> None:
    for piece in ("我住在", "电话1380013800 ", "姓名：", "身份证号1", "家住在住在住在"):
        assert isinstance(without_introduction(piece * (size // len(piece))), str)

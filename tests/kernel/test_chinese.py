"""Chinese text: cutting against jieba, width and script, Cantonese, digits, search terms."""

import csv
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.cantonese import TABLE_FILE
from kernel.chinese import (
    add_words,
    digits,
    is_cantonese,
    is_ordinary_word,
    normalise,
    shingles,
    simplified,
    tagged,
    terms,
    to_mandarin,
    traditional,
    words,
)
from tests.pace import times_jieba

PLAIN_SENTENCES = [
    "小区门口的路灯坏了三天，一直没有人来修",
    "请问身份证过期了应该去哪里补办",
    "楼上装修噪音太大，影响孩子学习",
    "公积金贷款买房需要准备什么材料",
    "公交车站牌被撞倒了，请尽快处理",
    "工地夜间施工到凌晨两点，附近居民无法休息",
    "我想给政府提一个关于垃圾分类的建议",
    "感谢热线工作人员耐心解答我的问题",
    "社保卡丢了怎么挂失",
    "饭店油烟直接排到居民楼，味道很重",
    "孩子今年上小学，报名时间是什么时候",
    "公司拖欠工资两个月，我应该向哪个部门投诉",
    "下水道堵塞，污水流到马路上",
    "老人坐公交车可以免费吗",
    "停水通知没有提前发布，全家没有水用",
    "有人占用消防通道停车，存在安全隐患",
    "网上申请的营业执照什么时候可以领取",
    "市场里的摊贩占道经营，行人没法走路",
    "医院挂号排队时间太长，希望增加窗口",
    "我的诉求办理到哪一步了，请帮我查询进度",
]

CHINESE = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.sampled_from("，。！？：；（）【】～…①② \t\n\u3000ＡＢ１２：abcABC123.,-係系嘅唔點干乾裏里\u200b"),
        st.characters(),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def oracle() -> Iterator[jieba.Tokenizer]:
    jieba.setLogLevel(logging.ERROR)
    yield jieba.Tokenizer()
    jieba.setLogLevel(logging.DEBUG)


@pytest.mark.parametrize("sentence", PLAIN_SENTENCES)
def test_words_are_cut_as_jieba_cuts_them(sentence: str, oracle: jieba.Tokenizer) -> None:
    assert words(sentence) == oracle.lcut(sentence)


def test_numbers_and_addresses_of_pages_stay_in_one_piece_where_jieba_breaks_them(oracle: jieba.Tokenizer) -> None:
    assert words("拨打0757-12345") == ["拨打", "0757-12345"]
    assert oracle.lcut("拨打0757-12345") == ["拨打", "0757", "-", "12345"]
    assert words("2.5元") == oracle.lcut("2.5元") == ["2.5", "元"]


@settings(deadline=None)
@given(CHINESE)
def test_words_joined_are_the_text_again(text: str) -> None:
    assert "".join(words(text)) == text.encode("utf-8", "ignore").decode()


def test_each_word_has_its_kind() -> None:
    assert [kind[0] for _, kind in tagged("老板昨天开除了她")] == ["n", "t", "v", "u", "r"]


def test_a_taught_word_is_kept_whole() -> None:
    assert "云麓星河湾驿站" not in words("去云麓星河湾驿站怎么坐车")
    add_words(["云麓星河湾驿站"])
    assert "云麓星河湾驿站" in words("去云麓星河湾驿站怎么坐车")
    assert is_ordinary_word("云麓星河湾驿站")


def test_names_of_persons_are_no_ordinary_words() -> None:
    assert is_ordinary_word("程序员")
    assert not is_ordinary_word("李小明")
    assert not is_ordinary_word("王宥钧")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("　你好，ＡＢＣ　１２３！ ", "你好，ABC 123！"),
        ("上午９：３０（周一）", "上午9:30（周一）"),
        ("時間：上午", "时间：上午"),
        ("①身份證②戶口簿", "①身份证②户口簿"),
        ("路\u200b灯\ufeff坏\x07了", "路灯坏了"),
        ("一行\r\n\r\n二行\t三行", "一行 二行 三行"),
        ("面积５０㎡", "面积50m2"),
        ("臺灣居民在廣東辦事", "台湾居民在广东办事"),
        ("\ud800坏字符", "坏字符"),
        ("", ""),
    ],
)
def test_text_is_normalised(written: str, expected: str) -> None:
    assert normalise(written) == expected


@settings(max_examples=300, deadline=None)
@given(CHINESE)
def test_what_is_normalised_has_single_spaces_and_nothing_invisible(text: str) -> None:
    plain = normalise(text)
    assert plain == plain.strip()
    assert "  " not in plain
    assert plain.isprintable() or not plain.isascii()
    assert not set(plain) & set("\u200b\ufeff\n\t\x00")


def test_scripts_are_turned_both_ways() -> None:
    assert simplified("請問社會保障卡怎麼補辦？後天可以嗎") == "请问社会保障卡怎么补办？后天可以吗"
    assert traditional("请问社会保障卡怎么补办？后天可以吗") == "請問社會保障卡怎麼補辦？後天可以嗎"


@pytest.mark.parametrize(
    ("cantonese", "mandarin"),
    [
        ("點樣攞證？", "怎么领证？"),
        ("喺邊度攞號？", "在哪里取号？"),
        ("幾耐先得？", "多久才行？"),
        ("佢哋話而家冇位", "他们说现在没有位"),
        ("我嘅身份證唔見咗", "我的身份证丢了"),
        ("系咪一定要本人嚟？", "是不是一定要本人来？"),
        ("係唔係要帶戶口簿", "是不是要带户口本"),
        ("呢度嘅坑渠塞咗", "这里的水沟塞了"),
        ("隔籬成日好嘈", "隔壁整天很吵"),
        ("呢間舖冇牌照，仲好邋遢", "这家铺没有牌照，还好脏"),
    ],
)
def test_cantonese_is_read_as_mandarin(cantonese: str, mandarin: str) -> None:
    assert is_cantonese(cantonese)
    assert to_mandarin(cantonese) == mandarin


@pytest.mark.parametrize(
    "mandarin",
    [
        "而家里没有人，周边度假村很吵",
        "早点解决仲裁的问题，有点解释不清",
        "食品安全由谁负责，食堂油烟很大",
        "联系电话和系统里的关系证明不一致",
        "关于返还押金的要求",
        "两边个体户占道经营",
        "我家在D栋，电梯坏了",
    ],
)
def test_mandarin_that_looks_like_cantonese_stays(mandarin: str) -> None:
    assert not is_cantonese(mandarin)
    assert to_mandarin(mandarin) == mandarin


def test_in_cantonese_too_longer_words_protect_their_parts() -> None:
    assert to_mandarin("佢嘅仲裁關係到食品安全") == "他的仲裁关系到食品安全"
    assert to_mandarin("APP 開唔到，D棟嘅電梯") == "APP 开不到，D栋的电梯"


def test_every_row_of_the_cantonese_table_is_used_once() -> None:
    with TABLE_FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = [row["word"] for row in rows]
    assert len(found) == len(set(found)) >= 500
    assert {row["mark"] for row in rows} == {"0", "1", "2"}
    assert all(simplified(row["mandarin"]) == row["mandarin"] for row in rows)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("一三八零零一三八零零零", "13800138000"),
        ("幺三八 零零一三 八零零零", "138 0013 8000"),
        ("１３８００１３８０００", "13800138000"),
        ("138零零一三8000", "13800138000"),
        ("三栋五零二室", "三栋502室"),
        ("二〇二六年", "2026年"),
        ("一九九八年", "1998年"),
        ("请打一一零", "请打110"),
        ("一二三四五热线", "12345热线"),
        ("壹叁捌零零壹叁捌零零零", "13800138000"),
    ],
)
def test_digits_read_out_one_by_one_are_turned(written: str, expected: str) -> None:
    assert digits(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "一起", "三三两两", "七七八八", "不管三七二十一", "一百二十三元", "第一二三条", "五六个人", "二三十户",
        "接二连三", "一五一十", "三四千块", "8一10栋", "四五百米", "○○○小区",
        "第一二三四五六七条", "一二三四五六十个",
    ],
)  # fmt: skip
def test_ordinary_words_keep_their_numbers(written: str) -> None:
    assert digits(written) == written


def test_terms_hold_long_words_pairs_and_characters_but_no_stop_words() -> None:
    found = terms("请问身份证ＷｉＦｉ密码怎么修改？v2.0")
    assert {"身份证", "身份", "证", "密码", "码怎", "修", "wifi", "v2.0"} <= set(found)
    assert not {"请问", "怎么", "？", "的"} & set(found)


def test_terms_are_the_same_in_either_script() -> None:
    assert terms("身份證補辦") == terms("身份证补办")
    assert terms("的了吗，？") == ["的了", "了吗"]


def test_shingles_leave_out_punctuation() -> None:
    assert shingles("路灯，坏了！", 3) == {"路灯坏", "灯坏了"}
    assert shingles("路灯", 3) == {"路灯"}
    assert shingles("！？", 3) == frozenset()


@settings(deadline=None)
@given(CHINESE, st.integers(1, 6))
def test_every_shingle_has_k_letters_unless_the_text_is_shorter(text: str, k: int) -> None:
    found = shingles(text, k)
    assert len(found) <= 1 or all(len(one) == k for one in found)


def test_short_texts_are_cut_faster_than_jieba_cuts_them() -> None:
    texts = [f"{sentence}{number}" for number in range(20) for sentence in PLAIN_SENTENCES]
    assert times_jieba(texts, words) < 0.5


def test_words_are_learnt_while_other_threads_cut() -> None:
    text = "".join(PLAIN_SENTENCES) * 40
    with ThreadPoolExecutor(3) as threads:
        cutting = [threads.submit(words, text) for _ in range(40)]
        while not all(cut.done() for cut in cutting):
            add_words(["新设立的单位"])
    assert all("".join(cut.result()) == text for cut in cutting)

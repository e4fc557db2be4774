"""Privacy: phones, masks, what is found in free text and what is left alone, sealing, blind indexes, key files."""

import base64
import os
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from kernel.privacy import (
    Personal,
    PersonSealer,
    Vault,
    find_personal,
    key_name,
    load_or_make_key,
    mask_address,
    mask_id,
    mask_name,
    mask_phone,
    mask_plate,
    mask_text,
    new_key,
    new_person_key,
    phone,
    rewrap_person_key,
    with_person_key,
)

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CHINESE_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
IDENTITY_CARD = "11010519491231002X"  # the example of GB 11643-1999


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("１３８　００１３　８０００", "13800138000"),
        ("一三八零零一三八零零零", "13800138000"),
        ("0757-82345678", "075782345678"),
        ("（0757）82345678", "075782345678"),
        ("0757-82345678转801", "075782345678"),
        ("+86 757 82345678", "075782345678"),
        ("010-62345678", "01062345678"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_number_has_one_form(written: str, number: str) -> None:
    assert phone(written) == number


@pytest.mark.parametrize(
    "written",
    ["", "12345", "110", "1380013800", "138001380000", "23800138000", "张三13800138000", "0757-12345", "电话"],
)
def test_what_is_no_phone_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        phone(written)
    assert refused.value.fields == {"phone": "phone_invalid"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王*明"),
        ("欧阳锋", "欧阳*"),
        ("張", "*"),
        ("何先生", "何先生"),
        ("John Smith", "J***"),
    ],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("禅城区祖庙街道汾江中路12号3栋502", "禅城区祖庙街道汾江中路****"),
        ("桂城街道某某花园3栋502室", "桂城街道某某花园****"),
        ("大良街道文秀路三十号", "大良街道文秀路****"),
        ("容桂街道文海西路8-12号", "容桂街道文海西路****"),
        ("季华五路", "季华五路"),
        ("G325国道旁", "G325国道旁"),
        ("地铁2号线魁奇路站", "地铁2号线魁奇路站"),
        ("工业园3号路5号", "工业园3号路****"),
    ],
)
def test_addresses_keep_the_road_and_lose_the_house(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_numbers_are_masked() -> None:
    assert mask_phone("+86 138 1234 5678") == "138****5678"
    assert mask_phone("0757-82345678") == "0757-****5678"
    assert mask_phone("12345") == "*****"
    assert mask_id(IDENTITY_CARD) == "110105**********2X"
    assert mask_id("E12345678") == "E******78"
    assert mask_plate("粤E·12345") == "粤E***45"


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("电话13800138000", Personal.MOBILE, "电话138****8000"),
        ("138 0013 8000找我", Personal.MOBILE, "138****8000找我"),
        ("138-0013-8000", Personal.MOBILE, "138****8000"),
        ("+86 138 0013 8000", Personal.MOBILE, "138****8000"),
        ("打8613800138000", Personal.MOBILE, "打138****8000"),
        ("１３８００１３８０００", Personal.MOBILE, "138****8000"),
        ("一三八零零一三八零零零", Personal.MOBILE, "138****8000"),
        ("张三一三八零零一三八零零零", Personal.MOBILE, "张三138****8000"),
        ("张三13800138000", Personal.MOBILE, "张三138****8000"),
        ("13800138000三楼", Personal.MOBILE, "138****8000三楼"),
        ("138一0013一8000", Personal.MOBILE, "138****8000"),
        ("138零零一三8000", Personal.MOBILE, "138****8000"),
        ("1 3 8 0 0 1 3 8 0 0 0", Personal.MOBILE, "138****8000"),
        ("138\u200b0013\u200b8000", Personal.MOBILE, "138****8000"),
        ("家里0757-82345678", Personal.LANDLINE, "家里0757-****5678"),
        ("(0757)82345678", Personal.LANDLINE, "0757-****5678"),
        ("+86 757 8234 5678", Personal.LANDLINE, "0757-****5678"),
        ("座机：82345678", Personal.LANDLINE, "座机：******78"),
        ("+852 9123 4567", Personal.LANDLINE, "**********67"),
        (f"证号{IDENTITY_CARD}", Personal.ID_CARD, "证号110105**********2X"),
        ("110105 19491231 002x", Personal.ID_CARD, "110105**********2x"),
        ("身份证号码是440604199001011234", Personal.ID_CARD, "身份证号码是440604**********34"),
        ("护照E12345678", Personal.ID_CARD, "护照E******78"),
        ("4111 1111 1111 1111", Personal.BANK_CARD, "************1111"),
        ("银行卡6222021234567890123", Personal.BANK_CARD, "银行卡***************0123"),
        ("发到zhang.san@example.com", Personal.EMAIL, "发到z***@example.com"),
        ("微信号：abc_12345", Personal.WECHAT, "微信号：a***"),
        ("加V信zhangsan88", Personal.WECHAT, "加V信z***"),
        ("QQ 12345678", Personal.QQ, "QQ 1***"),
        ("粤E12345乱停", Personal.PLATE, "粤E***45乱停"),
        ("粤E·D12345", Personal.PLATE, "粤E****45"),
        ("我叫张三，要投诉", Personal.NAME, "我叫张*，要投诉"),
        ("我叫欧阳锋住在这里", Personal.NAME, "我叫欧阳*住在这里"),
        ("我是王小明。", Personal.NAME, "我是王*明。"),
        ("我係陳大文，", Personal.NAME, "我係陳*文，"),
        ("姓名：李四 女", Personal.NAME, "姓名：李* 女"),
        ("我家3栋502漏水", Personal.HOUSE, "我家*栋***漏水"),
        ("某某花园3栋2单元502室", Personal.HOUSE, "某某花园*栋*单元***室"),
        ("三栋五零二漏水", Personal.HOUSE, "*栋***漏水"),
        ("汾江中路12号601", Personal.HOUSE, "汾江中路**号***"),
    ],
)
def test_personal_data_are_found_and_masked(text: str, kind: Personal, shown: str) -> None:
    (span,) = find_personal(text)
    assert span.kind is kind
    assert text[span.start : span.end] == span.value
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12345", "火警119，急救120", "热线0757-12345", "银行95588", "客服400-830-0110", "客服4008123456",
        "工单20261123000123已受理", "工单号GD20261123000123", "查询码 8F3K-22", "押金1380元", "共13 800元",
        "15 000 000 000元", "收费150-2000-3000元", "2026-11-23 13:30", "1998-05-12 130号文", "1999.12.31",
        "《劳动合同法》第三十八条第一款", "粤府办〔2020〕1号", "国令第138号", "第一二三四五条",
        "我是南海区居民", "我是业主，", "我是程序员，", "我是高中生，", "我是车主，", "我是贺先生，", "本人于今天投诉",
        "我叫车去医院", "我叫了救护车，", "我叫停了", "关注微信公众号foshan12345", "微信小程序可以办",
        "政务服务中心3楼302室", "市政府2号楼305室", "三房两厅", "3栋300户居民没水", "3栋12楼", "24栋25栋停电",
        "汾江中路12号门口路灯坏了", "10月5号1500元", "经度113.12345678，纬度23.02345678", "10.0.0.1:8080",
        "1732390000.123456", "耗时1732390000000", "0191a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "统一社会信用代码91440600MA4UXXXX12",
        "110105194912310021号文件", "4111111111111112元",
    ],
)  # fmt: skip
def test_what_is_not_personal_stays(text: str) -> None:
    assert find_personal(text) == []
    assert mask_text(text) == text


def test_public_numbers_stay() -> None:
    text = "咨询电话0757-83320000，我的电话13800138000"
    assert mask_text(text) == "咨询电话0757-****0000，我的电话138****8000"
    assert mask_text(text, frozenset({"075783320000"})) == "咨询电话0757-83320000，我的电话138****8000"


def test_several_pieces_are_found_from_left_to_right() -> None:
    text = f"我叫张三，{IDENTITY_CARD}，电话13800138000，车粤E12345"
    assert [span.kind for span in find_personal(text)] == [
        Personal.NAME,
        Personal.ID_CARD,
        Personal.MOBILE,
        Personal.PLATE,
    ]


def test_what_touches_another_piece_is_masked_too() -> None:
    assert mask_text("zhang@example.cn3栋502") == "z***@example.cn*栋***"
    assert mask_text("a@b.cnc@d.cn") == "a***@b***@d.cn"


@st.composite
def written_mobiles(draw: st.DrawFn) -> str:
    number = draw(MOBILE)
    groups = draw(st.sampled_from([(11,), (3, 4, 4), (3, 8), (7, 4), (5, 6), (3, 3, 5), (3, 5, 3), (1,) * 11]))
    separator = draw(st.sampled_from(["", " ", "-", " - ", "\u3000", "–", "\u200b"]))
    pieces, start = [], 0
    for size in groups:
        pieces.append(number[start : start + size])
        start += size
    script = draw(st.sampled_from([{}, CHINESE_DIGITS, FULL_WIDTH_DIGITS]))
    return draw(st.sampled_from(["", "+86", "86", "+86 "])) + separator.join(pieces).translate(script)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12), written_mobiles(), st.text(max_size=12))
def test_a_mobile_number_never_survives_however_it_is_written(before: str, written: str, after: str) -> None:
    digit = r"[\d零〇○一幺二三四五六七八九十壹贰貳叁參肆伍陆陸柒捌玖]"
    assume(not re.search(rf"{digit}[^\w]*$", before) and not re.match(rf"[^\w]*{digit}", after))
    assume(not re.match(r"\s?[元块塊万萬千百十亿个個人户戶次米平吨%年月日天岁多余几点楼层名家间套栋棟幢座]", after))
    text = f"{before}：{written}，{after}"
    assert any(span.kind is Personal.MOBILE for span in find_personal(text))
    assert written not in mask_text(text)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(MOBILE, st.sampled_from(["张三", "电话", "路", "号", "-", " ", "3栋", "A", "，"])), max_size=6)
)
def test_no_eleven_digit_mobile_is_left(pieces: list[str]) -> None:
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", mask_text("".join(pieces)))


FRAGMENTS = st.sampled_from(
    ["13800138000", "我叫张三", "我是李小明", "，", " ", "3栋502", "粤E12345", IDENTITY_CARD, "QQ123456", "微信abc_123",
     "a@b.cn", "0757-82345678", "一", "三", "138", "*", "路", "12号601", "电话", "卡号",
     "6222021234567890123", "-", "\n"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=3)), max_size=8))
def test_masking_twice_masks_once(pieces: list[str]) -> None:
    once = mask_text("".join(pieces))
    assert mask_text(once) == once


@settings(deadline=None)
@given(st.text(max_size=200))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for span in find_personal(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.value
        end = span.end


KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_in_its_context_only(text: str, context: str) -> None:
    vault = Vault({"a": KEY}, "a")
    sealed = vault.seal(text, context)
    assert vault.open(sealed, context) == text
    with pytest.raises(Invalid) as broken:
        vault.open(sealed, context + "x")
    assert broken.value.code == "sealed_value_broken"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    vault = Vault({"a": KEY}, "a")
    assert len({vault.seal("13800138000", "phone:1") for _ in range(20)}) == 20
    assert "13800138000" not in vault.seal("13800138000", "phone:1")


@settings(deadline=None)
@given(st.data())
def test_a_sealed_value_with_any_character_changed_does_not_open(data: st.DataObject) -> None:
    vault = Vault({"a": KEY, "b": OTHER_KEY}, "a")
    sealed = vault.seal("祖庙街道某路3号", "address:7")
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.characters())
    assume(other != sealed[place])
    with pytest.raises(Invalid) as broken:
        vault.open(sealed[:place] + other + sealed[place + 1 :], "address:7")
    assert broken.value.code == "sealed_value_broken"


@pytest.mark.parametrize(
    "sealed", ["", "v1", "v1.a", "v1.a.", "v1.a.AAAA", "v1.zz.AAAA", "v1.a.汉", "13800138000", "v1.a.A.B"]
)
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(Invalid) as broken:
        Vault({"a": KEY}, "a").open(sealed, "x")
    assert broken.value.code == "sealed_value_broken"


def test_after_a_change_of_keys_old_values_open_and_new_ones_use_the_new_key() -> None:
    before = Vault({"a": KEY}, "a")
    old = before.seal("text", "x:1")
    after = Vault({"a": KEY, "b": OTHER_KEY}, "b")
    assert after.open(old, "x:1") == "text"
    new = after.seal("text", "x:1")
    assert not after.is_current(old)
    assert after.is_current(new)
    with pytest.raises(Invalid):
        before.open(new, "x:1")
    assert after.blind_index("phone", "13800138000") == before.blind_index("phone", "13800138000")


def test_the_index_key_can_be_named() -> None:
    by_a = Vault({"a": KEY, "b": OTHER_KEY}, "b")
    by_b = Vault({"a": KEY, "b": OTHER_KEY}, "b", index_key="b")
    assert by_a.blind_index("phone", "13800138000") != by_b.blind_index("phone", "13800138000")


@pytest.mark.parametrize(
    ("keys", "current"),
    [({}, "a"), ({"a": KEY}, "b"), ({"a": b"short"}, "a"), ({"a.b": KEY}, "a.b"), ({"": KEY}, "")],
)
def test_a_vault_needs_proper_keys(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(Invalid):
        Vault(keys, current)


@pytest.mark.parametrize("written", ["+86 138 0013 8000", "１３８００１３８０００", "008613800138000", "138-0013-8000"])
def test_a_blind_index_is_the_same_however_the_number_is_written(written: str) -> None:
    vault = Vault({"a": KEY}, "a")
    assert vault.blind_index("phone", written) == vault.blind_index("phone", "13800138000")


def test_blind_indexes_differ_by_value_kind_and_key() -> None:
    vault = Vault({"a": KEY}, "a")
    indexes = {
        vault.blind_index("phone", "13800138000"),
        vault.blind_index("phone", "13800138001"),
        vault.blind_index("openid", "13800138000"),
        Vault({"a": OTHER_KEY}, "a").blind_index("phone", "13800138000"),
    }
    assert len(indexes) == 4
    assert vault.blind_index("openid", "oAbC") != vault.blind_index("openid", "oabc")
    assert vault.blind_index("id_number", IDENTITY_CARD.lower()) == vault.blind_index("id_number", IDENTITY_CARD)


def test_without_a_persons_key_their_data_cannot_be_read() -> None:
    vault = Vault({"a": KEY}, "a")
    wrapped, others = new_person_key(vault), new_person_key(vault)
    assert wrapped != others
    sealed = with_person_key(vault, wrapped).seal("张三", "name:1")
    assert with_person_key(vault, wrapped).open(sealed, "name:1") == "张三"
    for wrong in (with_person_key(vault, others), vault):
        with pytest.raises(Invalid):
            wrong.open(sealed, "name:1")
    with pytest.raises(Invalid):
        with_person_key(vault, wrapped).open(sealed, "name:2")


def test_a_person_key_can_be_wrapped_anew_under_a_new_key() -> None:
    old = Vault({"a": KEY}, "a")
    wrapped = new_person_key(old)
    sealed = with_person_key(old, wrapped).seal("张三", "name:1")
    both = Vault({"a": KEY, "b": OTHER_KEY}, "b")
    again = rewrap_person_key(both, wrapped)
    only_new = Vault({"b": OTHER_KEY}, "b")
    assert with_person_key(only_new, again).open(sealed, "name:1") == "张三"


def test_a_person_sealer_does_not_open_what_the_vault_sealed() -> None:
    with pytest.raises(Invalid):
        PersonSealer(KEY).open(Vault({"a": KEY}, "a").seal("x", "y"), "y")


def test_keys_are_random_and_their_names_tell_nothing() -> None:
    first, second = new_key(), new_key()
    assert len(first) == 32
    assert first != second
    assert key_name(first) != key_name(second)
    assert key_name(first) not in first.hex()


def test_a_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret" / "deeper" / "key"
    key = load_or_make_key(path)
    assert load_or_make_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o666])
def test_a_key_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    load_or_make_key(path)
    path.chmod(mode)
    with pytest.raises(Invalid) as refused:
        load_or_make_key(path)
    assert refused.value.code == "key_file_open_to_others"


@pytest.mark.parametrize("content", [b"", b"too short", b"\xff\xfe", base64.urlsafe_b64encode(b"x" * 31)])
def test_a_key_file_without_a_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(Invalid) as refused:
        load_or_make_key(path)
    assert refused.value.code == "key_file_broken"
    assert path.read_bytes() == content


def test_the_key_file_does_not_depend_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_make_key(tmp_path / "new" / "key")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "key").stat().st_mode & 0o777 == 0o600

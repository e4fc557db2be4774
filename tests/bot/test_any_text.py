"""Whatever is written, the bot answers and its state survives JSON."""

from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.adapters.local import LocalReader
from bot.rules import slots
from bot.rules.grievance import head_of, substance, title_of
from bot.rules.said import Plain, clear_intent
from bot.rules.spans import spans_in
from directory.lookup import Lookup
from kernel.emergency import emergencies_in, load_emergencies
from kernel.room import Floor
from tests.bot.talk import START, Talk

PIECES = (
    *("我要投诉", "桂城", "昨晚", "13800138000", "确认提交", "修改", "地点", "不留电话", "居住证怎么办", "没解决"),
    *(
        "查进度",
        "催一下",
        "取消",
        "匿名",
        "建议",
        "路灯坏了",
        "，",
        "。",
        "1",
        "转",
        "😀",
        "上个礼拜三 ",
        "１３８",
        "五百块",
        "粤E",
        "初三晚",
        "\ud800",
        "\x00",
        "係",
    ),
    *("上个礼拜三 ", "１３８", "五百块", "粤E", "初三晚"),
    *("地点错了，是", "𠮷", "登记工单", "解决了", "都不是"),
)
WORDS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=5).map("".join))
USERS = count()
ZONE = ZoneInfo("Asia/Shanghai")
TABLE = load_emergencies()


@given(text=st.one_of(WORDS, st.text(max_size=600)))
@settings(max_examples=150, deadline=None)
def test_no_rule_raises_on_any_text(text: str) -> None:
    clear_intent(Plain.of(text))
    emergencies_in(text, TABLE)
    assert len(title_of(text)) <= 28
    assert isinstance(substance(text) + head_of(text), str)
    for find in (slots.name_in, slots.score_in, slots.unknown_place_in):
        assert find(text) is not None
    for span in spans_in(text, START.astimezone(ZONE)):
        assert text[span.start : span.end] == span.said != ""


@pytest.fixture(scope="module")
def talks(city_floor: Floor, lookup: Lookup, reader: LocalReader) -> tuple[Floor, Lookup, LocalReader]:
    """What a talk needs."""
    return city_floor, lookup, reader


@given(lines=st.lists(WORDS, min_size=1, max_size=6))
@example(lines=["²"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_talk_raises_and_none_goes_unanswered(
    talks: tuple[Floor, Lookup, LocalReader], lines: list[str]
) -> None:
    talk = Talk(*talks, user=f"any{next(USERS)}")
    for line in lines:
        turn = await talk.say(line)
        assert turn.replies or turn.hand_over
        if turn.hand_over:
            break

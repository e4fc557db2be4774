"""What is to be done with a ticket is heard in its own words, and a new matter is not taken for it."""

import pytest

from bot.model import Dialogue, OpenTicket
from bot.rules.wishes import Wish, added_words, one_meant, wish_in

LAMP = OpenTicket("FS2026031600001", "灯湖东路路灯不亮", "dispatched", "已交承办单位", "", None)
STALL = OpenTicket("FS2026031600002", "同济路烧烤档占道", "dispatched", "已交承办单位", "", None)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("我要撤回投诉", Wish.WITHDRAW),
        ("不投诉了，帮我撤销工单", Wish.WITHDRAW),
        ("唔投诉喇，帮我撤咗张单", Wish.WITHDRAW),
        ("已经修好了，我的工单可以撤了", Wish.WITHDRAW),
        ("我张单唔使办喇", Wish.WITHDRAW),
        ("撤回 FS2026031600001", Wish.WITHDRAW),
        ("我要撤單", Wish.WITHDRAW),
        ("补充一下，是12号楼", Wish.SUPPLEMENT),
        ("我想补充之前的投诉", Wish.SUPPLEMENT),
        ("仲要补返啲资料", Wish.SUPPLEMENT),
        ("我的工单要补充照片", Wish.SUPPLEMENT),
        ("催一下", Wish.URGE),
        ("唔该帮我追下我张单", Wish.URGE),
        ("麻烦催催", Wish.URGE),
        ("路灯嗰单催下啦", Wish.URGE),
        ("快点处理我的工单", Wish.URGE),
        ("催办 FS2026031600001", Wish.URGE),
        ("我张单快啲啦", Wish.URGE),
        ("我要投诉物业催交物业费", None),
        ("商家取消我的订单我要投诉", None),
        ("有狗追我", None),
        ("天天有催收电话骚扰", None),
        ("补充医疗保险怎么办", None),
        ("怎么取消婚姻登记", None),
        ("单位不给我交社保", None),
        ("请快点处理路灯", None),
    ],
)
def test_a_wish_is_heard_and_a_new_matter_is_none(text: str, wish: Wish | None) -> None:
    assert wish_in(text) is wish


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("补充一下，是12号楼门口那盏", "是12号楼门口那盏"),
        ("我想补充一下之前的投诉", ""),
        ("补充 FS2026031600001", ""),
        ("唔该补返，佢哋琴晚又开档", "佢哋琴晚又开档"),
        ("补充吧", ""),
    ],
)
def test_what_is_added_is_kept_as_said(text: str, words: str) -> None:
    assert added_words(text) == words


@pytest.mark.parametrize(
    ("text", "step", "meant"),
    [
        ("催办 FS2026031600002", "", STALL),
        ("催办ＦＳ2026031600001", "", LAMP),
        ("催一下路灯那张", "", LAMP),
        ("烧烤嗰单快啲", "", STALL),
        ("刚才那张催一下", "", STALL),
        ("催一下", "", None),
        ("第二个", "urge which", LAMP),
        ("第二个", "", None),
        ("3", "urge which", None),
    ],
)
def test_which_ticket_is_meant(text: str, step: str, meant: OpenTicket | None) -> None:
    assert one_meant(text, (STALL, LAMP), Dialogue(step=step)) == meant


def test_the_only_ticket_needs_no_naming() -> None:
    assert one_meant("催一下", (LAMP,), Dialogue()) == LAMP
    assert one_meant("催一下", (), Dialogue()) is None

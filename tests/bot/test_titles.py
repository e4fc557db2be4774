"""A title tells what it is about and nobody's name or number, wherever it is cut (P44)."""

import pytest

from bot.drafting import draft_of
from bot.model import Slots
from bot.rules.grievance import TITLE, title_of
from ticketing.model.labels import Secrecy


@pytest.mark.parametrize("length", range(1, 40))
def test_no_cut_lets_a_name_or_a_number_through(length: int) -> None:
    text = "路" * length + "，我叫张伟明，身份证号440601199001011234，电话13800138000，灯坏了"
    title = title_of(text)
    assert len(title) <= TITLE
    assert not any(part in title for part in ("张伟", "张伟明", "44060119", "1380013"))


def test_a_draft_of_the_bot_has_a_masked_title() -> None:
    title = draft_of(Slots(kind="complaint", what="邻居天天骚扰，我叫张伟明，电话13800138000")).title
    assert "13800138000" not in title
    assert "张伟明" not in title
    assert "骚扰" in title
    assert "13800" not in title


def test_what_was_not_said_is_not_what_was_refused() -> None:
    assert draft_of(Slots(kind="complaint", what="路灯坏了")).contact is None
    assert draft_of(Slots(kind="complaint", what="路灯坏了", contact="known")).contact is None
    assert draft_of(Slots(kind="complaint", what="路灯坏了", contact="none")).contact == ""
    anonymous = draft_of(Slots(kind="complaint", what="路灯坏了", name="李", anonymous=True))
    assert (anonymous.contact, anonymous.name, anonymous.secrecy) == ("", "", Secrecy.CONFIDENTIAL)

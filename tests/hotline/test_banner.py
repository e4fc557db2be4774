"""What is printed once the house serves."""

from channels.room import DEMO_SECTIONS
from hotline.banner import DEMO_PASSWORD, LogIn, banner
from hotline.commands import demo_settings
from kernel.people import Role
from kernel.settings import load_settings

URL = "http://127.0.0.1:12345"
AGENT = LogIn("agent", "话务员01号", frozenset({Role.AGENT}))
LIAISON = LogIn("fs-zf", "市政府联络员", frozenset({Role.LIAISON}))


def test_pages_are_listed_with_a_log_in_for_each() -> None:
    text = banner(URL, frozenset({"/", "/chat", "/desk", "/unit"}), [AGENT, LIAISON])
    assert f"{URL}/chat" in text
    assert DEMO_PASSWORD in text
    [desk] = [line for line in text.splitlines() if f"{URL}/desk" in line]
    assert "agent" in desk
    [unit] = [line for line in text.splitlines() if f"{URL}/unit" in line]
    assert "fs-zf" in unit


def test_pages_that_are_not_served_are_not_listed() -> None:
    text = banner(URL, frozenset({"/"}), [AGENT])
    assert "/desk" not in text
    assert "/chat" not in text


def test_outside_a_demo_no_password_is_printed() -> None:
    text = banner(URL, frozenset({"/", "/desk"}), [])
    assert DEMO_PASSWORD not in text
    assert "Ctrl+C" in text


def test_only_leaders_that_there_are_are_named() -> None:
    leader = LogIn("fs-zf-leader", "市政府负责人", frozenset({Role.UNIT_LEADER}))
    text = banner(URL, frozenset({"/unit"}), [LIAISON, leader])
    assert "单位负责人：fs-zf-leader" in text


def test_a_liaison_is_shown_whose_leader_can_be_tried_as_well() -> None:
    village = LogIn("cc-nz-200", "村委会联络员", frozenset({Role.LIAISON}), "CC-NZ-200")
    town = LogIn("cc-zm", "街道办联络员", frozenset({Role.LIAISON}), "CC-ZM")
    leader = LogIn("cc-zm-leader", "街道办负责人", frozenset({Role.UNIT_LEADER}), "CC-ZM")
    text = banner(URL, frozenset({"/unit"}), [village, town, leader])
    assert "街道办联络员" in text
    assert "村委会联络员" not in text


def test_what_somebody_sets_of_a_channel_leaves_the_rest_of_the_demos() -> None:
    settings = load_settings(None, {"HOTLINE_CHANNELS_SMS_SENDER": "+10000000000"})
    made = demo_settings(settings)
    assert made.channels["sms"] == {**DEMO_SECTIONS["sms"], "sender": "+10000000000"}
    assert made.channels["wechat"] == DEMO_SECTIONS["wechat"]

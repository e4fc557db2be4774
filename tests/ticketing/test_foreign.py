"""What is told in another language: of a report it waits for a person, and no such ticket goes anywhere by itself."""

from dataclasses import replace
from typing import Any

import pytest

from kernel.people import Role
from tests.ticketing.city import AGENT, DISPATCHER, VENDING, Hotline, address, lead_staff, staff
from tests.ticketing.test_api import Web, web
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import Action, SideAction, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.certain import is_certain
from ticketing.rules.dispatch import unread
from ticketing.rules.foreign import foreign_parts, is_foreign
from ticketing.rules.redacting import WAITING, Certainty, SpanKind, find, redacted
from ticketing.store.notices import notices_of

__all__ = ["web"]

OFFICER = staff(Role.PRIVACY_OFFICER)
COOK = "I am the cook of this restaurant."
OIL = "The owner pours waste oil into the river every night."
ENGLISH = f"{COOK} {OIL}"
FOREIGN = [
    ENGLISH,
    "Tôi làm việc ở nhà hàng này. Chủ quán bán thịt hỏng.",
    "To\u0302i la\u0300m vie\u0323\u0302c o\u031b\u0309 nha\u0300 ha\u0300ng",
    "MY BOSS DOES NOT PAY US",
    "ＭＹ ＢＯＳＳ ＳＴＥＡＬＳ",
    "wo shi ta jia de chushi",
    "私は工場で働いています。廃水を川に流しています",
    "사장님이 매일 폐수를 버립니다",
    "ร้านนี้ขายของหมดอายุทุกวัน",
    "الرئيس يسرق رواتبنا كل شهر",
    "Завод сливает отходы в реку",
    "老板 steals our wages every month",
    "举报张三，he fired me because I asked for my wages, 请查处",
]
CHINESE = [
    "",
    "OK",
    VENDING,
    "粤E12345 和 粤E·D67890 在 KFC 门口乱停",
    "iPhone 15 Pro Max 广告虚假",
    "McDonald's Happy Meal 变质",
    "https://www.example.com/we/sell/very/cheap-things-for-you.html 这个网站骗人",
    "对方邮箱 we.sell.all.things@example.com 收钱不发货",
    "店招写着 Blue Moon Coffee House，卖假酒",
    "老板在 WeChat 里说 no problem，之后就不退钱",
    "WIFI GPS APP 都不能用",
    "他家的 T恤 XXL XL L M 都是假货",
    "ETC OBU 坏了，ABC 银行不管",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_text_in_another_language_is_foreign_and_waits_as_a_whole(text: str) -> None:
    assert is_foreign(text)
    hidden = redacted(text)
    assert not any(letter.isalpha() for letter in hidden.replace(WAITING, "").replace("〔举报人信息已隐去〕", ""))


@pytest.mark.parametrize("text", CHINESE)
def test_chinese_with_names_plates_and_addresses_of_the_net_is_not(text: str) -> None:
    assert not is_foreign(text)
    assert not [span for span in find(text) if span.kind is SpanKind.FOREIGN]


def test_one_foreign_sentence_of_a_chinese_report_waits_alone() -> None:
    text = f"{VENDING}，烟很大，附近居民都受不了。{COOK} 请尽快查处。"
    assert not is_foreign(text)
    assert [text[start:end] for start, end in foreign_parts(text)] == [COOK]
    assert "烧烤档" in redacted(text)
    assert "cook" not in redacted(text)


def test_a_person_lets_pass_one_sentence_and_keeps_the_other_back() -> None:
    spans = find(ENGLISH)
    assert [(span.value, span.certainty) for span in spans] == [(COOK, Certainty.DOUBTFUL), (OIL, Certainty.DOUBTFUL)]
    shown = redacted(ENGLISH, {OIL}, refused={COOK})
    assert OIL in shown
    assert "cook" not in shown
    assert redacted(ENGLISH) == WAITING


def test_what_is_masked_in_it_stays_hidden_though_a_person_lets_the_rest_pass() -> None:
    text = "Please call 138****8000 and ask the owner about it"
    every = {span.value for span in find(text)}
    assert "8000" not in redacted(text, every)
    assert "ask the owner" in redacted(text, every)


def test_what_nobody_read_is_never_certain_enough_for_a_glance() -> None:
    best = Candidate("unit-a", 0.9, "item", "", has_power=True, covers_area=True)
    decision = DispatchDecision(False, (best,), (), matter="m")
    assert is_certain(decision)
    assert not is_certain(unread(decision))
    assert not unread(replace(decision, automatic=True)).automatic


async def foreign_report(desk: Hotline, **more: object) -> Ticket:
    matter = await matter_of_vending(desk)
    chosen: dict[str, Any] = {"kind": TicketKind.REPORT, "place": "同济路25号", "matter": matter, **more}
    return await desk.open(ENGLISH, **chosen)


async def matter_of_vending(desk: Hotline) -> str:
    return (await desk.open(VENDING, address=address("another"))).matter


async def test_a_foreign_report_goes_nowhere_by_itself_and_waits_hidden(web: Web) -> None:
    # The same, told in Chinese, goes to its unit at once.
    assert (await web.desk.open(VENDING, kind=TicketKind.REPORT, place="同济路25号")).state is State.DISPATCHED
    ticket = await foreign_report(web.desk)
    assert ticket.state is State.TRIAGE
    decision = (await web("GET", f"tickets/{ticket.number}", DISPATCHER))["decision"]
    assert not decision["automatic"]
    assert any("外文" in line for line in decision["lines"])
    unit = decision["candidates"][0]["unit"]
    form = {"unit": unit, "duty_item": decision["candidates"][0]["duty_item"]}
    ticket = await web.desk.act(ticket, Action.DISPATCH, DISPATCHER, **form)
    one, reader = f"tickets/{ticket.number}", lead_staff(ticket)
    before = await web("GET", one, reader)
    assert (before["text"], "cook" in str(before), "waste oil" in str(before)) == (WAITING, False, False)
    async with web.desk.database.reading() as tx:
        assert "cook" not in str(await notices_of(tx, ticket.id))
    (waiting,) = (await web("GET", "privacy/spans", OFFICER))["items"]
    assert [(each["text"], each["kind_label"]) for each in waiting["items"]] == [(COOK, "外文内容"), (OIL, "外文内容")]
    marks = {each["text"]: each["mark"] for each in waiting["items"]}
    await web("POST", f"{one}/spans/{marks[OIL]}", OFFICER, {"shown": True})
    await web("POST", f"{one}/spans/{marks[COOK]}", OFFICER, {"shown": False})
    after = await web("GET", one, reader)
    assert OIL in after["text"]
    assert "cook" not in str(after)
    assert (await web("GET", "privacy/spans", OFFICER))["items"] == []


async def test_an_agent_who_chose_its_matter_sends_it_nowhere_either(desk: Hotline) -> None:
    matter = await matter_of_vending(desk)
    chinese = await desk.open(VENDING, AGENT, matter=matter, address=address("three"), place="同济路25号")
    foreign = await desk.open(OIL, AGENT, matter=matter, address=address("four"), place="同济路25号")
    assert (chinese.state, foreign.state) == (State.DISPATCHED, State.TRIAGE)


async def test_a_foreign_complaint_waits_for_a_dispatcher_and_is_read_by_its_unit(web: Web) -> None:
    ticket = await foreign_report(web.desk, kind=TicketKind.COMPLAINT)
    assert ticket.state is State.TRIAGE
    (best, *_) = (await web("GET", f"tickets/{ticket.number}", DISPATCHER))["decision"]["candidates"]
    ticket = await web.desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=best["unit"], duty_item=best["duty_item"])
    assert OIL in (await web("GET", f"tickets/{ticket.number}", lead_staff(ticket)))["text"]
    assert (await web("GET", "privacy/spans", OFFICER))["items"] == []


async def test_the_title_of_a_foreign_report_holds_none_of_its_words(web: Web) -> None:
    for text in (ENGLISH, "Restaurant behaviour: I work there and they pour oil away"):
        ticket = await web.desk.open(text, kind=TicketKind.REPORT, place="", placeless=True, address=address(text[:4]))
        assert (ticket.title, ticket.matter) == ("外文举报", "")
    plain = await web.desk.open(ENGLISH, kind=TicketKind.HELP, place="", placeless=True, address=address("five"))
    assert plain.title.startswith("I am the cook")


async def test_foreign_words_added_to_a_chinese_report_wait_too(web: Web) -> None:
    told = f"{VENDING}，附近的居民都受不了这些油烟"
    ticket = await web.desk.open(told, kind=TicketKind.REPORT, place="同济路25号")
    assert (await web("GET", "privacy/spans", OFFICER))["items"] == []
    await web.desk.act(ticket, SideAction.ADD_EVIDENCE, AGENT, text=COOK)
    (waiting,) = (await web("GET", "privacy/spans", OFFICER))["items"]
    assert [each["text"] for each in waiting["items"]] == [COOK]
    assert "cook" not in str(await web("GET", f"tickets/{ticket.number}", lead_staff(ticket)))

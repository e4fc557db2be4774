"""Sensitive words at work: at every intake, when something is added, in the check of a reply; the lists."""

from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Role
from kernel.room import Floor
from tests.ticketing.city import ADMIN, AGENT, BOT, DISPATCHER, SUPERVISOR, City, Hotline, hotline, lead_staff, staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, Actor, Flag, Secrecy, SideAction, State, Urgency

THREAT = "同济路25号的烧烤档没人管，再不处理我就跳楼"
JUMP: dict[str, Any] = {"kind": "custom", "word": "围挡倒塌", "effects": ["flag"], "exceptions": ["围挡倒塌演练"]}


@pytest.fixture
async def web(desk: Hotline) -> Web:
    await desk.room.words.load()
    return Web(desk)


async def test_a_word_raises_flag_supervision_and_urgency_before_the_unit_gets_it(web: Web) -> None:
    """Auto-supervise when a sensitive word is said."""
    ticket = await web.desk.open(THREAT, AGENT, matter="street-vending")
    assert ticket.flags >= {Flag.SENSITIVE}
    assert (ticket.urgency, ticket.supervision, ticket.secrecy) == (Urgency.P1, 1, Secrecy.NORMAL)
    assert [hit.word for hit in ticket.sensitive] == ["跳楼"]
    assert ticket.lead is not None
    async with web.desk.database.reading() as tx:
        history = await web.desk.room.queries.history(tx, ticket)
    whats = [record.what for record in history]
    assert whats.index("mark_sensitive") < whats.index("dispatch")
    (line,) = [record for record in history if record.what == "mark_sensitive"]
    assert line.why == "因：敏感词“跳楼”（危及生命与自伤）"
    assert line.actor is Actor.TIMER


async def test_without_a_word_nothing_is_raised(web: Web) -> None:
    ticket = await web.desk.open("同济路25号商场跳楼价大甩卖，喇叭太吵", AGENT, matter="street-vending")
    assert Flag.SENSITIVE not in ticket.flags
    assert (ticket.supervision, ticket.sensitive) == (0, ())


async def test_what_wants_a_person_waits_for_a_dispatcher(web: Web) -> None:
    plain = await web.desk.open(by=BOT)
    assert plain.state is State.DISPATCHED
    ticket = await web.desk.open("同济路25号旁边每晚都有烧烤档占道经营，再不处理我就跳楼", BOT, contact="13900139000")
    assert ticket.state is State.TRIAGE
    done = await web.desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=lead_unit(plain), basis="核实后派单")
    assert done.state is State.DISPATCHED


def lead_unit(ticket: Any) -> str:
    assert ticket.lead is not None
    return str(ticket.lead.unit)


async def test_a_word_of_corruption_makes_the_ticket_confidential(web: Web) -> None:
    ticket = await web.desk.open("同济路25号的村干部贪污集体资金", AGENT, matter="street-vending")
    assert ticket.secrecy is Secrecy.CONFIDENTIAL


async def test_a_word_that_comes_later_raises_once(web: Web) -> None:
    ticket = await web.desk.open()
    assert Flag.SENSITIVE not in ticket.flags
    for _ in range(2):
        async with web.desk.database.transaction() as tx:
            ticket = await web.desk.room.tickets.add_note(tx, ticket.number, "我活不下去了", BOT)
    assert (ticket.urgency, ticket.supervision) == (Urgency.P1, 1)
    async with web.desk.database.reading() as tx:
        history = await web.desk.room.queries.history(tx, ticket)
    assert [record.what for record in history].count("mark_sensitive") == 1


async def test_only_a_person_with_a_reason_takes_the_mark_away(web: Web) -> None:
    """Raised only by rules; lowering needs a person and a reason."""
    ticket = await web.desk.open("同济路25号的村干部贪污集体资金", AGENT, matter="street-vending")
    with pytest.raises(NotAllowed):
        await web.desk.act(ticket, SideAction.CLEAR_SENSITIVE, BOT, reason="误报")
    with pytest.raises(Invalid) as refused:
        await web.desk.act(ticket, SideAction.CLEAR_SENSITIVE, SUPERVISOR)
    assert refused.value.fields == {"reason": "required"}
    done = await web.desk.act(ticket, SideAction.CLEAR_SENSITIVE, SUPERVISOR, reason="引用新闻标题，并非反映问题")
    assert Flag.SENSITIVE not in done.flags
    assert (done.secrecy, done.supervision) == (Secrecy.NORMAL, 1)
    assert [hit.set_aside for hit in done.sensitive] == [True]
    # The same word again changes nothing: a person has looked.
    async with web.desk.database.transaction() as tx:
        done = await web.desk.room.tickets.add_note(tx, ticket.number, "还是贪污的事", BOT)
    assert Flag.SENSITIVE not in done.flags
    with pytest.raises(Conflict):
        await web.desk.act(ticket, SideAction.CLEAR_SENSITIVE, SUPERVISOR, reason="再次")


async def test_a_wish_for_secrecy_outlives_the_mark(web: Web) -> None:
    ticket = await web.desk.open(
        "同济路25号的村干部贪污集体资金", AGENT, matter="street-vending", secrecy=Secrecy.CONFIDENTIAL
    )
    done = await web.desk.act(ticket, SideAction.CLEAR_SENSITIVE, SUPERVISOR, reason="已核实")
    assert done.secrecy is Secrecy.CONFIDENTIAL


async def test_the_hotline_reads_the_words_and_units_do_not(web: Web) -> None:
    ticket = await web.desk.open(THREAT, AGENT, matter="street-vending")
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    assert seen["sensitive"] == [{"word": "跳楼", "kind_label": "危及生命与自伤", "set_aside": False}]
    assert any("因：敏感词“跳楼”" in line["note"] for line in seen["timeline"])
    unit = await web("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    assert unit["sensitive"] == []
    assert "敏感词“跳楼”" not in str(unit["timeline"]) + str(unit["notices"])
    for recorded in await web.desk.facts(ticket):
        assert "跳楼" not in str(recorded.fact)


async def test_the_check_of_a_reply_warns_the_reviewer(web: Web) -> None:
    ticket = await web.desk.open(by=AGENT)
    path = f"tickets/{ticket.number}/reply-check"
    form = {"text": "您这是无理取闹，举报人电话是13800138000。", "basis": ""}
    checks = (await web("POST", path, SUPERVISOR, form))["checks"]
    assert (checks[0]["label"], checks[0]["evidence"]) == ("敏感词", ("无理取闹", "举报人电话"))
    fine = (await web("POST", path, SUPERVISOR, {"text": "您好，已清理占道摊档。", "basis": ""}))["checks"]
    assert "敏感词" not in [check["label"] for check in fine]


# -- the lists ------------------------------------------------------------------------------------------


async def test_a_new_word_is_looked_for_at_once_also_in_another_process(web: Web, floor: Floor, city: City) -> None:
    other = hotline(floor, web.desk.clock, city)
    await other.room.words.load()
    made = await web("POST", "sensitive-words", ADMIN, JUMP)
    assert (made["word"]["word"], made["word"]["by_name"], made["word"]["version"]) == ("围挡倒塌", "", 1)
    await other.room.words.refresh()
    ticket = await other.open("同济路25号工地围挡 倒塌", AGENT, matter="street-vending")
    assert [hit.word for hit in ticket.sensitive] == ["围挡倒塌"]


async def test_a_word_is_changed_with_a_reason_and_its_history_kept(web: Web) -> None:
    made = (await web("POST", "sensitive-words", ADMIN, JUMP))["word"]
    path = f"sensitive-words/{made['id']}"
    with pytest.raises(Invalid) as refused:
        await web("PUT", path, ADMIN, JUMP | {"active": False, "version": 1})
    assert refused.value.fields == {"why": "required"}
    web.desk.clock.advance(timedelta(minutes=1))
    off = await web("PUT", path, ADMIN, JUMP | {"active": False, "version": 1, "why": "误报太多"})
    assert [(each["word"]["active"], each["why"]) for each in off["history"]] == [(False, "误报太多"), (True, "")]
    with pytest.raises(Conflict):
        await web("PUT", path, ADMIN, JUMP | {"version": 1, "why": "再改"})
    tried = await web("POST", "sensitive-words/try", ADMIN, {"text": "围挡倒塌了"})
    assert tried["hits"] == []
    with pytest.raises(NotFound):
        await web("GET", "sensitive-words/none", ADMIN)


async def test_the_lists_are_searched_by_kind_and_words(web: Web) -> None:
    view = await web("GET", "sensitive-words", ADMIN, kind="media")
    assert {each["kind"] for each in view["items"]} == {"media"}
    (jump,) = (await web("GET", "sensitive-words", ADMIN, q="跳樓價"))["items"]
    assert jump["word"] == "跳楼"
    assert {kind["value"]: kind["active"] for kind in view["kinds"]}["custom"] == 0


async def test_a_text_is_tried_out(web: Web) -> None:
    tried = await web("POST", "sensitive-words/try", ADMIN, {"text": "我要跳 樓，还要找记者"})
    assert [(hit["word"]["word"], hit["start"], hit["end"]) for hit in tried["hits"]] == [
        ("跳楼", 2, 5),
        ("找记者", 8, 11),
    ]
    assert [flag["label"] for flag in tried["flags"]] == ["媒体关注", "敏感"]
    assert (tried["urgency_label"], tried["supervision"], tried["person"]) == ("紧急", 1, True)
    draft = {"text": "围挡倒塌", "word": JUMP}
    assert len((await web("POST", "sensitive-words/try", ADMIN, draft))["hits"]) == 1


async def test_pasted_lines_are_taken_in_together_or_not_at_all(web: Web) -> None:
    form = {"kind": "custom", "effects": ["flag"], "lines": "围挡倒塌 | 围挡倒塌演练\n死\n跳楼"}
    with pytest.raises(Invalid) as refused:
        await web("POST", "sensitive-words/lines", ADMIN, form)
    assert refused.value.fields == {"lines.2": "too_short"}
    assert (await web("GET", "sensitive-words", ADMIN, kind="custom"))["items"] == []
    done = await web("POST", "sensitive-words/lines", ADMIN, form | {"lines": "围挡倒塌\n围挡 倒塌\n跳樓\n塔吊断裂"})
    assert done == {"added": 2, "known": ("跳樓",)}


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (JUMP | {"word": "跳樓", "exceptions": []}, {"word": "listed_already"}),
        (JUMP | {"exceptions": ["演练"]}, {"exceptions": "holds_not_the_word"}),
        (JUMP | {"effects": []}, {"effects": "required"}),
        (JUMP | {"effects": ["supervise"], "supervision": 9}, {"supervision": "out_of_range"}),
        (JUMP | {"note": "长" * 201}, {"note": "too_long"}),
    ],
)
async def test_bad_input_is_told_by_its_field(web: Web, form: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        await web("POST", "sensitive-words", ADMIN, form)
    assert refused.value.fields == fields


async def test_only_administrators_see_the_lists(web: Web) -> None:
    for by in (SUPERVISOR, DISPATCHER, AGENT, staff(Role.LIAISON, unit="GM-RS"), staff(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            await web("GET", "sensitive-words", by)
        with pytest.raises(NotAllowed):
            await web("POST", "sensitive-words/try", by, {"text": "跳楼"})


async def test_the_first_list_is_taken_in_once(web: Web, floor: Floor, city: City) -> None:
    before = await web("GET", "sensitive-words", ADMIN, limit=200)
    gone = before["items"][0]
    form = {key: gone[key] for key in ("kind", "word", "exceptions", "supervision")}
    form |= {"effects": [each["value"] for each in gone["effects"]], "urgency": gone["urgency"] or None}
    await web("PUT", f"sensitive-words/{gone['id']}", ADMIN, form | {"active": False, "version": 1, "why": "不用"})
    await hotline(floor, web.desk.clock, city).room.words.load()
    after = await web("GET", "sensitive-words", ADMIN, limit=200)
    assert len(after["items"]) == len(before["items"])
    assert [each["active"] for each in after["items"] if each["id"] == gone["id"]] == [False]

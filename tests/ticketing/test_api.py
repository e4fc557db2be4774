"""The routes as the house calls them: what screens see, what buttons they get, what the citizen's page can do."""

import io
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import msgspec
import pytest
from PIL import Image

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.messages import GeoPoint
from kernel.people import PERMISSIONS, PUBLIC, May, Principal, Role, allow
from kernel.room import Call, Upload
from tests.kernel.test_attachments import taken_at
from tests.ticketing.city import (
    AGENT,
    BAD,
    CALLBACK,
    DISPATCHER,
    GOOD,
    PHONE,
    RESULT,
    REVIEWER,
    SUPERVISOR,
    VENDING,
    Hotline,
    address,
    lead_staff,
    link,
    staff,
)
from ticketing.model.labels import Action, RehandleGround, SideAction, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.row_views import TicketRow
from ticketing.rules.fields import FIELDS, fields_of
from ticketing.rules.requests import RULES
from ticketing.views import TicketView


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


PNG = picture()


@dataclass
class Web:
    """Calls routes by method and path, as the house does."""

    desk: Hotline

    async def __call__(self, method: str, path: str, by: Principal, body: Any = None, **query: Any) -> Any:
        for route in self.desk.room.room.routes:
            found = _match(route.path, path)
            if route.method == method and found is not None:
                scope = allow(by, route.may)
                asked = msgspec.convert(query, route.query, strict=False) if route.query else None
                sent = body if isinstance(body, tuple) else None
                form = msgspec.convert({} if sent else body or {}, route.body) if route.body else None
                call = Call(by, scope, found, asked, form, sent or ())
                return msgspec.to_builtins(await route.handler(call))
        raise AssertionError(f"no route {method} {path}")

    async def send(self, path: str, by: Principal, fields: dict[str, str], uploads: tuple[Upload, ...]) -> Any:
        """A form with files, its fields in words as a page sends them."""
        for route in self.desk.room.room.routes:
            found = _match(route.path, path)
            if route.method == "POST" and found is not None and route.body is not None:
                form: object = msgspec.convert(fields, route.body, strict=False)
                call = Call(by, allow(by, route.may), found, None, form, uploads)
                return msgspec.to_builtins(await route.handler(call))
        raise AssertionError(f"no route POST {path}")


def _match(pattern: str, path: str) -> dict[str, str] | None:
    ours, theirs = pattern.removeprefix("/api/v1/").split("/"), path.split("/")
    if len(ours) != len(theirs):
        return None
    found = {}
    for hole, value in zip(ours, theirs, strict=True):
        if hole.startswith("{"):
            found[hole.strip("{}")] = value
        elif hole != value:
            return None
    return found


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


def test_a_whole_ticket_has_all_a_row_has() -> None:
    assert [f.name for f in fields(TicketView)][: len(fields(TicketRow))] == [f.name for f in fields(TicketRow)]


def test_every_route_names_a_permission_somebody_has(desk: Hotline) -> None:
    for route in desk.room.room.routes:
        assert route.may in PUBLIC or route.may is May.TRACK_TICKET or PERMISSIONS[route.may]


def test_every_field_of_every_form_has_its_words() -> None:
    for asked in (*Action, *SideAction, *RULES):
        for field in fields_of(asked):
            assert field.label
            assert field.name in FIELDS
            assert field.type != "choice" or field.options or field.name in {"area", "request", "assignment"}, asked


async def test_a_unit_works_a_ticket_with_the_buttons_it_is_shown(web: Web) -> None:
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    for wanted, form in (
        ("accept", {}),
        ("start", {"contacted_at": "now", "contact_how": "用办公座机打通并核对了情况"}),
        ("submit_result", {"outcome": "explained", "phone": "0757-82345678"}),
    ):
        seen = await web("GET", one, unit)
        primary = [button for button in seen["actions"] if button["primary"]]
        assert wanted in [button["action"] for button in primary]
        needed = next(b for b in primary if b["action"] == wanted)["fields"]
        filled = {f["name"]: "现场已清理三处" for f in needed if f["required"] and f["type"] != "choice"} | form
        seen = await web("POST", f"{one}/actions/{wanted}", unit, {"version": seen["version"], "form": filled})
    assert seen["state"] == "review"
    assert not any(button["primary"] for button in seen["actions"])


async def test_what_is_handled_again_says_for_the_how_manieth_time_in_the_units_inbox(web: Web) -> None:
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    (row,) = (await web("GET", "tickets", unit, view="inbox"))["items"]
    assert row["rehandles"] == 0
    await web.desk.to_reply(ticket)
    await web.desk.act(ticket, Action.RATE, link(ticket), **BAD)
    again = await web.desk.act(ticket, Action.REHANDLE, CALLBACK, reason_code=RehandleGround.UNSOLVED.value)
    await web.desk.act(again, Action.RESTART, unit)
    (row,) = (await web("GET", "tickets", unit, view="inbox"))["items"]
    assert (row["state"], row["rehandles"]) == ("in_progress", 1)
    assert (await web("GET", f"tickets/{ticket.number}", unit))["rehandles"] == 1


async def test_rows_are_masked_and_carry_light_and_remaining_time(web: Web) -> None:
    ticket = await web.desk.open(f"我叫李四，电话{PHONE}，{VENDING}")
    page = await web("GET", "tickets", DISPATCHER, view="all")
    (row,) = page["items"]
    assert PHONE not in str(page)
    assert (row["light"], row["remaining_text"]) == ("green", "还剩7个工作日")
    assert row["unit_name"].endswith("祖庙街道办事处")
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    assert seen["requester"]["phone"] == "138****8000"
    assert [line["action"] for line in seen["timeline"]] == ["submit", "triage", "dispatch"]
    assert seen["decision"]["lines"][0].startswith("因为：占道经营")


async def test_a_unit_is_shown_its_own_lists_only(web: Web) -> None:
    ticket = await web.desk.open()
    unit, other = lead_staff(ticket), staff(Role.LIAISON, unit="NH-GC")
    assert (await web("GET", "tickets/counts", unit)) == {"inbox": 1, "all": 1, "approval": 0}
    assert (await web("GET", "tickets", other, view="inbox"))["items"] == []
    with pytest.raises(NotAllowed):
        await web("GET", "tickets", unit, view="triage")
    with pytest.raises(NotFound):
        await web("GET", f"tickets/{ticket.number}", other)
    with pytest.raises(NotAllowed):
        await web("GET", "tickets", staff(Role.EDITOR), view="all")


async def test_a_report_shows_no_identity_and_hides_its_authors_own_words_from_the_unit(web: Web) -> None:
    ticket = await web.desk.open(f"我住在隔壁三楼，{VENDING}", kind=TicketKind.REPORT)
    assert ticket.lead is not None
    for by in (SUPERVISOR, lead_staff(ticket)):
        seen = await web("GET", f"tickets/{ticket.number}", by)
        assert seen["requester"] == {"name": "", "phone": "已保密", "channel": "web", "secret": True}
    assert "隔壁三楼" not in str(seen)
    shown = await web("POST", f"tickets/{ticket.number}/unmask", SUPERVISOR, {"purpose": "核实举报线索并转交执法"})
    assert shown["phone"] == PHONE


async def test_a_stale_version_and_a_wrong_field_are_told(web: Web) -> None:
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    with pytest.raises(Conflict):
        await web("POST", f"{one}/actions/accept", unit, {"version": 1})
    with pytest.raises(Invalid) as error:
        await web("POST", f"{one}/requests", unit, {"kind": "extension", "form": {"new_due": "soon", "reason": "x"}})
    assert error.value.fields == {"new_due": "not_a_moment"}
    with pytest.raises(NotFound):
        await web("POST", f"{one}/actions/fly", unit, {"version": ticket.version})


async def test_a_request_is_asked_and_decided_on_the_screens(web: Web) -> None:
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    seen = await web("GET", one, unit)
    assert {each["action"] for each in seen["can_request"]} >= {"return", "extension"}
    form = {"new_due": "2026-03-27", "reason": "联合执法"}
    seen = await web("POST", f"{one}/requests", unit, {"kind": "extension", "form": form})
    assert not seen["requests"][0]["can_decide"]
    seen = await web("GET", one, DISPATCHER)
    (request,) = seen["requests"]
    assert request["can_decide"]
    decided = {"granted": True, "form": {"decision": "同意", "reason": "同意"}}
    seen = await web("POST", f"{one}/requests/{request['id']}", DISPATCHER, decided)
    assert seen["requests"][0]["state"] == "granted"


async def test_a_company_on_the_telephone_gets_the_limits_of_companies(web: Web) -> None:
    form = {"kind": "complaint", "text": VENDING, "where_text": "祖庙街道同济路", "phone": PHONE, "name": "张三"}
    due = {}
    for company in (True, False):
        opened = await web("POST", "tickets", AGENT, form | {"enterprise": company})
        seen = await web("GET", f"tickets/{opened['number']}", AGENT)
        assert ("enterprise" in [flag["value"] for flag in seen["flags"]]) is company
        due[company] = seen["due_at"]
    assert due[True] < due[False]


async def test_an_agent_writes_down_a_call_and_sees_where_it_went(web: Web) -> None:
    form = {"kind": "complaint", "text": VENDING, "where_text": "祖庙街道同济路", "phone": PHONE, "name": "张三"}
    opened = await web("POST", "tickets", AGENT, form)
    assert (opened["state"], opened["unit_name"]) == ("dispatched", "佛山市禅城区祖庙街道办事处")
    with pytest.raises(Invalid) as error:
        await web("POST", "tickets", AGENT, form | {"phone": "123"})
    assert error.value.fields == {"phone": "phone_invalid"}


async def test_another_matter_is_tried_without_changing_anything(web: Web) -> None:
    ticket = await web.desk.open()
    tried = await web("POST", f"tickets/{ticket.number}/suggest", DISPATCHER, {"matter": "street-lamp"})
    assert tried["candidates"][0]["unit"] == "CC-CG"
    assert await web.desk.now(ticket) == ticket


async def test_matters_are_found_by_name_word_and_meaning(web: Web) -> None:
    for words in ("占道", "走鬼", "street-vending"):
        found = await web("GET", "matters", DISPATCHER, q=words)
        assert "street-vending" in [matter["code"] for matter in found["items"]]
    assert (await web("GET", "matters", DISPATCHER))["total"] == 150


async def test_the_citizens_page_tells_who_has_it_and_lets_them_vote(web: Web) -> None:
    ticket = await web.desk.open()
    found = await web("POST", "track", AGENT, {"number": ticket.number, "code": ticket.query_code})
    assert found["link"].startswith("/track/")
    seen = await web("GET", "track/x", link(ticket))
    assert (seen["state_label"], seen["step"], seen["hops"]) == ("已交承办单位", 1, 1)
    assert set(seen["can"]) == {"urge", "withdraw", "add_photo"}
    urged = await web("POST", "track/x/urge", link(ticket))
    assert urged["timeline"][-1]["label"] == "您已催办"
    await web.desk.to_reply(ticket)
    seen = await web("GET", "track/x", link(ticket))
    assert set(seen["can"]) == {"rate", "add_photo"}
    rated = await web("POST", "track/x/rate", link(ticket), {key: value.value for key, value in GOOD.items()})
    assert (rated["state"], rated["rating"]["score_label"]) == ("closed", "满意")
    assert "李工" not in str(rated)
    assert set(rated["can"]) == {"rate", "rehandle"}
    again = await web("POST", "track/x/rehandle", link(ticket), {"text": "又摆出来了"})
    assert again["state_label"] == "重新办理"


async def test_a_citizen_cannot_do_what_the_state_does_not_know(web: Web) -> None:
    ticket = await web.desk.open()
    with pytest.raises(Conflict):
        await web("POST", "track/x/rate", link(ticket), {"score": "satisfied", "solved": "yes"})
    with pytest.raises(NotFound):
        await web("POST", "track/x/dispatch", link(ticket))


async def test_the_place_of_a_photo_becomes_the_tickets_only_if_the_citizen_allows_it(web: Web) -> None:
    ticket, photo = await web.desk.open(), (Upload("file", "现场.jpg", taken_at((23.0, 1.0, 48.0))),)
    await web("POST", "track/x/photos", link(ticket), photo)
    assert (await web.desk.now(ticket)).point is None
    await web("POST", "track/x/photos", link(ticket), photo, place=True)
    assert (await web.desk.now(ticket)).point == GeoPoint(23.03, 113.12)


async def test_photos_are_added_by_link_and_scripts_are_not(web: Web) -> None:
    ticket = await web.desk.open()
    seen = await web("POST", "track/x/photos", link(ticket), (Upload("file", "路面.png", PNG),))
    assert [file["media"] for file in seen["attachments"]] == ["image"]
    with pytest.raises(Invalid):
        await web("POST", "track/x/photos", link(ticket), (Upload("file", "a.svg", b"<svg onload=alert(1)>"),))
    kept = await web("POST", f"tickets/{ticket.number}/attachments", AGENT, (Upload("file", "现场.png", PNG),))
    form = {"text": "补充照片", "evidence": [kept[0]["id"]]}
    version = (await web.desk.now(ticket)).version
    seen = await web("POST", f"tickets/{ticket.number}/actions/add_evidence", AGENT, {"version": version, "form": form})
    assert len(seen["attachments"]) == 2


async def test_a_closed_ticket_of_another_unit_is_gone_from_a_screen_but_not_from_the_hotlines(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    assert ticket.state is State.REPLIED
    assert (await web("GET", "tickets", lead_staff(ticket), view="inbox"))["items"] == []
    assert len((await web("GET", "tickets", lead_staff(ticket), view="all"))["items"]) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-27T16:00", "2026-03-27T16:00+08:00"),
        ("2026-03-27T08:00:00Z", "2026-03-27T16:00+08:00"),
        ("2026-03-27", "2026-03-27T17:30+08:00"),
    ],
)
async def test_a_moment_without_a_zone_is_the_citys(web: Web, written: str, meant: str) -> None:
    ticket = await web.desk.open()
    form = {"new_due": written, "reason": "联合执法"}
    sent = {"kind": "extension", "form": form}
    seen = await web("POST", f"tickets/{ticket.number}/requests", lead_staff(ticket), sent)
    assert datetime.fromisoformat(seen["requests"][0]["new_due"]) == datetime.fromisoformat(meant)


async def test_a_result_opens_with_who_hands_it_in_and_the_number_they_gave_last(web: Web) -> None:
    first = await web.desk.open()
    unit, colleague = lead_staff(first), replace(lead_staff(first), id="handler-2", name="陈工")
    await web.desk.act(first, Action.ACCEPT, unit)
    await web.desk.act(
        first, Action.START, unit, contacted_at=web.desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )

    async def opens_with(ticket: Ticket, by: Principal) -> dict[str, str]:
        seen = await web("GET", f"tickets/{ticket.number}", by)
        (form,) = [each["fields"] for each in seen["actions"] if each["action"] == "submit_result"]
        return {each["name"]: each["value"] for each in form if each["name"] in {"handler", "phone"}}

    assert await opens_with(first, unit) == {"handler": unit.name, "phone": ""}
    given = RESULT | {"handler": "李工", "phone": "0757-82345678"}
    await web.desk.act(first, Action.SUBMIT_RESULT, unit, **given)
    second = await web.desk.open(address=address("two"), contact="13900139000")
    await web.desk.act(second, Action.ACCEPT, unit)
    await web.desk.act(
        second, Action.START, unit, contacted_at=web.desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )
    assert await opens_with(second, unit) == {"handler": "李工", "phone": "0757-82345678"}
    assert await opens_with(second, colleague) == {"handler": "陈工", "phone": ""}
    await web.desk.act(first, Action.BOUNCE, REVIEWER, reason="答复没有逐点回应")
    assert await opens_with(first, unit) == {"handler": "李工", "phone": "0757-82345678"}

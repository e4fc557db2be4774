"""On /admin accounts are made, found, changed, shut and made many at once; their holders choose their own passwords."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from playwright.async_api import expect

from tests.journeys.browser.conftest import DESK, PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import Staff
from tests.journeys.house import PASSWORD, RunningHouse
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

CHOSEN = "a password of my own"


def new_login() -> str:
    return f"p-{uuid4().hex[:10]}"


async def found(admin: Hands, login: str) -> None:
    """Looks an account up and opens it."""
    await admin.page.fill("users-pane input[type=search]", login)
    await admin.click(admin.at(f"users-pane [data-login='{login}']"))
    await expect(admin.at("user-card h1 + .row")).to_contain_text(login)
    await expect(admin.at("user-card [data-history] li").first).to_be_visible()


async def shown_once(admin: Hands) -> str:
    """The secret on the screen; nothing but the button closes it, and then it is gone."""
    secret = await admin.at("[data-secret]").inner_text()
    await admin.page.keyboard.press("Escape")
    await expect(admin.at("[data-secret]")).to_be_visible()
    await admin.click(admin.at("[data-close]"))
    await expect(admin.at("dialog")).to_have_count(0)
    assert secret not in await admin.page.content()
    return secret


async def test_a_new_colleague_gets_an_account_in_four_clicks_and_chooses_a_password(sit_down: SitDown) -> None:
    admin, login = await sit_down("/admin#users", "admin"), new_login()
    await expect(admin.at("users-pane .list__item").first).to_be_visible()
    admin.start_counting()
    await admin.click(admin.at("users-pane [data-new]"))
    await expect(admin.at("#user-login")).to_be_focused()
    await admin.write(login)
    await admin.press("Tab")
    await admin.write("新来的话务员")
    await admin.click(admin.at("dialog input[value=agent]"))
    await admin.click(admin.at("dialog [data-save]"))
    password = await shown_once(admin)
    assert (admin.clicks, admin.keys) == (4, 1)
    await expect(admin.at("user-card")).to_contain_text("从未登录")
    await expect(admin.at("user-card")).to_contain_text("初始密码，首次登录须修改")
    colleague = await sit_down("/login")
    await colleague.page.fill("#login", login)
    await colleague.page.fill("#password", password)
    await colleague.press("Enter")
    await colleague.page.wait_for_url("**/account")
    await expect(colleague.at("[role=alert]")).to_contain_text("请先修改初始密码")
    await expect(colleague.at(".bar__nav a")).to_have_count(0)
    for name, value in (("old", password), ("new", CHOSEN), ("again", "something else")):
        await colleague.page.fill(f"#own-{name}", value)
    await colleague.click(colleague.at("[data-save]"))
    await expect(colleague.at("#own-again-said")).to_contain_text("两次输入不一致")
    await colleague.page.fill("#own-again", CHOSEN)
    await colleague.press("Enter")
    await colleague.page.wait_for_url("**/desk")
    await expect(colleague.at(".line-state[data-state=open]")).to_be_attached()
    await found(admin, login)
    await expect(admin.at("user-card .facts")).to_contain_text("本人设定")


async def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#users", "admin")
    await admin.click(admin.at("users-pane [data-new]"))
    await admin.page.fill("#user-login", "有 空格")
    await admin.click(admin.at("dialog [data-kind=unit]"))
    await admin.click(admin.at("dialog [data-save]"))
    await expect(admin.at("dialog .field__error")).to_have_count(3)
    await expect(admin.at("#user-login")).to_be_focused()
    await expect(admin.at("#user-login")).to_have_value("有 空格")
    admin.faults.remove("422 POST /api/v1/staff")
    # A contractor's roles are fewer, and the form offers no others.
    await admin.click(admin.at("dialog [data-kind=hotline]"))
    await admin.click(admin.at("dialog input[value=dispatcher]"))
    await admin.click(admin.at("dialog input[name=outsourced]"))
    await expect(admin.at("dialog input[value=dispatcher]")).to_be_disabled()
    await expect(admin.at("dialog input[value=dispatcher]")).not_to_be_checked()
    await expect(admin.at("dialog input[value=agent]")).to_be_enabled()


async def test_a_forgotten_password_is_reset_in_four_clicks(
    sit_down: SitDown, staff: Staff, house: RunningHouse
) -> None:
    login = new_login()
    made = await (await staff.of("admin")).post("/staff", {"login": login, "name": "忘性大", "roles": ["analyst"]})
    admin = await sit_down("/admin#users", "admin")
    await expect(admin.at("users-pane .list__item").first).to_be_visible()
    admin.start_counting()
    await found(admin, login)
    await admin.click(admin.at("[data-do=reset]"))
    await admin.click(admin.at("dialog button[value=yes]"))
    password = await shown_once(admin)
    assert admin.clicks == 4
    async with Person(house.url) as person:
        await person.post("/session", {"login": login, "password": made["password"]}, expect=403)
        assert (await person.post("/session", {"login": login, "password": password}))["staff"]["renew"] is True
    await expect(admin.at("[data-history] li", has_text="重置密码")).to_be_visible()


async def test_an_account_is_changed_shut_and_opened_again_and_its_history_says_so(
    sit_down: SitDown, staff: Staff, house: RunningHouse
) -> None:
    login = new_login()
    made = await (await staff.of("admin")).post("/staff", {"login": login, "name": "小李", "roles": ["agent"]})
    admin = await sit_down("/admin#users", "admin")
    async with Person(house.url) as person:
        await person.post("/session", {"login": login, "password": made["password"]})
        await found(admin, login)
        await admin.click(admin.at("[data-do=edit]"))
        await admin.click(admin.at("dialog input[value=shift_lead]"))
        await admin.click(admin.at("dialog [data-save]"))
        await expect(admin.at(".toast--good")).to_contain_text("已保存")
        change = admin.at("[data-history] li").filter(has_text=re.compile("^\\s*修改"))
        await expect(change).to_contain_text("话务员、班长")
        await expect(change).to_contain_text("管理员01号")
        await admin.click(admin.at("[data-do=shut]"))
        await expect(admin.at("dialog")).to_contain_text("立即退出所有登录")
        await admin.click(admin.at("dialog button[value=yes]"))
        await expect(admin.at("user-card .pane__head")).to_contain_text("已停用")
        await person.get("/session", expect=401)
    await expect(admin.at("[data-do=edit]")).to_have_count(0)
    await admin.click(admin.at("[data-do=open]"))
    await expect(admin.at("user-card .pane__head")).to_contain_text("在用")
    for word in ("停用", "重新启用", "建立账号"):
        await expect(admin.at("[data-history]").get_by_text(word, exact=True)).to_be_visible()


async def test_a_unit_without_liaison_is_work_that_two_clicks_do(sit_down: SitDown, staff: Staff) -> None:
    office = await staff.of("admin")
    (liaison,) = (await office.get("/staff?q=ss-rs&role=liaison"))["items"]
    await office.call("PATCH", f"/staff/{liaison['id']}", {"active": False})
    admin = await sit_down("/admin#users", "admin")
    await admin.click(admin.page.get_by_role("tab", name="待配联络员"))
    await expect(admin.at(".people-gap", has_text=liaison["unit_name"])).to_be_visible()
    admin.start_counting()
    await admin.click(admin.at(f"[data-gap='{liaison['unit']}']"))
    await expect(admin.at("#user-login")).to_have_value(f"{liaison['login']}-2")
    await expect(admin.at("dialog input[value=liaison]")).to_be_checked()
    await admin.page.fill("#user-name", "新联络员")
    await admin.click(admin.at("dialog [data-save]"))
    assert admin.clicks == 2
    await shown_once(admin)
    await expect(admin.at(f"[data-gap='{liaison['unit']}']")).to_have_count(0)


async def test_many_accounts_come_from_a_sheet_and_go_out_with_their_passwords(
    sit_down: SitDown, tmp_path: Path, house: RunningHouse
) -> None:
    admin, logins = await sit_down("/admin#users", "admin"), [new_login() for _ in range(3)]
    await admin.click(admin.at("[data-import]"))
    async with admin.page.expect_download() as loading:
        await admin.click(admin.at("user-import a", has_text="下载空表"))
    path = tmp_path / "staff.xlsx"
    await (await loading.value).save_as(path)
    book = load_workbook(path)
    for login in logins:
        book["账号"].append([login, "批量", "话务员", "", ""])
    book["账号"].append(["x", "批量", "局长", "", ""])
    book.save(path)
    await admin.page.set_input_files("user-import input[type=file]", path)
    await admin.click(admin.at("[data-check]"))
    await expect(admin.at(".data-table tbody tr")).to_have_count(2)
    await expect(admin.at(".data-table")).to_contain_text("没有这种角色：局长")
    book["账号"].delete_rows(5)
    book.save(path)
    await admin.page.set_input_files("user-import input[type=file]", path)
    await admin.click(admin.at("[data-check]"))
    await expect(admin.at("user-import")).to_contain_text("检查无误：将建立 3 个账号")
    await admin.click(admin.at("[data-make]"))
    async with admin.page.expect_download() as loading:
        await admin.click(admin.at("[data-passwords]"))
    given = tmp_path / "passwords.xlsx"
    await (await loading.value).save_as(given)
    rows = list(load_workbook(given)["初始密码"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == logins
    async with Person(house.url) as person:
        await person.post("/session", {"login": rows[0][0], "password": rows[0][-1]})


async def test_roles_are_read_searched_and_lead_to_their_holders(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#roles", "admin")
    await expect(admin.at("roles-pane .notice")).to_contain_text("不能修改")
    await expect(admin.at("roles-pane [data-role]")).to_have_count(18)
    await admin.page.fill("roles-pane input[type=search]", "抽检")
    await expect(admin.at("roles-pane [data-role]")).to_have_count(3)
    await admin.click(admin.at("[data-role=reviewer]"))
    await expect(admin.at(".people-hit")).to_have_text(re.compile("抽检答复质量\\s*全部"))
    await admin.click(admin.at("roles-pane a", has_text="查看担任人员"))
    await expect(admin.at("users-pane [data-login=reviewer]")).to_be_visible()
    await expect(admin.at("users-pane select[name=role]")).to_have_value("reviewer")
    # From a person to what they may do.
    await admin.click(admin.at("[data-login=reviewer]"))
    await admin.click(admin.at("user-card summary"))
    await expect(admin.at("user-card .grant", has_text="抽检答复质量")).to_be_visible()


async def test_people_end_what_they_have_open_elsewhere(sit_down: SitDown, staff: Staff, house: RunningHouse) -> None:
    login = new_login()
    made = await (await staff.of("admin")).post("/staff", {"login": login, "name": "两处登录", "roles": ["analyst"]})
    async with Person(house.url) as elsewhere:
        await elsewhere.post("/session", {"login": login, "password": made["password"]})
        await elsewhere.post("/session/password", {"old": made["password"], "new": PASSWORD})
        await elsewhere.sign_in(login)
        own = await sit_down("/account", login)
        await expect(own.at(".own-session", has_text="当前")).to_be_visible()
        await own.click(own.at("[data-end]"))
        await expect(own.at(".toast--good")).to_contain_text("已退出")
        await expect(own.at("[data-end]")).to_have_count(0)
        await elsewhere.get("/session", expect=401)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_every_pane_and_form_fits_the_screen(sit_down: SitDown, size: tuple[int, int]) -> None:
    admin = await sit_down("/admin#users", "admin", size)
    await expect(admin.at("users-pane .list__item").first).to_be_visible()
    assert await admin.width() == size[0]
    await admin.click(admin.at("users-pane [data-new]"))
    assert await admin.width() == size[0]
    await admin.tab_to(admin.at("dialog [data-save]"))
    await admin.press("Escape")
    await expect(admin.at("dialog")).to_have_count(0)
    await found(admin, "callback")
    assert await admin.width() == size[0]
    for pane in ("roles", "keys", "webhooks"):
        await admin.page.goto(f"/admin#{pane}")
        await expect(admin.at(f"{pane}-pane .pane__head").first).to_be_visible()
        assert await admin.width() == size[0], pane
    await admin.page.goto("/account")
    await expect(admin.at(".own-session").first).to_be_visible()
    assert await admin.width() == size[0]

"""The shared modules do in a real browser what the pages count on."""

import json
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from playwright.async_api import Page, Request, Route

from tests.web.conftest import Recorder

pytestmark = pytest.mark.browser

SIZES = [(1366, 768), (390, 844)]


async def gallery(page: Page, site: str) -> None:
    await page.goto(f"{site}/shared/gallery.html")
    await page.locator(".stat__value").first.wait_for()


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_the_gallery_keeps_the_policy_and_never_scrolls_sideways(
    page: Page, site: str, width: int, height: int, look: str
) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    name, value = ("elder", "on") if look == "elder" else ("theme", look)
    await page.add_init_script(f"localStorage.setItem('hotline.{name}', '{value}')")
    await page.set_viewport_size({"width": width, "height": height})
    await gallery(page, site)
    assert await page.evaluate("window.violations") == []
    assert problems == []
    assert await page.evaluate("document.documentElement.scrollWidth") == width


ENTER = """async ([site, steps]) => {
  const { Composition, isSendKey } = await import(`${site}/shared/keys.js`);
  const field = document.createElement("textarea");
  document.body.append(field);
  const state = new Composition().watch(field);
  let sent = 0;
  field.addEventListener("keydown", (event) => { if (isSendKey(event, state)) sent += 1; });
  for (const [type, init] of steps) {
    const Kind = type.startsWith("composition") ? CompositionEvent : KeyboardEvent;
    field.dispatchEvent(new Kind(type, { key: "Enter", bubbles: true, ...init }));
  }
  return sent;
}"""
START: tuple[str, dict[str, object]] = ("compositionstart", {})
END: tuple[str, dict[str, object]] = ("compositionend", {})
UP: tuple[str, dict[str, object]] = ("keyup", {})
PLAIN: tuple[str, dict[str, object]] = ("keydown", {"keyCode": 13})


@pytest.mark.parametrize(
    ("steps", "sent"),
    [
        pytest.param([PLAIN], 1, id="a plain Enter sends"),
        pytest.param([("keydown", {"keyCode": 13, "shiftKey": True})], 0, id="Shift and Enter is a new line"),
        pytest.param(
            [START, ("keydown", {"keyCode": 229, "isComposing": True}), END, UP], 0, id="Chrome: keydown, then end"
        ),
        pytest.param([START, END, ("keydown", {"keyCode": 229}), UP], 0, id="Safari: end, then keydown 229"),
        pytest.param([START, END, PLAIN, UP], 0, id="end, then keydown 13 of the same key press"),
        pytest.param([START, END, ("keydown", {"keyCode": 229}), UP, PLAIN], 1, id="the next Enter sends"),
        pytest.param([("keydown", {"keyCode": 229})], 1, id="229 without a composition still sends"),
        pytest.param([START, PLAIN], 0, id="nothing is sent while composing"),
    ],
)
async def test_enter_sends_only_when_the_input_method_is_done_p09(
    page: Page, site: str, steps: list[tuple[str, dict[str, object]]], sent: int
) -> None:
    await gallery(page, site)
    assert await page.evaluate(ENTER, [site, steps]) == sent


async def call(page: Page, site: str, body: str) -> dict[str, object]:
    script = f"""async (site) => {{
      const {{ api, ApiError }} = await import(`${{site}}/shared/api.js`);
      try {{ return {{ ok: await ({body}) }}; }}
      catch (error) {{ return {{ ...error, isApiError: error instanceof ApiError }}; }}
    }}"""
    return cast("dict[str, object]", await page.evaluate(script, site))


async def cut_first_call(page: Page) -> list[Request]:
    """Cuts the line under the first call to the API; gives all calls as the browser made them. (A server that
    resets a reused connection shows nothing: Chromium then sends again by itself, with the same headers.)"""
    made: list[Request] = []

    async def cut(route: Route) -> None:
        made.append(route.request)
        await (route.abort("connectionfailed") if len(made) == 1 else route.continue_())

    await page.route("**/api/v1/**", cut)
    return made


async def test_a_post_carries_the_csrf_token_and_repeats_its_key_after_a_cut_line(
    page: Page, site: str, recorder: Recorder
) -> None:
    await gallery(page, site)
    await page.evaluate("document.cookie = 'hotline_csrf=a%20token'")
    recorder.answers = [web.json_response({"number": "1"})]
    made = await cut_first_call(page)
    assert await call(page, site, "api.post('/tickets', {what: '路灯不亮'})") == {"ok": {"number": "1"}}
    first, second = made
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    [(_, _, headers, body)] = recorder.asked
    assert headers["Idempotency-Key"] == first.headers["idempotency-key"]
    assert headers["X-CSRF-Token"] == "a token"
    assert json.loads(body) == {"what": "路灯不亮"}


async def test_the_same_post_pressed_again_after_a_failure_keeps_its_key_and_a_new_one_does_not(
    page: Page, site: str, recorder: Recorder
) -> None:
    await gallery(page, site)
    recorder.answers = [web.Response(status=503), web.json_response({}), web.json_response({})]
    for _ in range(3):
        await call(page, site, "api.post('/messages', {text: '您好'})")
    failed, repeated, new = (headers["Idempotency-Key"] for _, _, headers, _ in recorder.asked)
    assert failed == repeated
    assert new != repeated


async def test_a_list_is_read_on_until_its_end(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    recorder.answers = [
        web.json_response({"items": [1, 2], "total": 5, "next": "a"}),
        web.json_response({"items": [3, 4], "total": 5, "next": "b"}),
        web.json_response({"items": [5], "total": 5, "next": None}),
    ]
    found = await call(page, site, "api.all('/keys', {q: '路灯'})")
    assert found["ok"] == {"items": [1, 2, 3, 4, 5], "total": 5, "next": None}
    asked = [parse_qs(urlsplit(path).query) for _, path, _, _ in recorder.asked]
    assert [each.get("cursor") for each in asked] == [None, ["a"], ["b"]]
    assert all(each["q"] == ["路灯"] and each["limit"] == ["200"] for each in asked)


async def test_a_patch_is_never_sent_twice(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    made = await cut_first_call(page)
    error = await call(page, site, "api.patch('/tickets/1', {})")
    assert error.get("code") == "network", error
    assert len(made) == 1
    assert recorder.asked == []


async def test_a_problem_becomes_an_error_with_its_fields_and_present_state(
    page: Page, site: str, recorder: Recorder
) -> None:
    await gallery(page, site)
    problem = {"code": "stale", "detail": "已被他人更新", "fields": {"phone": "格式不对"}, "current": {"version": 3}}
    recorder.answers = [web.json_response(problem, status=409, content_type="application/problem+json")]
    error = await call(page, site, "api.put('/tickets/1', {version: 2})")
    assert error["isApiError"] is True
    assert {key: error[key] for key in ("status", *problem)} == {"status": 409, **problem}


async def test_a_query_leaves_out_what_is_empty_and_repeats_lists(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    await call(page, site, "api.get('/tickets', {q: '灯', state: ['ACCEPTED', 'REVIEW'], unit: '', page: null})")
    assert recorder.asked[0][1] == "/api/v1/tickets?q=%E7%81%AF&state=ACCEPTED&state=REVIEW"


async def test_who_is_not_signed_in_is_taken_to_the_sign_in_page_and_back(
    page: Page, site: str, recorder: Recorder
) -> None:
    await gallery(page, site)
    recorder.answers = [web.Response(status=401)]
    async with page.expect_navigation(wait_until="commit"):
        await page.evaluate(
            "async (site) => { (await import(`${site}/shared/api.js`)).api.get('/x').catch(() => 0); }", site
        )
    assert page.url.endswith("/login?next=%2Fstatic%2Fshared%2Fgallery.html")


async def test_files_go_as_parts_of_a_form(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    await call(page, site, "api.upload('/attachments', [new File(['abc'], '路灯.txt')], {fields: {link: 'x'}})")
    method, _, headers, body = recorder.asked[0]
    assert method == "POST"
    assert headers["Content-Type"].startswith("multipart/form-data")
    assert 'name="file"; filename="路灯.txt"' in body
    assert "Idempotency-Key" in headers


async def test_the_live_line_resumes_after_the_last_fact_seen_and_drops_repeats_p18(
    page: Page, site: str, recorder: Recorder
) -> None:
    def fact(position: int) -> dict[str, object]:
        return {"type": "fact", "position": position, "kind": "ticket.opened", "subject": "1", "data": {}}

    await gallery(page, site)
    recorder.frames = [
        [{"type": "welcome", "position": 4}, fact(5), fact(6)],
        [{"type": "welcome", "position": 8}, fact(6), fact(7), {"type": "ping"}, {"type": "resync"}],
    ]
    seen = await page.evaluate(
        """async (site) => {
          const { connect } = await import(`${site}/shared/live.js`);
          const seen = [], states = [];
          let line;
          await new Promise((done) => (line = connect({
            after: 4,
            random: () => 0,
            onFact: (fact) => seen.push(fact.position),
            onState: (state) => states.push(state),
            onResync: done,
          })));
          line.close();
          return { seen, states };
        }""",
        site,
    )
    assert seen["seen"] == [5, 6, 7]
    assert seen["states"] == ["connecting", "open", "lost", "connecting", "open"]
    await recorder.ended.wait()
    assert recorder.hellos == [
        {"type": "hello", "after": 4},
        {"type": "hello", "after": 6},
        {"type": "pong"},
    ]


async def test_a_page_that_does_not_know_what_its_data_hold_reads_them_again_once_the_line_is_open(
    page: Page, site: str, recorder: Recorder
) -> None:
    await gallery(page, site)
    recorder.frames = [[{"type": "welcome", "position": 4}], [{"type": "welcome", "position": 4}, {"type": "ping"}]]
    read = await page.evaluate(
        """async (site) => {
          const { connect } = await import(`${site}/shared/live.js`);
          const read = [], opened = [];
          let line;
          await new Promise((done) => (line = connect({
            random: () => 0,
            onResync: () => read.push("again"),
            onState: (state) => state === "open" && opened.push(state) === 2 && done(),
          })));
          line.close();
          return read;
        }""",
        site,
    )
    assert read == ["again"]
    assert recorder.hellos[:2] == [{"type": "hello", "after": None}, {"type": "hello", "after": 4}]


async def test_a_line_closed_as_signed_out_opens_the_sign_in_page(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    recorder.close_code = 4401
    async with page.expect_navigation(wait_until="commit"):
        await page.evaluate("async (site) => { (await import(`${site}/shared/live.js`)).connect({}); }", site)
    assert "/login?next=" in page.url


FORMAT = """async ([site, name, args]) => {
  const module = await import(`${site}/shared/format.js`);
  return module[name](...args);
}"""
NOW = "2026-11-23T14:05:00+08:00"


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("when", ["2026-11-23T06:04:00Z", NOW], "今天 14:04"),
        ("when", ["2026-11-22T16:00:00Z", NOW], "今天 00:00"),
        ("when", ["2026-11-22T15:59:00Z", NOW], "昨天 23:59"),
        ("when", ["2026-11-20T09:30:00+08:00", NOW], "11月20日 09:30"),
        ("when", ["2025-11-20T09:30:00+08:00", NOW], "2025年11月20日 09:30"),
        ("ago", ["2026-11-23T14:00:00+08:00", NOW], "5 分钟前"),
        ("dueText", ["2026-11-23T11:05:00+08:00", {"now": NOW}], "已超期 3 小时"),
        ("dueText", ["2026-11-23T14:30:00+08:00", {"now": NOW}], "还剩 25 分钟"),
        ("dueText", ["2026-11-23T17:30:00+08:00", {"now": NOW}], "今天 17:30 到期"),
        ("dueText", ["2026-11-25T17:30:00+08:00", {"now": NOW, "workingDays": 2}], "还剩 2 个工作日"),
        ("dueText", ["2026-11-25T17:30:00+08:00", {"now": NOW}], "11月25日 17:30 到期"),
        ("dueText", [None, {"paused": True}], "已暂停计时"),
        ("maskPhone", ["138 1234 5678"], "138****5678"),
        ("maskName", ["欧阳小明"], "欧**"),
    ],
)
async def test_times_and_names_read_as_people_say_them_in_any_zone(
    page: Page, site: str, name: str, args: list[object], text: str
) -> None:
    await gallery(page, site)
    assert await page.evaluate(FORMAT, [site, name, args]) == text

"""Every failure has a status and Chinese words, and tells nothing it should not."""

import ast
import json
import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO

import pytest

from hotline.failures import STATUS, TooLarge, TooMany, headers_of, problem_of, status_of
from hotline.wording import CODES, FIELDS, STATUSES
from kernel import errors
from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable
from kernel.logs import configure_logging
from tests.hotline.conftest import Browser
from tests.rooms import ROOMS, ROOT

ERROR_CLASSES = {"Invalid", "NotAllowed", "Conflict", "Unavailable"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotSignedIn(), 401),
        (NotAllowed(), 403),
        (NotFound("ticket"), 404),
        (Conflict(), 409),
        (TooLarge(256), 413),
        (Invalid({"text": "missing"}), 422),
        (TooMany(3), 429),
        (Unavailable(), 503),
        (RuntimeError("x"), 500),
    ],
)
def test_a_class_of_errors_has_its_status(error: Exception, status: int) -> None:
    assert status_of(error) == status


def test_every_class_of_errors_has_a_row() -> None:
    rows = tuple(kind for kind, _ in STATUS)
    classes = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, HotlineError)}
    assert [kind for kind in classes - {HotlineError} if not issubclass(kind, rows)] == []


def test_every_status_has_words() -> None:
    assert {status for _, status in STATUS} <= set(STATUSES)


def _codes_raised() -> dict[str, str]:
    """Every code that stands literally at a raise of one of the kernel's errors, with its place."""
    found: dict[str, str] = {}
    for room in ("kernel", *ROOMS):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
                if isinstance(node, ast.Assign) and _notes_a_fault(node.targets[0]):
                    found |= dict.fromkeys(_literals([node.value]), where)
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERROR_CLASSES:
                    found |= dict.fromkeys(_codes_of(node), where)
    return found


def _codes_of(call: ast.Call) -> list[str]:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if getattr(call.func, "id", "") == "Invalid":
        fields = call.args[0] if call.args else None
        given += fields.values if isinstance(fields, ast.Dict) else []
    else:
        given += call.args[:1]
    return _literals(given)


def _notes_a_fault(target: ast.expr) -> bool:
    """Whether something is put under a field's name into a collection of faults: ``wrong["text"] = …``."""
    return isinstance(target, ast.Subscript) and getattr(target.value, "id", "") in {"wrong", "fields", "faults"}


def _literals(given: Sequence[ast.AST | None]) -> list[str]:
    branches = [(each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,) for each in given]
    flat = [each for branch in branches for each in branch]
    return [each.value for each in flat if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_every_code_has_chinese_words() -> None:
    known = set(CODES) | set(FIELDS)
    assert {code: where for code, where in _codes_raised().items() if code not in known} == {}


def test_words_are_chinese() -> None:
    texts = [*CODES.values(), *FIELDS.values(), *STATUSES.values()]
    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_the_present_state_is_told_at_a_conflict() -> None:
    problem = problem_of(Conflict(current={"version": 3}), "REF")
    assert (problem.status, problem.current) == (409, {"version": 3})


@pytest.mark.parametrize("code", ["wrong_state", "parts_open", "call_back_not_done", "urged_already"])
def test_only_what_somebody_else_changed_is_said_to_be_changed(code: str) -> None:
    assert "他人" not in problem_of(Conflict(code), "REF").title


@pytest.mark.parametrize("code", ["conflict", "ticket_changed", "article_changed"])
def test_what_somebody_else_changed_says_so(code: str) -> None:
    assert "已被他人更新" in problem_of(Conflict(code), "REF").title


def test_what_is_no_moment_is_refused_with_the_form_of_one() -> None:
    said = problem_of(Invalid({"new_due": "not_a_moment"}), "REF").fields["new_due"]
    assert "2026-03-09T17:30" in said


def test_the_lead_is_told_who_can_resolve_what_it_waits_for() -> None:
    said = problem_of(Conflict("parts_open"), "REF").detail
    assert all(words in said for words in ("该单位", "不同意见", "分办员", "督办员"))


def test_waiting_times_are_told_in_headers() -> None:
    assert headers_of(Unavailable(after=timedelta(seconds=7))) == {"Retry-After": "7"}
    assert headers_of(TooMany(3)) == {"Retry-After": "3"}


def test_words_that_want_more_than_the_error_says_fall_back_to_the_status() -> None:
    assert problem_of(HotlineError("too_many"), "R").status == 500
    assert problem_of(NotAllowed("too_large"), "R").detail == STATUSES[403]


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("invalid", 422, "invalid"),
        ("not_allowed", 403, "not_allowed"),
        ("not_found", 404, "not_found"),
        ("conflict", 409, "conflict"),
        ("unavailable", 503, "unavailable"),
        ("unforeseen", 500, "unexpected"),
    ],
)
async def test_an_error_becomes_a_problem(browser: Browser, what: str, status: int, code: str) -> None:
    answer = await browser.get(f"/api/v1/raise/{what}")
    problem = await answer.json()
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, "about:blank")
    assert problem["reference"] == answer.headers["X-Request-Id"]


async def test_an_unforeseen_error_tells_a_number_and_nothing_else(browser: Browser) -> None:
    out = StringIO()
    before = logging.getLogger().handlers[:]
    configure_logging(json=True, level="info", stream=out)
    try:
        answer = await browser.get("/api/v1/raise/unforeseen?secret=4711")
    finally:
        logging.getLogger().handlers[:] = before
    body = await answer.text()
    assert "13812345678" not in body
    assert json.loads(body)["detail"] == f"抱歉，系统出了点问题，请稍后重试（编号 {answer.headers['X-Request-Id']}）"
    logged = out.getvalue()
    assert answer.headers["X-Request-Id"] in logged
    assert "RuntimeError" in logged
    assert "13812345678" not in logged
    assert "4711" not in logged


async def test_a_person_gets_a_page_and_a_program_a_problem(browser: Browser) -> None:
    page = await browser.get("/nowhere", Accept="text/html")
    assert (page.status, page.content_type) == (404, "text/html")
    assert "没有找到相关内容" in await page.text()
    problem = await browser.get("/api/v1/nowhere", Accept="text/html")
    assert (problem.status, problem.content_type) == (404, "application/problem+json")


async def test_a_wrong_method_is_answered_as_such(browser: Browser) -> None:
    answer = await browser.send("DELETE", "/api/v1/notes")
    assert answer.status == 405
    assert (await answer.json())["detail"] == "不支持此操作方式"

"""Logs: structlog and the standard library through one pipeline, with nothing personal in it."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from kernel.logs import AccessLogger, configure_logging
from kernel.redaction import HIDDEN, is_hidden, redact, scrub

Lines = Callable[[], list[dict[str, object]]]
PERSONAL = "某某花园的张三"  # no pattern finds it; it must not get that far
ROUTED = ("", "sqlalchemy", "sqlalchemy.engine.Engine", "aiohttp", "asyncio", "aiohttp.access")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ROUTED]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    hook = sys.excepthook
    yield
    sys.excepthook = hook
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    for logger, handlers, level, propagate in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)
        logger.propagate = propagate


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def lines(out: io.StringIO) -> Lines:
    configure_logging(json=True, level="debug", stream=out)
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_and_logger(lines: Lines) -> None:
    structlog.get_logger("ticketing.tickets").info("ticket opened", ticket="20261123000123", count=2)
    (line,) = lines()
    assert line["event"] == "ticket opened"
    assert line["level"] == "info"
    assert line["logger"] == "ticketing.tickets"
    assert line["ticket"] == "20261123000123"
    assert line["count"] == 2
    assert datetime.fromisoformat(str(line["timestamp"])).tzinfo is not None


@pytest.mark.parametrize(
    "key",
    ["phone", "name", "text", "address", "id_number", "contact", "body", "openid", "token", "password", "caller_phone",
     "citizen_name", "access_token", "phone_numbers", "Set-Cookie", "Authorization", "link", "query_code",
     "message_text"],
)  # fmt: skip
def test_personal_fields_are_hidden_by_their_name(key: str, lines: Lines) -> None:
    structlog.get_logger().info("x", **{key: "secret"}, nested={"list": [{key: "secret"}]})
    (line,) = lines()
    assert line[key] == HIDDEN
    assert line["nested"] == {"list": [{key: HIDDEN}]}


@pytest.mark.parametrize(
    "key",
    ["ticket", "unit", "event_name", "file_name", "job_name", "channel", "ms", "status", "path", "count", "context"],
)
def test_technical_fields_are_shown(key: str) -> None:
    assert not is_hidden(key)


def test_personal_data_in_any_value_are_masked(lines: Lines) -> None:
    structlog.get_logger().warning(
        "called by 13800138000",
        where={"deep": ["身份证11010519491231002X", ("138-0013-8000",)]},
        number=13800138000,
        error=ValueError("no 13800138000"),
    )
    (line,) = lines()
    assert line["event"] == "called by 138****8000"
    assert line["where"] == {"deep": ["身份证110105**********2X", ["138****8000"]]}
    assert line["number"] == "138****8000"
    assert line["error"] == "ValueError: no 138****8000"


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Citizen:
    name: str


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (1732390000000, 1732390000000),
        (1.5, 1.5),
        (Colour.RED, "red"),
        (datetime(2026, 3, 16, 2, 0, tzinfo=UTC), "2026-03-16 02:00:00+00:00"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Path("/var/x"), "/var/x"),
        (Citizen("张三"), "<Citizen>"),
        (Decimal("1.5"), "<Decimal>"),
        (b"\x01", "<bytes>"),
        ({1: "a"}, {"1": "a"}),
    ],
)
def test_values_are_shown_only_if_their_kind_is_known(value: object, shown: object) -> None:
    assert redact(value) == shown


def test_values_that_hold_themselves_end() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert "<list>" in str(redact(endless))


def test_the_standard_library_takes_the_same_way(lines: Lines) -> None:
    logging.getLogger("some.library").error("failed for %s", "13800138000", extra={"phone": "13800138000", "try": 3})
    (line,) = lines()
    assert line["event"] == "failed for 138****8000"
    assert (line["logger"], line["level"], line["phone"], line["try"]) == ("some.library", "error", HIDDEN, 3)


def test_positional_arguments_of_structlog_are_filled_in_and_masked(lines: Lines) -> None:
    structlog.get_logger().info("sent to %s", "13800138000")
    assert [line["event"] for line in lines()] == ["sent to 138****8000"]


def test_context_variables_are_redacted_too(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(request="r1", openid="oAbC"):
        structlog.get_logger().info("x")
    (line,) = lines()
    assert (line["request"], line["openid"]) == ("r1", HIDDEN)


def test_a_traceback_has_no_local_values_and_masked_messages(lines: Lines) -> None:
    def fail(local_address: str) -> None:
        raise ValueError(f"bad number {138_0000_8000 + 0 * len(local_address)}")

    try:
        try:
            fail(PERSONAL)
        except ValueError as error:
            raise RuntimeError("电话13900139000") from error
    except RuntimeError:
        structlog.get_logger().exception("it failed")
        logging.getLogger("other").exception("it failed")
    for line in lines():
        shown = str(line["exception"])
        assert "ValueError: bad number 138****8000" in shown
        assert "RuntimeError: 电话139****9000" in shown
        assert "in fail" in shown
        assert PERSONAL not in shown
        assert "13800008000" not in shown
        assert "13900139000" not in shown


def test_an_exception_given_as_exc_info_is_described(lines: Lines) -> None:
    structlog.get_logger().error("x", exc_info=ValueError("tel 13800138000"))
    assert [line["exception"] for line in lines()] == ["ValueError: tel 138****8000"]


def test_the_values_of_a_failed_statement_do_not_show(lines: Lines) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT)"))
        connection.execute(sa.text("INSERT INTO t VALUES ('k', 'x')"))
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO t VALUES (:a, :b)"), {"a": "k", "b": PERSONAL})
    except sa.exc.IntegrityError:
        structlog.get_logger().exception("not saved")
    engine.dispose()
    shown = str([line for line in lines() if line["event"] == "not saved"])
    assert "UNIQUE constraint failed" in shown
    assert f"[parameters: {HIDDEN}" in shown
    assert PERSONAL not in shown


def test_the_row_in_postgresqls_detail_does_not_show() -> None:
    shown = scrub('duplicate key value violates "citizens_key"\nDETAIL:  Key (name)=(张三) already exists.')
    assert "citizens_key" in shown
    assert "张三" not in shown


def test_statements_that_sqlalchemy_echoes_show_no_values_and_no_raw_handler_is_added(
    lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = sa.create_engine("sqlite://", echo=True)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT :who"), {"who": PERSONAL})
    engine.dispose()
    shown = str(lines())
    assert "SELECT ?" in shown
    assert PERSONAL not in shown
    assert capsys.readouterr().out == ""


def test_sqlalchemy_logs_no_statements_even_at_debug(lines: Lines) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT 1"))
    engine.dispose()
    assert lines() == []


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/track/eyJ0IjoxfQ.c2ln?token=zz", f"/track/{HIDDEN}"),
        ("/api/v1/track/eyJ0IjoxfQ.c2ln", f"/api/v1/track/{HIDDEN}"),
        ("/api/v1/invitations/s3cr3t/accept?x=1", f"/api/v1/invitations/{HIDDEN}/accept"),
        ("/api/v1/tickets/20261123000123?phone=13800138000", "/api/v1/tickets/20261123000123"),
        ("/nowhere/13800138000?name=x", "/nowhere/138****8000"),
    ],
)
async def test_the_access_log_shows_neither_query_nor_link(path: str, shown: str, lines: Lines) -> None:
    app = web.Application()
    app.add_routes(
        [
            web.get("/track/{link}", _answer),
            web.get("/api/v1/track/{link}", _answer),
            web.get("/api/v1/invitations/{token}/accept", _answer),
            web.get("/api/v1/tickets/{number}", _answer),
        ]
    )
    server = TestServer(app)
    await server.start_server(access_log_class=AccessLogger, access_log=logging.getLogger("aiohttp.access"))
    async with TestClient(server) as client:
        response = await client.get(path, headers={"Referer": "https://x/track/abc?y=1", "User-Agent": "secret agent"})
        await response.text()
    (line,) = [line for line in lines() if line["logger"] == "aiohttp.access"]
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", shown, response.status)
    assert isinstance(line["ms"], float)
    for secret in ("eyJ0", "c2ln", "s3cr3t", "secret agent", "?", "13800138000"):
        assert secret not in str(line)


async def test_a_request_that_is_no_http_is_logged_without_harm(lines: Lines) -> None:
    server = TestServer(web.Application())
    await server.start_server(access_log_class=AccessLogger, access_log=logging.getLogger("aiohttp.access"))
    async with TestClient(server):
        reader, writer = await _connect(server)
        writer.write(b"NONSENSE 13800138000\r\n\r\n")
        assert b"400" in await reader.read(20)
        writer.close()
        await writer.wait_closed()
    assert "13800138000" not in str(lines())
    assert [line["status"] for line in lines() if line["logger"] == "aiohttp.access"] == [400]


async def _connect(server: TestServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(server.host, server.port)


def test_aiohttps_own_access_lines_are_scrubbed(lines: Lines) -> None:
    logging.getLogger("aiohttp.access").info(
        '%s "%s" 200 "%s"', "127.0.0.1", "GET /track/abc.def?t=1 HTTP/1.1", "https://city.example/track/abc.def?t=1"
    )
    (line,) = lines()
    assert line["event"] == (
        f'127.0.0.1 "GET /track/{HIDDEN}?{HIDDEN} HTTP/1.1" 200 "https://city.example/track/{HIDDEN}?{HIDDEN}"'
    )


@pytest.mark.parametrize("text", ["SELECT a FROM t WHERE b = ? AND c = ?", "why? because", "12345 is up", "a/b/c"])
def test_ordinary_text_is_not_cut(text: str) -> None:
    assert scrub(text) == text


def test_a_line_that_cannot_be_written_is_not_printed_raw(out: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=True, level="info", stream=out)  # here, so that pytest's own handler is off
    logging.getLogger("wrong").info("%d years", "张三 13800138000")
    line = json.loads(out.getvalue())
    assert (line["event"], line["at"], line["why"]) == ("log line lost", "wrong", "TypeError")
    assert capsys.readouterr().err == ""


def _fail() -> None:
    raise ValueError(f"tel {138_0013_8000}")


def test_an_uncaught_exception_is_a_log_line(lines: Lines) -> None:
    try:
        _fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    (line,) = lines()
    assert line["level"] == "critical"
    assert "ValueError: tel 138****8000" in str(line["exception"])


def test_lines_below_the_level_are_left_out(out: io.StringIO) -> None:
    configure_logging(json=True, level="warning", stream=out)
    structlog.get_logger().info("quiet")
    logging.getLogger("x").info("quiet")
    structlog.get_logger().warning("loud")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["loud"]


def test_configuring_twice_writes_each_line_once(out: io.StringIO) -> None:
    configure_logging(json=True, level="info", stream=io.StringIO())
    configure_logging(json=True, level="info", stream=out)
    logging.getLogger("aiohttp.server").info("once")
    assert len(out.getvalue().splitlines()) == 1


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        configure_logging(json=True, level="loud")
    assert refused.value.fields == {"log_level": "log_level_unknown"}


def test_the_console_form_is_redacted_as_well(out: io.StringIO) -> None:
    configure_logging(json=False, level="info", stream=out)
    try:
        _fail()
    except ValueError:
        structlog.get_logger().exception("failed for 13800138000", phone="13800138000", unit="某单位")
    shown = out.getvalue()
    assert "failed for 138****8000" in shown
    assert "unit=某单位" in shown
    assert "ValueError: tel 138****8000" in shown
    assert "13800138000" not in shown


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mobile_number_reaches_a_line(before: str, number: str) -> None:
    out = io.StringIO()
    configure_logging(json=True, level="info", stream=out)
    structlog.get_logger().info(f"{before}，{number}，", extra=[{"deep": f"x {number}"}])
    assert number not in out.getvalue()

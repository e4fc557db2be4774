"""Logging: structlog and the standard library through one pipeline that lets nothing personal through."""

import logging
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from structlog.typing import EventDict, Processor, WrappedLogger

from kernel.errors import Invalid
from kernel.redaction import HIDDEN, describe_exception, is_hidden, redact_fields, scrub

_ACCESS = "aiohttp.access"
# SQLAlchemy, aiosqlite and Elasticsearch's client log what is asked below this level.
_QUIET_LIBRARIES = {
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "elastic_transport": logging.WARNING,
    "asyncio": logging.INFO,
}
# What the pipeline itself writes under names that would be hidden, or that hold no text of people.
_OWN_KEYS = ("level", "logger", "timestamp")

_uncaught = structlog.get_logger("uncaught")


def configure_logging(*, json: bool, level: str, stream: TextIO | None = None) -> None:
    """Send all logging to ``stream`` (default: standard error) as JSON lines or, for people, as plain lines.

    ``level``: debug, info, warning, error or critical; Invalid otherwise. Call once at the start of a process.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise Invalid({"log_level": "log_level_unknown"})
    out = stream or sys.stderr
    shared = _shared_processors()
    handler = _Handler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_event, _renderer(json, out)],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    _route_standard_library(handler, number)
    sys.excepthook = _log_uncaught


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Structlog processor: exceptions described, personal fields hidden, every text scrubbed."""
    error = _exception_of(event.pop("exc_info", None))
    own = {key: event.pop(key) for key in _OWN_KEYS if key in event}
    name = scrub(str(event.pop("event", "")))
    redacted: EventDict = {**own, "event": name, **redact_fields(event)}
    if error is not None:
        redacted["exception"] = describe_exception(error)
    return redacted


class AccessLogger(AbstractAccessLogger):
    """aiohttp's access log without query strings, link segments, referrers and browsers' names."""

    @property
    def enabled(self) -> bool:
        return self.logger.isEnabledFor(logging.INFO)

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        self.logger.info(
            "request",
            extra={
                "method": request.method,
                "path": _shown_path(request),
                "status": response.status,
                "bytes": response.body_length,
                "ms": round(time * 1000, 1),
                "remote": request.remote,
            },
        )


class _Handler(logging.StreamHandler[TextIO]):
    """Says that a line failed, without the line: the standard library would print it raw."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        error = sys.exc_info()[0]
        reason = error.__name__ if error else "unknown"
        self.stream.write(f'{{"level": "error", "event": "log line lost", "at": "{record.name}", "why": "{reason}"}}\n')


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderer(json: bool, out: TextIO) -> Processor:
    if json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _route_standard_library(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for library, lowest in _QUIET_LIBRARIES.items():
        logging.getLogger(library).setLevel(max(level, lowest))
    for name in ("sqlalchemy", "sqlalchemy.engine.Engine", "aiohttp", _ACCESS, "asyncio"):
        logger = logging.getLogger(name)
        # The engine (echo=True) and aiohttp (debug) add a raw handler to a logger that has none.
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = True


def _exception_of(exc_info: object) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
        case _:
            return None


def _shown_path(request: web.BaseRequest) -> str:
    path = request.path
    for key, value in _path_values(request).items():
        if value and is_hidden(key):
            path = path.replace(value, HIDDEN)
    return scrub(path)


def _path_values(request: web.BaseRequest) -> Mapping[str, str]:
    if not isinstance(request, web.Request):
        return {}
    try:
        return request.match_info
    except AssertionError:  # a request so malformed that it was never routed
        return {}


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _uncaught.critical("uncaught exception", exc_info=error)

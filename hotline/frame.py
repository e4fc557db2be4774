"""The frame around every request: a number, security headers, errors as problems, one log line without secrets."""

import time
from collections.abc import Awaitable, Callable
from html import escape

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from hotline.failures import PROBLEM_TYPE, Problem, TooLarge, headers_of, problem_of
from hotline.metrics import Metrics
from hotline.security import SHARED_WITH, Origins
from kernel.errors import HotlineError, NotAllowed, NotFound
from kernel.ids import new_id
from kernel.room import Wire

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REFERENCE = web.RequestKey("reference", str)
REFERENCE_LENGTH = 8
# How a route writes its failures where another standard says how; put on the request by its endpoint.
WIRE = web.RequestKey("wire", Wire)

log = structlog.get_logger()


class MethodNotAllowed(NotAllowed):
    """The address exists, but not for this method."""

    def __init__(self) -> None:
        super().__init__("method_not_allowed")


def security_headers(origins: Origins, *, https: bool) -> dict[str, str]:
    """The headers of every answer that does not set its own."""
    sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in origins.own))
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "connect-src": f"'self' {sockets}",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(self), payment=(), usb=(), geolocation=(self)",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def framed(metrics: Metrics) -> Middleware:
    """The outermost middleware."""

    @web.middleware
    async def frame(request: web.Request, handler: Handler) -> web.StreamResponse:
        reference = new_id()[-REFERENCE_LENGTH:].upper()
        request[REFERENCE] = reference
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=reference)
        started = time.monotonic()
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = _routing(request, error, reference)
        except Exception as error:  # noqa: BLE001 - the last fence: whatever failed becomes an answer
            response = failure(request, error, reference)
        _record(request, response, metrics, time.monotonic() - started)
        return response

    return frame


async def add_headers(request: web.Request, response: web.StreamResponse, headers: dict[str, str]) -> None:
    """Put the security headers on, just before an answer goes out."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if SHARED_WITH in request:
        response.headers["Access-Control-Allow-Origin"] = request[SHARED_WITH]
        response.headers["Vary"] = "Origin"
    if REFERENCE in request:
        response.headers["X-Request-Id"] = request[REFERENCE]


def failure(request: web.BaseRequest, error: BaseException, reference: str) -> web.Response:
    """The answer to a failed request: a problem for programs, a small page for people."""
    problem = problem_of(error, reference)
    if isinstance(error, HotlineError):
        log.info("request.refused", code=error.code, status=problem.status)
    else:
        log.error("request.failed", exc_info=error)
    headers = {"Cache-Control": "no-store", **headers_of(error)}
    status = 405 if isinstance(error, MethodNotAllowed) else problem.status
    if WIRE in request:
        return _written(request[WIRE], status, problem, headers, error)
    if _wants_page(request):
        return web.Response(text=_page(problem), status=problem.status, content_type="text/html", headers=headers)
    return web.Response(body=msgspec.json.encode(problem), status=status, content_type=PROBLEM_TYPE, headers=headers)


def _written(wire: Wire, status: int, problem: Problem, headers: dict[str, str], error: BaseException) -> web.Response:
    what = error.data.get("what") if isinstance(error, NotFound) else None
    detail = f"{what} was not found: {problem.detail}" if what in wire.names else problem.detail
    words = "；".join([detail, *(f"{name}: {text}" for name, text in problem.fields.items())])
    status, body = wire.failure(status, words)
    return web.Response(body=body, status=status, content_type=wire.media_type, charset="utf-8", headers=headers)


def _routing(request: web.Request, error: web.HTTPException, reference: str) -> web.StreamResponse:
    known: dict[int, HotlineError] = {404: NotFound("page"), 405: MethodNotAllowed(), 413: TooLarge(0)}
    if error.status in known:
        return failure(request, known[error.status], reference)
    return web.Response(status=error.status, headers=error.headers, text=error.text)


def _record(request: web.Request, response: web.StreamResponse, metrics: Metrics, seconds: float) -> None:
    # The route's pattern, never the address itself: addresses hold links and numbers that open somebody's ticket.
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "unknown"
    metrics.add("requests_total", method=request.method, route=route, status=str(response.status))
    metrics.add("request_seconds_total", seconds, route=route)
    log.info("request", method=request.method, route=route, status=response.status, ms=round(seconds * 1000, 1))


def _wants_page(request: web.BaseRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")


def _page(problem: Problem) -> str:
    title = escape(problem.title)
    return (
        '<!doctype html><html lang="zh-Hans"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · 12345</title><h1>{title}</h1><p>{escape(problem.detail)}</p>"
        '<p><a href="/">返回首页</a></p></html>'
    )

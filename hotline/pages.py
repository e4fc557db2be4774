"""The pages and the files they are made of: which address shows which, and who must be signed in first."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from hotline.security import Doorman
from kernel.errors import NotFound
from kernel.people import Kind

# Address → file under web/. A page whose file is not there yet is not served.
CITIZEN_PAGES: Mapping[str, str] = {
    "/": "citizen/index.html",
    "/chat": "citizen/chat.html",
    "/track": "citizen/track.html",
    "/track/{link}": "citizen/track.html",
    "/rate/{link}": "citizen/rate.html",
    "/suggestions": "citizen/suggestions.html",
    "/guide": "citizen/guide.html",
    "/my": "citizen/my.html",
    "/login": "login/login.html",
}
STAFF_PAGES: Mapping[str, str] = {
    "/desk": "desk/desk.html",
    "/dispatch": "desk/dispatch.html",
    "/unit": "unit/unit.html",
    "/admin": "admin/admin.html",
    "/privacy": "privacy/privacy.html",
    "/supervise": "analytics/supervise.html",
    "/knowledge": "desk/knowledge.html",
    "/account": "account/account.html",
}
PAGES: Mapping[str, str] = {**CITIZEN_PAGES, **STAFF_PAGES}

TYPES: Mapping[str, str] = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
PACKED = frozenset({".html", ".js", ".css", ".json", ".svg", ".txt", ".webmanifest"})
SMALLEST_PACKED = 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is sent."""

    stamp: tuple[int, int]
    etag: str
    plain: bytes
    packed: bytes | None


class WebFiles:
    """The folder web/, read once and again only when a file changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._kept: dict[Path, Kept] = {}

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return (self._folder / name).is_file()

    def send(self, request: web.BaseRequest, name: str) -> web.Response:
        """The file, or 304 when the browser has it; NotFound."""
        if "\0" in name:
            raise NotFound("page")
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or path.suffix not in TYPES or not path.is_file():
            raise NotFound("page")
        kept = self._read(path)
        # Always asked anew: a page never runs yesterday's script against today's API.
        headers = {"ETag": f'"{kept.etag}"', "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if f'"{kept.etag}"' in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        body = kept.plain
        if kept.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = kept.packed
        charset = "utf-8" if path.suffix in PACKED else None
        return web.Response(body=body, content_type=TYPES[path.suffix], charset=charset, headers=headers)

    def _read(self, path: Path) -> Kept:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        kept = self._kept.get(path)
        if kept is None or kept.stamp != stamp:
            data = path.read_bytes()
            packed = gzip.compress(data, mtime=0) if path.suffix in PACKED and len(data) >= SMALLEST_PACKED else None
            kept = Kept(stamp, hashlib.sha256(data).hexdigest()[:24], data, packed)
            self._kept[path] = kept
        return kept


class Pages:
    """Serves the table PAGES and the files under /web/."""

    def __init__(self, files: WebFiles, doorman: Doorman) -> None:
        self._files = files
        self._doorman = doorman

    def add_to(self, app: web.Application) -> None:
        """Add every page whose file is there."""
        for path, name in PAGES.items():
            if self._files.has(name):
                page = PageHandler(self._files, self._doorman, name, staff=path in STAFF_PAGES)
                app.router.add_get(path, page.answer)
        app.router.add_get("/favicon.ico", self._icon)
        app.router.add_get("/web/{name:.+}", self._file)

    async def _icon(self, request: web.Request) -> web.Response:
        return self._files.send(request, "shared/icon.svg")

    async def _file(self, request: web.Request) -> web.Response:
        response = self._files.send(request, request.match_info["name"])
        # Other sites embed the chat: its module and what it loads are public and carry no data of anybody.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


class PageHandler:
    """Shows one page; a staff page sends whoever is not signed in to the sign-in page."""

    def __init__(self, files: WebFiles, doorman: Doorman, name: str, *, staff: bool) -> None:
        self._files = files
        self._doorman = doorman
        self._name = name
        self._staff = staff

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self._staff and (await self._doorman.staff(request)).kind is not Kind.STAFF:
            return web.Response(
                status=303,
                headers={"Location": f"/login?next={quote(request.path_qs, safe='')}", "Cache-Control": "no-store"},
            )
        response = self._files.send(request, self._name)
        self._doorman.ensure_csrf(request, response)
        return response

"""Who a request comes from, and whether the page that sent it was ours: sessions, origins, CSRF."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from hotline.house import Accounts
from kernel.errors import NotAllowed, NotSignedIn
from kernel.people import GUEST, Kind, May, Principal
from kernel.settings import Settings
from kernel.signing import Signer

# The other site whose page may read the answer; put on the request by its endpoint.
SHARED_WITH = web.RequestKey("shared_with", str)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LINK_PURPOSE = "track"
CSRF_HEADER = "X-CSRF-Token"
LOOPBACK = ("127.0.0.1", "::1")

# A webhook proves itself by its signature, a visitor of the chat by a signed token in a header or frame, an Open311
# client by its key: none leans on cookies, so that another site's page gains nothing by sending them.
WITHOUT_COOKIES = frozenset({May.CALL_HOOK, May.CHAT, May.USE_OPEN311})
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Cookies:
    """The names and flags of our cookies; under https they are bound to the host."""

    secure: bool

    @property
    def session(self) -> str:
        """Holds the session's token, unreadable for scripts."""
        return "__Host-hotline_session" if self.secure else "hotline_session"

    @property
    def csrf(self) -> str:
        """Holds what our own scripts must send back as a header."""
        return "__Host-hotline_csrf" if self.secure else "hotline_csrf"

    def keep(self, response: web.StreamResponse, name: str, value: str, max_age: int | None = None) -> None:
        """Set a cookie."""
        hidden = name == self.session
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self.secure, httponly=hidden, samesite="Lax")

    def drop(self, response: web.StreamResponse, name: str) -> None:
        """Delete a cookie; the flags must be those it was set with."""
        response.del_cookie(name, path="/", secure=self.secure, httponly=name == self.session, samesite="Lax")


class Csrf:
    """Double submit: the token stands in a cookie and in a header, and belongs to one session."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def issue(self, session: str) -> str:
        """A new token for the session with this cookie, or for a guest ("")."""
        return self._signer.sign("csrf", f"{secrets.token_hex(8)}:{_digest(session)}")

    def fits(self, token: str, session: str) -> bool:
        """Whether ``token`` was issued for this session."""
        try:
            payload = self._signer.verify("csrf", token)
        except NotAllowed:
            return False
        return hmac.compare_digest(payload.partition(":")[2], _digest(session))


class Origins:
    """Which sites' pages may speak to us: our own, and to the chat those that embed it."""

    def __init__(self, settings: Settings) -> None:
        server = settings.server
        own = {origin_of(server.public_url)}
        if server.demo:
            own |= {f"http://{name}:{server.port}" for name in ("127.0.0.1", "localhost")}
        self._own = frozenset(own)
        self._embedding = frozenset(_embedding(settings))

    @property
    def own(self) -> frozenset[str]:
        """Our own origins."""
        return self._own

    def allows(self, origin: str, may: May) -> bool:
        """Whether a page of ``origin`` may use routes of ``may``."""
        return origin in self._own or (may is May.CHAT and origin in self._embedding)


class Doorman:
    """Says who asks and turns away what other sites' pages send in our users' name."""

    def __init__(self, settings: Settings, signer: Signer, accounts: Accounts) -> None:
        self.cookies = Cookies(secure=settings.server.public_url.startswith("https://"))
        self.csrf = Csrf(signer)
        self.origins = Origins(settings)
        self._signer = signer
        self._accounts = accounts
        self._behind_proxy = urlsplit(settings.server.public_url).hostname not in (*LOOPBACK, "localhost")

    def session(self, request: web.BaseRequest) -> str:
        """The session cookie, empty when there is none."""
        return request.cookies.get(self.cookies.session, "")

    async def principal(self, request: web.Request, may: May) -> Principal:
        """Who asks: the holder of a tracking link, a member of staff, or a guest."""
        if may is May.TRACK_TICKET and "link" in request.match_info:
            number = self._signer.verify(LINK_PURPOSE, request.match_info["link"])
            return Principal(Kind.LINK, id=f"link:{number}", link=number)
        return await self.staff(request)

    @staticmethod
    def token(request: web.BaseRequest) -> str:
        """The API key a program shows in its Authorization header, empty when it shows none."""
        shown = request.headers.get("Authorization", "")
        return shown[len(BEARER) :].strip() if shown[: len(BEARER)].lower() == BEARER else ""

    async def staff(self, request: web.Request) -> Principal:
        """The member of staff whose session it is, or a guest."""
        token = self.session(request)
        if not token:
            return GUEST
        try:
            return (await self._accounts.principal_of(token)).principal
        except NotSignedIn:
            return GUEST

    def remote(self, request: web.BaseRequest) -> str:
        """The caller's address. Only a proxy on this machine is believed when it names another."""
        peer = request.remote or ""
        if self._behind_proxy and peer in LOOPBACK:
            return request.headers.get("X-Real-IP", peer).strip()[:64]
        return peer

    def is_local(self, request: web.BaseRequest) -> bool:
        """Whether the request comes from this machine itself, not through a proxy."""
        return request.remote in LOOPBACK and "X-Real-IP" not in request.headers

    def check_page(self, request: web.BaseRequest, may: May, *, upgrade: bool) -> None:
        """Refuse what another site's page sent: NotAllowed("bad_origin" or "bad_csrf")."""
        if may is May.CALL_HOOK or (request.method in SAFE_METHODS and not upgrade):
            return
        origin = request.headers.get("Origin")
        if origin is not None and not self.origins.allows(origin, may):
            raise NotAllowed("bad_origin")
        if origin is None and request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
            raise NotAllowed("bad_origin")
        if may in WITHOUT_COOKIES or upgrade:
            return
        sent = request.headers.get(CSRF_HEADER, "")
        kept = request.cookies.get(self.cookies.csrf, "")
        if not sent or not hmac.compare_digest(sent.encode(), kept.encode()):
            raise NotAllowed("bad_csrf")
        if not self.csrf.fits(sent, self.session(request)):
            raise NotAllowed("bad_csrf")

    def shares(self, request: web.BaseRequest, may: May) -> bool:
        """Whether the answer may be read by the other site's page that asked for it."""
        origin = request.headers.get("Origin", "")
        return may is May.CHAT and self.origins.allows(origin, may)

    def ensure_csrf(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Give the page a token when it has none that fits its session."""
        session = self.session(request)
        if not self.csrf.fits(request.cookies.get(self.cookies.csrf, ""), session):
            self.cookies.keep(response, self.cookies.csrf, self.csrf.issue(session))


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as browsers write an origin."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, standard) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _embedding(settings: Settings) -> Sequence[str]:
    given = settings.channels.get("web", {}).get("origins", ())
    urls = given.split(",") if isinstance(given, str) else given
    return [origin_of(str(url).strip()) for url in urls if str(url).strip()]


def _digest(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()[:32]

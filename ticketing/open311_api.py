"""Open311 GeoReport v2: the city's matters as services, public tickets as requests, posts as new tickets."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from directory.lookup import Lookup
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import KeyScope, Kind, May, Principal
from kernel.phones import phone as valid_phone
from kernel.room import Call, Floor, Route
from ticketing.catalogue import Catalogue
from ticketing.model.duties import Matter
from ticketing.model.labels import ClockKind, Secrecy
from ticketing.model.ticket import Draft, Ticket
from ticketing.open311_wire import DEFINITION, DISCOVERY, JSON, REQUESTS, ROOT, SERVICES, XML, wire
from ticketing.rules import open311
from ticketing.rules.telling import day_words
from ticketing.store import open311 as rows
from ticketing.store.open311 import Found
from ticketing.tickets import Tickets

Handler = Callable[[Call], Awaitable[object]]

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
SUFFIXES = ("xml", "json")


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A matter that can be reported."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


@dataclass(frozen=True, slots=True)
class AttributeView:
    """A question of a matter."""

    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str | None
    order: int
    description: str


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A matter's questions."""

    service_code: str
    attributes: Sequence[AttributeView]


@dataclass(frozen=True, slots=True)
class RequestView:
    """A public ticket; of a ticket that is not, whoever posted it is shown how it stands and nothing else."""

    service_request_id: str
    status: str
    status_notes: str | None
    service_name: str | None
    service_code: str | None
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: str | None
    updated_datetime: str | None
    expected_datetime: str | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


@dataclass(frozen=True, slots=True)
class PostedView:
    """What whoever posted is told."""

    service_request_id: str
    service_notice: str | None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class TokenView:
    """The request of a token; here they are one."""

    service_request_id: str
    token: str


@dataclass(frozen=True, slots=True)
class EndpointView:
    """One endpoint of the discovery document."""

    specification: str
    url: str
    changeset: str
    type: str
    formats: Sequence[str]


@dataclass(frozen=True, slots=True)
class DiscoveryView:
    """What there is and whom to ask."""

    changeset: str
    contact: str
    key_service: str
    endpoints: Sequence[EndpointView]


@dataclass(frozen=True, slots=True)
class RequestsQuery:
    """Which requests; lists are comma delimited, moments as 2026-01-01T00:00:00Z, at most 90 days apart."""

    service_request_id: str = ""
    service_code: str = ""
    status: str = ""
    start_date: str = ""
    end_date: str = ""
    page: str = ""
    page_size: str = ""
    jurisdiction_id: str = ""
    api_key: str = ""


@dataclass(frozen=True, slots=True)
class PostForm:
    """A new request: ``lat`` and ``long`` (WGS-84), ``address_string`` or ``address_id`` (an area's code) is needed;
    answers come as ``attribute[code]``."""

    api_key: str
    service_code: str
    lat: float | None = None
    long: float | None = None
    address_string: str = ""
    address_id: str = ""
    description: str = ""
    media_url: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    device_id: str = ""
    account_id: str = ""
    jurisdiction_id: str = ""


class Open311Api:
    """Reads what is public, takes in what programs with a key post."""

    def __init__(self, floor: Floor, lookup: Lookup, catalogue: Catalogue, tickets: Tickets) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._server = floor.settings.server
        self._lookup = lookup
        self._catalogue = catalogue
        self._tickets = tickets

    async def discovery(self, _call: Call) -> DiscoveryView:
        async with self._database.reading() as tx:
            changed = await rows.catalogue_changed(tx)
        changeset = changed.strftime("%Y-%m-%d %H:%M") if changed else "0"
        city = self._lookup.city()
        kind = "test" if self._server.demo else "production"
        endpoint = EndpointView(SPECIFICATION, f"{self._server.public_url}{ROOT}", changeset, kind, (XML, JSON))
        hotline = f"{city.name}{city.hotline}热线"
        return DiscoveryView(changeset, f"请致电{hotline}", f"接口密钥由{hotline}的管理员发放", (endpoint,))

    async def services(self, _call: Call) -> list[ServiceView]:
        return [_service(matter) for matter in self._catalogue.all() if open311.is_service(matter)]

    async def definition(self, call: Call) -> DefinitionView:
        matter = self._matter(call.path["service_code"])
        asked = enumerate(open311.questions(matter), start=1)
        attributes = [AttributeView(True, code, "text", False, None, place, ask) for place, (code, ask) in asked]
        return DefinitionView(matter.code, attributes)

    async def requests(self, call: Call) -> list[RequestView]:
        wanted = open311.read_wanted(call.fields, self._clock.now(), self._lookup.calendar().zone)
        async with self._database.reading() as tx:
            if wanted.numbers:
                found = await rows.numbered(tx, wanted.numbers, _poster(call.principal))
            else:
                found = await rows.published(tx, wanted)
        return [self._request(each) for each in found]

    async def request(self, call: Call) -> list[RequestView]:
        return [self._request(await self._one(call.path["service_request_id"], call.principal))]

    async def token(self, call: Call) -> list[TokenView]:
        ticket, _ = await self._one(call.path["token"], call.principal)
        return [TokenView(ticket.number, ticket.number)]

    async def post(self, call: Call) -> list[PostedView]:
        by = call.principal
        if by.kind is not Kind.KEY:
            raise NotAllowed("key_missing")
        if KeyScope.OPEN311_POST not in by.scopes:
            raise NotAllowed("key_lacks_scope")
        code = next(iter(call.fields.get("service_code", ())), "").strip()
        if not code:
            raise Invalid({"service_code": "missing"})
        draft = self._draft(open311.read_post(call.fields, matter := self._matter(code)), matter)
        async with self._database.transaction() as tx:
            ticket = await self._tickets.open(tx, draft, by)
        clock = ticket.clock(ClockKind.TOTAL)
        due = f"，预计{day_words(self._lookup.calendar(), clock.due)}前答复" if clock else ""
        return [PostedView(ticket.number, f"已登记{due}")]

    # -- parts ------------------------------------------------------------------------------------------

    def of_here(self, handler: Handler) -> Handler:
        """The handler for what is asked of this city: NotFound where another jurisdiction is named."""

        async def handle(call: Call) -> object:
            named = next(iter(call.fields.get("jurisdiction_id", ())), "").strip().lower()
            if named and named not in {self._lookup.city().area_code, urlsplit(self._server.public_url).hostname}:
                raise NotFound("jurisdiction_id")
            return await handler(call)

        return handle

    def _draft(self, post: open311.Post, matter: Matter) -> Draft:
        area, place = "", post.place
        if post.point is not None and not self._lookup.city().holds(post.point):
            raise Invalid(dict.fromkeys(("lat", "long"), "outside_the_city"))
        if post.address_id:
            try:
                found = self._lookup.area(post.address_id)
            except NotFound as error:
                raise Invalid({"address_id": "unknown_area"}) from error
            area, place = found.code, place or found.name
        return Draft(
            kind=matter.kind,
            text=post.text,
            matter=matter.code,
            area=area,
            place=place or open311.ON_THE_MAP,
            point=post.point,
            name=post.name,
            contact=valid_phone(post.phone) if post.phone else "",
            secrecy=Secrecy.OPEN,
            followed_elsewhere=True,
        )

    async def _one(self, number: str, by: Principal) -> Found:
        async with self._database.reading() as tx:
            found = await rows.numbered(tx, [number.strip().upper()], _poster(by))
        if not found:
            raise NotFound("service_request_id")
        return found[0]

    def _matter(self, code: str) -> Matter:
        matter = self._catalogue.known(code.strip())
        if matter is None or not open311.is_service(matter):
            raise NotFound("service_code")
        return matter

    def _request(self, found: Found) -> RequestView:
        ticket, above = found
        matter, clock = self._catalogue.known(ticket.matter), ticket.clock(ClockKind.TOTAL)
        public = open311.is_public(ticket) and not (matter is not None and open311.is_of_the_home(matter))
        status = open311.status_of(ticket.state, above)
        latitude, longitude = open311.shown_point(ticket.point if public else None)
        changed = ticket.closed if status == "closed" and ticket.closed else ticket.updated
        return RequestView(
            service_request_id=ticket.number,
            status=status,
            status_notes=open311.status_notes(ticket.state),
            service_name=matter.name if matter else None,
            service_code=ticket.matter or None,
            description=open311.description(self._tickets.unnamed(ticket, ticket.text)) if public else None,
            agency_responsible=self._agency(ticket),
            service_notice=None,
            requested_datetime=self._moment(ticket.received),
            updated_datetime=self._moment(changed),
            expected_datetime=self._moment(clock.due if clock else None),
            address=open311.address(self._tickets.unnamed(ticket, ticket.place)) if public else None,
            address_id=(ticket.area or None) if public else None,
            zipcode=None,
            lat=latitude,
            long=longitude,
            # A link somebody sent is not handed on: nobody has looked at what is behind it.
            media_url=None,
        )

    def _agency(self, ticket: Ticket) -> str | None:
        if ticket.lead is None:
            return None
        try:
            return self._lookup.unit(ticket.lead.unit).name
        except NotFound:
            return None

    def _moment(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        return moment.astimezone(self._lookup.calendar().zone).isoformat(timespec="seconds")


def _service(matter: Matter) -> ServiceView:
    words = ",".join(word.replace(",", "，") for word in matter.keywords)
    group = matter.level1 or matter.level2
    about = "、".join(dict.fromkeys(part for part in (matter.level1, matter.level2, matter.name) if part))
    return ServiceView(matter.code, matter.name, about, bool(matter.asks), "realtime", words, group)


def _poster(by: Principal) -> str:
    """Under which id somebody posted what they may follow though it is not public."""
    return by.id if by.kind is Kind.KEY and KeyScope.OPEN311_READ in by.scopes else ""


@dataclass(frozen=True, slots=True)
class _Row:
    method: str
    path: str
    handler: Handler
    root: str
    summary: str
    gives: type
    query: type | None = None
    body: type | None = None


def routes(api: Open311Api) -> list[Route]:
    """Every resource as XML, which the specification requires, and as JSON."""
    one, token = "requests/{service_request_id}", "tokens/{token}"
    many = list[RequestView]
    table = [
        _Row("GET", "discovery", api.discovery, DISCOVERY, "Open311 服务发现", DiscoveryView),
        _Row("GET", "services", api.services, SERVICES, "Open311 服务列表", list[ServiceView]),
        _Row("GET", "services/{service_code}", api.definition, DEFINITION, "Open311 服务定义", DefinitionView),
        _Row("GET", "requests", api.requests, REQUESTS, "Open311 诉求列表", many, query=RequestsQuery),
        _Row("POST", "requests", api.post, REQUESTS, "Open311 提交诉求", list[PostedView], body=PostForm),
        _Row("GET", one, api.request, REQUESTS, "Open311 诉求状态", many),
        _Row("GET", token, api.token, REQUESTS, "Open311 按令牌查编号", list[TokenView]),
    ]
    return [
        Route(
            row.method,
            f"{ROOT}/{row.path}.{suffix}",
            api.of_here(row.handler),
            May.USE_OPEN311,
            row.summary,
            body=row.body,
            query=row.query,
            gives=row.gives if suffix == "json" else None,
            wire=wire(suffix, row.root),
        )
        for row in table
        for suffix in SUFFIXES
    ]

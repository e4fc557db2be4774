"""Open311 GeoReport v2 as a client meets it: XML and JSON, its errors, and nothing that is nobody's business."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp
import pytest
from defusedxml.ElementTree import fromstring

from hotline.assembly import Assembled
from kernel.people import Kind, Principal
from tests.hotline.conftest import Browser
from tests.hotline.programs import bearer, make_key
from ticketing.model.labels import Flag, Secrecy, TicketKind
from ticketing.model.ticket import Draft

ROOT = "/open311/v2"
BOT = Principal(Kind.SYSTEM, "bot")


async def read(client: Any, path: str, expect: int = 200, **params: str) -> Any:
    answer = await client.get(f"{ROOT}/{path}", params=params)
    assert answer.status == expect, await answer.text()
    if path.endswith(".xml"):
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        body = await answer.read()
        assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        return fromstring(body)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return await answer.json()


def plain(element: Element) -> Any:
    """An element as the Spark convention writes it in JSON, every value a text."""
    if len(element) == 0:
        return element.text
    tags = [child.tag for child in element]
    if f"{tags[0]}s" == element.tag or (element.tag, tags[0]) == ("service_requests", "request"):
        return [plain(child) for child in element]
    return {child.tag: plain(child) for child in element}


def texts(value: Any) -> Any:
    """JSON's values as XML writes them."""
    if isinstance(value, dict):
        return {name: texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [texts(each) for each in value] or None
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
async def key(admin: Browser) -> str:
    """What a client shows that may post and follow what it posted."""
    return str((await make_key(admin, ["open311.post", "open311.read"]))["token"])


async def service(client: Any) -> str:
    """A service with questions."""
    found = await read(client, "services.json")
    return next(str(each["service_code"]) for each in found if each["metadata"])


async def post(client: Any, form: Mapping[str, str], suffix: str = "json", status: int = 200) -> Any:
    answer = await client.post(f"{ROOT}/requests.{suffix}", data=form)
    assert answer.status == status, await answer.text()
    return await answer.json() if suffix == "json" else fromstring(await answer.read())


async def open_ticket(city: Assembled, text: str, **more: Any) -> str:
    usual = {"kind": TicketKind.COMPLAINT, "place": "某某路5号", "contact": "13800138000", "name": "张三"}
    draft = Draft(text=text, **(usual | more))
    async with city.house.floor.database.transaction() as tx:
        return (await city.rooms.ticketing.tickets.open(tx, draft, BOT)).number


@pytest.mark.parametrize("path", ["discovery", "services"])
async def test_json_says_what_xml_says(client: Any, path: str) -> None:
    xml, json = await read(client, f"{path}.xml"), await read(client, f"{path}.json")
    assert plain(xml) == texts(json)


async def test_the_discovery_names_endpoint_and_formats(client: Any) -> None:
    found = await read(client, "discovery.json")
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert (endpoint["type"], endpoint["formats"]) == ("test", ["text/xml", "application/json"])
    assert endpoint["url"].endswith("/open311/v2")


async def test_services_are_matters_somebody_can_report(client: Any, city: Assembled) -> None:
    listed = {each["service_code"] for each in await read(client, "services.json")}
    matters = city.rooms.ticketing.queries.matters()
    assert listed <= {matter.code for matter in matters}
    assert not listed & {m.code for m in matters if m.kind in {TicketKind.REPORT, TicketKind.CONSULT}}


async def test_a_definition_holds_the_matters_questions(client: Any, city: Assembled) -> None:
    code = await service(client)
    asks = next(m.asks for m in city.rooms.ticketing.queries.matters() if m.code == code)
    found = await read(client, f"services/{code}.json")
    assert [each["description"] for each in found["attributes"]] == list(asks)
    assert [each["order"] for each in found["attributes"]] == list(range(1, len(asks) + 1))
    xml = plain(await read(client, f"services/{code}.xml"))
    assert xml == texts(found)
    for suffix in ("json", "xml"):
        await read(client, f"services/no-such-service.{suffix}", expect=404)


async def test_a_request_is_posted_seen_and_followed(client: Any, key: str, city: Assembled) -> None:
    code = await service(client)
    form = {
        "api_key": key,
        "service_code": code,
        "lat": "23.021547",
        "long": "113.121433",
        "address_string": "同济路25号3栋502房门口",
        "description": "路灯坏了，电话13912345678\n<b>请</b>尽快修",
        "attribute[ask1]": "三天了",
        "media_url": "https://pictures.example/1.jpg",
        "first_name": "三",
        "last_name": "张",
        "phone": "13912345678",
        "email": "zhangsan@example.com",
    }
    root = await post(client, form, "xml")
    number = str(root.findtext("request/service_request_id"))
    assert "已登记" in str(root.findtext("request/service_notice"))
    (seen,) = await read(client, f"requests/{number}.json")
    assert (seen["service_request_id"], seen["status"], seen["service_code"]) == (number, "open", code)
    assert (seen["lat"], seen["long"], seen["media_url"]) == (23.022, 113.121, None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", seen["requested_datetime"])
    assert "路灯坏了" in seen["description"]
    assert "三天了" in seen["description"]
    assert "*" not in f"{seen['description']}{seen['address']}"
    whole = str(seen) + str(plain(await read(client, f"requests/{number}.xml")))
    # P44: nobody's number, name, door or exact place.
    leaks = ("13912345678", "张三", "zhangsan", "502", "25号", "23.0215", "113.1214", "pictures.example", key)
    assert not any(leak in whole for leak in leaks), whole
    listed = await read(client, "requests.json", service_code=code, status="open")
    assert number in {each["service_request_id"] for each in listed}
    assert await read(client, f"tokens/{number}.json") == [{"service_request_id": number, "token": number}]
    async with city.house.floor.database.reading() as tx:
        ticket = await city.rooms.ticketing.queries.by_number(tx, number)
        history = await city.rooms.ticketing.queries.history(tx, ticket)
    assert ticket.point is not None
    assert (ticket.point.latitude, ticket.point.longitude) == (23.021547, 113.121433)
    assert "https://pictures.example/1.jpg" in ticket.text
    assert history[0].by.startswith("key:")


async def test_what_happens_at_home_is_told_without_place_and_words(client: Any, city: Assembled) -> None:
    """P44: that somebody told of violence is counted; nobody learns in which street."""
    number = await open_ticket(city, "老公昨晚又喝酒打我，同济路", secrecy=Secrecy.OPEN, matter="domestic-violence")
    (seen,) = await read(client, f"requests/{number}.json")
    told = {name for name in ("description", "address", "address_id", "lat", "long") if seen.get(name)}
    assert (seen["service_code"], told) == ("domestic-violence", set())


async def test_only_public_tickets_are_shown(client: Any, city: Assembled) -> None:
    """P44: what is not public is no more there than what does not exist."""
    hidden = [
        await open_ticket(city, "占道经营", secrecy=Secrecy.NORMAL),
        await open_ticket(city, "占道经营", secrecy=Secrecy.CONFIDENTIAL),
        await open_ticket(city, "公司偷排污水", secrecy=Secrecy.OPEN, kind=TicketKind.REPORT),
        await open_ticket(city, "占道经营", secrecy=Secrecy.OPEN, flags=frozenset({Flag.MINOR})),
    ]
    shown = await open_ticket(city, "某某路5号门前有烧烤档占道经营", secrecy=Secrecy.OPEN)
    listed = await read(client, "requests.json", service_request_id=",".join([*hidden, shown]))
    assert [each["service_request_id"] for each in listed] == [shown]
    assert (listed[0]["address"], "5号" in listed[0]["description"]) == ("某某路〔已隐去〕", False)
    everything = {each["service_request_id"] for each in await read(client, "requests.json")}
    assert everything & {*hidden, shown} == {shown}
    for number in hidden:
        error = await read(client, f"requests/{number}.json", expect=404)
        assert error == await read(client, "requests/XX2603169999.json", expect=404)
        assert error[0]["description"].startswith("service_request_id was not found")


async def test_whoever_posted_follows_what_became_secret_and_sees_nothing_else(
    client: Any, key: str, city: Assembled
) -> None:
    number = (await post(client, {"api_key": key, "service_code": await service(client), "address_string": "某路"}))[0][
        "service_request_id"
    ]
    async with city.house.floor.database.transaction() as tx:
        from sqlalchemy import update  # noqa: PLC0415

        from ticketing.store.tables import tickets  # noqa: PLC0415

        await tx.execute(update(tickets).where(tickets.c.number == number).values(public=False))
    await read(client, f"requests/{number}.json", expect=404)
    (seen,) = await read(client, f"requests/{number}.json", api_key=key)
    assert seen["status"] == "open"


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "hk_wrong"}, 403, "无效"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "none"}, 404, "service_code was not found"),
        ({"jurisdiction_id": "nope"}, 404, "jurisdiction_id was not found"),
        ({"address_string": ""}, 400, "address_string"),
        ({"lat": "23.1"}, 400, "long"),
        ({"lat": "23.1", "long": "about"}, 400, "long"),
        ({"lat": "nan", "long": "113.1"}, 400, "lat"),
        ({"lat": "95", "long": "113.1"}, 400, "lat"),
        ({"address_id": "000000"}, 400, "address_id"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[other]": "1"}, 400, "attribute[other]"),
        ({"description": "长" * 4001}, 400, "description"),
        ({"phone": "abc"}, 400, "phone"),
    ],
)
@pytest.mark.parametrize("suffix", ["xml", "json"])
async def test_a_wrong_post_is_refused_as_the_specification_says(
    client: Any, key: str, suffix: str, change: Mapping[str, str], status: int, words: str
) -> None:
    form = {"api_key": key, "service_code": await service(client), "address_string": "某路"} | dict(change)
    answer = await post(client, form, suffix, status)
    errors = texts(answer) if suffix == "json" else plain(answer)
    (error,) = errors
    assert error["code"] == str(status)
    assert words in error["description"]


async def test_a_key_for_units_does_not_post(client: Any, admin: Browser) -> None:
    made = await make_key(admin, ["unit.read"], "FS-CG")
    form = {"service_code": await service(client), "address_string": "某路"}
    answer = await client.post(f"{ROOT}/requests.json", data=form, headers=bearer(made))
    assert answer.status == 403


async def test_a_post_sent_twice_under_one_number_opens_one_ticket(client: Any, key: str) -> None:
    form = {"api_key": key, "service_code": await service(client), "address_string": "某路"}
    headers = {"Idempotency-Key": "post-1"}
    answers = [await client.post(f"{ROOT}/requests.xml", data=form, headers=headers) for _ in range(2)]
    assert [each.status for each in answers] == [200, 200]
    assert await answers[0].read() == await answers[1].read()


@pytest.mark.parametrize(
    "query",
    [
        {"status": "done"},
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"page": "0"},
        {"page_size": "many"},
    ],
)
async def test_a_wrong_query_is_refused(client: Any, query: Mapping[str, str]) -> None:
    root = await read(client, "requests.xml", expect=400, **query)
    assert root.findtext("error/code") == "400"
    assert root.findtext("error/description")


async def test_requests_come_page_by_page(client: Any, city: Assembled) -> None:
    made = [await open_ticket(city, f"第{n}处烧烤档占道", secrecy=Secrecy.OPEN) for n in range(3)]
    pages = [await read(client, "requests.json", page=str(page), page_size="1") for page in (1, 2, 3)]
    assert [page[0]["service_request_id"] for page in pages] == made[::-1]
    empty = await read(client, "requests.json", start_date="2020-01-01T00:00:00Z", end_date="2020-01-02T00:00:00Z")
    assert empty == []
    assert len(await read(client, "requests.xml", start_date="2020-01-01", end_date="2020-01-02")) == 0


@pytest.mark.parametrize("suffix", ["xml", "json"])
@pytest.mark.parametrize("path", ["services", "requests", "services/{code}"])
async def test_another_jurisdiction_is_not_here(client: Any, path: str, suffix: str) -> None:
    where = f"{path.format(code=await service(client))}.{suffix}"
    await read(client, where, expect=404, jurisdiction_id="nope")
    await read(client, where, jurisdiction_id="440600")
    await read(client, where, jurisdiction_id="")


async def test_a_post_comes_as_form_multipart_or_json(client: Any, key: str) -> None:
    code = await service(client)
    said = {"api_key": key, "service_code": code, "address_string": "某路", "description": "路灯坏了"}
    parts = aiohttp.FormData(default_to_multipart=True)
    for name, value in {**said, "attribute[ask1]": "三天了"}.items():
        parts.add_field(name, value)
    for sent in ({"data": parts}, {"json": said | {"attribute": {"ask1": "三天了"}}}):
        answer = await client.post(f"{ROOT}/requests.json", **sent)
        assert answer.status == 200, await answer.text()
        number = (await answer.json())[0]["service_request_id"]
        (seen,) = await read(client, f"requests/{number}.json")
        assert "三天了" in seen["description"]
    broken = await client.post(f"{ROOT}/requests.json", data=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status, (await broken.json())[0]["code"]) == (400, 400)
    with_file = aiohttp.FormData()
    with_file.add_field("api_key", key)
    with_file.add_field("media", b"x", filename="x.jpg")
    refused = await client.post(f"{ROOT}/requests.json", data=with_file)
    assert refused.status == 400
    assert "media_url" in (await refused.json())[0]["description"]


async def test_a_point_outside_the_city_is_refused(client: Any, key: str) -> None:
    form = {"api_key": key, "service_code": await service(client), "lat": "51.5", "long": "0.1"}
    (error,) = await post(client, form, status=400)
    assert "位置不在本市范围内" in error["description"]
    await post(client, form | {"lat": "23.02", "long": "113.12"})


@pytest.mark.parametrize("path", ["requests", "services", "requests/X1"])
async def test_another_method_is_refused_in_the_words_of_the_standard(client: Any, path: str) -> None:
    answer = await client.put(f"{ROOT}/{path}.json", data={})
    assert answer.status == 405
    assert await answer.json() == [{"code": 405, "description": "不支持此操作方式"}]
    xml = await client.delete(f"{ROOT}/{path}.xml")
    assert fromstring(await xml.read()).findtext("error/code") == "405"


async def test_a_machine_is_given_no_cookie(client: Any, admin: Browser) -> None:
    made = await make_key(admin, ["unit.read"], "FS-CG")
    for path, headers in ((f"{ROOT}/requests.json", {}), ("/api/v1/tickets", bearer(made))):
        answer = await client.get(path, headers=headers)
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["nope", "services/a/b", "requests/X1/photos"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_address_there_is_none_of_is_refused_in_the_format_that_was_asked_for(
    client: Any, path: str, method: str
) -> None:
    for accept in ("*/*", "text/html"):
        answer = await client.request(method, f"{ROOT}/{path}.json", headers={"Accept": accept})
        assert (answer.status, answer.content_type) == (404, "application/json")
        assert await answer.json() == [{"code": 404, "description": "没有找到相关内容"}]
        xml = await client.request(method, f"{ROOT}/{path}.xml", headers={"Accept": accept})
        assert (xml.status, xml.content_type) == (404, "text/xml")
        assert plain(fromstring(await xml.read())) == [{"code": "404", "description": "没有找到相关内容"}]

"""What officers bring from the spot: pictures whose time and place are kept apart, voice notes with or without text."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import ExifTags, Image
from sqlalchemy import select

from kernel.attachments import check_file
from kernel.clock import ManualClock
from kernel.coordinates import metres_between
from kernel.errors import Invalid, NotFound
from kernel.messages import GeoPoint, Media
from kernel.room import Floor, Upload
from kernel.settings import Settings, SpeechSettings
from tests.ticketing.city import AGENT, REVIEWER, VENDING, City, Hotline, hotline, lead_staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Secrecy
from ticketing.model.ticket import Ticket
from ticketing.store.photographs import photographs

SPOT = GeoPoint(23.02, 113.12)
SAID = {"taken_at": "2026-03-16T02:00:00Z", "latitude": "23.021", "longitude": "113.12", "accuracy": "8.4"}
# The beginning of what Chromium's MediaRecorder writes: a WebM of one Opus track.
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04" + b"\x86\x86A_OPUS" + b"\0" * 600


def photo(*, located: bool = True) -> bytes:
    """A JPEG as a telephone writes it: time, zone and place inside."""
    exif = Image.Exif()
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    shot[ExifTags.Base.DateTimeOriginal] = "2026:03:16 09:59:00"
    shot[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    if located:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (23.0, 1.0, 15.6)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (113.0, 7.0, 12.0)
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


@dataclass
class Spot:
    """A ticket with a place, and the officer who stands there."""

    desk: Hotline
    ticket: Ticket

    async def post(self, path: str, by: Any, name: str, data: bytes, **fields: str) -> Any:
        """A form with one file."""
        web_ = Web(self.desk)
        route = f"tickets/{self.ticket.number}/{path}"
        return await web_.send(route, by, fields, (Upload("file", name, data),))

    async def shoot(self, data: bytes, by: Any = None, **fields: str) -> Any:
        return (await self.post("attachments", by or lead_staff(self.ticket), "现场.jpg", data, **fields))[0]

    async def taken(self, by: Any = None) -> Any:
        who = by or lead_staff(self.ticket)
        return (await Web(self.desk)("GET", f"tickets/{self.ticket.number}/photographs", who))["items"]


@pytest.fixture
async def spot(floor: Floor, clock: ManualClock, city: City) -> Spot:
    desk = hotline(floor, clock, city)
    return Spot(desk, await desk.open(VENDING, AGENT, contact="13900139000", point=SPOT))


async def test_a_picture_is_shown_without_its_time_and_place_which_are_kept_beside_it_sealed(spot: Spot) -> None:
    """P43: what is served of a picture is drawn anew, so that nothing hidden in it is."""
    file = await spot.shoot(photo(), **SAID)
    (taken,) = await spot.taken()
    assert (taken["id"], taken["taken_at"], taken["inside"]) == (file["id"], "2026-03-16T02:00:00Z", False)
    assert (taken["metres"], taken["accuracy"]) == (111, 8)
    async with spot.desk.database.reading() as tx:
        _, shown = await spot.desk.floor.attachments.load(tx, file["id"])
        (row,) = await tx.rows(select(photographs))
    assert b"Exif" not in shown
    assert dict(Image.open(io.BytesIO(shown)).getexif()) == {}
    assert "23.02" not in row["sealed"]


async def test_without_leave_the_telephone_says_the_time_only_and_the_file_speaks_for_itself(spot: Spot) -> None:
    await spot.shoot(photo(located=False), taken_at="2026-03-16T02:00:00Z")
    await spot.shoot(photo())
    (first, second) = sorted(await spot.taken(), key=lambda each: each["inside"])
    assert (first["latitude"], first["metres"]) == (None, None)
    assert (second["taken_at"], second["inside"], second["latitude"]) == ("2026-03-16T09:59:00+08:00", True, 23.021)


async def test_of_a_citizens_picture_nothing_is_kept(spot: Spot) -> None:
    await spot.shoot(photo(), by=AGENT, **SAID)
    assert await spot.taken(REVIEWER) == []


async def test_of_a_secret_ticket_the_distance_is_told_and_not_the_place(
    floor: Floor, clock: ManualClock, city: City
) -> None:
    desk = hotline(floor, clock, city)
    told = await desk.open(VENDING, AGENT, contact="13900139000", point=SPOT, secrecy=Secrecy.CONFIDENTIAL)
    spot = Spot(desk, told)
    await spot.shoot(photo(), **SAID)
    (taken,) = await spot.taken()
    assert (taken["latitude"], taken["longitude"], taken["metres"]) == (None, None, 111)


async def test_a_place_that_is_none_is_refused_and_strangers_see_nothing(spot: Spot) -> None:
    with pytest.raises(Invalid) as caught:
        await spot.shoot(photo(), latitude="123", longitude="0")
    assert caught.value.fields == {"latitude": "wrong"}
    with pytest.raises(NotFound):
        await spot.taken(replace(lead_staff(spot.ticket), unit="NOBODY"))


def test_distances_are_right_to_the_metre() -> None:
    assert metres_between(SPOT, SPOT) == 0
    assert metres_between(GeoPoint(23.0, 113.0), GeoPoint(24.0, 113.0)) == 111195


# -- voice notes -----------------------------------------------------------------------------------------


async def test_a_recording_of_a_browser_is_a_voice_note_and_a_video_is_none() -> None:
    file = await check_file("voice.webm", WEBM)
    assert (file.media, file.media_type, file.name) == (Media.VOICE, "audio/webm", "voice.webm")
    with pytest.raises(Invalid):
        await check_file("film.webm", WEBM.replace(b"A_OPUS", b"V_VP8\0"))


@dataclass
class Writer:
    """A stand-in of an interface like OpenAI's; ``asked`` is what it was sent."""

    answer: web.Response | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        said = {name: str(value) for name, value in form.items() if isinstance(value, str)}
        self.asked.append({**said, "key": request.headers.get("Authorization", ""), "type": file.content_type})
        return self.answer or web.json_response({"text": " 灯泡已经换好。 "})


@asynccontextmanager
async def written_down(floor: Floor, clock: ManualClock, city: City, writer: Writer) -> AsyncIterator[Spot]:
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", writer.transcribe)
    server = TestServer(app)
    await server.start_server()
    speech = SpeechSettings(url=str(server.make_url("/v1/")), key="k", model="m")
    desk = hotline(replace(floor, settings=Settings(speech=speech)), clock, city)
    try:
        yield Spot(desk, await desk.open(VENDING, AGENT, contact="13900139000"))
    finally:
        for stop in desk.room.room.stopping:
            await stop()
        await server.close()


async def test_without_a_service_a_note_is_kept_and_nothing_leaves(spot: Spot) -> None:
    note = await spot.post("voice-notes", lead_staff(spot.ticket), "voice.webm", WEBM)
    assert (note["text"], note["problem"], note["file"]["media"]) == ("", "speech_not_set_up", "voice")
    with pytest.raises(Invalid):
        await spot.post("voice-notes", lead_staff(spot.ticket), "photo.jpg", photo())


async def test_a_note_is_written_down_in_its_language(floor: Floor, clock: ManualClock, city: City) -> None:
    writer = Writer()
    async with written_down(floor, clock, city, writer) as spot:
        officer = lead_staff(spot.ticket)
        note = await spot.post("voice-notes", officer, "voice.webm", WEBM, language="yue-Hant-HK")
        assert (note["text"], note["problem"]) == ("灯泡已经换好。", "")
        await spot.post("voice-notes", officer, "voice.webm", WEBM)
    assert [asked["language"] for asked in writer.asked] == ["yue", "zh"]
    assert writer.asked[0] | {"language": ""} == {
        "model": "m",
        "response_format": "json",
        "language": "",
        "key": "Bearer k",
        "type": "audio/webm",
    }


@pytest.mark.parametrize(("status", "text"), [(500, ""), (200, "no json")])
async def test_a_service_that_fails_costs_the_text_and_not_the_note(
    floor: Floor, clock: ManualClock, city: City, status: int, text: str
) -> None:
    async with written_down(floor, clock, city, Writer(web.Response(status=status, text=text))) as spot:
        note = await spot.post("voice-notes", lead_staff(spot.ticket), "voice.webm", WEBM)
    assert (note["text"], note["file"]["media"]) == ("", "voice")
    assert note["problem"] in {"speech_refused", "speech_unreachable"}

"""Files: known by content, pictures written anew, dangerous kinds refused, links that end (P43)."""

import io
from datetime import timedelta

import pytest
from PIL import ExifTags, Image

from kernel.attachments import MAX_BYTES, MAX_SIDE, CheckedFile, check_file, place_in
from kernel.clock import ManualClock
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.messages import GeoPoint, Media
from kernel.room import Floor

SECRET_PLACE = b"secret place in the picture"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **options)
    return out.getvalue()


async def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        await check_file(name, data)
    return refused.value.fields["file"]


async def test_a_picture_is_written_anew_without_what_was_hidden_in_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET_PLACE.decode()
    sent = picture(exif=exif)
    assert SECRET_PLACE in sent
    checked = await check_file("现场.jpg", sent)
    assert (checked.media, checked.media_type, checked.name) == (Media.IMAGE, "image/jpeg", "现场.jpg")
    assert SECRET_PLACE not in checked.data


@pytest.mark.parametrize(
    "sent",
    [
        picture(comment=SECRET_PLACE),
        picture(icc_profile=SECRET_PLACE * 9),
        picture("PNG", mode="RGBA", icc_profile=SECRET_PLACE * 9),
    ],
)
async def test_comments_and_profiles_are_not_carried_over(sent: bytes) -> None:
    checked = await check_file("现场.jpg", sent)
    assert SECRET_PLACE not in checked.data
    with Image.open(io.BytesIO(checked.data)) as kept:
        assert not {"comment", "icc_profile", "exif", "xmp"} & set(kept.info)


async def test_a_picture_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = await check_file("a.jpg", picture(size=(400, 200), exif=exif))
    with Image.open(io.BytesIO(checked.data)) as upright:
        assert upright.size == (200, 400)


async def test_a_large_picture_is_made_smaller() -> None:
    checked = await check_file("a.png", picture("PNG", (5000, 1000)))
    with Image.open(io.BytesIO(checked.data)) as smaller:
        assert max(smaller.size) == MAX_SIDE


async def test_what_follows_the_picture_is_dropped() -> None:
    checked = await check_file("a.png", picture("PNG") + b"<script>alert(1)</script>")
    assert b"script" not in checked.data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.jpg", b"<html><script>alert(1)</script></html>"),
        ("a.pdf", b"MZ\x90\x00" + b"\0" * 200),
        ("a.png", b"#!/bin/sh\nrm -rf /"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 200),
        ("a.txt", "我要投诉".encode()),
    ],
)
async def test_p43_what_a_browser_would_run_is_refused_whatever_its_name(name: str, data: bytes) -> None:
    assert await refusal(name, data) == "file_kind_not_accepted"


async def test_what_only_begins_like_a_picture_is_refused() -> None:
    assert await refusal("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 500) == "picture_unreadable"


async def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    assert await refusal("a.png", picture("PNG", (10_000, 6_000), "1")) == "picture_too_large"
    assert await refusal("a.png", picture("PNG", (20_000, 10_000), "1")) == "picture_unreadable"


async def test_empty_and_oversized_files_are_refused() -> None:
    assert await refusal("a.jpg", b"") == "file_empty"
    assert await refusal("a.mp4", b"\0" * (MAX_BYTES + 1)) == "file_too_large"


@pytest.mark.parametrize(
    ("name", "data", "media", "kept"),
    [
        ("通知.pdf", b"%PDF-1.7\n" + b"\0" * 100, Media.FILE, "通知.pdf"),
        ("voice", b"#!AMR\n" + b"\0" * 50, Media.VOICE, "voice.amr"),
        ("../../etc/passwd\x00.jpg", picture(), Media.IMAGE, "passwd.jpg"),
        ("C:\\照片\\<b>.png", picture("PNG", mode="RGBA"), Media.IMAGE, "b.png"),
        ("", picture(), Media.IMAGE, "file.jpg"),
        ("长" * 300 + ".jpg", picture(), Media.IMAGE, "长" * 60 + ".jpg"),
    ],
)
async def test_names_are_made_harmless(name: str, data: bytes, media: Media, kept: str) -> None:
    checked = await check_file(name, data)
    assert (checked.media, checked.name) == (media, kept)


async def test_a_kept_file_is_read_by_a_link_that_ends(floor: Floor, clock: ManualClock) -> None:
    async with floor.database.transaction() as tx:
        kept = await floor.attachments.keep(tx, CheckedFile(Media.FILE, "application/pdf", "a.pdf", b"%PDF"))
        assert await floor.attachments.known(tx, (kept.id,)) == (kept,)
    token = floor.attachments.url(kept).removeprefix("/files/")
    async with floor.database.reading() as tx:
        assert await floor.attachments.load(tx, floor.attachments.id_in(token)) == (kept, b"%PDF")
    clock.advance(timedelta(hours=13))
    with pytest.raises(NotAllowed):
        floor.attachments.id_in(token)


async def test_unknown_files_are_named_as_such(floor: Floor) -> None:
    async with floor.database.reading() as tx:
        with pytest.raises(NotFound):
            await floor.attachments.load(tx, "nothing")
        with pytest.raises(Invalid):
            await floor.attachments.known(tx, ("nothing",))


def taken_at(latitude: tuple[float, float, float], *, south: bool = False) -> bytes:
    exif = Image.Exif()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "S" if south else "N"
    place[ExifTags.GPS.GPSLatitude] = latitude
    place[ExifTags.GPS.GPSLongitudeRef] = "E"
    place[ExifTags.GPS.GPSLongitude] = (113.0, 7.0, 12.0)
    return picture(exif=exif)


async def test_the_place_of_a_picture_is_read_only_when_asked_for_and_never_kept_in_it() -> None:
    sent = taken_at((23.0, 1.0, 48.0))
    assert await place_in(sent) == GeoPoint(23.03, 113.12)
    assert await place_in(taken_at((33.0, 30.0, 0.0), south=True)) == GeoPoint(-33.5, 113.12)
    checked = await check_file("现场.jpg", sent)
    assert await place_in(checked.data) is None
    with Image.open(io.BytesIO(checked.data)) as kept:
        assert dict(kept.getexif()) == {}


@pytest.mark.parametrize("data", [picture(), b"", b"<svg/>", taken_at((91.0, 0.0, 0.0)), picture("PNG")[:60]])
async def test_what_tells_no_place_on_earth_gives_none(data: bytes) -> None:
    assert await place_in(data) is None

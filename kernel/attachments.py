"""Files people send: recognised by content, pictures re-encoded, kept in the database, served by signed link."""

import asyncio
import hashlib
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

import puremagic
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, exists, select

from kernel.clock import Clock
from kernel.database import Moment, Tx, metadata
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id
from kernel.messages import Attachment, GeoPoint, Media
from kernel.signing import Signer

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2560
MOST_LATITUDE, MOST_LONGITUDE = 90, 180
LINK_VALID = timedelta(hours=12)
# What browsers record into: a container whose tracks name their codecs, those of pictures beginning with V_.
EBML, WEBM, VIDEO_TRACK = b"\x1a\x45\xdf\xa3", b"webm", b"V_"

# What is accepted, by content. Nothing a browser would run: no SVG, HTML or scripts.
ACCEPTED: dict[str, Media] = {
    "image/jpeg": Media.IMAGE,
    "image/png": Media.IMAGE,
    "image/webp": Media.IMAGE,
    "image/gif": Media.IMAGE,
    "audio/mpeg": Media.VOICE,
    "audio/amr": Media.VOICE,
    "audio/ogg": Media.VOICE,
    "audio/webm": Media.VOICE,
    "video/mp4": Media.VIDEO,
    "application/pdf": Media.FILE,
}

files = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("media", String(10), nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("name", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("ix_attachment_sha256", "sha256", "created_at"),
)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that has passed: its bytes as they will be kept."""

    media: Media
    media_type: str
    name: str
    data: bytes


async def check_file(name: str, data: bytes) -> CheckedFile:
    """Recognise and clean a file; Invalid({"file": …}) when it is empty, too large or of a kind not accepted.

    Pictures are decoded and written anew, which drops hidden data (place, device) and anything that only
    looked like a picture. Runs in a thread; call it outside transactions.
    """
    return await asyncio.to_thread(_check, name, data)


def _check(name: str, data: bytes) -> CheckedFile:
    if not data:
        raise Invalid({"file": "file_empty"})
    if len(data) > MAX_BYTES:
        raise Invalid({"file": "file_too_large"}, limit=MAX_BYTES)
    media_type = _media_type(data)
    if media_type not in ACCEPTED:
        raise Invalid({"file": "file_kind_not_accepted"})
    media = ACCEPTED[media_type]
    if media is Media.IMAGE:
        media_type, data = _reencoded(data)
    return CheckedFile(media, media_type, _safe_name(name, media_type), data)


async def place_in(data: bytes) -> GeoPoint | None:
    """Where a picture says it was taken, WGS-84; None when it does not. Ask only for whoever allows it: what is kept of
    a picture has no place in it. Runs in a thread."""
    return await asyncio.to_thread(_place_in, data)


async def time_in(data: bytes, zone: ZoneInfo) -> datetime | None:
    """When a picture says it was taken; of one that names no zone, ``zone`` is taken for its own. Runs in a thread."""
    return await asyncio.to_thread(_time_in, data, zone)


def _time_in(data: bytes, zone: ZoneInfo) -> datetime | None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            found = picture.getexif().get_ifd(ExifTags.IFD.Exif)
        taken = datetime.strptime(str(found[ExifTags.Base.DateTimeOriginal]), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        offset = str(found.get(ExifTags.Base.OffsetTimeOriginal, "")).strip()
        return datetime.fromisoformat(f"{taken:%Y-%m-%dT%H:%M:%S}{offset}") if offset else taken
    except (KeyError, TypeError, ValueError, OSError, SyntaxError, Image.DecompressionBombError):
        return None


def _place_in(data: bytes) -> GeoPoint | None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            found = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(found[ExifTags.GPS.GPSLatitude], found.get(ExifTags.GPS.GPSLatitudeRef) == "S")
        longitude = _degrees(found[ExifTags.GPS.GPSLongitude], found.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OSError, SyntaxError, Image.DecompressionBombError):
        return None
    is_on_earth = abs(latitude) <= MOST_LATITUDE and abs(longitude) <= MOST_LONGITUDE
    # A camera that did not know writes noughts.
    return GeoPoint(latitude, longitude) if is_on_earth and (latitude or longitude) else None


def _degrees(parts: Sequence[float], is_negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -value if is_negative else value


def _media_type(data: bytes) -> str:
    if data.startswith(b"#!AMR"):
        return "audio/amr"
    if data.startswith(EBML) and WEBM in data[:64]:
        return "video/webm" if VIDEO_TRACK in data[:4096] else "audio/webm"
    try:
        return str(puremagic.from_string(data[:4096], mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _reencoded(data: bytes) -> tuple[str, bytes]:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid({"file": "picture_too_large"})
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            out = io.BytesIO()
            has_alpha = "A" in upright.getbands()
            drawn = upright if has_alpha else upright.convert("RGB")
            # Pillow would write comments, XMP and profiles of the old picture into the new one.
            drawn.info = {}
            if has_alpha:
                drawn.save(out, "PNG", optimize=True)
                return "image/png", out.getvalue()
            drawn.save(out, "JPEG", quality=85)
            return "image/jpeg", out.getvalue()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise Invalid({"file": "picture_unreadable"}) from error


def _safe_name(name: str, media_type: str) -> str:
    endings = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "audio/amr": ".amr"}
    stem = "".join(c for c in PurePath(name.replace("\\", "/")).stem if c.isalnum() or c in "-_ ")[:60].strip()
    return (stem or "file") + endings.get(media_type, "." + media_type.rsplit("/", 1)[-1])


class Attachments:
    """Keeps files and makes the links they are read by."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock

    async def keep(self, tx: Tx, file: CheckedFile) -> Attachment:
        """Store a checked file."""
        kept = Attachment(new_id(), file.media, file.media_type, file.name, len(file.data))
        await tx.execute(
            files.insert().values(
                id=kept.id,
                media=kept.media,
                media_type=kept.media_type,
                name=kept.name,
                size=kept.size,
                sha256=hashlib.sha256(file.data).hexdigest(),
                created_at=self._clock.now(),
                data=file.data,
            )
        )
        return kept

    async def known(self, tx: Tx, file_ids: tuple[str, ...]) -> tuple[Attachment, ...]:
        """Attachments by id, in the order given; Invalid when one does not exist."""
        columns = (files.c.id, files.c.media, files.c.media_type, files.c.name, files.c.size)
        rows = {r["id"]: r for r in await tx.rows(select(*columns).where(files.c.id.in_(file_ids)))}
        missing = [each for each in file_ids if each not in rows]
        if missing:
            raise Invalid({"attachments": "unknown_attachment"})
        return tuple(
            Attachment(r["id"], Media(r["media"]), r["media_type"], r["name"], r["size"])
            for r in (rows[each] for each in file_ids)
        )

    async def kept_before(self, tx: Tx, file_ids: Collection[str], moment: datetime) -> frozenset[str]:
        """Those of the files that were kept before ``moment``."""
        if not file_ids:
            return frozenset()
        rows = await tx.rows(select(files.c.id).where(files.c.id.in_(file_ids), files.c.created_at < moment))
        return frozenset(row["id"] for row in rows)

    async def seen_before(self, tx: Tx, file_ids: Collection[str]) -> frozenset[str]:
        """Those of the files whose very content was kept before under another id."""
        if not file_ids:
            return frozenset()
        earlier = files.alias()
        same = (earlier.c.sha256 == files.c.sha256) & (earlier.c.created_at < files.c.created_at)
        rows = await tx.rows(select(files.c.id).where(files.c.id.in_(file_ids), exists().where(same)))
        return frozenset(row["id"] for row in rows)

    async def load(self, tx: Tx, file_id: str) -> tuple[Attachment, bytes]:
        """A file with its bytes; NotFound."""
        row = await tx.row(select(files).where(files.c.id == file_id))
        if row is None:
            raise NotFound("attachment")
        kept = Attachment(row["id"], Media(row["media"]), row["media_type"], row["name"], row["size"])
        return kept, row["data"]

    def url(self, attachment: Attachment) -> str:
        """A link that works for half a day, for whoever was allowed to see the attachment."""
        return f"/files/{self._signer.sign('file', attachment.id, LINK_VALID)}"

    def id_in(self, token: str) -> str:
        """The attachment a link names; NotAllowed when the link is not ours or too old."""
        return self._signer.verify("file", token)

"""What officers bring from the spot: pictures with time and place kept beside them, and voice notes with their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from kernel.attachments import CheckedFile, check_file, place_in, time_in
from kernel.coordinates import metres_between
from kernel.errors import Invalid, Unavailable
from kernel.messages import GeoPoint, Media
from kernel.people import May
from kernel.room import Call, Floor, Route
from ticketing.access import is_unit_staff
from ticketing.model.speech import Transcribes
from ticketing.queries import Queries
from ticketing.row_views import FileView
from ticketing.rules.telling import SECRET
from ticketing.showing import Showing
from ticketing.store import photographs as rows
from ticketing.store.photographs import Taken

LANGUAGES = {"zh-CN": "zh", "yue-Hant-HK": "yue"}


@dataclass(frozen=True, slots=True)
class PhotoForm:
    """What the officer's telephone says of a picture, when they let it: UTC, WGS-84, metres."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """When and where a picture was taken; ``metres`` from the ticket's place, where that is known. ``inside``: the file
    itself says so, not the telephone."""

    id: str
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    accuracy: int | None
    metres: int | None
    inside: bool


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """Of all pictures of a ticket of which anything is known."""

    items: Sequence[PhotoView]


@dataclass(frozen=True, slots=True)
class VoiceForm:
    """In what language a note is."""

    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A note that is kept; ``problem`` is why there is no text, a code."""

    file: FileView
    text: str
    problem: str


class PhotographsApi:
    """Keeps and shows."""

    def __init__(
        self, floor: Floor, lookup: Lookup, queries: Queries, showing: Showing, transcriber: Transcribes
    ) -> None:
        self._database = floor.database
        self._attachments = floor.attachments
        self._vault = floor.vault
        self._clock = floor.clock
        self._lookup = lookup
        self._queries = queries
        self._showing = showing
        self._transcriber = transcriber

    async def attach(self, call: Call) -> list[FileView]:
        """Keep files for a ticket; the form that names their ids says what they are for. Of an officer's picture its
        time and place are kept apart: the picture that is shown has none."""
        if not call.uploads:
            raise Invalid({"file": "missing"})
        said = _said(call.form(PhotoForm))
        async with self._database.reading() as tx:
            ticket = await self._queries.by_number(tx, call.path["number"], call.principal)
        checked = [await check_file(upload.name, upload.data) for upload in call.uploads]
        taken = [await self._taken(call, file, at, said) for at, file in enumerate(checked)]
        async with self._database.transaction() as tx:
            kept = [await self._attachments.keep(tx, file) for file in checked]
            for file, known in zip(kept, taken, strict=True):
                if known.is_known:
                    now = self._clock.now()
                    await rows.keep(tx, self._vault, ticket.id, file.id, call.principal.id, now, known)
        return self._showing.files(kept)

    async def _taken(self, call: Call, file: CheckedFile, at: int, said: Taken) -> Taken:
        # A citizen's picture handed in by an agent keeps nothing of where they were.
        if file.media is not Media.IMAGE or not is_unit_staff(call.principal):
            return Taken()
        data, zone = call.uploads[at].data, self._lookup.calendar().zone
        return Taken(said.at_said, said.place_said, said.accuracy, await time_in(data, zone), await place_in(data))

    async def show(self, call: Call) -> PhotoPage:
        async with self._database.reading() as tx:
            ticket = await self._queries.by_number(tx, call.path["number"], call.principal)
            found = await rows.of_ticket(tx, self._vault, ticket.id)
        secret = ticket.secrecy in SECRET
        return PhotoPage([_shown(each, taken, ticket.point, secret=secret) for each, taken in found.items()])

    async def note(self, call: Call) -> VoiceView:
        """Keep a voice note; its text comes along where there is something to write it down and it works."""
        if len(call.uploads) != 1:
            raise Invalid({"file": "missing"})
        language = LANGUAGES.get(call.form(VoiceForm).language, "zh")
        async with self._database.reading() as tx:
            await self._queries.by_number(tx, call.path["number"], call.principal)
        file = await check_file(call.uploads[0].name, call.uploads[0].data)
        if file.media is not Media.VOICE:
            raise Invalid({"file": "file_kind_not_accepted"})
        text, problem = "", "" if self._transcriber.is_on else "speech_not_set_up"
        if self._transcriber.is_on:
            try:
                text = await self._transcriber.text_of(file.data, file.media_type, language)
            except Unavailable as error:
                problem = error.code
        async with self._database.transaction() as tx:
            kept = await self._attachments.keep(tx, file)
        return VoiceView(self._showing.files([kept])[0], text, problem)


def _said(form: PhotoForm) -> Taken:
    if form.latitude is None or form.longitude is None:
        return Taken(form.taken_at)
    if not (-90 <= form.latitude <= 90 and -180 <= form.longitude <= 180):
        raise Invalid({"latitude": "wrong"})
    return Taken(form.taken_at, GeoPoint(form.latitude, form.longitude), form.accuracy)


def _shown(attachment: str, taken: Taken, place: GeoPoint | None, *, secret: bool) -> PhotoView:
    point = taken.place_said or taken.place_inside
    metres = metres_between(point, place) if point and place else None
    shown = None if secret else point
    return PhotoView(
        attachment,
        taken.at_said or taken.at_inside,
        round(shown.latitude, 5) if shown else None,
        round(shown.longitude, 5) if shown else None,
        round(taken.accuracy) if taken.accuracy is not None and taken.place_said else None,
        metres,
        taken.at_said is None and taken.at_inside is not None,
    )


def routes(api: PhotographsApi) -> list[Route]:
    """What is brought from the spot."""
    one, act, kept = "/api/v1/tickets/{number}", May.ACT_ON_TICKET, list[FileView]
    files, voice = f"{one}/attachments", f"{one}/voice-notes"
    return [
        Route("POST", files, api.attach, act, "上传附件", body=PhotoForm, gives=kept, status=201, takes_files=True),
        Route("GET", f"{one}/photographs", api.show, May.READ_TICKET, "照片的时间与地点", gives=PhotoPage),
        Route("POST", voice, api.note, act, "语音记录", body=VoiceForm, gives=VoiceView, status=201, takes_files=True),
    ]

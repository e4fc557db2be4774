"""Attachments by signed link."""

from kernel.attachments import Attachments
from kernel.database import Database
from kernel.messages import Media
from kernel.people import May
from kernel.room import Call, Download, Route


class FileApi:
    """Gives a file to whoever holds a link that was signed for it."""

    def __init__(self, database: Database, attachments: Attachments) -> None:
        self._database = database
        self._attachments = attachments

    async def show(self, call: Call) -> Download:
        """Pictures, which were decoded and written anew, are shown; everything else is a download."""
        file_id = self._attachments.id_in(call.path["token"])
        async with self._database.reading() as tx:
            kept, data = await self._attachments.load(tx, file_id)
        return Download(kept.name, kept.media_type, data, inline=kept.media is Media.IMAGE)


def routes(api: FileApi) -> list[Route]:
    """The route of files."""
    return [Route("GET", "/files/{token}", api.show, May.READ_FILE, "附件（签名链接）", gives=Download)]

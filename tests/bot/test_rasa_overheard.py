"""The picture of a chat read by Rasa rests on what a listener before Rasa keeps."""

from bot.adapters.local import LocalReader
from bot.adapters.rasa import RasaReader
from bot.model import Intent
from docs.screenshots.overheard import Reading, overheard
from tests.bot.rasa_server import rasa_server


async def test_what_rasa_reads_is_passed_on_and_kept(reader: LocalReader) -> None:
    async with rasa_server() as server, overheard(server.url) as heard:
        asking = RasaReader(heard.url, reader)
        await asking.start()
        heard.readings.clear()
        meaning = await asking.read("路灯不亮")
        await asking.stop()
    assert meaning.intent is Intent.COMPLAIN
    assert asking.version.startswith("rasa:")
    assert heard.readings == [Reading("路灯不亮", "complain", 0.9)]


async def test_what_rasa_refuses_is_no_reading(reader: LocalReader) -> None:
    async with rasa_server() as server, overheard(server.url) as heard:
        server.status = 503
        asking = RasaReader(heard.url, reader)
        await asking.read("路灯不亮")
        await asking.stop()
    assert server.asked == ["路灯不亮"]
    assert heard.readings == []

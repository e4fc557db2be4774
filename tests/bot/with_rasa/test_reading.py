"""The reader contract on a real Rasa, and a hotline that reads with it."""

import pytest

from bot.adapters.local import LocalReader
from bot.adapters.rasa import RasaReader
from bot.model import Intent
from tests.bot.reader_contract import ANY_TEXTS, CLEAR, check_any, check_clear
from tests.bot.with_rasa.conftest import RunningRasa

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("text", ANY_TEXTS)
async def test_any_text_is_read(rasa: RunningRasa, reader: LocalReader, text: str) -> None:
    asking = RasaReader(rasa.url, reader)
    await check_any(asking, text)
    await asking.stop()


@pytest.mark.parametrize(("text", "intent"), CLEAR)
async def test_clear_texts_are_read_as_they_are_meant(
    rasa: RunningRasa, reader: LocalReader, text: str, intent: Intent
) -> None:
    asking = RasaReader(rasa.url, reader)
    await asking.start()
    assert asking.version.startswith("rasa:")
    await check_clear(asking, text, intent)
    await asking.stop()

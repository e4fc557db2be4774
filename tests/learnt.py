"""Models that several folders of tests use, each trained once a run: a worker copies them into a folder of its own,
where what a test trains besides stays."""

import shutil
from pathlib import Path

from bot.adapters.local import train_reader
from tests.once import Once
from tests.rooms import CITY
from ticketing.classifier import Classifier
from ticketing.model.duties import Matter
from ticketing.rules.matterfile import read_matters


def demo_matters() -> tuple[Matter, ...]:
    """The catalogue of the demo city of the tests."""
    matters, problems = read_matters((CITY / "matters.csv").read_text("utf-8"), lambda _code: True, lambda _code: True)
    assert problems == ()
    return matters


async def copy_matters_model(once: Once, folder: Path) -> None:
    """The model of the demo city's matters, into ``folder``."""

    async def make(made: Path) -> None:
        classifier = Classifier(made)
        await classifier.learn(demo_matters())
        assert classifier.version

    shutil.copytree(await once.made("matters", make), folder, dirs_exist_ok=True)


async def copy_reader_model(once: Once, folder: Path) -> None:
    """The model of the bot's reader, into ``folder``."""

    async def make(made: Path) -> None:
        await train_reader(made)

    shutil.copytree(await once.made("reader", make), folder, dirs_exist_ok=True)

"""An evaluation is a command: it sets up the logs of its process, which is not its own here."""

import logging
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    handlers, level, config = logging.getLogger().handlers[:], logging.getLogger().level, structlog.get_config()
    yield
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.configure(**config)

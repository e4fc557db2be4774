"""What a test run makes only once: the worker that needs it first makes it, the others wait for it and read it."""

import fcntl
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Make = Callable[[Path], Awaitable[None]]


class Once:
    """Folders that belong to one run alone: no other run and no other code has made anything in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def made(self, name: str, make: Make) -> Path:
        """The folder ``name``, filled by ``make`` for whoever asks first; to be read and copied, never written to."""
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = self._folder / name
        with self._alone(name):
            if not folder.exists():
                draft = self._folder / f"{name}.draft"
                shutil.rmtree(draft, ignore_errors=True)
                draft.mkdir()
                await make(draft)
                draft.rename(folder)
        return folder

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        with (self._folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

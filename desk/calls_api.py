"""The route by which a telephone exchange tells of calls that are over."""

from dataclasses import dataclass, field

from desk.calls import Calls
from desk.model import Rung
from kernel.database import Database
from kernel.errors import NotAllowed
from kernel.people import KeyScope, Kind, May
from kernel.room import Call, Route


@dataclass(frozen=True, slots=True)
class CallsForm:
    """Calls that are over, at most 500."""

    calls: list[Rung] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CallsTaken:
    """How many were told for the first time, how many had been told before."""

    new: int
    known: int


class CallsApi:
    """For the key of an exchange alone."""

    def __init__(self, database: Database, calls: Calls) -> None:
        self._database = database
        self._calls = calls

    async def take(self, call: Call) -> CallsTaken:
        by = call.principal
        if by.kind is not Kind.KEY:
            raise NotAllowed("key_missing")
        if KeyScope.CALLS_POST not in by.scopes:
            raise NotAllowed("key_lacks_scope")
        told = call.form(CallsForm).calls
        async with self._database.transaction() as tx:
            new = await self._calls.take(tx, told, by)
        return CallsTaken(new, len(told) - new)


def routes(api: CallsApi) -> list[Route]:
    """The exchange's part of the API."""
    path, may = "/api/v1/calls", May.TELL_CALLS
    return [Route("POST", path, api.take, may, "话务平台报送来电", body=CallsForm, gives=CallsTaken)]

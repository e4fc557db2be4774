"""Who wants no messages on a channel any more: kept as an index, so that nobody's number stands here."""

from collections.abc import Collection

from channels.model import Standing
from channels.store import refuse, refusing, welcome
from kernel.clock import Clock
from kernel.database import Tx
from kernel.messages import Address
from kernel.privacy import Vault


class Standings:
    """Keeps what people wrote about being written to."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    async def keep(self, tx: Tx, channel: str, standing: Standing) -> None:
        """Somebody wants none any more, or wants them again."""
        person = self._index(channel, standing.user)
        if standing.stopped:
            await refuse(tx, person, channel, self._clock.now())
        else:
            await welcome(tx, person)

    async def refusing(self, tx: Tx, addresses: Collection[Address]) -> frozenset[Address]:
        """Which of these addresses want none."""
        indexes = {address: self._index(address.channel, address.user) for address in addresses}
        found = await refusing(tx, list(indexes.values())) if indexes else frozenset()
        return frozenset(address for address, index in indexes.items() if index in found)

    def _index(self, channel: str, user: str) -> str:
        return self._vault.blind_index("channel.refusal", f"{channel}:{user}")

"""Rows of what is known of officers' photographs: when and where each was taken, sealed beside the picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Column, Index, String, Table, Text, select

from kernel.database import Moment, Tx, metadata
from kernel.messages import GeoPoint
from kernel.privacy import Vault

photographs = Table(
    "photograph",
    metadata,
    Column("attachment", String(32), primary_key=True),
    Column("ticket", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("sealed", Text, nullable=False),
    Index("ix_photograph_ticket", "ticket"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """When and where: ``…_said`` by the officer's telephone as it was taken, ``…_inside`` by the file itself.
    ``accuracy`` is in metres."""

    at_said: datetime | None = None
    place_said: GeoPoint | None = None
    accuracy: float | None = None
    at_inside: datetime | None = None
    place_inside: GeoPoint | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to keep."""
        return any((self.at_said, self.place_said, self.at_inside, self.place_inside))


async def keep(tx: Tx, vault: Vault, ticket: str, attachment: str, by: str, at: datetime, taken: Taken) -> None:
    """Keep it beside the picture."""
    sealed = vault.seal(msgspec.json.encode(taken).decode(), f"photograph:{attachment}")
    row = {"attachment": attachment, "ticket": ticket, "by": by, "at": at, "sealed": sealed}
    await tx.execute(photographs.insert().values(**row))


async def of_ticket(tx: Tx, vault: Vault, ticket: str) -> Mapping[str, Taken]:
    """What is known of the pictures of a ticket, by attachment."""
    rows = await tx.rows(select(photographs).where(photographs.c.ticket == ticket))
    opened = {row["attachment"]: vault.open(row["sealed"], f"photograph:{row['attachment']}") for row in rows}
    return {attachment: msgspec.json.decode(text, type=Taken) for attachment, text in opened.items()}

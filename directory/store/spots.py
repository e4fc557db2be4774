"""Rows of where the places are."""

from sqlalchemy import Column, Integer, String, Table, select

from directory.model import Spot
from kernel.database import Tx, metadata

# Degrees are kept as whole millionths, so that a row equals itself in every database.
_MILLION = 1_000_000

spots = Table(
    "place_spot",
    metadata,
    Column("place", String(100), primary_key=True),
    Column("area", String(32), primary_key=True),
    Column("latitude", Integer, primary_key=True),
    Column("longitude", Integer, primary_key=True),
    Column("source", String(300), nullable=False),
)


async def load_spots(tx: Tx) -> tuple[Spot, ...]:
    """All spots by name."""
    found = await tx.rows(select(spots).order_by(*spots.primary_key.columns))
    return tuple(
        Spot(row["place"], row["area"], row["latitude"] / _MILLION, row["longitude"] / _MILLION, row["source"])
        for row in found
    )


def spot_row(spot: Spot) -> dict[str, object]:
    """A spot as its row."""
    degrees = {"latitude": round(spot.latitude * _MILLION), "longitude": round(spot.longitude * _MILLION)}
    return {"place": spot.place, "area": spot.area, **degrees, "source": spot.source}

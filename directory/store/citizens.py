"""Rows of citizens: what is personal is sealed, phones and addresses are found by blind index."""

import hashlib
from collections.abc import Collection

from sqlalchemy import Column, ForeignKey, Index, RowMapping, String, Table, Text, delete, or_, select, update

from directory.model import Citizen, Contact, Judgement, SamePerson
from kernel.database import Moment, Tx, metadata
from kernel.errors import NotFound
from kernel.messages import Address
from kernel.privacy import Vault

FIELDS = ("name", "phone", "address")

citizens = Table(
    "citizen",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created_at", Moment, nullable=False),
    *(Column(field, Text, nullable=False) for field in FIELDS),
    Column("phone_index", String(64), nullable=False),
    Index("ix_citizen_phone", "phone_index"),
)

addresses = Table(
    "citizen_address",
    metadata,
    Column("key_index", String(64), primary_key=True),
    Column("citizen_id", ForeignKey("citizen.id"), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_citizen_address_citizen", "citizen_id"),
)

# Two citizens stand here once, the lesser id first.
judgements = Table(
    "citizen_judgement",
    metadata,
    Column("one", ForeignKey("citizen.id"), primary_key=True),
    Column("other", ForeignKey("citizen.id"), primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_citizen_judgement_other", "other"),
)
_J = judgements.c


class CitizenStore:
    """Loads and saves citizens, their contacts and the addresses they write from."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def at(self, tx: Tx, address: Address) -> Citizen | None:
        """The citizen who writes from ``address``, if we know one."""
        joined = citizens.join(addresses, addresses.c.citizen_id == citizens.c.id)
        query = select(citizens.c.id, citizens.c.created_at).select_from(joined)
        row = await tx.row(query.where(addresses.c.key_index == self._key_index(address)))
        return None if row is None else Citizen(row["id"], row["created_at"])

    async def add(self, tx: Tx, citizen: Citizen, address: Address) -> bool:
        """A new citizen at an address; False, and nothing is kept, when another process was first."""
        empty = dict.fromkeys((*FIELDS, "phone_index"), "")
        await tx.execute(citizens.insert().values(id=citizen.id, created_at=citizen.created, **empty))
        index = self._key_index(address)
        statement = tx.insert(addresses).values(
            key_index=index,
            citizen_id=citizen.id,
            sealed=self._vault.seal(address.key, f"citizen_address:{index}"),
            created_at=citizen.created,
        )
        result = await tx.execute(statement.on_conflict_do_nothing(index_elements=["key_index"]))
        if result.rowcount:
            return True
        await tx.execute(delete(citizens).where(citizens.c.id == citizen.id))
        return False

    async def addresses_of(self, tx: Tx, citizen_id: str) -> tuple[Address, ...]:
        """Every address a citizen writes from, the oldest first."""
        query = select(addresses).where(addresses.c.citizen_id == citizen_id)
        rows = await tx.rows(query.order_by(addresses.c.created_at, addresses.c.key_index))
        return tuple(
            Address.from_key(self._vault.open(row["sealed"], f"citizen_address:{row['key_index']}")) for row in rows
        )

    async def contact(self, tx: Tx, citizen_id: str) -> Contact:
        """The unsealed contact; NotFound."""
        found = await self.contacts(tx, [citizen_id])
        if citizen_id not in found:
            raise NotFound("citizen")
        return found[citizen_id]

    async def contacts(self, tx: Tx, citizen_ids: Collection[str]) -> dict[str, Contact]:
        """Unsealed contacts by citizen, in one query; who is not known is left out."""
        rows = await tx.rows(select(citizens).where(citizens.c.id.in_(set(citizen_ids)))) if citizen_ids else []
        return {row["id"]: self._contact(row) for row in rows}

    def _contact(self, row: RowMapping) -> Contact:
        opened = {field: self._vault.open(row[field], _context(row["id"], field)) for field in FIELDS if row[field]}
        return Contact(**opened)

    async def keep(self, tx: Tx, citizen_id: str, values: dict[str, str]) -> None:
        """Seal and write some fields of a contact; an empty value removes the field. NotFound."""
        sealed = {
            field: self._vault.seal(value, _context(citizen_id, field)) if value else ""
            for field, value in values.items()
        }
        if "phone" in values:
            sealed["phone_index"] = self._vault.blind_index("phone", values["phone"]) if values["phone"] else ""
        result = await tx.execute(update(citizens).where(citizens.c.id == citizen_id).values(**sealed))
        if result.rowcount != 1:
            raise NotFound("citizen")

    async def with_phone(self, tx: Tx, phone: str) -> tuple[Citizen, ...]:
        """Citizens who left this phone number, the oldest first."""
        index = self._vault.blind_index("phone", phone)
        query = select(citizens.c.id, citizens.c.created_at).where(citizens.c.phone_index == index)
        rows = await tx.rows(query.order_by(citizens.c.created_at, citizens.c.id))
        return tuple(Citizen(row["id"], row["created_at"]) for row in rows)

    async def judgements_of(self, tx: Tx, citizen_ids: Collection[str]) -> list[tuple[str, Judgement]]:
        """What was said of any of these and another, seen from either side."""
        ids = set(citizen_ids)
        rows = await tx.rows(select(judgements).where(or_(_J.one.in_(ids), _J.other.in_(ids)))) if ids else []
        sides = [(row, *ends) for row in rows for ends in ((row["one"], row["other"]), (row["other"], row["one"]))]
        return [
            (here, Judgement(there, SamePerson(row["verdict"]), row["by"], row["at"]))
            for row, here, there in sides
            if here in ids
        ]

    async def judge(self, tx: Tx, citizen_id: str, judgement: Judgement) -> None:
        """Keep what was said of two, in the place of what was said before."""
        await self.unjudge(tx, citizen_id, judgement.other)
        one, other = sorted((citizen_id, judgement.other))
        said = {"verdict": judgement.verdict.value, "by": judgement.by, "at": judgement.at}
        await tx.execute(judgements.insert().values(one=one, other=other, **said))

    async def unjudge(self, tx: Tx, citizen_id: str, other_id: str) -> None:
        """Nothing is said of two any more."""
        one, other = sorted((citizen_id, other_id))
        await tx.execute(delete(judgements).where(_J.one == one, _J.other == other))

    def _key_index(self, address: Address) -> str:
        # The vault's index takes no notice of case, and platforms' user names differ by it.
        exact = hashlib.sha256(address.key.encode()).hexdigest()
        return self._vault.blind_index("channel_address", exact)


def _context(citizen_id: str, field: str) -> str:
    return f"citizen:{citizen_id}:{field}"

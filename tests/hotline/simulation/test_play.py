"""A few days of the city: everybody does what they are for, nothing breaks a rule, the figures agree."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desk.store import conversations
from hotline.simulation.chats import address_of
from hotline.simulation.page import page
from hotline.simulation.report import figures_of, text_of, timing
from kernel.database import metadata
from tests.hotline.simulation.conftest import SMALL, TINY, Month, played
from ticketing.model.labels import Action, Actor, RequestMove, SideAction

# Not in a stretch without a change of the calendar or of units, nor where nobody is called over the relay.
# What was handed over before a clock waited for its receipt is of another time.
NOT_HERE = {
    *(SideAction.FOLLOW_UNIT.value, SideAction.RECOUNT.value, SideAction.TAKE_BACK_CONTACT.value),
    SideAction.START_RECEIPT.value,
}
# Too seldom to be sure of in a few days; a month has them all, see docs/simulation.md.
SELDOM = {
    *(Action.SENT_BACK.value, Action.RECALL.value, Action.CLOSE_SHELVED.value, Action.UNSHELVE.value),
    *(SideAction.RENEW_HOLD.value, SideAction.UPHOLD_APPEAL.value, SideAction.REJECT_APPEAL.value),
    *(SideAction.PROPOSE_DECLINE.value, SideAction.OPPOSE_DECLINE.value, Action.ASK_INFO.value),
    *(SideAction.MARK_SENSITIVE.value, SideAction.CLEAR_SENSITIVE.value),
    *(SideAction.LOG_CONTACT.value, SideAction.CHANGE_RATING.value, Action.APPEAL.value, RequestMove.DISPUTE.value),
    *(SideAction.LOWER_URGENCY.value, SideAction.RAISE_URGENCY.value, SideAction.SUPERVISE.value),
    *(Action.SHELVE.value, Action.SUPPLY_INFO.value, Action.RECEIPT.value),
    *(Action.NOT_SOLVED.value, Action.GIVE_UP_INFO.value, Action.UNMERGE.value, SideAction.NOTE_DISSENT.value),
    *(SideAction.WITHDRAW_PART.value, SideAction.AGREE_REFUSAL.value),
}
# A few seconds on a machine of its own; several minutes on one that builds other things meanwhile.
pytestmark = pytest.mark.timeout(900)
ALL = {each.value for kind in (Action, SideAction, RequestMove) for each in kind}


async def taken(month: Month) -> Counter[tuple[str, str]]:
    records = metadata.tables["ticket_record"]
    query = select(records.c.what, records.c.actor, func.count().label("many")).group_by(
        records.c.what, records.c.actor
    )
    async with month.assembled.house.floor.database.reading() as tx:
        return Counter({(row["what"], row["actor"]): row["many"] for row in await tx.rows(query)})


async def test_every_part_acts_and_every_transition_happens(month: Month) -> None:
    steps = await taken(month)
    assert {what for what, _ in steps} >= ALL - NOT_HERE - SELDOM
    assert {actor for _, actor in steps} >= {each.value for each in Actor} - {Actor.PLATFORM.value}


def test_no_rule_is_broken_and_no_button_lies(month: Month) -> None:
    assert month.checked.faults == []
    assert month.played.stage.tally.surprises == Counter()
    assert all(many > 0 for name, many in month.checked.looked_at.items()), month.checked.looked_at


def test_contacts_come_in_every_way_and_the_typhoon_is_seen(month: Month) -> None:
    ways = Counter(contact.way.value for contact in month.played.contacts)
    assert min(ways.values()) > 0
    assert len(ways) == 3
    calendar = month.assembled.rooms.directory.lookup.calendar()
    by_day = Counter(calendar.local_date(contact.at) for contact in month.played.contacts)
    others = [many for day, many in by_day.items() if day != month.played.storm]
    assert by_day[month.played.storm] > 2 * max(others)
    went = month.played.stage.tally.contacts
    assert {"phone_ticket", "phone_answered", "chat_ticket", "chat_bot", "chat_person"} <= went.keys()
    assert went.total() >= len(month.played.contacts)


def test_platforms_repeat_messages_and_deliveries_fail_yet_nothing_is_lost(month: Month) -> None:
    ledger = month.played.post.ledger
    assert ledger.repeated.total() > 0
    assert ledger.ends["sent"] > 100
    assert ledger.wrong_receipts == ledger.carried_twice == 0


async def test_nobody_is_served_over_and_over(month: Month) -> None:
    """Who says a word more once they were served would begin a talk anew, be served anew, and say it again."""
    called = Counter(address_of(contact).key for contact in month.played.contacts)
    query = select(conversations.c.address, func.count().label("many")).group_by(conversations.c.address)
    async with month.assembled.house.floor.database.reading() as tx:
        talks = {row["address"]: row["many"] for row in await tx.rows(query)}
    assert talks
    assert {address: many for address, many in talks.items() if many > 3 + 2 * called[address]} == {}


async def test_the_report_agrees_with_the_database(month: Month) -> None:
    figures = await figures_of(month.assembled, month.played, month.checked)
    tickets = metadata.tables["ticket"]
    async with month.assembled.house.floor.database.reading() as tx:
        many = await tx.scalar(select(func.count()).select_from(tickets))
    indicators = {each["name"]: each for each in figures["indicators"]}
    assert sum(figures["tickets"].values()) == sum(figures["states"].values()) == many
    assert indicators["volume"]["all"] == [many, many]
    assert sum(figures["arrivals"].values()) == SMALL.contacts
    excluded = indicators["excluded"]["all"][1]
    assert indicators["volume"]["kept"][1] >= many - excluded
    for each in indicators.values():
        for numerator, denominator in (each["all"], each["kept"]):
            assert numerator <= denominator or each["name"] in {"hops", "first_reply", "quoted"}
    shown = page({**figures, "timing": timing(month.played)})
    assert f"{SMALL.contacts:,} contacts" in shown
    assert f"| 工单量 | {many} / {many} | 1.000 |" in shown
    text = text_of(figures, timing(month.played))
    assert "合计违反 0" in text
    assert f"/{many} =" in text


async def test_units_read_secret_tickets_and_never_who_told(month: Month) -> None:
    assert month.played.stage.tally.seen_secret > 0
    assert month.played.stage.tally.faults == []


async def test_the_same_seed_gives_the_same_month(seeded: Path, tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        async with played(seeded, tmp_path / f"{name}.sqlite3", TINY) as made:
            found.append(await figures_of(made.assembled, made.played, made.checked))
    assert found[0] == found[1]
    assert found[0]["steps"]

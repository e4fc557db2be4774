"""Words are looked for in the newest spans first; what is found, and in which order, does not depend on it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kernel.database import Tx
from tests.ticketing.city import DISPATCHER, Hotline
from tests.ticketing.test_lists import listed, others
from ticketing.queries import ViewName
from ticketing.store import lists
from ticketing.store.search import SPANS, newest_spans, span_terms
from ticketing.store.tables import texts

NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
GAPS = (0, 500, 300, 200, 60, 50, 1, 6, 8, 30)


async def over_years(desk: Hotline) -> list[str]:
    """The numbers of tickets received over some years, the newest first."""
    found = []
    for place, days in enumerate(GAPS):
        desk.clock.advance(timedelta(days=days))
        text = "同济路路灯不亮" if place % 3 else "同济路路灯不亮，井盖也坏了"
        [ticket] = await others(desk, 1, text=text, place=f"同济路{place}号")
        found.append(ticket.number)
    return found[::-1]


async def test_a_word_is_found_page_by_page_over_all_spans_the_newest_first(
    desk: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = await over_years(desk)
    whole = await listed(desk, DISPATCHER, ViewName.ALL, text="路灯")
    assert whole == numbers
    monkeypatch.setattr(lists, "LOOKED_THROUGH", 1)
    assert await listed(desk, DISPATCHER, ViewName.ALL, text="路灯") == numbers
    rarer = await listed(desk, DISPATCHER, ViewName.ALL, text="路灯 井盖")
    assert rarer == [number for place, number in enumerate(numbers[::-1]) if place % 3 == 0][::-1]
    async with desk.database.reading() as tx:
        led = (await lists.find(tx, lists.View())).items[0].lead
    assert led is not None
    assert await listed(desk, DISPATCHER, ViewName.ALL, text="路灯", unit=led.unit) == numbers
    assert await listed(desk, DISPATCHER, ViewName.ALL, text="路灯", unit="nobody") == []


async def test_a_page_of_a_frequent_word_reads_its_newest_spans_alone(
    desk: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await over_years(desk)
    monkeypatch.setattr(lists, "LOOKED_THROUGH", 1)
    asked: list[tuple[str, ...]] = []
    original = lists._by_words

    def noted(tx: Tx, view: lists.View, after: object, limit: int, spans: tuple[str, ...] = ()) -> object:
        asked.append(spans)
        return original(tx, view, after, limit, spans)  # type: ignore[arg-type]

    monkeypatch.setattr(lists, "_by_words", noted)
    async with desk.database.reading() as tx:
        page = await lists.find(tx, lists.View(text="路灯", limit=1))
    assert len(page.items) == 1
    assert [len(spans) for spans in asked] == [2, 2]
    assert () not in asked


async def test_each_ticket_keeps_the_spans_it_was_received_in(desk: Hotline) -> None:
    [ticket] = await others(desk, 1)
    async with desk.database.reading() as tx:
        row = await tx.row(select(texts.c.terms, texts.c.received).where(texts.c.ticket == ticket.id))
    assert row is not None
    assert row["terms"].split()[-len(SPANS) :] == span_terms(row["received"])


@pytest.mark.parametrize("back", [timedelta(), *SPANS, *(span * 2 - timedelta(seconds=1) for span in SPANS)])
def test_what_a_shorter_span_finds_is_newer_than_what_it_leaves_out(back: timedelta) -> None:
    asked = newest_spans(NOW)
    for place, (span, before) in enumerate(asked):
        assert span == span_terms(NOW)[place]
        assert before == span_terms(NOW - SPANS[place])[place]
        inside = span_terms(NOW - back)[place] in (span, before)
        assert inside if back <= SPANS[place] else not inside or back < 2 * SPANS[place]

"""Pages that begin behind a row, wherever that has moved to."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel import cursors
from kernel.errors import Invalid
from kernel.pages import LONGEST

Row = tuple[datetime, str]
BEGUN = datetime(2026, 3, 16, 1, tzinfo=UTC)
ROWS: list[Row] = [(BEGUN + timedelta(minutes=n // 2), f"r{n}") for n in range(7)]


def key(row: Row) -> Row:
    return row


@pytest.mark.parametrize("falling", [False, True])
def test_what_is_added_meanwhile_moves_no_row_to_another_page(falling: bool) -> None:
    rows, found, cursor = sorted(ROWS, reverse=falling), list[Row](), ""
    while True:
        page = cursors.part(rows, key, cursor, 3, falling=falling)
        found += page.items
        if page.next is None:
            break
        cursor = page.next
        first = (BEGUN + timedelta(days=1 if falling else -1, minutes=len(rows)), "new")
        rows = sorted([*rows, first], reverse=falling)
    assert found == sorted(ROWS, reverse=falling)


def test_a_row_that_went_takes_none_with_it() -> None:
    first = cursors.part(ROWS, key, "", 3)
    assert first.next is not None
    left = [row for row in ROWS if row not in first.items]
    assert list(cursors.part(left, key, first.next, 10).items) == left


def test_a_page_that_ends_with_the_list_has_no_next() -> None:
    assert cursors.part(ROWS, key, "", len(ROWS)).next is None


@pytest.mark.parametrize("limit", [0, -5, 10_000])
def test_a_limit_that_cannot_be_is_the_nearest_that_can(limit: int) -> None:
    rows = [(BEGUN, f"{n:04}") for n in range(1000)]
    assert len(cursors.part(rows, key, "", limit).items) == max(1, min(limit, LONGEST))


WRONG = [
    "x", "²", "%F0", cursors.written([BEGUN]), cursors.written(["a", "b"]), cursors.written([BEGUN, BEGUN]),
    cursors.written([BEGUN.replace(tzinfo=None), "r1"]),
]  # fmt: skip


@pytest.mark.parametrize("cursor", WRONG)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        cursors.part(ROWS, key, cursor, 1)
    assert refused.value.fields == {"cursor": "wrong"}


@pytest.mark.parametrize("cursor", [*WRONG, cursors.written(["2026-13-01", "r1"])])
def test_a_cursor_of_days_is_ours_or_refused(cursor: str) -> None:
    assert cursors.day_of(cursors.written([BEGUN.date(), "r1"])) == (BEGUN.date(), "r1")
    with pytest.raises(Invalid):
        cursors.day_of(cursor)

"""Pages of lists in memory."""

import pytest

from kernel.errors import Invalid
from kernel.pages import LONGEST, part


def test_every_item_is_on_exactly_one_page() -> None:
    items, found, cursor = list(range(11)), list[int](), ""
    while True:
        page = part(items, cursor, 4)
        assert page.total == 11
        found += page.items
        if page.next is None:
            break
        cursor = page.next
    assert found == items


def test_a_page_that_ends_with_the_list_has_no_next() -> None:
    assert part([1, 2], "", 2).next is None


@pytest.mark.parametrize("limit", [0, -5, 10_000])
def test_a_limit_that_cannot_be_is_the_nearest_that_can(limit: int) -> None:
    assert len(part(range(1000), "", limit).items) == max(1, min(limit, LONGEST))


@pytest.mark.parametrize("cursor", ["x", "-1", "²", "9" * 30])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        part([1], cursor, 1)

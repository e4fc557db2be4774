"""docs/data.md says what the code says."""

from hotline.data.describing import page
from tests.hotline.data.small_city import House
from tests.rooms import ROOT

PAGE = ROOT / "docs" / "data.md"


def test_the_page_is_what_the_code_says(empty: House) -> None:
    assert PAGE.read_text("utf-8") == page(empty.city.layouts, empty.ticketing.history.layout), (
        "write hotline.data.describing.page(…) into docs/data.md"
    )


def test_no_sheet_and_no_column_is_left_out(empty: House) -> None:
    text = page(empty.city.layouts, empty.ticketing.history.layout)
    assert len(empty.city.layouts) == 10
    for layout in (*empty.city.layouts, empty.ticketing.history.layout):
        assert [name for name in layout.names if f"| `{name}` |" not in text] == []

"""Each line of the thread as the agent reads it."""

from datetime import UTC, datetime

import pytest

from desk.views import message_view
from kernel.mailbox import Entry
from kernel.messages import Address, Author, Outbound

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)


@pytest.mark.parametrize("author", [Author.BOT, Author.SYSTEM])
def test_p44_what_the_machine_repeats_of_the_citizen_is_masked_too(author: Author) -> None:
    said = Outbound("a" * 32, Address("web", "site", "u"), "请核对：联系电话：13900139000", author, NOW)
    assert "13900139000" not in message_view(Entry(1, outbound=said), {}, {}).text


def test_what_an_agent_wrote_is_shown_as_written() -> None:
    said = Outbound("a" * 32, Address("web", "site", "u"), "请致电 13900139000", Author.AGENT, NOW)
    assert message_view(Entry(1, outbound=said), {}, {}).text == "请致电 13900139000"

"""What is asked for lies within what the partial indexes hold."""

from ticketing.store.tables import OVER, UNDER_WAY, WITH_UNITS
from ticketing.store.wall import OPEN


def test_the_index_of_open_tickets_holds_every_state_the_wall_and_the_units_ask_for() -> None:
    """Else PostgreSQL does not use it, and a list of the wall reads whatever is open."""
    assert set(OPEN) <= set(UNDER_WAY)
    assert set(WITH_UNITS) <= set(UNDER_WAY)
    assert not set(UNDER_WAY) & (set(OVER) - {OVER[0]})

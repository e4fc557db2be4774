"""What is kept of a ticket: everything, though only what differs from a ticket's beginning is written."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ticketing.model.labels import State, TicketKind, Urgency
from ticketing.model.ticket import Counters, Ticket
from ticketing.store.body import decode, encode

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(timedelta, st.timedeltas(timedelta(0), timedelta(days=400)))
st.register_type_strategy(float, st.floats(-180, 180))
PLAIN = Ticket(
    id="t",
    kind=TicketKind.COMPLAINT,
    urgency=Urgency.P2,
    state=State.DRAFT,
    state_since=datetime(2026, 3, 16, 2, tzinfo=UTC),
    text="路灯不亮",
    created=datetime(2026, 3, 16, 2, tzinfo=UTC),
    updated=datetime(2026, 3, 16, 2, tzinfo=UTC),
)


@given(st.from_type(Ticket))
def test_whatever_a_ticket_holds_comes_back(ticket: Ticket) -> None:
    assert decode(encode(ticket)) == ticket


@given(st.from_type(Ticket))
def test_a_body_written_whole_is_read_as_before(ticket: Ticket) -> None:
    assert decode(msgspec.json.encode(ticket).decode()) == ticket


def test_only_what_was_said_is_written() -> None:
    assert set(json.loads(encode(PLAIN))) == {
        *("id", "kind", "urgency", "state", "state_since", "text", "created", "updated"),
    }


def test_what_differs_is_written_whole_way_down() -> None:
    told = json.loads(encode(replace(PLAIN, text="", supervision=2, counters=Counters(urges=1))))
    assert (told["text"], told["supervision"], told["counters"]) == ("", 2, {"urges": 1})

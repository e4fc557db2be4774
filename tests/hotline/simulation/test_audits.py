"""Each rule, broken on purpose in the database, is found broken — and only then."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.simulation.trays import audit_journal, audit_mailbox
from kernel.ids import new_id
from kernel.mailbox import outbox
from kernel.room import Fault
from tests.hotline.simulation.breaking import Body, Change, broken, broken_ticket, faults_of, rows_of
from tests.hotline.simulation.conftest import Month

pytestmark = pytest.mark.timeout(900)


def ended(body: Body) -> bool:
    return body["state"] in {"closed", "archived"} and bool(body["assignments"]) and bool(body["clocks"])


def total(body: Body) -> Body:
    return next(clock for clock in body["clocks"] if clock["kind"] == "total")


def lead(body: Body) -> Body:
    return next(each for each in body["assignments"] if each["role"] == "lead")


def set_(**values: object) -> Callable[[Body], None]:
    return lambda body: body.update(values)


def pause(reason: str) -> Callable[[Body], None]:
    def add(body: Body) -> None:
        clock = total(body)
        clock["pauses"] = [{"since": clock["started"], "until": clock["stopped"] or clock["started"], "reason": reason}]

    return add


def work_goes_on(body: Body) -> None:
    lead(body)["state"] = "working"


def part_goes_on(body: Body) -> None:
    body["state"] = "replied"
    body["assignments"].append({**lead(body), "id": "other", "role": "supporting", "state": "working"})


def clock_began_later(body: Body) -> None:
    total(body)["started"] = "2026-06-01T00:00:00Z"


def clock_runs_on(body: Body) -> None:
    total(body)["stopped"] = None


def longer_due(body: Body) -> None:
    total(body)["due"] = "2026-12-01T09:00:00Z"


def resolved_without_proof(body: Body) -> None:
    body["outcome"], body["proof"] = "resolved", []
    body["reply"] = {**(body["reply"] or {}), "citations": []}


def asked_late(body: Body) -> None:
    body["requests"].append(
        {
            "id": "late",
            "ticket": body["id"],
            "kind": "extension",
            "state": "granted",
            "unit": "u",
            "asked_by": "somebody",
            "asked_at": "2026-06-03T02:00:00Z",
            "decide_by": "2026-06-04T02:00:00Z",
            "due_then": "2026-06-02T02:00:00Z",
        }
    )


def excluded(body: Body) -> None:
    body["flags"] = [*body["flags"], "excluded"]


def local_time(body: Body) -> None:
    body["created"] = "2026-06-02T09:00:00+08:00"


def with_phone(body: Body) -> None:
    body["text"] += "，电话13800138000"


BODIES: list[tuple[str, Callable[[Body], bool], Callable[[Body], None]]] = [
    ("one_lead_from_dispatch_to_review", ended, work_goes_on),
    ("total_is_never_reset", ended, clock_began_later),
    ("clocks_pause_only_where_said", ended, pause("triage")),
    ("total_stands_still_as_its_ticket_did", ended, pause("need_info")),
    ("released_only_when_parts_are_done", ended, part_goes_on),
    ("closed_has_outcome", lambda b: ended(b) and b["outcome"], set_(outcome=None)),
    ("closed_has_outcome", lambda b: ended(b) and b["reply"], resolved_without_proof),
    ("report_is_secret", lambda b: b["kind"] == "report", set_(secrecy="open")),
    ("extensions_were_asked_in_time", ended, asked_late),
    ("moments_are_utc", ended, local_time),
    ("exclusion_is_only_a_flag", lambda b: ended(b) and not b["requests"], excluded),
    ("only_the_living_wait", ended, clock_runs_on),
    ("merged_have_a_parent", ended, set_(state="merged", parent="")),
    ("times_add_up", ended, longer_due),
    ("row_agrees_with_ticket", ended, set_(state="triage")),
    ("report_shows_no_identity", lambda b: b["secrecy"] == "report", with_phone),
    ("merged_get_the_reply", lambda b: b["outcome"] == "duplicate", set_(reply=None)),
]


@pytest.mark.parametrize(("rule", "fits", "change"), BODIES, ids=[f"{n}-{each[0]}" for n, each in enumerate(BODIES)])
async def test_a_ticket_that_breaks_a_rule_is_found(
    month: Month, rule: str, fits: Callable[[Body], bool], change: Callable[[Body], None]
) -> None:
    database = month.assembled.house.floor.database
    async with broken_ticket(database, fits, change):
        assert rule in {fault.rule for fault in await faults_of(month, "ticketing")}


# -- rows beside the ticket ---------------------------------------------------------------------------------


def other(**values: object) -> Change:
    return lambda row: {**row, **values}


def gone(_row: object) -> None:
    return None


async def found(month: Month, room: str, table: str, fits: Callable[[Any], bool], change: Change) -> set[str]:
    """The rules an audit finds broken once the first row that fits is changed."""
    floor = month.assembled.house.floor
    row = next((each for each in await rows_of(floor.database, table) if fits(SimpleNamespace(**each))), None)
    assert row is not None, f"no row of {table} fits"
    async with broken(floor.database, table, row, change):
        faults: list[Fault]
        match room:
            case "mailbox":
                _, faults = await audit_mailbox(floor, month.played.post.ledger)
            case "journal":
                _, faults = await audit_journal(floor)
            case _:
                faults = await faults_of(month, room)
    return {fault.rule for fault in faults}


def next_link(row: Any) -> dict[str, Any]:
    return {**row, "position": row["position"] - 1}


ROWS: list[tuple[str, str, str, Callable[[Any], bool], Change]] = [
    ("history_is_whole", "ticketing", "ticket_record", lambda r: r.version == 2, gone),
    ("history_is_whole", "ticketing", "ticket_record", lambda r: r.version == 2, other(why="")),
    ("history_is_in_the_journal", "ticketing", "journal", lambda r: r.kind == "ticketing.TicketReplied", gone),
    ("digests_verify", "ticketing", "journal", lambda r: r.kind == "ticketing.TicketReplied", other(subject="x")),
    ("digests_verify", "ticketing", "journal_head", lambda r: r.subject.startswith("ticket:"), other(digest="0" * 64)),
    ("looks_have_a_purpose", "ticketing", "ticket_access", lambda r: r.kind == "unmask", other(note=" ")),
    ("looks_have_a_purpose", "ticketing", "ticket_access", lambda r: r.kind == "unmask", other(role="analyst")),
    ("message_has_one_outcome", "desk", "journal", lambda r: r.kind == "desk.CitizenSpoke", gone),
    ("turns_are_somebodys", "desk", "conversation", lambda r: r.turn == "closed", other(turn="waiting")),
    ("turns_are_somebodys", "desk", "conversation", lambda r: r.turn == "closed", other(turn="agent", agent_id="")),
    ("nothing_is_lost", "mailbox", "mailbox_in", lambda r: r.seq == 1, gone),
    ("nothing_is_lost", "mailbox", "mailbox_in", lambda r: r.seq == 1, other(state="aside")),
    ("nothing_is_doubled", "mailbox", "mailbox_in", lambda r: r.seq == 1, other(external_id="never-delivered")),
    ("nothing_waits", "mailbox", "mailbox_in", lambda r: r.seq == 1, other(state="waiting")),
    ("nothing_waits", "mailbox", "mailbox_out", lambda r: r.state == "sent", other(state="queued")),
    ("nothing_waits", "mailbox", "mailbox_lane", lambda r: r.last_seq > 1, other(ready=True)),
    ("threads_are_in_order", "mailbox", "mailbox_out", lambda r: r.seq > 1, other(seq=1)),
    ("facts_are_numbered", "journal", "journal", lambda r: r.position == 5, other(position=None)),
    ("digests_verify", "journal", "journal", lambda r: r.kind == "directory.DirectoryChanged", gone),
    ("readers_are_up_to_date", "journal", "journal_cursor", lambda r: r.reader == "analytics.rollup", next_link),
    ("parts_are_of_the_case", "analytics", "measured_part", lambda r: r.measure == "volume", gone),
    ("sums_are_of_the_parts", "analytics", "rollup", lambda r: r.measure == "volume", other(all_num=999.0)),
    (
        "numerators_within_denominators",
        *("analytics", "rollup", lambda r: r.measure == "signed"),
        other(all_num=9.0, all_den=1.0),
    ),
    (
        "exclusion_changes_the_second_version_only",
        *("analytics", "rollup", lambda r: r.measure == "volume"),
        other(kept_num=0.0, kept_den=0.0, score_num=0.0, score_den=0.0),
    ),
    (
        "exclusion_changes_the_second_version_only",
        *("analytics", "measured_part", lambda r: r.measure == "volume" and not r.excluded),
        other(excluded=True),
    ),
    ("every_fact_is_counted", "analytics", "figure_position", lambda r: r.id == 1, next_link),
]


@pytest.mark.parametrize(
    ("rule", "room", "table", "fits", "change"), ROWS, ids=[f"{n}-{each[0]}" for n, each in enumerate(ROWS)]
)
async def test_a_row_that_breaks_a_rule_is_found(
    month: Month, rule: str, room: str, table: str, fits: Callable[[Any], bool], change: Change
) -> None:
    assert rule in await found(month, room, table, fits, change)


async def test_the_unit_that_judges_itself_is_found(month: Month) -> None:
    database = month.assembled.house.floor.database
    units = {row["id"]: row["lead"] for row in await rows_of(database, "ticket") if row["lead"]}
    records = [r for r in await rows_of(database, "ticket_record") if r["what"] == "release" and r["ticket"] in units]
    async with broken(database, "ticket_record", records[-1], lambda row: {**row, "unit": units[row["ticket"]]}):
        assert "handling_unit_does_not_judge" in {fault.rule for fault in await faults_of(month, "ticketing")}


async def test_a_reply_that_was_never_sent_is_found(month: Month) -> None:
    database = month.assembled.house.floor.database
    wrote = {row["id"]: row["address"] for row in await rows_of(database, "ticket") if row["address"]}
    replies = {
        (wrote[record["ticket"]], record["at"])
        for record in await rows_of(database, "ticket_record")
        if record["what"] == "release" and record["ticket"] in wrote
    }
    sent = [row for row in await rows_of(database, "mailbox_out") if (row["address"], row["created_at"]) in replies]
    async with broken(database, "mailbox_out", sent[0], gone):
        assert "citizen_was_told" in {fault.rule for fault in await faults_of(month, "ticketing")}


async def test_an_emergency_left_to_the_bot_is_found(month: Month) -> None:
    database = month.assembled.house.floor.database
    records = await rows_of(database, "ticket_record")
    by_bot = {r["ticket"] for r in records if r["what"] == "submit"}
    short = next(t for t in by_bot if sum(r["ticket"] == t for r in records) >= 3)
    mine = [r for r in records if r["ticket"] == short]

    async def with_bot(left: list[dict[str, Any]]) -> set[str]:
        if left:
            async with broken(database, "ticket_record", left[0], lambda row: {**row, "actor": "bot"}):
                return await with_bot(left[1:])
        async with broken_ticket(database, lambda b: b["id"] == short, set_(urgency="p0")):
            return {fault.rule for fault in await faults_of(month, "ticketing")}

    assert "emergencies_are_not_left_to_the_bot" in await with_bot(mine)


async def test_a_message_answered_twice_is_found(month: Month) -> None:
    floor = month.assembled.house.floor
    row = next(r for r in await rows_of(floor.database, "mailbox_out") if r["reply_to"])
    again = {**row, "id": new_id(), "seq": row["seq"] + 1000, "created_at": row["created_at"] + timedelta(minutes=1)}
    async with broken(floor.database, "mailbox_out", {**again, "id": again["id"]}, lambda new: new):
        _, faults = await audit_mailbox(floor, month.played.post.ledger)
        assert "nothing_is_answered_twice" in {fault.rule for fault in faults}
    async with floor.database.transaction() as tx:
        await tx.execute(outbox.delete().where(outbox.c.id == again["id"]))


def test_a_screen_that_shows_who_told_of_a_secret_ticket_is_found(month: Month) -> None:
    stage = month.played.stage
    number, contact = next((n, c) for n, c in stage.told_by.items() if c.name)
    shown = SimpleNamespace(name="", phone="")
    view = {"number": number, "text": "x", "where_text": "", "title": "", "requester": shown}
    stage.look_for_identity(SimpleNamespace(**view))
    assert stage.tally.faults == []
    stage.look_for_identity(SimpleNamespace(**(view | {"text": f"我是{contact.name}"})))
    assert [rule for rule, *_ in stage.tally.faults] == ["report_shows_no_identity"]
    stage.tally.faults.clear()


async def test_afterwards_all_is_as_it_was(month: Month) -> None:
    for room in ("ticketing", "desk", "analytics"):
        assert await faults_of(month, room) == []

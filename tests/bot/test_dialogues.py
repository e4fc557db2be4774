"""Whole talks as tables: what the citizen says and what must come of it."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.adapters.local import LocalReader
from bot.model import Turn
from directory.lookup import Lookup
from kernel.room import Floor
from tests.bot.talk import Talk
from ticketing.model.labels import State

TABLES = sorted((Path(__file__).parent / "dialogues").glob("*.yaml"))
DIALOGUES = [row for path in TABLES for row in yaml.safe_load(path.read_text("utf-8"))]
USERS = count()


@pytest.mark.parametrize("row", DIALOGUES, ids=[row["title"] for row in DIALOGUES])
async def test_the_talk_goes_as_the_table_says(
    row: dict[str, Any], city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    talk = Talk(city_floor, lookup, reader, f"u{next(USERS)}")
    if "phone" in row:
        await talk.know_phone(row["phone"])
    talk.book.sure = row.get("sure", False)
    for line in row["says"]:
        if "wait" in line:
            talk.wait(line["wait"])
        if "now" in line:
            talk.book.set_state(talk.book.opened[line.get("ticket_no", 1) - 1][0].number, State(line["now"]))
        turn = await talk.say(line.get("say", ""), event=line.get("event", ""), photo=line.get("photo", False))
        _check_replies(line, turn)
        _check_outcome(line, turn, talk)


def test_there_are_twenty_dialogues_at_least() -> None:
    assert len(DIALOGUES) >= 20


def _check_replies(line: dict[str, Any], turn: Turn) -> None:
    said = "\n".join(reply.text for reply in turn.replies)
    labels = [choice.label for reply in turn.replies for choice in reply.choices]
    assert [part for part in line.get("expect", ()) if part not in said] == [], f"{line}: {said}"
    assert [part for part in line.get("not", ()) if part in said] == [], f"{line}: {said}"
    assert [choice for choice in line.get("choices", ()) if choice not in labels] == [], f"{line}: {labels}"
    if "only" in line:
        assert len(turn.replies) == line["only"]
    if "first" in line:
        assert line["first"] in turn.replies[0].text.split("\n")[0]
    if "cites" in line:
        assert [c.id for reply in turn.replies for c in reply.citations] == [line["cites"]]
    if "link" in line:
        assert any(reply.link.startswith(line["link"]) for reply in turn.replies)
    if "silent" in line:
        assert turn.replies == ()


def _check_outcome(line: dict[str, Any], turn: Turn, talk: Talk) -> None:
    handed = turn.hand_over.reason if turn.hand_over else ""
    assert handed == line.get("hand", ""), f"{line}: {turn.replies}"
    if "keeps" in line:
        assert line["keeps"] in talk.dialogue.slots.what
    if "outcome" in line:
        assert talk.shelf.outcomes[-1][2] is line["outcome"]
    if "unanswered" in line:
        assert talk.shelf.unanswered[-1][0] == line["unanswered"]
    _check_tickets(line, talk)
    if "flow" in line:
        assert talk.dialogue.flow == line["flow"]
    if "rated" in line:
        rating = talk.book.opened[-1][0].rating
        assert (rating.score, rating.solved, rating.comment) == tuple(line["rated"]) if rating else not line["rated"]
    if "suggestion" in line:
        assert talk.box.texts == [line["suggestion"]]
    if "no_ticket" in line:
        assert talk.book.opened == []
        assert talk.dialogue.slots.what == ""
    if "ticket" in line:
        _check_ticket(line["ticket"], turn, talk)


def _check_tickets(line: dict[str, Any], talk: Talk) -> None:
    if "urged" in line:
        assert talk.book.urged[-1:] == [line["urged"]]
    if "withdrawn" in line:
        assert [number for number, _ in talk.book.withdrawn] == line["withdrawn"]
    if "told_later" in line:
        assert [list(each) for each in talk.book.told_later] == line["told_later"]
    if "added" in line:
        assert [files for _, files in talk.book.added] == [1] * line["added"]


def _check_ticket(wanted: dict[str, Any], turn: Turn, talk: Talk) -> None:
    ticket, draft = talk.book.opened[-1]
    assert turn.tickets == (ticket.number,)
    assert talk.dialogue.tickets[-1] == ticket.number
    assert (talk.dialogue.flow == "ticket") == wanted.get("goes_on", False)
    assert draft.address == talk.address
    for name in ("kind", "contact", "place", "happened", "area", "secrecy"):
        if name in wanted:
            assert getattr(draft, name) == wanted[name], name
    assert wanted.get("text", "") in draft.text
    assert wanted.get("name", "") in (draft.name or "")
    assert len(draft.evidence) == wanted.get("files", 0)
    assert set(draft.flags) >= {wanted["flag"]} - {""} if "flag" in wanted else True

"""Tells how tickets stand, takes votes, and hands what is wished of a ticket to its flow."""

from dataclasses import replace

from bot import texts
from bot.flows import own
from bot.flows.saying import say
from bot.model import Act, Ballot, Dialogue, Heard, Intent, OpenTicket, Rate, Reply, Say, Step
from bot.rules.rating import Vote, vote_in
from bot.rules.wishes import Wish, running, wish_in
from kernel.messages import Choice
from ticketing.model.labels import votes

FLOW = "progress"
GUIDANCE = "guidance"
CHOICE = "催办 {number}"
_BY_LINK = {Wish.WITHDRAW: texts.WITHDRAW, Wish.SUPPLEMENT: texts.SUPPLEMENT}
_REPLIED = frozenset({"replied", "answered", "call_back"})


def ask(dialogue: Dialogue, heard: Heard) -> Step:
    """How the caller's tickets stand, or the ticket they name with its code; urging and withdrawing on the way."""
    text, number = heard.meaning.text, heard.meaning.slots.get("number", "")
    kept = replace(dialogue, flow="", step="", subject="", failures=0)
    wish = wish_in(text)
    if heard.progress is not None:
        told = _told(heard.progress, heard)
        link = heard.links.get(heard.progress.number, "")
        return Step(kept, (told, say(_BY_LINK[wish], link=link)) if wish in _BY_LINK else (told,))
    if heard.progress_asked:
        return Step(
            replace(kept, flow=FLOW, step="number", asked=dialogue.asked + 1), (say(texts.NUMBER_WRONG, texts.PERSON),)
        )
    mine = tuple(t for t in heard.tickets if not number or t.number == number)
    if not mine:
        question = texts.ASK_CODE if number else texts.ASK_NUMBER
        return Step(replace(kept, flow=FLOW, step="number", subject=number), (say(question, texts.PERSON),))
    if wish is not None:
        return own.begin(kept, heard, wish)
    return Step(kept, standing(replace(heard, tickets=mine)))


def standing(heard: Heard) -> tuple[Act, ...]:
    """Where the caller's tickets stand, the newest linked."""
    if not heard.tickets:
        return (say(texts.ASK_NUMBER, texts.PERSON),)
    lines = "\n".join(_line(each) for each in heard.tickets)
    choices = tuple(
        Choice(f"催办{each.number}", CHOICE.format(number=each.number))
        for each in heard.tickets
        if each in running(heard.tickets)
    )
    link = heard.links.get(heard.tickets[0].number, "")
    return (Say(Reply(texts.PROGRESS.format(lines=lines), choices, link=link)),)


def rate(dialogue: Dialogue, heard: Heard) -> Step:
    """Cast the vote where it is plain which reply it is on; else offer the votes, or the way to rate."""
    vote = vote_in(heard.meaning.text)
    if vote is not None and vote.number:
        named = next((each for each in heard.ballots if each.number == vote.number), None)
        return _cast(dialogue, named, vote) if named else _way_to_rate(dialogue, heard, vote.number)
    if len(heard.ballots) != 1:
        return _way_to_rate(dialogue, heard)
    ballot = heard.ballots[0]
    # Right after an answer of the bot's the words may be meant for that.
    if vote is not None and not (dialogue.flow == GUIDANCE and dialogue.subject):
        return _cast(dialogue, ballot, vote)
    question = texts.ASK_VOTE.format(number=ballot.number, title=ballot.title)
    reply = Reply(question, votes(ballot.number), link=heard.links.get(ballot.number, ""))
    return Step(dialogue, (Say(reply),))


def is_vote(heard: Heard) -> bool:
    """Whether it rates a reply: it says so, or it is a vote and there is a reply to vote on."""
    return heard.meaning.intent is Intent.RATING or (bool(heard.ballots) and vote_in(heard.meaning.text) is not None)


def _cast(dialogue: Dialogue, ballot: Ballot, vote: Vote) -> Step:
    return Step(replace(dialogue, failures=0), (Rate(ballot, vote.score, vote.comment),))


def _way_to_rate(dialogue: Dialogue, heard: Heard, number: str = "") -> Step:
    if number and number in heard.links:
        return Step(dialogue, (say(texts.RATE, link=heard.links[number]),))
    replied = next((each for each in heard.tickets if each.state in _REPLIED), None)
    if replied is None:
        return Step(dialogue, (say(texts.NO_TICKET_TO_RATE),))
    return Step(dialogue, (say(texts.RATE, link=heard.links.get(replied.number, "")),))


def _told(ticket: OpenTicket, heard: Heard) -> Act:
    return say(texts.PROGRESS.format(lines=_line(ticket)), link=heard.links.get(ticket.number, ""))


def _line(ticket: OpenTicket) -> str:
    unit = f"，承办单位：{ticket.unit_name}" if ticket.unit_name else ""
    due = f"，答复期限：{ticket.due_at:%Y-%m-%d %H:%M}" if ticket.due_at else ""
    return texts.PROGRESS_LINE.format(
        number=ticket.number, title=ticket.title, state=ticket.state_label, unit=unit, due=due
    )

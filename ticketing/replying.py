"""Looks over the reply that is to go out, as it is typed and as it is sent: no leak leaves by it, and a fault of
another kind only with a reviewer's reason."""

from collections.abc import Sequence
from dataclasses import replace

from kernel.database import Tx
from kernel.errors import Invalid
from ticketing.model.acting import Form
from ticketing.model.labels import State
from ticketing.model.ticket import Ticket
from ticketing.rules.checks import Check, Stop
from ticketing.rules.reasons import fault_of
from ticketing.rules.redacting import Veil, without_marks
from ticketing.rules.replycheck import check_reply, who_asked_check
from ticketing.rules.telling import SECRET
from ticketing.rules.unnaming import found_of
from ticketing.sensitive import WordKeeper
from ticketing.store.tickets import TicketStore

# So many Chinese characters at least say why a reply goes out all the same.
LEAST_HAN = 8
# So much of a point is quoted beside the reason.
QUOTED = 24


class Replying:
    """Reads; keeps nothing of what is typed."""

    def __init__(self, store: TicketStore, words: WordKeeper) -> None:
        self._store = store
        self._words = words

    async def checks(
        self, tx: Tx, ticket: Ticket, text: str, basis: str = "", *, of_reviewer: bool = True
    ) -> list[Check]:
        """The whole list for a reply with the basis that would go out with it. Whether it tells who asked is only for a
        reviewer to hear: it would tell others the number, guess by guess."""
        basis = basis.strip() or (ticket.result.basis if ticket.result else "")
        found = list(self._words.reply_checks(text))
        if of_reviewer:
            told, text = await self._who_asked(tx, ticket, text)
            found += [who_asked_check(told)] if told else []
        return [*found, *check_reply(self._as_read(ticket, of_reviewer=of_reviewer), text, basis)]

    async def cleared(self, tx: Tx, ticket: Ticket, form: Form) -> Form:
        """The form of a release, whose reason says what it goes out in spite of; Invalid for a reply that tells or
        hands on what is personal or refuses on no basis, and for one with another fault and no reason. What the rules
        refuse anyway is left to them."""
        if ticket.state is not State.REVIEW or not form.text.strip():
            return form
        found = await self.checks(tx, ticket, form.text, form.basis)
        # The first of a field is the plainest.
        never = {check.field: check.fault for check in reversed(found) if check.stops == Stop.NEVER}
        if never:
            raise Invalid(never)
        faults = [_named(check) for check in found if check.stops == Stop.REASON]
        if not faults:
            return replace(form, reason="")
        named = "、".join(dict.fromkeys(faults))
        if fault := fault_of(form.reason, LEAST_HAN):
            code = "release_reason" if fault == "required" else fault
            raise Invalid({"reason": code}, least=LEAST_HAN, faults=named)
        return replace(form, reason=f"核对提示{named}，仍予发布：{form.reason.strip()}")

    def _as_read(self, ticket: Ticket, *, of_reviewer: bool) -> Ticket:
        """The ticket without what tells whose it is, where that is secret: its points are quoted."""
        if ticket.secrecy not in SECRET:
            return ticket
        reach = self._store.reach(ticket)
        veil = Veil(True, sees_accused=of_reviewer, name=reach.name, phone=reach.phone)
        text, title = (without_marks(veil.over(words)) for words in (ticket.text, ticket.title))
        return replace(ticket, text=text, title=title)

    async def _who_asked(self, tx: Tx, ticket: Ticket, text: str) -> tuple[Sequence[str], str]:
        """What of a reply tells who asked, and the reply without the name its only reader is greeted by. Where others'
        tickets were merged into this one they all read it, so that it names none of them."""
        children = await self._store.children(tx, ticket.number)
        asked = [ticket, *[await self._store.by_number(tx, each) for each in children]]
        told: list[str] = []
        for each in asked:
            reach = self._store.reach(each)
            told += found_of(text, reach.name if children else "", reach.phone)
            own = reach.name.strip()
            if not children and len(own) > 1:
                text = text.replace(own, "您")
        return tuple(dict.fromkeys(told)), text


def _named(check: Check) -> str:
    """What is found, of a point with its words: each that is left out stands in the history."""
    quote = check.quote if len(check.quote) <= QUOTED else f"{check.quote[:QUOTED]}…"
    return f"{check.label}（{quote}）" if quote else check.label

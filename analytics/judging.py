"""The bot's answers are drawn at random as they are given, and a person says of each whether it was right."""

from collections.abc import Sequence
from dataclasses import replace

from analytics.counting import attributes
from analytics.events import BotAnswerJudged
from analytics.model import Judged
from analytics.rules.sampling import drawn
from analytics.store import samples
from analytics.store.samples import Sample
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.journal import Journal, Recorded
from kernel.people import Principal
from kernel.privacy import mask_text

ANSWERED = "desk.BotAnswered"
LONGEST = 500


class Judging:
    """Draws, and keeps verdicts."""

    def __init__(self, clock: Clock, journal: Journal, lookup: Lookup, share: float) -> None:
        self._clock = clock
        self._journal = journal
        self._lookup = lookup
        self._share = share

    async def follow(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Draw from the answers that quote an entry; the same answers are drawn however often the journal is read. The
        observer of the journal."""
        calendar, found = self._lookup.calendar(), []
        for each in facts:
            if each.kind != ANSWERED:
                continue
            said = attributes(each.fact)
            turn, articles = str(said.get("question") or ""), said.get("articles")
            if turn and isinstance(articles, list | tuple) and articles and drawn(turn, self._share):
                about = (str(said["conversation"]), str(said["channel"]), calendar.local_date(each.at), each.at)
                found.append(Sample(turn, *about, [str(one) for one in articles]))
        await samples.add(tx, found)

    async def judge(self, tx: Tx, sample_id: str, verdict: Judged, reason: str, by: Principal) -> Sample:
        """What somebody says of an answer. Whoever is not sure, or calls it wrong, says why. What one was not sure of
        is another's to judge. NotFound, Conflict for what is judged, NotAllowed for the same person, Invalid."""
        found = await samples.one(tx, sample_id)
        if found is None:
            raise NotFound("bot_sample")
        if found.verdict not in {"", Judged.UNSURE}:
            raise Conflict("bot_answer_judged", current={"verdict": found.verdict})
        if found.judged_by == by.id:
            raise NotAllowed("second_is_another")
        if verdict is not Judged.RIGHT and not reason.strip():
            raise Invalid({"reason": "required"})
        if len(reason) > LONGEST:
            raise Invalid({"reason": "too_long"}, limit=LONGEST)
        now, why = self._clock.now(), mask_text(reason.strip())
        judged = replace(found, verdict=verdict.value, reason=why, judged_by=by.id, judged_at=now)
        await samples.settle(tx, judged)
        await self._journal.state(tx, BotAnswerJudged(sample_id, now, by.id, verdict))
        return judged

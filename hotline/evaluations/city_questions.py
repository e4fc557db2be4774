"""Judges what the bot answers to questions, and how near the right entry the search comes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from tqdm import tqdm

from bot.room import TakenAs
from hotline.assembly import Assembled
from hotline.evaluations.city_sets import Question
from hotline.evaluations.evaluation import Figures, said_of, share, spread
from kernel.labels import Labelled

SEARCHED = 5
LOOKED_AT = 2


class Outcome(Labelled):
    """How a question turned out."""

    ANSWERED_RIGHT = "answered_right", "答复正确"
    AMONG_CHOICES = "among_choices", "正确条目在选项中"
    ANSWERED_WRONG = "answered_wrong", "答复错误"
    CHOICES_BESIDE = "choices_beside", "选项中没有正确条目"
    ASKED_BACK = "asked_back", "请市民说明"
    ABSTAINED = "abstained", "如实说没有把握或转人工"
    REGISTERED = "registered", "当作诉求登记"


# What the bot does without showing an entry.
SILENT: Mapping[TakenAs, Outcome] = {
    TakenAs.UNANSWERED: Outcome.ABSTAINED,
    TakenAs.PERSON: Outcome.ABSTAINED,
    TakenAs.ASKED_BACK: Outcome.ASKED_BACK,
    TakenAs.TICKET: Outcome.REGISTERED,
    TakenAs.SUGGESTION: Outcome.REGISTERED,
}
HELPED = frozenset({Outcome.ANSWERED_RIGHT, Outcome.AMONG_CHOICES})
DECLINED = frozenset(SILENT.values())


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of one question: the entries the citizen sees, and those the search finds, best first."""

    asked: Question
    taken_as: TakenAs
    shown: tuple[str, ...]
    found: tuple[str, ...]
    milliseconds: float
    why: tuple[str, ...] = field(default=())

    @property
    def outcome(self) -> Outcome:
        """How it turned out."""
        right = not self.asked.entries.isdisjoint(self.shown)
        if self.taken_as is TakenAs.ANSWERED:
            return Outcome.ANSWERED_RIGHT if right else Outcome.ANSWERED_WRONG
        if self.taken_as is TakenAs.CHOICES:
            return Outcome.AMONG_CHOICES if right else Outcome.CHOICES_BESIDE
        return SILENT[self.taken_as]

    @property
    def is_right(self) -> bool:
        """Whether nothing better could have been done: helped, or declined where there is no answer."""
        return self.outcome in (HELPED if self.asked.entries else DECLINED)


class QuestionJudge:
    """Puts questions to a house one at a time."""

    def __init__(self, assembled: Assembled) -> None:
        self._trying = assembled.rooms.bot.trying
        self._library = assembled.rooms.knowledge.library

    async def judge_all(self, questions: Sequence[Question]) -> list[Replied]:
        """Every question in order, with a bar on standard error."""
        return [await self.judge(asked) for asked in tqdm(questions, desc="咨询", unit="条")]

    async def judge(self, asked: Question) -> Replied:
        """One question as a citizen's first message, and as a search."""
        tried = await self._trying.first(asked.text)
        begun = perf_counter()
        answer = await self._library.answer(asked.text, limit=SEARCHED)
        took = (perf_counter() - begun) * 1000
        why = (
            "意图：" + said_of((intent.label, sure) for intent, sure in await self._trying.intents(asked.text)),
            f"检索：{answer.verdict.label}，把握 {answer.confidence:.2f}",
            *(f"{hit.article.id} {hit.score:.2f}（{'，'.join(hit.why)}）" for hit in answer.hits[:LOOKED_AT]),
        )
        return Replied(asked, tried.taken_as, tried.entries, tuple(hit.article.id for hit in answer.hits), took, why)


def figures_of(replied: Sequence[Replied]) -> Figures:
    """The figures: outcomes as counts, the rest as shares."""
    answerable = [each for each in replied if each.asked.entries]
    others = [each for each in replied if not each.asked.entries]
    good, bad = Counter(each.outcome for each in answerable), Counter(each.outcome for each in others)
    quoted = good[Outcome.ANSWERED_RIGHT] + good[Outcome.ANSWERED_WRONG] + bad[Outcome.ANSWERED_WRONG]
    return {
        "rows": len(replied),
        "answerable": {"rows": len(answerable), **{each.value: good[each] for each in Outcome}},
        "unanswerable": {
            "rows": len(others),
            "wrongly_answered": bad[Outcome.ANSWERED_WRONG],
            "choices_offered": bad[Outcome.CHOICES_BESIDE],
            "rightly_declined": sum(bad[each] for each in DECLINED),
        },
        "answered_right": share(good[Outcome.ANSWERED_RIGHT], len(answerable)),
        "helped": share(sum(good[each] for each in HELPED), len(answerable)),
        "answer_precision": share(good[Outcome.ANSWERED_RIGHT], quoted),
        "search": {
            "hit_at_1": share(_hits(answerable, 1), len(answerable)),
            "hit_at_5": share(_hits(answerable, SEARCHED), len(answerable)),
            "ms": spread([each.milliseconds for each in replied]),
        },
    }


def _hits(replied: Sequence[Replied], depth: int) -> int:
    return sum(not each.asked.entries.isdisjoint(each.found[:depth]) for each in replied)

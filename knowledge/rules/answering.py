"""From what an engine found to an answer: may it be quoted, must the citizen choose, or is nothing known."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from knowledge.model import Answer, Article, Found, Hit, Query, Verdict
from knowledge.rules.experience import Experience, Lesson
from knowledge.rules.hearing import Heard
from knowledge.rules.likelihood import Likely
from knowledge.rules.matching import Fit, Lexicon


@dataclass(frozen=True, slots=True)
class Weights:
    """What speaks for an entry being the right one, as logits; ``none`` where nothing does."""

    none: float
    coverage: float
    likeness: float
    evidence: float
    beside: float
    ahead: float


ENGINE_SHARE = 0.4  # of an entry's score comes from the engine's order, the rest from how well it fits
LOCAL = 1.08  # an entry made for the asker's area goes before one for the whole city
OTHER_AUDIENCE = 0.9
CLOSER_LOOK = 8  # this many of the engine's best are compared word by word
LIKELIEST = 4  # and so many of those whose ways to ask are likest
# At most so much more or less an entry scores for what was said of it as an answer to the same question.
LEARNT = 0.15
POPULAR = 0.02  # an entry that helped many goes before an equal one
NO_HELP = -0.3  # what leans this far away from a question is not quoted to it
LEAST_COVERAGE = 0.2  # below this an entry is not shown at all
MOST_CHOICES = 3
CHOICE_SHARE = 0.6  # a choice scores at least this share of the best
JUST_BELOW = 0.01
WHOLLY = 0.99  # a question whose every word an entry has is never answered with nothing at all

# Logistic regressions, fitted on the entries' own ways to ask, each held out in turn, on questions whose entry was
# taken out, and on questions nothing answers; tests/knowledge/test_calibration.py holds them to questions they were
# not fitted on. The second is for more entries than can be learnt.
LEARNT_WEIGHTS = Weights(-3.04, coverage=1.97, likeness=0.30, evidence=1.26, beside=-0.95, ahead=0.89)
OTHER_WEIGHTS = Weights(-3.56, coverage=1.07, likeness=2.03, evidence=2.33, beside=-2.73, ahead=1.49)
ASKED_EXACTLY = 0.98


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Two of confidence, one of margin: from ``answer`` on it is quoted, below ``unsure`` nothing is offered.

    ``margin``: when the second best scores this near to the best, the citizen chooses.
    """

    answer: float
    unsure: float
    margin: float = 0.1


@dataclass(frozen=True, slots=True)
class _Candidate:
    article: Article
    fit: Fit
    score: float
    local: bool
    lesson: Lesson | None = None


def decide(
    query: Query,
    found: Iterable[Found],
    articles: Mapping[str, Article],
    lexicon: Lexicon,
    lineages: Mapping[str, tuple[str, ...]],
    today: date,
    thresholds: Thresholds,
    experience: Experience | None = None,
    likely: Likely | None = None,
) -> Answer:
    """The answer to ``query`` from what an engine ``found`` (best first) and which entries are ``likely`` for how they
    are asked for.

    ``lineages`` gives for each area an entry names its codes from the city down. An entry that is not in force on
    ``today`` or not made for the asker's area is left out; one made for some area only is never certain while the
    asker's area is not known. What ``experience`` knows of the question moves entries up and down, within bounds, and
    brings in those the engine did not find.
    """
    question = lexicon.question(query.text, query.places)
    lessons = experience.lessons(question) if experience else {}
    popular = experience.popular if experience else {}
    likely = likely or Likely()
    found = _with_likely(list(found), likely, {id_ for id_, each in articles.items() if each.in_force(today)})
    found = _with_learnt(found, lessons)
    usable = [each for each in found if each.id in articles and articles[each.id].in_force(today)]
    best_engine = max((each.score for each in usable), default=0.0)
    usable = [each for each in usable if serves(articles[each.id], query.lineage, lineages)]
    near = likely.first(LIKELIEST)
    usable = [each for place, each in enumerate(usable) if place < CLOSER_LOOK or each.id in near or each.id in lessons]
    candidates = [
        _taught(
            _candidate(articles[each.id], lexicon.fit(question, each.id), each.score / best_engine, query),
            lessons.get(each.id),
            popular.get(each.id, 0.0),
        )
        for each in usable
    ]
    ranked = sorted(candidates, key=lambda each: (-each.fit.exact, -each.score))
    return _judge(ranked, query, thresholds, likely) if ranked and _worth_showing(ranked[0]) else Answer()


def as_heard(answer: Answer, heard: Heard, thresholds: Thresholds) -> Answer:
    """The answer to what was ``heard`` instead of what was written, and that it is; what is doubtful is never quoted
    without asking back."""
    why = "按读音理解：" + "、".join(f"{written}→{meant}" for written, meant in heard.changes)
    hits = tuple(replace(hit, why=(why, *hit.why)) for hit in answer.hits)
    told = {hit.article.id: hit for hit in hits}
    heard_so = replace(answer, hits=hits, choices=tuple(told[hit.article.id] for hit in answer.choices))
    if not (heard.doubtful and answer.certain):
        return heard_so
    sure = min(answer.confidence, thresholds.answer - JUST_BELOW)
    return replace(heard_so, confidence=sure, verdict=Verdict.CHOOSE, choices=_choices(hits))


def serves(article: Article, lineage: tuple[str, ...], lineages: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether ``article`` may concern somebody in the area ``lineage`` leads to (empty: not known)."""
    if not article.areas or not lineage:
        return True
    return any(area in lineage or lineage[-1] in lineages.get(area, ()) for area in article.areas)


def confidence(fit: Fit, margin: float, lead: float | None = None) -> float:
    """How likely the entry is the right one, 0 to 1.

    ``lead`` is how far its ways to ask are ahead of the next best's (below 0: behind the best's); where that is not
    known ``margin`` counts, the share by which it scores better than the next.
    """
    if fit.exact:
        return ASKED_EXACTLY
    by = OTHER_WEIGHTS if lead is None else LEARNT_WEIGHTS
    logit = sum(weight * trait for weight, trait in zip(astuple(by), traits(fit, margin, lead), strict=True))
    return 1 / (1 + math.exp(-logit))


def traits(fit: Fit, margin: float, lead: float | None) -> tuple[float, ...]:
    """What speaks for an entry, in the order of Weights."""
    # What the entry is about may stay unsaid where a way to ask is met closely.
    unsaid = fit.beside * (1 - fit.likeness)
    ahead = margin if lead is None else lead
    return 1.0, fit.coverage, fit.likeness, math.log1p(fit.evidence), unsaid, ahead


def _candidate(article: Article, fit: Fit, engine: float, query: Query) -> _Candidate:
    local = bool(article.areas) and bool(query.lineage)
    score = ENGINE_SHARE * engine + (1 - ENGINE_SHARE) * (fit.coverage + fit.likeness) / 2
    if fit.exact:
        score = 1.0
    if local:
        score *= LOCAL
    if query.audience and article.audience and query.audience != article.audience:
        score *= OTHER_AUDIENCE
    return _Candidate(article, fit, score, local)


def _with_likely(found: list[Found], likely: Likely, in_force: Collection[str]) -> list[Found]:
    """What is likely for how it is asked for, behind what the engine found."""
    seen, low = {each.id for each in found}, found[-1].score if found else 1.0
    return [*found, *(Found(id_, low) for id_ in likely.first(LIKELIEST) if id_ in in_force and id_ not in seen)]


def _with_learnt(found: Sequence[Found], lessons: Mapping[str, Lesson]) -> Sequence[Found]:
    """What helped before stands behind the engine's best, or in its place if the engine found it."""
    helpful = {id_ for id_, lesson in lessons.items() if lesson.lean > 0}
    known = [each for each in found if each.id in helpful]
    others = [each for each in found if each.id not in helpful]
    low = found[-1].score if found else 1.0
    unseen = [Found(id_, low) for id_ in sorted(helpful.difference(each.id for each in known))]
    return [*known, *unseen, *others]


def _taught(candidate: _Candidate, lesson: Lesson | None, popular: float) -> _Candidate:
    lean = lesson.lean if lesson else 0.0
    return replace(candidate, score=candidate.score * (1 + LEARNT * lean) * (1 + POPULAR * popular), lesson=lesson)


def _judge(ranked: list[_Candidate], query: Query, thresholds: Thresholds, likely: Likely) -> Answer:
    sure = _sureness(ranked, query, thresholds, likely)
    hits = tuple(_hit(each) for each in ranked if _worth_showing(each))[: query.limit]
    if sure >= thresholds.answer:
        return Answer(hits, sure, Verdict.ANSWER)
    if sure < thresholds.unsure:
        return Answer(hits, sure, Verdict.UNKNOWN)
    return Answer(hits, sure, Verdict.CHOOSE, _choices(hits))


def _choices(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits[:MOST_CHOICES] if hit.score >= CHOICE_SHARE * hits[0].score)


def _sureness(ranked: list[_Candidate], query: Query, thresholds: Thresholds, likely: Likely) -> float:
    """The confidence in the best; just below certain where something forbids to quote it."""
    best = ranked[0]
    # The city's entry on the same matter does not compete with the local one.
    rivals = [x for x in ranked[1:] if not (best.local and not x.local and x.article.matter == best.article.matter)]
    margin = 1 - rivals[0].score / best.score if rivals else 1.0
    lead = likely.lead(best.article.id, [each.article.id for each in rivals])
    sure = confidence(best.fit, margin, lead)
    if best.fit.coverage >= WHOLLY or _is_learnt(best):
        sure = max(sure, thresholds.unsure)
    equal = margin < thresholds.margin and (not best.fit.exact or any(each.fit.exact for each in rivals))
    where_unknown = bool(best.article.areas) and not query.lineage
    astray = best.fit.astray and not best.fit.exact
    helps_nobody = best.lesson is not None and best.lesson.lean <= NO_HELP
    forbidden = equal or where_unknown or astray or helps_nobody
    return min(sure, thresholds.answer - JUST_BELOW) if forbidden else sure


def _is_learnt(candidate: _Candidate) -> bool:
    return candidate.lesson is not None and candidate.lesson.lean > 0


def _worth_showing(candidate: _Candidate) -> bool:
    return candidate.fit.exact or candidate.fit.coverage >= LEAST_COVERAGE or _is_learnt(candidate)


def _hit(candidate: _Candidate) -> Hit:
    fit = candidate.fit
    why = [f"覆盖问句 {fit.coverage:.0%}"]
    if fit.matched:
        why.append("命中：" + "、".join(fit.matched))
    if fit.nearest:
        why.append(f"最接近的问法：{fit.nearest}")
    if candidate.local:
        why.append("适用于所在区域")
    if candidate.lesson:
        why.append(f"{candidate.lesson.told}（{LEARNT * candidate.lesson.lean:+.0%}）")
    return Hit(candidate.article, round(min(candidate.score, 1.0), 4), tuple(why))

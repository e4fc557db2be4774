"""How much of a question an entry covers: words weighed by how few entries have them."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.model import Article
from knowledge.rules.wording import Wording

UNKNOWN_WORD = 0.9  # the weight of a word that no entry has
SHORT_WORD = 0.8  # single characters say less
CIRCUMSTANCE = 0.35
IN_BODY = 0.5  # credit for a word that only the text has, not the title or a variant
ALIKE = 0.5  # highest credit for a word of which only characters are there
CORE = 0.4  # a word in this share of the ways to ask is what the entry is about
SUBJECT = 0.6  # the commonest word, if in this share of them, is what it cannot do without
ENOUGH_PHRASES = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """The words of an entry: of each way to ask for it, of all of them, of many of them, and of its text.

    ``exact`` are the ways to ask in bare letters.
    """

    phrases: tuple[tuple[str, frozenset[str]], ...]
    words: frozenset[str]
    core: frozenset[str]
    subject: frozenset[str]
    body: frozenset[str]
    exact: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question's words with their weights, and its bare letters.

    ``alike`` gives for each of its words the words of entries that share a part with it, and how much of it (at most
    ALIKE); ``closest`` the most of that for each word of an entry.
    """

    bare: str
    weights: Mapping[str, float]
    alike: Mapping[str, Mapping[str, float]]
    closest: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """``coverage``: share of the question the entry has. ``likeness``: how near the nearest way to ask is.

    ``evidence``: the weight that was matched. ``beside``: share of what the entry is about that the
    question does not speak of. ``astray``: it speaks of something else instead. ``exact``: it is asked just as the
    entry has it. Shares are from 0 to 1.
    """

    coverage: float
    likeness: float
    evidence: float
    beside: float
    astray: bool
    exact: bool
    nearest: str
    matched: tuple[str, ...]


def profile(article: Article, wording: Wording, places: frozenset[str]) -> Profile:
    """The words of ``article``; ``places`` are the areas its title and variants name."""
    ways = (article.title, *article.variants)
    cut = ((way, frozenset(w for w in wording.content(way) if not _names_place(w, places))) for way in ways)
    phrases = tuple((way, found) for way, found in cut if found)
    often = Counter(word for _, found in phrases for word in found)
    most = max(often.values(), default=0)
    number = len(phrases) if len(phrases) >= ENOUGH_PHRASES else math.inf
    return Profile(
        phrases=phrases,
        words=frozenset(often),
        core=frozenset(word for word, times in often.items() if times >= CORE * number),
        subject=frozenset(word for word, times in often.items() if times == most and times >= SUBJECT * number),
        body=frozenset(wording.content(f"{article.short}\n{article.full}")),
        exact=frozenset(map(wording.bare, ways)),
    )


class Lexicon:
    """All profiles, and what each word weighs among them."""

    def __init__(self, wording: Wording, profiles: Mapping[str, Profile]) -> None:
        self._wording = wording
        self._profiles = dict(profiles)
        self._entries = Counter(word for each in profiles.values() for word in each.words)
        self._all = len(profiles) + 1
        self._weights = {word: self._rarity(word) for word in self._entries}
        self._by_part: dict[str, list[str]] = defaultdict(list)
        for word in self._entries:
            for part in _parts(word):
                self._by_part[part].append(word)

    def question(self, text: str, places: frozenset[str] = frozenset()) -> Question:
        """``text`` as the entries are compared with it; ``places``, the areas it names, tell where and not what."""
        found = (word for word in self._wording.content(text) if not _names_place(word, places))
        weights = {word: self.weight(word) for word in found}
        alike = {word: self._alike_words(word) for word in weights}
        closest: dict[str, float] = {}
        for others in alike.values():
            for other, share in others.items():
                closest[other] = max(share, closest.get(other, 0.0))
        return Question(self._wording.bare(text), weights, alike, closest)

    def _alike_words(self, word: str) -> Mapping[str, float]:
        mine = _parts(word)
        shared = Counter(other for part in mine for other in self._by_part.get(part, ()))
        return {other: ALIKE * times / max(len(mine), len(_parts(other))) for other, times in shared.items()}

    def weight(self, word: str) -> float:
        """What ``word`` weighs, 0 to 1, whatever the number of entries."""
        known = self._weights.get(word)
        return self._rarity(word) if known is None else known

    def _rarity(self, word: str) -> float:
        entries = self._entries.get(word, 0)
        rarity = math.log(self._all / (entries + 0.5)) / math.log(self._all / 0.5) if entries else UNKNOWN_WORD
        if word in self._wording.circumstances:
            rarity *= CIRCUMSTANCE
        return rarity * SHORT_WORD if len(word) == 1 else rarity

    def fit(self, question: Question, entry: str) -> Fit:
        """How well ``entry`` fits ``question``."""
        own, weights = self._profiles[entry], question.weights
        exact = question.bare in own.exact
        total = sum(weights.values())
        if not total:
            return Fit(0.0, 0.0, 0.0, 0.0, astray=False, exact=exact, nearest="", matched=())
        evidence = sum(weight * _credit(word, question, own) for word, weight in weights.items())
        likeness, nearest = self._nearest(question, total, own)
        matched = tuple(word for word in weights if word in own.words)
        beside = 1 - self._share(own.core, question) if own.core else 0.0
        astray = self._astray(question, own)
        return Fit(evidence / total, likeness, evidence, beside, astray, exact, nearest, matched)

    def _nearest(self, question: Question, total: float, own: Profile) -> tuple[float, str]:
        best, nearest = 0.0, ""
        for way, words in own.phrases:
            hit = sum(weight * _alike(word, question, words) for word, weight in question.weights.items()) / total
            # Even asked whole it would not be nearer than what was found.
            if 2 * hit / (hit + 1) <= best:
                continue
            got = self._share(words, question)
            both = 2 * hit * got / (hit + got) if hit + got else 0.0
            if both > best:
                best, nearest = both, way
        return best, nearest

    def _astray(self, question: Question, own: Profile) -> bool:
        if not own.subject or not own.subject.isdisjoint(question.weights):
            return False
        return any(
            word not in self._wording.circumstances and not _credit(word, question, own) for word in question.weights
        )

    def _share(self, words: Collection[str], question: Question) -> float:
        weights = {word: self.weight(word) for word in words}
        spoken_of = sum(
            weight * (1.0 if word in question.weights else question.closest.get(word, 0.0))
            for word, weight in weights.items()
        )
        return spoken_of / (sum(weights.values()) or 1.0)


def _names_place(word: str, places: frozenset[str]) -> bool:
    return any(word in place for place in places)


def _credit(word: str, question: Question, own: Profile) -> float:
    if word in own.words:
        return 1.0
    in_body = IN_BODY if word in own.body else 0.0
    return in_body if len(word) == 1 else max(in_body, _alike(word, question, own.words))


def _alike(word: str, question: Question, others: Collection[str]) -> float:
    """1 if a word of the question is among ``others``, at most ALIKE if only parts of it are."""
    if word in others:
        return 1.0
    shares = question.alike[word]
    if len(shares) < len(others):
        return max((share for other, share in shares.items() if other in others), default=0.0)
    return max((shares.get(other, 0.0) for other in others), default=0.0)


@lru_cache(maxsize=20_000)
def _parts(word: str) -> frozenset[str]:
    """The characters of a short word, the pairs of a longer one: 身份证 and 驾驶证 have nothing in common."""
    return frozenset(word) if len(word) <= 2 else frozenset(map("".join, pairwise(word)))

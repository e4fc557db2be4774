"""What a text is about: the catalogue's words and a trained text model together name the matter, or nobody does."""

import asyncio
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import msgspec
import structlog

from kernel.chinese import normalise, to_mandarin
from kernel.errors import Invalid, Unavailable
from kernel.ids import new_id
from kernel.introduction import without_introduction
from kernel.textmodel import TextModel, train
from ticketing.model.duties import Matter

logger = structlog.get_logger()

KNOWN_FROM = 0.45
RANKED = 8
FLOOR = 1e-4
# Of closed tickets: so many of a matter, fewer where there are many matters, and so much of each; more would take
# memory and minutes and teach little.
PAST_PER_MATTER = (10, 40)
PAST_ALTOGETHER = 6000
PAST_LENGTH = 80
KEPT_MODELS = 10
# What is left of a masked number says nothing of the matter.
_MASKED = re.compile(r"[0-9A-Za-z]*\*[0-9A-Za-z*]*")
# Chosen on the tuning set of the demo city: the model knows the words too, so that they only tip the balance.
WORD_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the model in use was made of: its version, sentences of the catalogue, of closed tickets and of tickets
    whose matter a person put right."""

    version: str = ""
    sentences: int = 0
    past: int = 0
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class Lessons:
    """Labelled texts; the first ``core`` are the catalogue's own and, last of these, ``corrected`` ones."""

    texts: Sequence[str]
    labels: Sequence[str]
    core: int
    corrected: int = 0

    @property
    def version(self) -> str:
        """The same for the same lessons."""
        return hashlib.sha256(msgspec.json.encode([self.texts, self.labels])).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Guess:
    """A matter that may be meant, with a confidence between 0 and 1."""

    matter: str
    confidence: float


class Words:
    """The catalogue's keywords: the rarer among matters and the longer, the more one says."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for matter in matters:
            for word in (*matter.keywords, matter.name):
                owners[normalise(word).lower()].add(matter.code)
        self._owners = {word: frozenset(codes) for word, codes in owners.items() if len(word) > 1}

    def weigh(self, text: str) -> Mapping[str, float]:
        """How much the words of ``text`` speak for each matter; a word inside a longer one counts once."""
        said = {word for word in self._owners if word in text}
        longest = {word for word in said if not any(word != other and word in other for other in said)}
        found: dict[str, float] = defaultdict(float)
        for word in longest:
            codes = self._owners[word]
            for code in codes:
                found[code] += (1 + log(len(word))) / len(codes)
        return found


class Classifier:
    """Ranks matters for a text. Without a trained model the catalogue's words alone speak, more softly."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._words = Words(())
        self._codes: tuple[str, ...] = ()
        self._model: TextModel | None = None
        self.learnt = Learnt()

    @property
    def version(self) -> str:
        """The name of the trained model by what it learnt; empty while the catalogue's words alone speak."""
        return f"matters-{self.learnt.version}" if self._model else ""

    async def learn(
        self,
        matters: Sequence[Matter],
        past: Sequence[tuple[str, str]] = (),
        corrected: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Take a new catalogue, closed tickets (text, matter) and those put right by a person: the model for them is
        read from the folder, or trained in a child process and kept there. Until it is ready whoever asks is answered
        by what was learnt before.
        """
        words, codes = Words(matters), tuple(matter.code for matter in matters)
        made = await self._trained(matters, past, corrected) if len(matters) > 1 else None
        if made is None and (past or corrected) and len(matters) > 1:
            made = await self._trained(matters, (), ())
        model, learnt = made or (None, Learnt())
        # In one step, without waiting: nobody is told a matter of one catalogue by the model of another.
        self._words, self._codes, self._model, self.learnt = words, codes, model, learnt

    async def _trained(
        self, matters: Sequence[Matter], past: Sequence[tuple[str, str]], corrected: Sequence[tuple[str, str]]
    ) -> tuple[TextModel, Learnt] | None:
        lessons = lessons_of(matters, past, corrected)
        own, beside = lessons.core - lessons.corrected, len(lessons.texts) - lessons.core
        learnt = Learnt(lessons.version, own, beside, lessons.corrected)
        path = self._folder / f"matters-{lessons.version}.npz"
        try:
            if path.exists():
                return TextModel.from_bytes(await asyncio.to_thread(path.read_bytes)), learnt
        except Invalid:
            logger.warning("ticketing.model_broken", file=path.name)
        try:
            model = await train(lessons.texts, lessons.labels, lessons.core)
        except Unavailable:
            logger.warning("ticketing.training_failed", version=lessons.version, past=learnt.past)
            return None
        await asyncio.to_thread(_keep, path, model.to_bytes())
        logger.info("ticketing.model_trained", version=lessons.version, sentences=learnt.sentences, past=learnt.past)
        return model, learnt

    def rank(self, text: str) -> tuple[Guess, ...]:
        """The likeliest matters, best first; none for an empty text or an empty catalogue."""
        text = without_introduction(text)
        plain = normalise(to_mandarin(text)).lower()
        if not plain or not self._codes:
            return ()
        spoken = self._words.weigh(plain)
        for code, weight in self._words.weigh(normalise(text).lower()).items():
            spoken = {**spoken, code: max(weight, spoken.get(code, 0.0))}
        likely = dict(self._model.predict(plain).ranked) if self._model else {}
        even = 1 / len(self._codes)
        scores = {
            code: log(max(likely.get(code, even), FLOOR)) + WORD_WEIGHT * spoken.get(code, 0.0) for code in self._codes
        }
        none_of_them = max(1 - sum(likely.values()), 0.0) if self._model else 0.0
        best = max(scores.values())
        total = sum(exp(score - best) for score in scores.values()) + none_of_them * exp(-best)
        ranked = sorted(scores.items(), key=lambda item: -item[1])[:RANKED]
        return tuple(Guess(code, exp(score - best) / total) for code, score in ranked)

    def read(self, text: str) -> Guess | None:
        """The matter, when it is clear enough to be named at all; never a mere guess."""
        best = next(iter(self.rank(text)), None)
        return best if best is not None and best.confidence >= KNOWN_FROM else None


def past_per_matter(matters: int) -> int:
    """How many closed tickets of each of so many matters are learnt from."""
    least, most = PAST_PER_MATTER
    return min(most, max(least, PAST_ALTOGETHER // max(matters, 1)))


def lessons_of(
    matters: Sequence[Matter], past: Sequence[tuple[str, str]] = (), corrected: Sequence[tuple[str, str]] = ()
) -> Lessons:
    """What the model learns from: of the catalogue every example as written and in Mandarin, the name, the keywords;
    of tickets put right, and of closed ones, the beginning. Every word of those put right counts."""
    texts: list[str] = []
    labels: list[str] = []
    for matter in matters:
        said = [*matter.examples, *(to_mandarin(each) for each in matter.examples)]
        lessons = dict.fromkeys([*said, matter.name, matter.name + matter.level2, "，".join(matter.keywords)])
        lessons |= dict.fromkeys(matter.keywords)
        texts += [normalise(each) for each in lessons]
        labels += [matter.code] * len(lessons)
    own, codes = len(texts), {matter.code for matter in matters}
    for told in (corrected, past):
        begun = ((_begun(text), code) for text, code in told)
        for text, code in dict.fromkeys((text, code) for text, code in begun if text and code in codes):
            texts.append(text)
            labels.append(code)
        if told is corrected:
            core = len(texts)
    return Lessons(texts, labels, core, core - own)


def _begun(text: str) -> str:
    return normalise(to_mandarin(_MASKED.sub(" ", without_introduction(text))))[:PAST_LENGTH]


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{new_id()}")
    draft.write_bytes(data)
    draft.replace(path)
    made = sorted(path.parent.glob("matters-*.npz"), key=lambda each: each.stat().st_mtime)
    for old in made[:-KEPT_MODELS]:
        old.unlink(missing_ok=True)

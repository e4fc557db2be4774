"""What a text is about: the catalogue's words and a trained text model together name the matter, or nobody does."""

import asyncio
import hashlib
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
from kernel.textmodel import TextModel, train
from ticketing.model import Matter

logger = structlog.get_logger()

KNOWN_FROM = 0.45
RANKED = 8
FLOOR = 1e-4
# Chosen on the tuning set of the demo city: the model knows the words too, so that they only tip the balance.
WORD_WEIGHT = 0.25


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
        self._digest = ""

    @property
    def version(self) -> str:
        """The name of the trained model by what it learnt; empty while the catalogue's words alone speak."""
        return f"matters-{self._digest}" if self._model else ""

    async def learn(self, matters: Sequence[Matter]) -> None:
        """Take a new catalogue: its model is read from the folder, or trained in a child process and kept there."""
        self._words = Words(matters)
        self._codes = tuple(matter.code for matter in matters)
        self._model = await self._trained(matters) if len(matters) > 1 else None

    async def _trained(self, matters: Sequence[Matter]) -> TextModel | None:
        texts, labels = _lessons(matters)
        self._digest = _digest(texts, labels)
        path = self._folder / f"matters-{self._digest}.npz"
        try:
            if path.exists():
                return TextModel.from_bytes(await asyncio.to_thread(path.read_bytes))
        except Invalid:
            logger.warning("ticketing.model_broken", file=path.name)
        try:
            model = await train(texts, labels)
        except Unavailable:
            logger.warning("ticketing.training_failed")
            return None
        await asyncio.to_thread(_keep, path, model.to_bytes())
        return model

    def rank(self, text: str) -> tuple[Guess, ...]:
        """The likeliest matters, best first; none for an empty text or an empty catalogue."""
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


def _lessons(matters: Sequence[Matter]) -> tuple[list[str], list[str]]:
    """What the model learns from: every example as written and in Mandarin, the name, the keywords."""
    texts: list[str] = []
    labels: list[str] = []
    for matter in matters:
        said = [*matter.examples, *(to_mandarin(each) for each in matter.examples)]
        lessons = dict.fromkeys([*said, matter.name, matter.name + matter.level2, "，".join(matter.keywords)])
        lessons |= dict.fromkeys(matter.keywords)
        texts += [normalise(each) for each in lessons]
        labels += [matter.code] * len(lessons)
    return texts, labels


def _digest(texts: Sequence[str], labels: Sequence[str]) -> str:
    return hashlib.sha256(msgspec.json.encode([texts, labels])).hexdigest()[:16]


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{new_id()}")
    draft.write_bytes(data)
    draft.replace(path)

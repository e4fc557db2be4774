"""A text classifier: words and character n-grams, a linear model, kept as arrays and JSON, never pickled.

Training (``kernel/textlearning.py``) runs in a child process, so that it neither blocks nor bloats a serving one.
Reading a model checks its digest; predicting needs no more than numpy.
"""

import asyncio
import hashlib
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kernel.chinese import normalise, words
from kernel.errors import Invalid, Unavailable

FORMAT = 5
# A matrix with more than this share of weights is faster as a whole.
WHOLE_FROM = 0.2

# Three code points fit into one number.
_CODE_BITS = 21


@dataclass(frozen=True, slots=True)
class Features:
    """How often each word stands in a text, and each run of characters (as one number, in order)."""

    words: Counter[str]
    runs: NDArray[np.int64]
    run_counts: NDArray[np.int64]


def features(text: str, longest: int = 3) -> Features:
    """The words and the runs of up to ``longest`` (at most three) characters of ``text``, spaces left out of runs."""
    plain = normalise(text).lower()
    codes = np.frombuffer("".join(plain.split()).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    runs = [codes]
    for size in range(2, longest + 1):
        runs.append((runs[-1][:-1] << _CODE_BITS) | codes[size - 1 :])
    found, counts = np.unique(np.concatenate(runs), return_counts=True)
    return Features(Counter(words(plain)), found, counts)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features a model knows: words first, then runs (in order), with the inverse frequency of each."""

    words: Mapping[str, int]
    runs: NDArray[np.int64]
    idf: NDArray[np.float32]

    def row(self, found: Features, *, apart: bool) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The known features of a text and their values; words and runs each of length 1, or both together."""
        rows = list(map(self.words.get, found.words))
        at = np.array([row for row in rows if row is not None], dtype=np.int64)
        told = [n for row, n in zip(rows, found.words.values(), strict=True) if row is not None]
        of_words = self._values(at, np.array(told, dtype=np.int64))
        place = np.minimum(np.searchsorted(self.runs, found.runs), max(len(self.runs) - 1, 0))
        known = self.runs[place] == found.runs if len(self.runs) else np.zeros(len(place), dtype=np.bool_)
        run_at = place[known] + len(self.words)
        of_runs = self._values(run_at, found.run_counts[known])
        one, other = float(of_words @ of_words) ** 0.5, float(of_runs @ of_runs) ** 0.5
        if not apart:
            one = other = (one * one + other * other) ** 0.5
        values = np.concatenate([of_words / (one or 1.0), of_runs / (other or 1.0)])
        return np.concatenate([at, run_at]), values.astype(np.float32, copy=False)

    def _values(self, at: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.float32]:
        values = (1.0 + np.log(counts.astype(np.float32))) * self.idf[at]
        return values.astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Labels with their probabilities, best first; what they lack to 1 is the chance that it is none of them."""

    ranked: tuple[tuple[str, float], ...]

    @property
    def label(self) -> str:
        """The likeliest label."""
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        """How likely it is."""
        return self.ranked[0][1]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the model said of texts held out while it learnt: the confidence of the best label, and whether it was
    right. Empty when nothing was held out."""

    confidence: tuple[float, ...] = ()
    right: tuple[bool, ...] = ()

    def threshold(self, precision: float) -> float | None:
        """The confidence from which on at least ``precision`` of the texts held out were right, so low that the most
        are answered; None when there is none."""
        ranked = sorted(zip(self.confidence, self.right, strict=True), reverse=True)
        found, hits = None, 0
        for place, (confidence, right) in enumerate(ranked, start=1):
            hits += right
            last_of_equals = place == len(ranked) or ranked[place][0] < confidence
            if last_of_equals and hits >= precision * place:
                found = confidence
        return found


@dataclass(frozen=True, slots=True)
class Shape:
    """How texts become a row: the longest run of characters; words and runs each of length 1 (``apart``) or
    both together; what margins are multiplied with to be logits; the logit of «none of the labels», if there is one.
    """

    longest: int
    apart: bool
    scale: float = 1.0
    rest: float | None = None


class TextModel:
    """A trained classifier; ``weights`` has a row a feature and a column a label, word features stand first.

    ``mass`` is what each label gets for the sum of a text's values, whatever the features: the share of naive Bayes
    that every feature has alike, which would fill the matrix.
    """

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        weights: "csr_matrix[np.float32]",
        bias: NDArray[np.float32],
        shape: Shape,
        held_out: HeldOut | None = None,
        mass: NDArray[np.float32] | None = None,
    ) -> None:
        self.labels = tuple(labels)
        self._mass = np.zeros(len(self.labels), dtype=np.float32) if mass is None else mass
        self.held_out = held_out or HeldOut()
        self._vocabulary = vocabulary
        self._weights = weights
        many = weights.nnz > WHOLE_FROM * weights.shape[0] * weights.shape[1]
        self._whole = weights.toarray() if many else None
        self._bias = bias
        self._shape = shape

    def predict(self, text: str) -> Prediction:
        """What ``text`` most likely is. A text without a single known feature gets the prior."""
        scores = self.scores(text) * self._shape.scale
        rest = self._shape.rest
        most = max(scores.max(), rest) if rest is not None else scores.max()
        likelihood = np.exp(scores - most)
        likelihood /= likelihood.sum() + (np.exp(rest - most) if rest is not None else 0.0)
        order = np.argsort(-likelihood)
        ranked = zip(order.tolist(), likelihood[order].tolist(), strict=True)
        return Prediction(tuple((self.labels[i], share) for i, share in ranked))

    def scores(self, text: str) -> NDArray[np.float64]:
        """Each label's margin, in the order of ``labels``."""
        found = features(text, self._shape.longest)
        rows, values = self._vocabulary.row(found, apart=self._shape.apart)
        total: NDArray[np.float64] = self._bias + self._sum(rows, values) + self._mass * values.sum()
        return total

    def _sum(self, rows: NDArray[np.int64], values: NDArray[np.float32]) -> NDArray[np.float64]:
        """The rows' weights times ``values``, added up by label."""
        if self._whole is not None:
            whole: NDArray[np.float64] = (values @ self._whole[rows]).astype(np.float64)
            return whole
        starts = self._weights.indptr[rows]
        lengths = self._weights.indptr[rows + 1] - starts
        before = np.cumsum(lengths) - lengths
        at = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        parts = self._weights.data[at] * np.repeat(values, lengths)
        total = np.bincount(self._weights.indices[at], weights=parts, minlength=len(self.labels))
        return total.astype(np.float64, copy=False)

    def to_bytes(self) -> bytes:
        """The model as one file: arrays, JSON and a digest over both."""
        about = {
            "format": FORMAT,
            "labels": self.labels,
            "words": list(self._vocabulary.words),
            "longest": self._shape.longest,
            "apart": self._shape.apart,
            "scale": self._shape.scale,
            "rest": self._shape.rest,
        }
        out = io.BytesIO()
        text = json.dumps(about, ensure_ascii=False).encode()
        arrays: dict[str, Any] = {
            "about": np.frombuffer(text, dtype=np.uint8),
            "runs": self._vocabulary.runs,
            "idf": self._vocabulary.idf,
            "starts": self._weights.indptr.astype(np.int32),
            "columns": self._weights.indices.astype(np.int32),
            "weights": self._weights.data,
            "bias": self._bias,
            "mass": self._mass,
            "held_out": np.array(self.held_out.confidence, dtype=np.float32),
            "held_out_right": np.array(self.held_out.right, dtype=np.bool_),
        }
        np.savez_compressed(out, digest=np.frombuffer(_digest(arrays), dtype=np.uint8), **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "TextModel":
        """Read a model; Invalid(code="model_broken") when it is damaged or of another format."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            digest = arrays.pop("digest").tobytes()
            about = json.loads(arrays["about"].tobytes())
        except (ValueError, KeyError, OSError, EOFError, json.JSONDecodeError) as error:
            raise Invalid({"model": "unreadable"}, code="model_broken") from error
        if digest != _digest(arrays) or about["format"] != FORMAT:
            raise Invalid({"model": "digest_or_format"}, code="model_broken")
        said = {word: row for row, word in enumerate(about["words"])}
        vocabulary = Vocabulary(said, arrays["runs"], arrays["idf"])
        size = (len(vocabulary.idf), len(about["labels"]))
        weights = csr_matrix((arrays["weights"], arrays["columns"], arrays["starts"]), shape=size)
        shape = Shape(about["longest"], about["apart"], about["scale"], about["rest"])
        held_out = HeldOut(tuple(arrays["held_out"].tolist()), tuple(arrays["held_out_right"].tolist()))
        return cls(about["labels"], vocabulary, weights, arrays["bias"], shape, held_out, arrays["mass"])


def _digest(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    total = hashlib.sha256()
    for name in sorted(arrays):
        total.update(name.encode())
        total.update(np.ascontiguousarray(arrays[name]).tobytes())
    return total.digest()


async def train(
    texts: Sequence[str],
    labels: Sequence[str],
    core: int | None = None,
    *,
    hold_out: bool | None = None,
    regression: bool = False,
) -> TextModel:
    """Train in a child process, as ``textlearning.fit`` does; Unavailable when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "in.json", Path(folder) / "out.npz"
        lessons = {"texts": list(texts), "labels": list(labels), "core": core}
        given.write_text(json.dumps(lessons | {"hold_out": hold_out, "regression": regression}), "utf-8")
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kernel.textlearning", str(given), str(made), cwd=Path(__file__).parent.parent
        )
        if await child.wait() != 0:
            raise Unavailable("training_failed")
        return TextModel.from_bytes(made.read_bytes())

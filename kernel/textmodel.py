"""A text classifier: words and character n-grams, a linear model, kept as arrays and JSON, never pickled.

Training runs in a child process (``python -m kernel.textmodel IN.json OUT.npz``), so that it neither blocks nor
bloats a serving one. Reading a model checks its digest; predicting needs numpy alone.
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
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from kernel.chinese import normalise, words
from kernel.errors import Invalid, Unavailable

FORMAT = 3
CHARACTERS = (1, 2, 3)
# One regression over all labels costs labels x features a step: beyond so many, one support vector machine a label
# learns the same in a thirtieth of the time. Its margins times SCALE serve as logits; a margin of REST speaks for none
# of the labels. Both were chosen where unseen texts are likeliest.
MANY_LABELS = 60
SCALE = 14.0
REST = -0.6
# Weights smaller than this say nothing: without them a catalogue of 700 labels takes 3 MB instead of 200.
SMALLEST = 0.05
# So many labels are learnt at once; all others are this one meanwhile, which sorts before every real one.
AT_ONCE = 50
REST_LABEL = ""
# What is learnt besides the core must fill neither memory nor time: of its features so many of the most frequent.
MOST_BESIDES = 8_000
RARE_BESIDES = 3


def features(text: str) -> Counter[str]:
    """How often each word and each character n-gram stands in ``text``; word features are marked with ``w ``."""
    plain = normalise(text).lower()
    found: Counter[str] = Counter(f"w {word}" for word in words(plain))
    run = "".join(plain.split())
    for size in CHARACTERS:
        found.update(run[start : start + size] for start in range(len(run) - size + 1))
    return found


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


class TextModel:
    """A trained classifier; ``weights`` has a row a feature and a column a label, ``rest`` is the logit of «none»."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Sequence[str],
        idf: NDArray[np.float32],
        weights: "csr_matrix[np.float32]",
        bias: NDArray[np.float32],
        rest: float | None = None,
    ) -> None:
        self.labels = tuple(labels)
        self._index = {feature: row for row, feature in enumerate(vocabulary)}
        self._idf = idf
        self._weights = weights
        self._bias = bias
        self._rest = rest

    def predict(self, text: str) -> Prediction:
        """What ``text`` most likely is. A text without a single known feature gets the prior."""
        rows, counts = [], []
        for feature, count in features(text).items():
            row = self._index.get(feature)
            if row is not None:
                rows.append(row)
                counts.append(count)
        scores = self._bias.astype(np.float64)
        if rows:
            picked = np.array(rows)
            values = (1.0 + np.log(np.array(counts, dtype=np.float32))) * self._idf[picked]
            scores += self._sum(picked, values / np.linalg.norm(values))
        most = max(scores.max(), self._rest) if self._rest is not None else scores.max()
        likelihood = np.exp(scores - most)
        likelihood /= likelihood.sum() + (np.exp(self._rest - most) if self._rest is not None else 0.0)
        order = np.argsort(-likelihood)
        ranked = zip(order.tolist(), likelihood[order].tolist(), strict=True)
        return Prediction(tuple((self.labels[i], share) for i, share in ranked))

    def _sum(self, rows: NDArray[Any], values: NDArray[Any]) -> NDArray[np.float64]:
        """The rows' weights times ``values``, added up by label."""
        starts = self._weights.indptr[rows]
        lengths = self._weights.indptr[rows + 1] - starts
        before = np.cumsum(lengths) - lengths
        at = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        parts = self._weights.data[at] * np.repeat(values, lengths)
        total = np.bincount(self._weights.indices[at], weights=parts, minlength=len(self.labels))
        return total.astype(np.float64, copy=False)

    def to_bytes(self) -> bytes:
        """The model as one file: arrays, JSON and a digest over both."""
        about = {"format": FORMAT, "labels": self.labels, "vocabulary": list(self._index), "rest": self._rest}
        out = io.BytesIO()
        text = json.dumps(about, ensure_ascii=False).encode()
        arrays: dict[str, Any] = {
            "about": np.frombuffer(text, dtype=np.uint8),
            "idf": self._idf,
            "starts": self._weights.indptr.astype(np.int32),
            "columns": self._weights.indices.astype(np.int32),
            "weights": self._weights.data,
            "bias": self._bias,
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
        shape = (len(about["vocabulary"]), len(about["labels"]))
        weights = csr_matrix((arrays["weights"], arrays["columns"], arrays["starts"]), shape=shape)
        return cls(about["labels"], about["vocabulary"], arrays["idf"], weights, arrays["bias"], about["rest"])


def _digest(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    total = hashlib.sha256()
    for name in sorted(arrays):
        total.update(name.encode())
        total.update(np.ascontiguousarray(arrays[name]).tobytes())
    return total.digest()


def fit(
    texts: Sequence[str], labels: Sequence[str], *, strength: float | None = None, core: int | None = None
) -> TextModel:
    """Train on labelled texts (at least two labels); ``strength`` is the inverse of the regularisation.

    The features of the first ``core`` texts (all, unless given) are kept; of the others' only the most frequent.
    """
    many = len(set(labels)) > MANY_LABELS
    if len(texts) != len(labels) or len(set(labels)) < 2:
        raise Invalid({"labels": "need_two_labels"})
    counted = [features(text) for text in texts]
    spread = Counter(feature for found in counted for feature in found)
    least = 2 if len(counted[:core]) > 2000 and not many else 1
    vocabulary = _vocabulary(counted[:core], spread, least)
    index = {feature: column for column, feature in enumerate(vocabulary)}
    appear = np.array([spread[feature] for feature in vocabulary])
    idf = (np.log((1 + len(texts)) / (1 + appear)) + 1).astype(np.float32)
    matrix = _matrix(counted, index, idf)
    names, weights, bias = (_one_by_one if many else _together)(matrix, list(labels), strength)
    rest = REST * SCALE if many else None
    return TextModel(names, vocabulary, idf, weights.T.tocsr(), bias.astype(np.float32), rest)


_Learned = tuple[list[str], "csr_matrix[np.float32]", NDArray[Any]]


def _together(matrix: "csr_matrix[np.float32]", labels: list[str], strength: float | None) -> _Learned:
    model = LogisticRegression(C=strength or 12.0, class_weight="balanced", max_iter=400)
    model.fit(matrix, labels)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return [str(label) for label in model.classes_], csr_matrix(weights, dtype=np.float32), bias


def _one_by_one(matrix: "csr_matrix[np.float32]", labels: list[str], strength: float | None) -> _Learned:
    names = sorted(set(labels))
    rows: list[csr_matrix[np.float32]] = []
    bias: list[float] = []
    for start in range(0, len(names), AT_ONCE):
        # The weights of all labels together, not yet thinned out, would take gigabytes.
        some = names[start : start + AT_ONCE]
        model = LinearSVC(C=strength or 1.0, tol=0.01, max_iter=200)
        model.fit(matrix, [label if label in some else REST_LABEL for label in labels])
        kept = model.coef_[-len(some) :]
        rows.append(csr_matrix(np.where(np.abs(kept) > SMALLEST, kept * SCALE, 0.0), dtype=np.float32))
        bias.extend(model.intercept_[-len(some) :] * SCALE)
    return names, vstack(rows, format="csr"), np.array(bias)


def _vocabulary(core: Sequence[Counter[str]], spread: Counter[str], least: int) -> list[str]:
    within = Counter(feature for found in core for feature in found)
    kept = {feature for feature, n in within.items() if n >= least}
    others = sorted((-n, feature) for feature, n in spread.items() if feature not in within and n >= RARE_BESIDES)
    return sorted(kept.union(feature for _, feature in others[:MOST_BESIDES]))


def _matrix(
    counted: Sequence[Counter[str]], index: Mapping[str, int], idf: NDArray[np.float32]
) -> "csr_matrix[np.float32]":
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for found in counted:
        known = [(index[feature], n) for feature, n in found.items() if feature in index]
        values = np.array([(1 + np.log(n)) * idf[column] for column, n in known], dtype=np.float32)
        norm = float(np.linalg.norm(values)) or 1.0
        data.extend((values / norm).tolist())
        columns.extend(column for column, _ in known)
        starts.append(len(data))
    return csr_matrix((data, columns, starts), shape=(len(counted), len(index)), dtype=np.float32)


async def train(texts: Sequence[str], labels: Sequence[str], core: int | None = None) -> TextModel:
    """Train in a child process, as ``fit`` does; Unavailable when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "in.json", Path(folder) / "out.npz"
        given.write_text(json.dumps({"texts": list(texts), "labels": list(labels), "core": core}), "utf-8")
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kernel.textmodel", str(given), str(made), cwd=Path(__file__).parent.parent
        )
        if await child.wait() != 0:
            raise Unavailable("training_failed")
        return TextModel.from_bytes(made.read_bytes())


def main(arguments: Sequence[str]) -> None:
    """The child process: read texts and labels, write the model."""
    given = json.loads(Path(arguments[0]).read_text("utf-8"))
    Path(arguments[1]).write_bytes(fit(given["texts"], given["labels"], core=given["core"]).to_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])

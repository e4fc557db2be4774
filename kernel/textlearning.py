"""How a text model learns: ``python -m kernel.textlearning IN.json OUT.npz``, the child process of its training.

Few labels: one support vector machine a label, each feature weighted by how much likelier it is in that label's texts
than in the others' (log-count ratios), and probabilities fitted on texts held out in turn. Many labels: the machines,
thinned out, and naive Bayes beside them, which knows from one sentence what a machine needs several for; a constant
scale. On demand one regression over all labels, for the short phrases of a talk.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from kernel.errors import Invalid
from kernel.textbayes import bayes, matrix_of, terms_of
from kernel.textmodel import Features, HeldOut, Shape, TextModel, Vocabulary, features

# Of more labels than this most have few texts, and holding some out in turn would take minutes.
MANY_LABELS = 60
# Sentences say what they say in a few runs of characters, which three tell better than two; letters say it in words.
SENTENCES = Shape(longest=3, apart=False)
LETTERS = Shape(longest=2, apart=True)
LETTER_LENGTH = 60
# Scores times the scale serve as logits; a score of 0 speaks for none of the labels. Both were chosen where unseen
# texts of a catalogue are likeliest.
MANY = Shape(longest=3, apart=False, scale=7.8, rest=0.0)
# How much naive Bayes counts beside the machines.
BAYES = 0.2
STRENGTH_FEW, STRENGTH_MANY, STRENGTH_TOGETHER = 1.0, 1.0, 12.0
# What is added to each feature's weight in a label's texts before the ratio is taken.
SMOOTHING = 0.1
# Weights smaller than this say nothing: without them a catalogue of 700 labels takes 3 MB instead of 200.
SMALLEST = 0.05
# So many labels are learnt at once; all others are this one meanwhile, which sorts before every real one.
AT_ONCE = 50
REST_LABEL = ""
# Of the many texts of a large set a feature that only one of them holds is noise.
LARGE_SET = 2000
FOLDS = 4
OPTIONS = ("core", "hold_out", "regression")
SCALES = np.geomspace(0.25, 64.0, 97)


@dataclass(frozen=True, slots=True)
class _Learned:
    """Label by label: weights (a row a label), bias, and what the sum of a text's values counts."""

    names: Sequence[str]
    weights: "csr_matrix[np.float32]"
    bias: NDArray[np.float32]
    mass: NDArray[np.float32] | None = None


_Learner = Callable[["csr_matrix[np.float32]", Sequence[str]], _Learned]


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    core: int | None = None,
    hold_out: bool | None = None,
    regression: bool = False,
) -> TextModel:
    """Train on labelled texts (at least two labels).

    The features of the first ``core`` texts (all, unless given) are kept; of the others' only the most frequent.
    ``hold_out`` says whether texts are held out in turn to know how sure to be; unless given, where labels are few.
    ``regression`` learns few labels by one regression, whose probabilities are taken as they are.
    """
    if len(texts) != len(labels) or len(set(labels)) < 2:
        raise Invalid({"labels": "need_two_labels"})
    many = len(set(labels)) > MANY_LABELS
    letters = median(map(len, texts)) > LETTER_LENGTH and not regression
    shape = MANY if many else LETTERS if letters else SENTENCES
    learner = _in_groups if many else _together if regression else _one_by_one
    lessons = [features(text, shape.longest) for text in texts]
    terms, learned = _learn(lessons, labels, shape, core, learner)
    held_out = HeldOut()
    fitted = not many and not regression
    if hold_out or (hold_out is None and fitted):
        margins, right = _held_out(lessons, labels, shape, core, learner)
        if fitted:
            shape = replace(shape, scale=_scale(margins, right))
        held_out = HeldOut(tuple(_confidence(margins, shape).tolist()), tuple(right.tolist()))
    return TextModel(learned.names, terms, learned.weights.T.tocsr(), learned.bias, shape, held_out, learned.mass)


def _learn(
    lessons: Sequence[Features], labels: Sequence[str], shape: Shape, core: int | None, learner: _Learner
) -> tuple[Vocabulary, _Learned]:
    many = shape.rest is not None
    least = 2 if len(lessons[:core]) > LARGE_SET and not many else 1
    terms = terms_of(lessons, core, least)
    matrix = matrix_of(lessons, terms, shape)
    return terms, learner(matrix, list(labels))


def _together(matrix: "csr_matrix[np.float32]", labels: Sequence[str]) -> _Learned:
    model = LogisticRegression(C=STRENGTH_TOGETHER, class_weight="balanced", max_iter=400)
    model.fit(matrix, labels)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    names = [str(label) for label in model.classes_]
    return _Learned(names, csr_matrix(weights, dtype=np.float32), bias.astype(np.float32))


def _one_by_one(matrix: "csr_matrix[np.float32]", labels: Sequence[str]) -> _Learned:
    names, given = sorted(set(labels)), np.array(labels)
    rows: list[csr_matrix[np.float32]] = []
    bias: list[float] = []
    for name in names:
        of_it = given == name
        ratio = np.log(_shares(matrix[of_it])) - np.log(_shares(matrix[~of_it]))
        machine = LinearSVC(C=STRENGTH_FEW, tol=0.01, class_weight="balanced")
        machine.fit(matrix @ diags(ratio), of_it)
        rows.append(csr_matrix(machine.coef_ * ratio, dtype=np.float32))
        bias.append(float(machine.intercept_[0]))
    return _Learned(names, vstack(rows, format="csr"), np.array(bias, dtype=np.float32))


def _shares(matrix: "csr_matrix[np.float32]") -> NDArray[np.float64]:
    total = np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel() + SMOOTHING
    shares: NDArray[np.float64] = total / total.sum()
    return shares


def _in_groups(matrix: "csr_matrix[np.float32]", labels: Sequence[str]) -> _Learned:
    names = sorted(set(labels))
    rows: list[csr_matrix[np.float32]] = []
    bias: list[float] = []
    for start in range(0, len(names), AT_ONCE):
        # The weights of all labels together, not yet thinned out, would take gigabytes.
        some = names[start : start + AT_ONCE]
        machine = LinearSVC(C=STRENGTH_MANY, tol=0.01, max_iter=200)
        machine.fit(matrix, [label if label in some else REST_LABEL for label in labels])
        kept = machine.coef_[-len(some) :]
        rows.append(csr_matrix(np.where(np.abs(kept) > SMALLEST, kept, 0.0), dtype=np.float32))
        bias.extend(machine.intercept_[-len(some) :])
    machines = vstack(rows, format="csr")
    told, mass = bayes(matrix, labels, names)
    weights = csr_matrix(machines + BAYES * told, dtype=np.float32)
    return _Learned(names, weights, np.array(bias, dtype=np.float32), (BAYES * mass).astype(np.float32))


def _held_out(
    lessons: Sequence[Features], labels: Sequence[str], shape: Shape, core: int | None, learner: _Learner
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The margins of every text, best first, by a model that has not seen it; and whether the best label is right."""
    fold = np.array(_folds(labels))
    given, best_label = np.array(labels), np.empty(len(labels), dtype=object)
    margins = np.full((len(labels), len(set(labels))), -np.inf)
    for turn in range(FOLDS):
        learning, aside = np.flatnonzero(fold != turn).tolist(), np.flatnonzero(fold == turn).tolist()
        within = None if core is None else sum(i < core for i in learning)
        terms, learned = _learn([lessons[i] for i in learning], given[learning].tolist(), shape, within, learner)
        seen = matrix_of([lessons[i] for i in aside], terms, shape)
        scores = (seen @ learned.weights.T).toarray() + learned.bias
        if learned.mass is not None:
            scores += np.asarray(seen.sum(axis=1)) * learned.mass
        best_label[aside] = np.array(learned.names, dtype=object)[scores.argmax(axis=1)]
        margins[aside, : scores.shape[1]] = -np.sort(-scores, axis=1)
    return margins, best_label == given


def _folds(labels: Sequence[str]) -> list[int]:
    """Each label's texts dealt out in turn, so that every fold has of each; a label's only text is in some fold."""
    dealt: dict[str, int] = defaultdict(int)
    first = {label: place for place, label in enumerate(sorted(set(labels)))}
    folds = []
    for label in labels:
        folds.append((first[label] + dealt[label]) % FOLDS)
        dealt[label] += 1
    return folds


def _scale(margins: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The scale by which the confidence of the best label foretells best whether it is right (least log loss)."""

    def loss(scale: float) -> float:
        sure = np.clip(_confidence(margins, Shape(1, True, scale)), 1e-9, 1 - 1e-9)
        return float(-np.where(right, np.log(sure), np.log1p(-sure)).mean())

    return float(min(SCALES, key=loss))


def _confidence(margins: NDArray[np.float64], shape: Shape) -> NDArray[np.float64]:
    """How likely the best of margins in order is, as the model will say it."""
    best = margins[:, :1]
    total = np.exp((margins - best) * shape.scale).sum(axis=1)
    if shape.rest is not None:
        total += np.exp(shape.rest - best[:, 0] * shape.scale)
    confidence: NDArray[np.float64] = 1.0 / total
    return confidence


def main(arguments: Sequence[str]) -> None:
    """The child process: read texts and labels, write the model."""
    given = json.loads(Path(arguments[0]).read_text("utf-8"))
    model = fit(given["texts"], given["labels"], **{key: given[key] for key in OPTIONS})
    Path(arguments[1]).write_bytes(model.to_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])

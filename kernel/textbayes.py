"""Naive Bayes over words and runs of characters: learnt in one pass, without a child process.

It knows from one sentence what a machine needs several for, and takes new sentences in within a second.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kernel.errors import Invalid
from kernel.textmodel import Features, Shape, TextModel, Vocabulary, features

# What is added to each feature's weight in a label's texts.
SMOOTHING = 0.1
# What is learnt besides the core must fill neither memory nor time: of its features so many of the most frequent.
MOST_BESIDES = 8_000
RARE_BESIDES = 3
# Questions are short: longer runs of characters than pairs tell no more.
PAIRS = Shape(longest=2, apart=False)


def learn(texts: Sequence[str], labels: Sequence[str]) -> TextModel:
    """A model whose ``scores`` are how much likelier a text is in each label's texts than in all; Invalid without two
    labels. Its probabilities are far too sure: it is made to rank."""
    if len(texts) != len(labels) or len(set(labels)) < 2:
        raise Invalid({"labels": "need_two_labels"})
    lessons = [features(text, PAIRS.longest) for text in texts]
    terms = terms_of(lessons, None, 1)
    names = sorted(set(labels))
    told, mass = bayes(matrix_of(lessons, terms, PAIRS), labels, names)
    weights = csr_matrix(told.T, dtype=np.float32)
    none = np.zeros(len(names), dtype=np.float32)
    return TextModel(names, terms, weights, none, PAIRS, mass=mass.astype(np.float32))


def bayes(
    matrix: "csr_matrix[np.float32]", labels: Sequence[str], names: Sequence[str]
) -> tuple["csr_matrix[np.float64]", NDArray[np.float64]]:
    """Naive Bayes, label by label: what a feature that stands in the label's texts adds to one that does not, and what
    every feature counts alike; what is the same for all labels is left out."""
    place = {name: row for row, name in enumerate(names)}
    columns = np.arange(len(labels))
    ones = np.ones(len(labels))
    of_label = csr_matrix((ones, ([place[label] for label in labels], columns)), shape=(len(names), len(labels)))
    told = csr_matrix(of_label @ matrix, dtype=np.float64)
    total = np.asarray(told.sum(axis=1)).ravel() + SMOOTHING * matrix.shape[1]
    told.data = np.log1p(told.data / SMOOTHING)
    mass = -np.log(total)
    return told, mass - mass.mean()


def terms_of(lessons: Sequence[Features], core: int | None, least: int) -> Vocabulary:
    spread = Counter(each for lesson in lessons for each in _all_of(lesson))
    within = spread if core is None else Counter(each for lesson in lessons[:core] for each in _all_of(lesson))
    kept = {each for each, n in within.items() if n >= least}
    others = sorted((-n, str(each), each) for each, n in spread.items() if each not in within and n >= RARE_BESIDES)
    kept.update(each for _, _, each in others[:MOST_BESIDES])
    said = sorted(each for each in kept if isinstance(each, str))
    runs = sorted(each for each in kept if isinstance(each, int))
    appear = np.array([*(spread[word] for word in said), *(spread[run] for run in runs)])
    idf = (np.log((1 + len(lessons)) / (1 + appear)) + 1).astype(np.float32)
    return Vocabulary({word: row for row, word in enumerate(said)}, np.array(runs, dtype=np.int64), idf)


def _all_of(lesson: Features) -> Iterator[str | int]:
    return chain(lesson.words, lesson.runs.tolist())


def matrix_of(lessons: Sequence[Features], terms: Vocabulary, shape: Shape) -> "csr_matrix[np.float32]":
    rows = [terms.row(lesson, apart=shape.apart) for lesson in lessons]
    starts = np.cumsum([0, *(len(at) for at, _ in rows)])
    columns, values = np.concatenate([at for at, _ in rows]), np.concatenate([each for _, each in rows])
    return csr_matrix((values, columns, starts), shape=(len(lessons), len(terms.idf)), dtype=np.float32)

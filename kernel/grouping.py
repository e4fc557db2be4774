"""Messages about one event found together: in the order they came, each joins the most alike of those before it.

How alike two messages are is the cosine of their characters' pairs and triples weighed by rarity (a name weighs more
than a greeting), half from the whole text and half from its opening, where people say what it is about.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kernel.chinese import normalise

SIZES = (2, 3)
# A run of characters that only one text holds likens it to none; in many texts one in every third says nothing.
RAREST, COMMONEST, MANY = 2, 1 / 3, 100
OPENING_ENDS = re.compile(r"[。！？!?\n]")
OPENING = 40
JOINS = 0.15
# What is as alike as this to messages of two events makes them one.
MERGES = 0.25
# An event nobody has spoken of for so long is another one when it comes up again.
ASLEEP = timedelta(days=365)
BLOCK = 256
_WORD_LIKE = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Message:
    """What was said, when, and where if it is known: messages of different known places are of different events."""

    text: str
    at: datetime
    place: str = ""


def group(messages: Sequence[Message]) -> list[int]:
    """The number of each message's event, in the order given; an event's number is the place of its first message."""
    order = sorted(range(len(messages)), key=lambda i: (messages[i].at, i))
    sorted_messages = [messages[i] for i in order]
    event = list(range(len(messages)))
    for new, near in enumerate(_nearest(sorted_messages)):
        found = [(alike, old) for alike, old in near if _may_join(sorted_messages[new], sorted_messages[old])]
        if not found:
            continue
        best = _of(event, max(found)[1])
        event[new] = best
        for alike, old in found:
            if alike >= MERGES and _of(event, old) != best:
                event[_of(event, old)] = best
    first: dict[int, int] = {}
    for new, old in enumerate(order):
        first.setdefault(_of(event, new), old)
    by_place = {old: first[_of(event, new)] for new, old in enumerate(order)}
    return [by_place[i] for i in range(len(messages))]


def _may_join(new: Message, old: Message) -> bool:
    if new.place and old.place and new.place != old.place:
        return False
    return new.at - old.at <= ASLEEP


def _of(event: list[int], message: int) -> int:
    while event[message] != message:
        event[message] = event[event[message]]
        message = event[message]
    return message


def opening(text: str) -> str:
    """The first sentence, or what stands in its place: no more than forty characters."""
    return OPENING_ENDS.split(text.strip(), maxsplit=1)[0][:OPENING]


def likeness(texts: Sequence[str]) -> NDArray[np.float32]:
    """How alike each text is to each other, 0 to 1; for few texts."""
    whole, begun = vectors(texts), vectors([opening(text) for text in texts])
    alike: NDArray[np.float32] = ((whole @ whole.T + begun @ begun.T) / 2).toarray()
    return alike


def coherence(rows: "csr_matrix[np.float32]") -> float:
    """How alike the texts of some rows are to one another on average, 0 to 1; 1 for a single one."""
    count = int(rows.shape[0])
    if count < 2:
        return 1.0
    whole = np.asarray(rows.sum(axis=0), dtype=np.float64)
    own = float(rows.multiply(rows).sum())
    return max((float((whole * whole).sum()) - own) / (count * (count - 1)), 0.0)


def vectors(texts: Sequence[str]) -> "csr_matrix[np.float32]":
    """A row of length 1 for each text (of length 0 where it shares nothing with any other)."""
    counted = [_runs(text) for text in texts]
    spread = Counter(run for counts in counted for run in counts)
    most = COMMONEST * len(texts) if len(texts) >= MANY else len(texts)
    known = [run for run, n in spread.items() if RAREST <= n <= most]
    index = {run: column for column, run in enumerate(known)}
    rarity = np.log(len(texts) / np.array([spread[run] for run in known], dtype=np.float32)) + 0.1
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float32]] = []
    for counts in counted:
        at = np.array([index[run] for run in counts if run in index], dtype=np.int64)
        often = np.array([n for run, n in counts.items() if run in index], dtype=np.float32)
        row = (1 + np.log(often)) * rarity[at]
        columns.append(at)
        values.append((row / (float(np.linalg.norm(row)) or 1.0)).astype(np.float32))
    starts = np.cumsum([0, *map(len, columns)])
    size = (len(texts), len(known))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=size, dtype=np.float32)


def _runs(text: str) -> Counter[str]:
    flat = "".join(_WORD_LIKE.findall(normalise(text).lower()))
    return Counter(flat[at : at + size] for size in SIZES for at in range(len(flat) - size + 1))


def _nearest(messages: Sequence[Message]) -> Iterator[list[tuple[float, int]]]:
    """For each message, those before it that are alike enough to join."""
    whole = vectors([message.text for message in messages]) if messages else None
    if whole is None:
        return
    begun = vectors([opening(message.text) for message in messages])
    edges = [*range(0, len(messages), BLOCK), len(messages)]
    for start, end in pairwise(edges):
        alike = ((whole[start:end] @ whole[:end].T + begun[start:end] @ begun[:end].T) / 2).tocsr()
        for row in range(end - start):
            at = slice(alike.indptr[row], alike.indptr[row + 1])
            near = zip(alike.data[at].tolist(), alike.indices[at].tolist(), strict=True)
            yield [(likely, old) for likely, old in near if likely >= JOINS and old < start + row]

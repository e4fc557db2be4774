"""How much slower something is than jieba cutting the same text: a measure that a busy machine slows as well."""

import time
from collections.abc import Awaitable, Callable, Sequence

import jieba

ROUNDS = 5


def times_jieba(texts: Sequence[str], read: Callable[[str], object]) -> float:
    """Processor time of ``read`` over all texts as a multiple of jieba's; the best of some rounds."""
    jieba.lcut("预热")
    _spent(texts, read)
    return min(_spent(texts, read) / _spent(texts, jieba.lcut) for _ in range(ROUNDS))


async def times_jieba_async(texts: Sequence[str], read: Callable[[str], Awaitable[object]]) -> float:
    """The same of what is awaited."""
    jieba.lcut("预热")
    ratios = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        for text in texts:
            await read(text)
        ratios.append((time.thread_time() - start) / _spent(texts, jieba.lcut))
    return min(ratios)


def _spent(texts: Sequence[str], read: Callable[[str], object]) -> float:
    start = time.thread_time()
    for text in texts:
        read(text)
    return time.thread_time() - start

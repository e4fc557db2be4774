"""By which numbers a text meets its likes in the database: MinHash of its pairs of letters, cut into bands.

Two texts that share a third of their pairs have a band in common nine times in ten, unlike ones hardly ever: so the
likes of a text among any number of others are found by an index, and only they are compared word by word.
"""

import zlib

import numpy as np

from kernel.chinese import shingles

BANDS, ROWS = 20, 2
_LETTERS = 2
# Drawn once and kept for good: rows in the database are only met again by numbers made in the same way.
_drawn = np.random.Generator(np.random.PCG64(12345)).integers(1, 1 << 63, (2, BANDS * ROWS), dtype=np.uint64)
_FACTORS, _SHIFTS = _drawn[0] | np.uint64(1), _drawn[1]
_MIX = np.uint64(0x9E3779B97F4A7C15)


def bands(text: str) -> tuple[int, ...]:
    """``BANDS`` numbers of 31 bits, the n-th to be met by the n-th of another text; none of a text without letters."""
    pieces = shingles(text, _LETTERS)
    if not pieces:
        return ()
    hashes = np.fromiter((zlib.crc32(piece.encode()) for piece in pieces), dtype=np.uint64, count=len(pieces))
    with np.errstate(over="ignore"):
        least = ((hashes[:, None] * _FACTORS + _SHIFTS) >> np.uint64(32)).min(axis=0)
        rows = least.reshape(BANDS, ROWS)
        mixed = ((rows[:, 0] << np.uint64(32)) + rows[:, 1]) ^ (np.arange(1, BANDS + 1, dtype=np.uint64) * _MIX)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
    return tuple(int(each) for each in mixed >> np.uint64(33))

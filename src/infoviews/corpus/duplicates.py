"""Duplicates: exact ones by hash, near ones by MinHash and LSH (Broder 1997; Indyk & Motwani 1998; datasketch)."""

from __future__ import annotations

import hashlib
import re
import zlib
from itertools import islice

import numpy as np
from datasketch import MinHash, MinHashLSH

from infoviews.files import text_hash

PERMUTATIONS = 128
SHINGLE = 5
"""Words in a shingle: five make a chance match between unrelated texts rare (as in the clean-up of C4 and GPT-3)."""

CHUNK = 8192
"""Shingles hashed at once: a whole book would take PERMUTATIONS numbers for each of its words."""

_WORD = re.compile(r"\w+")
_EMPTY = MinHash(PERMUTATIONS, seed=1, hashfunc=zlib.crc32)


def fingerprint(key: str) -> int:
    """64-bit hash of a text, signed so that it fits an int64 array."""
    return int.from_bytes(text_hash(key), "little", signed=True)


def signature(text: str) -> np.ndarray:
    """MinHash signature, uint32 (PERMUTATIONS,): two agree in the share of places that their shingles overlap."""
    words = _WORD.findall(text.lower())
    count = max(1, len(words) - SHINGLE + 1)
    shingles = iter({" ".join(words[i : i + SHINGLE]).encode() for i in range(count)})
    sketch = _EMPTY.copy()
    while chunk := list(islice(shingles, CHUNK)):
        sketch.update_batch(chunk)
    return sketch.hashvalues


def first_seen(fingerprints: np.ndarray) -> np.ndarray:
    """Boolean mask of the entries that no earlier entry equals."""
    mask = np.zeros(len(fingerprints), dtype=bool)
    mask[np.unique(fingerprints, return_index=True)[1]] = True
    return mask


class NearDuplicates:
    """Tells, text after text, whether one much like it was kept before.

    Memory is about 3 kB for every text kept.
    """

    def __init__(self, threshold: float) -> None:
        """``threshold``: Jaccard similarity of shingle sets from which on two texts are the same, in (0, 1)."""
        self._threshold = threshold
        self._index = MinHashLSH(threshold, PERMUTATIONS, hashfunc=_short)
        self._kept: list[np.ndarray] = []

    def seen(self, signature: np.ndarray) -> bool:
        """Whether a kept text is as similar as the threshold; if none is, this one is kept."""
        sketch = MinHash(hashvalues=signature, permutations=_EMPTY.permutations, scheme=_EMPTY.scheme)
        # The index only proposes; the share of equal places decides.
        if any(np.mean(self._kept[i] == signature) >= self._threshold for i in self._index.query(sketch)):
            return True
        self._index.insert(len(self._kept), sketch, check_duplication=False)
        self._kept.append(signature)
        return False


def _short(band: bytes) -> bytes:
    return hashlib.blake2b(band, digest_size=8).digest()

"""A stand-in for the language model: stems hashed into a wide vector. Texts that share words are near; it loads at once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from index import stems

DIM = 4096
BASE = 0.7  # the cosine of two texts that share nothing: e5's all lie high, and the probability of an answer is learnt on them


class Bags:
    """An Encoder of bags of stems."""

    fingerprint = "bags-of-stems"
    ready = True
    dim = DIM + 1

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.full((len(texts), DIM), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for stem in stems.stems(text):
                vector[zlib.crc32(stem.encode()) % DIM] += 1
        vectors *= np.sqrt(1 - BASE) / np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.c_[vectors, np.full(len(texts), np.sqrt(BASE), np.float32)]

    queries = passages

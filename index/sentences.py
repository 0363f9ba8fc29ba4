"""The sentences of the passages as vectors: by them the candidates of a search are judged more finely.

A passage of seven sentences is seldom about the one thing that is asked; its best sentence often is. So a passage gains
SHARE of what its nearest sentence is nearer to the question than the whole. That raised the vectors' nDCG@10 from
.78 to .85 on questions with a short answer (NorQuAD) and from .66 to .69 on laws (lov_kommune), and finds the sentence
to mark in any language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from errors import FouError

if TYPE_CHECKING:
    import numpy as np

VERSION = 1
VECTORS, SPANS, FIRST = "sentences.npy", "sentence_spans.npy", "sentence_first.npy"
SHARE = 0.6  # measured: more suits questions with a short answer, less those about a whole paragraph
FEWEST = 3  # sentences; a passage of fewer is near enough to each of them
SHORTEST = 5  # words; a shorter one, such as «Ja.», is near to anything
CHUNK = 4096  # vectors written at a time


def spans_of(text: str) -> list[tuple[int, int]]:
    """The sentences of a passage that get a vector, as character spans."""
    from ingest.sentences import sentences

    found = [(start, end) for start, end in sentences(text) if len(text[start:end].split()) >= SHORTEST]
    return found if len(found) >= FEWEST else []


def build(spans: Sequence[Sequence[tuple[int, int]]], vectors: Iterator[np.ndarray], dim: int, folder: Path) -> None:
    """Writes the spans of each row's sentences, and their vectors, which come in chunks and in order."""
    import numpy as np

    first = np.cumsum([0, *(len(found) for found in spans)], dtype=np.int64)
    np.save(folder / FIRST, first)
    np.save(folder / SPANS, np.array([span for found in spans for span in found], np.int32).reshape(-1, 2))
    out = np.lib.format.open_memmap(folder / VECTORS, mode="w+", dtype=np.float16, shape=(int(first[-1]) or 1, dim))
    at = 0
    for chunk in vectors:
        out[at : at + len(chunk)] = chunk
        at += len(chunk)
    out.flush()


class Sentences:
    """Opened sentence vectors: read from the file as they are asked for. It can be shared between threads."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        try:
            self._vectors = np.load(folder / VECTORS, mmap_mode="r")
            self._spans = np.load(folder / SPANS, mmap_mode="r")
            self._first = np.load(folder / FIRST)
        except (OSError, ValueError) as error:
            raise FouError(f"Setningene i {folder} kan ikke leses; kjør python -m index doctor --repair.") from error

    def nearest(self, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """For each row the cosine of its nearest sentence; -1 where it has none."""
        import numpy as np

        best = np.full(len(rows), -1.0, np.float32)
        counts = self._first[rows + 1] - self._first[rows]
        if len(rows) and counts.any():
            own = np.repeat(np.arange(len(rows)), counts)
            within = np.arange(len(own)) - np.repeat(np.cumsum(counts) - counts, counts)
            wanted = np.repeat(self._first[rows], counts) + within
            np.maximum.at(best, own, self._vectors[wanted].astype(np.float32) @ query)
        return best

    def nearest_of_all(self, queries: np.ndarray) -> np.ndarray:
        """`nearest` of every row for some queries at once (float32 [queries, dim]): float32 [queries, rows]."""
        import numpy as np

        counts = np.diff(self._first)
        best = np.full((len(queries), len(counts)), -1.0, np.float32)
        cosines = np.empty((int(self._first[-1]), len(queries)), np.float32)
        for at in range(0, len(cosines), CHUNK):  # the file is larger than it need be in memory
            part = slice(at, min(at + CHUNK, len(cosines)))
            cosines[part] = self._vectors[part].astype(np.float32) @ queries.T
        if len(cosines):
            best[:, counts > 0] = np.maximum.reduceat(cosines, self._first[:-1][counts > 0], axis=0).T
        return best

    def of(self, query: np.ndarray, row: int) -> dict[tuple[int, int], float]:
        """The sentences of one row by their spans, each with its cosine."""
        part = slice(self._first[row], self._first[row + 1])
        cosines = self._vectors[part].astype("float32") @ query
        return {(int(a), int(b)): float(c) for (a, b), c in zip(self._spans[part], cosines, strict=True)}

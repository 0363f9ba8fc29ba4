"""Which of the words that OCR makes alike was printed: a small network reads the words around.

A log-bilinear model with one hidden layer (after Mnih & Hinton 2008, there for the next word): the embeddings of the
nearest words, place by place, and the mean of those farther off give a vector; its product with the vector of a word says
how much likelier (ln) the context makes that word. Learnt by bench/train_context.py; weights are kept as bytes with one
scale for each row.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ingest.repair.lexicon import DATA, lexicon

AROUND = 5  # words to each side whose place counts
FAR = 25  # words to each side that show what the text is about
BUCKETS = 2048  # of words that the network doesn't know, by their last letters
FILE = DATA / "context.bin"


class Shape(NamedTuple):
    """The sizes of the network: the words it reads, those it can be asked about, and the numbers in its vectors."""

    vocabulary: int
    told: int
    dim: int  # of the embeddings of words
    hidden: int  # of the layer between


def bucket(word: str) -> int:
    """Words with the same last three letters share a bucket."""
    return zlib.crc32(word[-3:].encode()) % BUCKETS


def save(shape: Shape, readable: Sequence[int], told: Sequence[int], weights: Mapping[str, np.ndarray], path: Path) -> None:
    """Writes the network: a line of JSON, then the arrays it names. Matrices become int8 with a float32 scale a row."""
    arrays: dict[str, np.ndarray] = {
        "readable": np.array(readable, np.int32),
        "told_words": np.array(told, np.int32),
    }
    for name, value in weights.items():
        if value.ndim == 2 and value.shape[1] > 1:
            scale = np.abs(value).max(1) / 127 + 1e-12
            arrays[name] = np.round(value / scale[:, None]).astype(np.int8)
            arrays[name + ".scale"] = scale.astype(np.float32)
        else:
            arrays[name] = value.astype(np.float32).ravel()
    head = {"shape": shape, "lexicon": _mark(), "arrays": [[n, a.dtype.str, a.shape] for n, a in arrays.items()]}
    path.write_bytes(json.dumps(head).encode() + b"\n" + b"".join(a.tobytes() for a in arrays.values()))


def _mark() -> int:
    """Changes with the words of the lexicon."""
    return zlib.crc32((DATA / "words.xz").read_bytes())


class Context:
    """The network. Loaded once by `context()`; nothing in it changes after that."""

    def __init__(self, path: Path = FILE) -> None:
        head, data = path.read_bytes().split(b"\n", 1)
        facts = json.loads(head)
        self.shape = Shape(*facts["shape"])
        if facts["lexicon"] != _mark():  # its words are numbers in the lexicon
            raise RuntimeError("context.bin was trained on another lexicon; run bench/train_context.py")
        arrays, at = {}, 0
        for name, kind, shape in facts["arrays"]:
            size = int(np.prod(shape)) * np.dtype(kind).itemsize
            arrays[name] = np.frombuffer(data, kind, int(np.prod(shape)), at).reshape(shape)
            at += size
        words = list(lexicon().words)
        self._number = {words[w]: i for i, w in enumerate(arrays["readable"]) if w >= 0} | {"<s>": 0, "0": 1, "00": 2}
        self._told = {words[w]: i for i, w in enumerate(arrays["told_words"])}

        def matrix(name: str) -> np.ndarray:
            return arrays[name] * arrays[name + ".scale"][:, None]

        self._words, self._endings = matrix("words.weight"), matrix("endings.weight")
        self._languages, self._marks = matrix("languages.weight"), matrix("marks.weight")
        self._hidden, self._hidden_bias = np.ascontiguousarray(matrix("hidden.weight").T), arrays["hidden.bias"]
        self._out, self._out_bias = np.ascontiguousarray(matrix("out.weight").T), arrays["out.bias"]
        self._told_vectors, self._told_bias = matrix("told.weight"), arrays["bias.weight"]

    def embedding(self, word: str) -> tuple[int, int]:
        """The rows of a lower-case word (or <s>, 0, 00) in the tables of words and of endings."""
        return self._number.get(word, self.shape.vocabulary), bucket(word) + 1 if word.isalpha() else 0

    def tells(self, word: str) -> int | None:
        """The row of a word that the network can be asked about, or None."""
        return self._told.get(word)

    def vectors(self, row: Sequence[str], places: Sequence[int], marks: Sequence[int], language: int) -> np.ndarray:
        """float32[len(places), dim]: what stands around each place of a row of words (and <s> between sentences).

        `marks`: for each place 1 where a comma follows it, 2 more where one stands before it.
        """
        numbers = np.zeros((2, len(row) + 2 * FAR), np.int64)  # beyond the ends it is as between sentences
        numbers[:, FAR : FAR + len(row)] = np.array([self.embedding(w) for w in row]).T
        seen = self._words[numbers[0]] + self._endings[numbers[1]]
        at = np.asarray(places, np.int64)[:, None] + FAR
        near = seen[at + _offsets(AROUND)].reshape(len(places), -1)
        topic = seen[at + _offsets(FAR)].mean(1)
        language_ = np.broadcast_to(self._languages[language], (len(places), self._languages.shape[1]))
        x = np.concatenate([near, topic, language_, self._marks[np.asarray(marks)]], 1)
        return np.maximum(x @ self._hidden + self._hidden_bias, 0) @ self._out + self._out_bias

    def gain(self, vector: np.ndarray, word: int) -> float:
        """How much likelier (ln) the context makes a word, by its row from `tells`."""
        return float(vector @ self._told_vectors[word]) + float(self._told_bias[word])


@lru_cache(maxsize=2)
def _offsets(reach: int) -> np.ndarray:
    return np.array([i for i in range(-reach, reach + 1) if i])


@lru_cache(maxsize=1)
def context() -> Context:
    """The one network, read from the data folder at the first call."""
    return Context()

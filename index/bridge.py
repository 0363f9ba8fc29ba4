"""From everyday words to official ones: which concepts of the sector's vocabulary a question is about.

People ask for «gamle folk som vil bo hjemme», reports write of «hjemmebaserte tjenester». The vocabulary
(index/vocabulary/*.toml) has both for each concept. A question is held against the wordings by the words that they
share, and against the concepts by meaning; the official terms of a concept that is near enough join the word search,
at a weight that grows with how sure that is.
"""

from __future__ import annotations

import hashlib
import math
import os
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index import stems
from index.build import BATCH, Progress, no_progress
from index.query import Query, Wanted, wanted
from index.vectors import unit

if TYPE_CHECKING:
    import numpy as np

    from index.encoder import Encoder

VOCABULARY = Path(__file__).parent / "vocabulary"
SHIPPED = Path(__file__).parent / "data" / "concepts.npz"
"""The concepts' vectors by the default model: a minute's work that no one need wait for."""
EVERYDAY, OFFICIAL = ("everyday", "everyday_nn", "english"), ("official", "official_nn")
MOST = 3  # concepts that a question is taken to be about
TERMS = 2  # official terms of each that are searched for
SHARE = 0.5  # what a word of theirs counts at most beside one of the question
WORDS, MEANING = 0.5, 1 / 6  # what shared words (0..1) and likeness (in standard deviations) count for how sure a concept is
HALF, STEEP, LEAST = 0.6, 8.0, 0.15  # where the certainty is a half, how soon it rises, and below what it is none
LONG = 5  # words; a longer question says more itself, and is widened less
ENOUGH = 1.3  # word score, of what the words of the question could get: where a passage has so much, nothing need be added
NEARER = 0.02  # cosine: where a passage is so much nearer than any concept, the question is of another matter and nothing is added
FAR = 2.0  # standard deviations: a concept no nearer than that says nothing of the direction to look in


@dataclass(frozen=True)
class Concept:
    """An idea of the sector: its official terms, bokmål before nynorsk, and the wordings that people use."""

    official: tuple[str, ...]
    wordings: tuple[str, ...]


class Crossing(NamedTuple):
    """A concept that a question is about: its official terms, and how sure that is (0..1)."""

    official: tuple[str, ...]
    certainty: float


@cache
def concepts() -> tuple[Concept, ...]:
    """The vocabulary, in the order of its files."""
    found = []
    for path in sorted(VOCABULARY.glob("*.toml")):
        for row in tomllib.loads(path.read_text("utf-8"))["concept"]:
            official = tuple(dict.fromkeys(term for name in OFFICIAL for term in row.get(name, ())))
            wordings = tuple(dict.fromkeys(term for name in EVERYDAY for term in row.get(name, ())))
            found.append(Concept(official, wordings))
    return tuple(found)


def vectors(models: Path, model: Encoder, progress: Progress = no_progress) -> np.ndarray:
    """A unit vector for each concept, of its terms and wordings: float32 [concepts, dim]. Made once for each model."""
    import numpy as np

    texts, name = _embedded(model.fingerprint)
    with np.load(SHIPPED) as shipped:
        if shipped["name"] == name:
            return unit(shipped["vectors"].astype(np.float32))
    path = models / f"concepts-{name}.npy"
    if path.is_file():
        return np.load(path)
    parts = []
    with progress(len(texts), "Regner ut vektorer for fagordene") as step:
        for at in range(0, len(texts), BATCH):
            parts.append(model.passages(texts[at : at + BATCH]))
            step(len(parts[-1]))
    found = unit(np.concatenate(parts).reshape(2, len(concepts()), -1).sum(0))
    with suppress(OSError):  # a store that can't be written costs them anew in each process
        models.mkdir(parents=True, exist_ok=True)
        work = models / f".concepts-{os.getpid()}.npy"
        np.save(work, found)
        os.replace(work, path)
    return found


def ship(models: Path, model: Encoder) -> None:
    """Lays the vectors for this model into SHIPPED: to be done when the vocabulary or the default model changes."""
    import numpy as np

    _, name = _embedded(model.fingerprint)
    np.savez_compressed(SHIPPED, name=name, vectors=vectors(models, model).astype(np.float16))


def _embedded(fingerprint: str) -> tuple[list[str], str]:
    """What is embedded of the concepts, first the official terms of all, then the wordings; and the name of it for that model."""
    texts = [", ".join(concept.official) for concept in concepts()]
    texts += [", ".join(concept.wordings) for concept in concepts()]
    return texts, hashlib.sha256("\n".join((fingerprint, *texts)).encode()).hexdigest()[:12]


class Bridge:
    """The vocabulary, ready to be asked. `vectors` as from `vectors()`, or None: then by words alone."""

    def __init__(self, vectors: np.ndarray | None = None) -> None:
        self._vectors = vectors

    def crossings(self, query: Query, near: np.ndarray | None) -> tuple[Crossing, ...]:
        """The concepts that a question is about, surest first, at most MOST; none where no one is near enough.

        `near` as from `by_meaning`; None: by words alone.
        """
        shared = self.by_words(query.stems)
        if near is None:
            sure = shared
        else:
            first = set(near.argsort()[-MOST:].tolist()) | shared.keys()
            sure = {i: MEANING * float(near[i]) + WORDS * shared.get(i, 0.0) for i in first}
        found = []
        for i in sorted(sure, key=lambda i: (-sure[i], i))[:MOST]:
            certainty = 1 / (1 + math.exp(-STEEP * (sure[i] - HALF)))
            if certainty >= LEAST:
                found.append(Crossing(concepts()[i].official, round(certainty, 3)))
        return tuple(found)

    def direction(self, near: np.ndarray) -> np.ndarray | None:
        """Where the nearest concepts lie, as a unit vector; None where all are far. `near` as from `by_meaning`."""
        import numpy as np

        first = near.argsort()[-MOST:]
        summed = np.maximum(near[first] - FAR, 0) @ self._vectors[first]
        length = float(np.linalg.norm(summed))
        return summed / length if length else None

    def needed(self, vector: np.ndarray | None, nearest: float) -> float:
        """How much a question needs the vocabulary, 0..1: in full where a concept is nearer than the nearest passage (its
        cosine), less where that passage is. Without vectors it can't be told, and is 1."""
        if vector is None or self._vectors is None:
            return 1.0
        return min(1.0, max(0.0, (NEARER - nearest + float((self._vectors @ vector).max())) / NEARER))

    @staticmethod
    def widened(query: Query, crossings: Sequence[Crossing], held: float, needed: float = 1.0) -> tuple[Wanted, ...]:
        """The words of the question, and those of the official terms at a weight of at most SHARE.

        The weight falls with the length of the question, with how much of it the best passage has (`held`), and with how
        little the vocabulary is `needed`.
        """
        words = list(query.words)
        share = needed * SHARE * min(1.0, LONG / max(1, len(words))) * min(1.0, max(0.0, (ENOUGH - held) / (0.6 * ENOUGH)))
        if not share:
            return query.words
        there = {word.stem for word in words}
        for crossing in crossings:
            for term in crossing.official[:TERMS]:
                for word in wanted(term):
                    if word.stem not in there:
                        there.add(word.stem)
                        words.append(word._replace(weight=share * crossing.certainty))
        return tuple(words)

    @staticmethod
    def by_words(asked: Sequence[str]) -> dict[int, float]:
        """For each concept that shares a word with the question: how much its nearest wording and the question share
        (F1, each word by its rarity, 0..1)."""
        known = _wordings()
        own = set(asked)
        whole = sum(known.rarity.get(stem, known.unknown) for stem in own)
        shared: dict[int, float] = {}
        for stem in own:
            for number in known.having.get(stem, ()):
                shared[number] = shared.get(number, 0.0) + known.rarity[stem]
        best: dict[int, float] = {}
        for number, value in shared.items():
            concept = known.concept[number]
            best[concept] = max(best.get(concept, 0.0), 2 * value / (whole + known.whole[number]))
        return best

    def by_meaning(self, vector: np.ndarray | None) -> np.ndarray | None:
        """Each concept's likeness to the question, as standard deviations above the mean concept; None without vectors."""
        if vector is None or self._vectors is None:
            return None
        likeness = self._vectors @ vector
        return (likeness - likeness.mean()) / likeness.std()


class _Wordings(NamedTuple):
    """All wordings, numbered: the concept of each and the sum of its words' rarity; which ones have a stem."""

    concept: list[int]
    whole: list[float]
    having: dict[str, list[int]]
    rarity: dict[str, float]
    unknown: float


@cache
def _wordings() -> _Wordings:
    numbered = [(i, set(stems.stems(text))) for i, c in enumerate(concepts()) for text in (*c.wordings, *c.official)]
    seen: dict[str, set[int]] = {}
    having: dict[str, list[int]] = {}
    for number, (concept, found) in enumerate(numbered):
        for stem in found:
            seen.setdefault(stem, set()).add(concept)
            having.setdefault(stem, []).append(number)
    rarity = {stem: math.log(1 + len(concepts()) / len(where)) for stem, where in seen.items()}
    whole = [sum(rarity[stem] for stem in sorted(found)) for _, found in numbered]
    return _Wordings([concept for concept, _ in numbered], whole, having, rarity, math.log(1 + len(concepts())))


PLAIN = Bridge()
"""By words alone: for a search that asks no model."""

"""The reports on a plane in which near ones lie near, in groups that are named by their words.

t-SNE (van der Maaten and Hinton, 2008) of the reports' vectors; k-means on the plane; a group's words are those that its
reports have and others don't (tf-idf with a group as a document).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from index import abstracts
from index.snapshot import Snapshot
from index.stems import terms

if TYPE_CHECKING:
    import numpy as np

FEWEST = 8  # reports; fewer are seen at a glance in a list
SPREAD = 1e-6  # of the vectors, by coordinate; with none, as of copies, the main axes are undefined and scikit-learn crashes
NEIGHBOURS = 30  # perplexity where there are reports enough
MOST = 14  # groups
WORDS = 3  # of a group
SHORTEST = 4  # letters of a word that names something


class Point(NamedTuple):
    """A report (its key) at x, y in 0..1, and the number of its group."""

    report: str
    x: float
    y: float
    group: int


class Group(NamedTuple):
    """The middle of a group, and the words that tell it from the others, the most telling first."""

    x: float
    y: float
    words: tuple[str, ...]


class Landscape(NamedTuple):
    points: tuple[Point, ...]
    groups: tuple[Group, ...]


def landscape(snapshot: Snapshot, keys: Collection[str]) -> Landscape | None:
    """The reports of those keys; None where they are fewer than FEWEST. Seconds for hundreds; the same at each run."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.manifold import TSNE

    numbers = sorted(snapshot.by_key[key] for key in keys)
    if len(numbers) < FEWEST:
        return None
    vectors = snapshot.abstracts.of(np.array(numbers))
    near = min(NEIGHBOURS, (len(numbers) - 1) / 3)
    init = "pca" if float(vectors.std(0).max()) > SPREAD else "random"
    plane = TSNE(perplexity=near, metric="cosine", init=init, random_state=0).fit_transform(vectors)
    low, high = plane.min(0), plane.max(0)
    plane = (plane - low) / np.maximum(high - low, 1e-9)
    count = min(MOST, max(2, round(math.sqrt(len(numbers)) / 1.5)))
    parted = KMeans(count, n_init=10, random_state=0).fit(plane)
    with snapshot.reading() as db:
        texts = abstracts.texts(db, snapshot.manifest.generation)
    names = _names([texts.get(number, "") for number in numbers], parted.labels_, count)
    points = zip(numbers, plane.tolist(), parted.labels_.tolist(), strict=True)
    return Landscape(
        tuple(Point(snapshot.cards[number].id, x, y, group) for number, (x, y), group in points),
        tuple(Group(*at, words) for at, words in zip(parted.cluster_centers_.tolist(), names, strict=True)),
    )


def _names(texts: Sequence[str], groups: np.ndarray, count: int) -> list[tuple[str, ...]]:
    """For each group its WORDS most telling words, as they are most often written."""
    holding: list[Counter[str]] = [Counter() for _ in range(count)]
    written: dict[str, Counter[str]] = {}
    for text, group in zip(texts, groups, strict=True):
        found = {}
        for term in terms(text):
            word = text[term.start : term.end]
            if len(word) >= SHORTEST and word.isalpha():
                found[term.stem] = word
        for stem, word in found.items():
            holding[group][stem] += 1
            written.setdefault(stem, Counter())[word.casefold() if not word.isupper() else word] += 1
    every = sum(holding, Counter())
    sizes = Counter(groups.tolist())
    names = []
    for group, held in enumerate(holding):
        # A share of the group, so that a word of one long report doesn't name ten; the log as in tf-idf
        score = {stem: n / sizes[group] * math.log(len(texts) / every[stem] + 1) * min(1.0, n / 2) for stem, n in held.items()}
        best = sorted(score, key=lambda stem: (-score[stem], stem))[:WORDS]
        names.append(tuple(written[stem].most_common(1)[0][0] for stem in best))
    return names

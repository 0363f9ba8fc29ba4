"""The same report in two files is one family: found by what the files say, whatever they are called.

Each document is a set of runs of RUN words. Two are the same report where the sets are (their Jaccard index is at least ALIKE),
so that a short report which a long one quotes in full stays by itself. The sets are not held against each other whole:
a sketch of each, its KEPT smallest hashes, tells the index to a few hundredths (Broder, 1997). Those of one sketch are one
report, and of the others only those that share some are compared. Ten real documents and their copies as English OCR read
them: at least .69 as they were read, .96 repaired; two different ones share .03 at most.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

VERSION = 2
TABLE = "families.npy"
"""int64 [n, 2]: the number of a family and the row id of a report in it; the best copy of each family comes first."""

RUN = 3  # words; longer runs seldom survive a bad reading, shorter ones are common to all texts
KEPT = 512
ALIKE = 0.65
FEWEST = 300  # runs of a text that can be told by them alone, about a page; TINY ones, such as excerpts, can't be told at all
TINY = 50
SHORT = 0.8  # so alike must shorter texts be, and have one title: two parts of a law or of a project often differ little
COMMON = 20  # documents that share a run, each compared with all; what more share is a turn of phrase, or a report in many files

_WORD = re.compile(r"[^\W_]+")
_FOLDED = [(letter, to) for to, many in {"a": "å", "ae": "æ", "o": "øg0q", "e": "cé", "i": "l1!|j"}.items() for letter in many]
"""Letters that a bad reading takes for each other count as one; runs of three words tell texts apart all the same."""


class File(NamedTuple):
    """A document: its title, and what its copies are ranked by: the share of sound words in its pages, and their number."""

    title: str
    quality: float
    pages: int


def build(
    texts: Iterable[tuple[int, str]], files: Mapping[int, File], projects: Mapping[int, Sequence[tuple[int, str]]], folder: Path
) -> None:
    """Writes the table. `texts`: document (its row id as a report) and text of each passage; `projects`: those that a
    document describes, by row id and title. Projects of one title in two copies are one too."""
    import numpy as np

    rows = []
    for family in families(texts, files):
        groups: dict[tuple[str, int], list[int]] = defaultdict(list)
        for document in family:
            met: Counter[str] = Counter()  # a document may have several projects of one title
            for number, title in ((document, ""), *projects.get(document, ())):
                name = " ".join(words(title))
                groups[name, met[name]].append(number)
                met[name] += 1
        rows += [group for group in groups.values() if len(group) > 1]
    np.save(folder / TABLE, np.array([(i, n) for i, group in enumerate(rows) for n in group], np.int64).reshape(-1, 2))


def read(folder: Path) -> list[list[int]]:
    """The families, the best copy first."""
    import numpy as np

    found: dict[int, list[int]] = defaultdict(list)
    for family, report in np.load(folder / TABLE).tolist():
        found[family].append(report)
    return list(found.values())


def families(texts: Iterable[tuple[int, str]], files: Mapping[int, File]) -> Iterator[list[int]]:
    """The documents that are one report, the best copy of each first: the one that reads best, then the one of most pages."""
    runs: dict[int, list[np.ndarray]] = defaultdict(list)
    known: dict[str, int] = {}
    for document, text in texts:
        runs[document].append(_runs(text, known))
    sketches = {document: _sketch(found) for document, found in runs.items()}
    kin: dict[int, set[int]] = {}
    first: dict[int, np.ndarray] = {}  # of each text, one document that has it
    for same in _identical(files, sketches):
        first[same[0]] = sketches[same[0]]
        if len(same) > 1:
            joined = set(same)
            kin |= dict.fromkeys(joined, joined)
    for one, other in _near(first):
        if _same(files[one], files[other], sketches[one], sketches[other]):
            joined = kin.get(one, {one}) | kin.get(other, {other})
            kin |= dict.fromkeys(joined, joined)
    for family in {min(found): found for found in kin.values()}.values():
        yield sorted(family, key=lambda n: (-round(files[n].quality, 1), -files[n].pages, -files[n].quality, n))


def words(text: str) -> list[str]:
    text = text.casefold()
    for letter, read in _FOLDED:
        text = text.replace(letter, read)
    return _WORD.findall(text)


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """The Jaccard index of two texts by their sketches."""
    import numpy as np

    both = np.union1d(one, other)[:KEPT]
    return float((np.isin(both, one) & np.isin(both, other)).mean()) if len(both) else 0.0


def _same(one: File, other: File, mine: np.ndarray, theirs: np.ndarray) -> bool:
    fewest = min(len(mine), len(theirs))
    if fewest < TINY or (fewest < FEWEST and words(one.title) != words(other.title)):
        return False
    return alike(mine, theirs) >= (SHORT if fewest < FEWEST else ALIKE)


def _runs(text: str, known: dict[str, int]) -> np.ndarray:
    """The hashes of a text's runs of words, uint64. `known`: hashes of words, kept from text to text."""
    import numpy as np

    found = words(text)
    for word in set(found):
        if word not in known:
            known[word] = zlib.crc32(word.encode())
    hashes = np.array([known[word] for word in found], np.uint64)
    if len(hashes) < RUN:
        return np.empty(0, np.uint64)
    out = np.zeros(len(hashes) - RUN + 1, np.uint64)
    for i in range(RUN):
        out = out * np.uint64(0x9E3779B97F4A7C15) + hashes[i : i + len(out)]
    out ^= out >> np.uint64(29)  # the smallest are to be a fair sample, so all bits are mixed
    out *= np.uint64(0xBF58476D1CE4E5B9)
    return out ^ (out >> np.uint64(32))


def _sketch(runs: Sequence[np.ndarray]) -> np.ndarray:
    import numpy as np

    return np.unique(np.concatenate(runs))[:KEPT]


def _identical(files: Mapping[int, File], sketches: Mapping[int, np.ndarray]) -> Iterable[list[int]]:
    """The documents by their text: of one sketch, and, where that is short, of one title too. What is TINY stays by itself."""
    groups: dict[tuple, list[int]] = defaultdict(list)
    for document, sketch in sketches.items():
        apart = (document,) if len(sketch) < TINY else tuple(words(files[document].title)) if len(sketch) < FEWEST else ()
        groups[sketch.tobytes(), apart].append(document)
    return groups.values()


def _near(sketches: Mapping[int, np.ndarray]) -> Iterator[tuple[int, int]]:
    """The pairs of documents whose sketches share enough runs that few others have. Of many that share a run only the neighbours
    make a pair: so a report in many files that differ a little is a chain of pairs, and a turn of phrase costs little."""
    import numpy as np

    if not sketches:
        return
    owners = np.repeat(list(sketches), [len(sketch) for sketch in sketches.values()])
    hashes = np.concatenate(list(sketches.values()))
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    bounds = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1], True])
    shared: Counter[tuple[int, int]] = Counter()
    for start, count in zip(bounds[:-1].tolist(), np.diff(bounds).tolist(), strict=True):
        if count > 1:
            having = sorted(owners[start : start + count].tolist())
            shared.update(combinations(having, 2) if count <= COMMON else pairwise(having))
    for pair, count in shared.items():
        if count >= ALIKE / 2 * min(len(sketches[n]) for n in pair):  # half: the rest may be turns of phrase
            yield pair

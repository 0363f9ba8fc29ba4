"""Learns index/data/nynorsk.tsv, nynorsk stems and the bokmål stems that they mean, from texts in both written forms.

    python -m bench.train_nynorsk ../shared/text

The folder holds NAME*.nb.txt and NAME*.nn.txt with a paragraph on each line. Lines that say the same are found by the rare
words that they share; of each pair, the words that stand in one of the two only are aligned by IBM's model 1 (Brown et
al. 1993), run both ways. What both ways agree on is kept, where the counts are sure of it, or the two words are alike.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA
from scipy.sparse import csr_matrix

from index import stems

OUT = Path(__file__).resolve().parents[1] / "index" / "data" / "nynorsk.tsv"
LIKE = 0.35  # cosine of rare words from which two lines, each the other's nearest, are a pair
RARE = 400  # a word of more lines than this finds no pair
ROUNDS = 6
MEANT = 0.5  # share of a nynorsk stem's occurrences that must be the bokmål stem's
MEANT_ALIKE = 0.25  # the same where the two are alike
SEEN, SEEN_ALIKE = 4.0, 1.6  # expected times that the two were aligned
ALIKE = 0.5  # letters kept, from which two stems are alike
BOKMAAL = 0.25  # a stem whose rate in bokmål is this share of its rate in nynorsk is a bokmål word, and stays
WHOLE = ("het", "ig", "else", "lig")  # endings that the stemmer takes off and a compound keeps
CERTAIN = 0.8  # share from which a pair stands, even if the bokmål stem is commoner in nynorsk
SHORTEST = 3
PAIRS = Path(__file__).with_name("nynorsk_pairs.tsv")  # words that a person wrote down; they come before what is learnt

Pair = tuple[list[str], list[str]]


class Learnt(NamedTuple):
    """A nynorsk stem, the bokmål stem that it means, and what speaks for it."""

    nn: str
    nb: str
    share: float
    times: float


def sources(folder: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The lines in bokmål and in nynorsk of each source that has both."""
    for path in sorted(folder.glob("*.nb.txt")):
        name = path.name.removesuffix(".nb.txt").removesuffix("_nb")
        for other in (folder / f"{name}.nn.txt", folder / f"{name}_nn.nn.txt"):
            if other.exists():
                yield path.read_text("utf-8").splitlines(), other.read_text("utf-8").splitlines()


def _all_stems(line: str) -> list[str]:
    return [stem for word in re.findall(r"[^\W\d_]+", line) if (stem := stems.root(stems.folded(word)))]


def aligned(nb: Sequence[str], nn: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of lines that are each other's nearest by the cosine of the rare words and numbers that they hold."""
    bags = [[set(re.findall(r"\w+", line.casefold())) for line in lines] for lines in (nb, nn)]
    seen = [Counter(word for bag in side for word in bag) for side in bags]
    shared = [w for w in seen[0].keys() & seen[1].keys() if seen[0][w] <= RARE and seen[1][w] <= RARE]
    number = {word: i for i, word in enumerate(sorted(shared))}
    total = len(nb) + len(nn)
    matrices = []
    for side in bags:
        rows, columns, values = [], [], []
        for i, bag in enumerate(side):
            found = sorted(number[word] for word in bag if word in number)
            weights = np.array([math.log(total / (seen[0][w] + seen[1][w])) for w in sorted(w for w in bag if w in number)])
            norm = np.linalg.norm(weights) * math.sqrt(max(1.0, len(bag) / (len(found) * 1.5))) if found else 1.0
            rows += [i] * len(found)
            columns += found
            values += (weights / norm).tolist()
        matrices.append(csr_matrix((values, (rows, columns)), shape=(len(side), max(1, len(number))), dtype=np.float32))
    best: list[tuple[int, float]] = []
    back: dict[int, tuple[int, float]] = {}
    for start in range(0, len(nb), 500):
        likeness = matrices[0][start : start + 500] @ matrices[1].T
        for i in range(likeness.shape[0]):
            row = likeness[i]
            if not row.nnz:
                best.append((-1, 0.0))
                continue
            at = int(row.data.argmax())
            best.append((int(row.indices[at]), float(row.data[at])))
            for j, value in zip(row.indices.tolist(), row.data.tolist(), strict=True):
                if value > back.get(j, (0, 0.0))[1]:
                    back[j] = (start + i, value)
    return [(i, j) for i, (j, value) in enumerate(best) if value >= LIKE and back[j][0] == i]


def differing(nb: str, nn: str) -> Pair:
    """The stems that only one of two lines has."""
    left, right = _all_stems(nb), _all_stems(nn)
    both = set(left) & set(right)
    return [s for s in left if s not in both], [s for s in right if s not in both]


def model_1(pairs: Sequence[Pair]) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """For each nynorsk stem the shares, and the expected counts, of the bokmål stems that it stands for."""
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for nb, nn in pairs:
        for b in nn:
            for a in nb:
                table[b][a] = 1.0
    counts: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        counts = defaultdict(lambda: defaultdict(float))
        for nb, nn in pairs:
            for j, a in enumerate(nb):
                # words keep their order between the two forms: those at like places are likelier
                near = [math.exp(-4 * abs((j + 0.5) / len(nb) - (i + 0.5) / len(nn))) * table[b][a] for i, b in enumerate(nn)]
                total = sum(near) + 1e-12
                for b, value in zip(nn, near, strict=True):
                    counts[b][a] += value / total
        for b, row in counts.items():
            total = sum(row.values())
            table[b] = {a: value / total for a, value in row.items()}
    return table, counts


def alike(one: str, other: str) -> float:
    """Share of letters that two stems have in common, 0..1, by Damerau's distance."""
    return 1 - OSA.distance(one, other) / max(len(one), len(other))


def learn(pairs: Sequence[Pair], rates: tuple[Counter[str], Counter[str]]) -> list[Learnt]:
    """What is sure. `rates`: how often each stem stands in bokmål and in nynorsk text of the same size."""
    table, counts = model_1(pairs)
    back, _ = model_1([(nn, nb) for nb, nn in pairs])
    found = []
    for nn, row in table.items():
        nb, share = max(row.items(), key=lambda item: item[1])
        times, returned = counts[nn][nb], back.get(nb, {}).get(nn, 0.0)
        likeness = alike(nn, nb)
        sure = share >= MEANT and times >= SEEN and returned >= 0.1
        close = likeness >= ALIKE and nn[0] == nb[0] and share >= MEANT_ALIKE and times >= SEEN_ALIKE and returned >= 0.05
        foreign = rates[0][nn] > BOKMAAL * rates[1][nn] or (rates[1][nb] > rates[0][nb] and share < CERTAIN)
        if len(nn) >= SHORTEST and len(nb) >= SHORTEST - 1 and (sure or close) and not foreign and not nn.isdigit():
            found.append(Learnt(nn, nb, share, times))
    return found


def settled(table: dict[str, str], stop: frozenset[str], heads: frozenset[str]) -> dict[str, str]:
    """nn -> nb without chains, and without what is a stop word in either form; `heads` stay as they are."""
    kept = {nn: nb for nn, nb in table.items() if nn not in stop and nb not in stop}
    ends = {nn: kept.get(nb, nb) for nn, nb in kept.items()}
    return {nn: nb for nn, nb in ends.items() if (nn != nb and nb not in ends) or nn in heads}


def written() -> dict[str, str]:
    """The stems of the words in PAIRS; «vass-» is a whole word that stands before a seam, and a word by itself stays."""
    rows = [line.split("\t") for line in PAIRS.read_text("utf-8").splitlines()]
    found = [(nn[:-1], nb) if nn.endswith("-") else (stems.root(nn), stems.root(nb)) for nn, nb in rows]
    return dict(reversed(found))


def written_whole(folder: Path, wanted: set[str]) -> dict[str, str]:
    """For bokmål stems that miss an ending («bol», «virksom»), the word as it stands before a seam («bolig», «virksomhet»)."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.glob("*.nb.txt")):
        for word in re.findall(r"[^\W\d_]+", path.read_text("utf-8").casefold()):
            if (stem := stems.root(word)) in wanted:
                seen[stem][word] += 1
    commonest = {stem: counts.most_common(1)[0][0] for stem, counts in seen.items()}
    return {stem: word for stem, word in commonest.items() if word.endswith(WHOLE)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    pairs: list[Pair] = []
    for nb, nn in sources(args.folder):
        lines = aligned(nb, nn)
        print(f"{len(nb)} and {len(nn)} lines, {len(lines)} pairs", flush=True)
        pairs += [differing(nb[i], nn[j]) for i, j in lines]
    seen: list[Counter[str]] = [Counter(), Counter()]
    for side, name in enumerate(("nb", "nn")):
        for path in sorted(args.folder.glob(f"*.{name}.txt")):
            for line in path.read_text("utf-8").splitlines():
                seen[side].update(_all_stems(line))
    totals = [sum(counter.values()) for counter in seen]
    rates = tuple(Counter({s: n * 1e6 / total for s, n in c.items()}) for c, total in zip(seen, totals, strict=True))
    hand = written()
    table = {f.nn: f.nb for f in learn(pairs, rates)} | hand
    whole = frozenset(line.split("-\t")[0] for line in PAIRS.read_text("utf-8").splitlines() if "-\t" in line)
    table = {nn: nb for nn, nb in table.items() if nn != nb or nn in whole}
    table = settled(table, stems.stop_words() - hand.keys(), whole)
    heads = written_whole(args.folder, set(table.values()))
    lines = ["\t".join((nn, nb, *([heads[nb]] if nb in heads else []))) for nn, nb in sorted(table.items())]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} stems, {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()

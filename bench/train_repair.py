"""Learns the counts that repair stands on from running text: words, neighbours, letters, and foreign words.

    python bench/train_repair.py ../shared/text [--without FILE.jsonl …]      (about a minute; the same text gives the same files)

Writes ingest/repair/data/: no sentence of the text is kept, only how often words and pairs of words occur. Paragraphs with a
run of RUN words that those of `--without` have too are left out: an honest measure.
Word frequencies of wordfreq (CC BY-SA 4.0) widen the lexicon.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from ingest.repair.lexicon import DATA, PAIRED_WORDS, SCALE, STOP

RUN = 8  # words in a row that two paragraphs of one text share
TOKEN = re.compile(r"[^\W\d_]+|\d+|[.!?:;]|[&@|]")
NAME = re.compile(r"(?<=[a-zæøå,] )(?=\w*[æøåÆØÅ])[A-ZÆØÅ][a-zæøå]+")  # a capital inside a sentence
INSIDE = re.compile(r"(?<=[a-zæøå] )[CKOPSUVWXZÅØckopsuvwxzåø][a-zæøå]*")  # letters alike but for size
RARER = 100  # a form that is also a common word damaged is a word only when it is not so many times rarer
PAIR_MIN, GRAM_MIN, ORDER = 2, 3, 5
PLAIN = {"ø": ("ø", "o", "g", "a", "e"), "å": ("å", "a", "d"), "æ": ("æ", "e", "ae", "ee", "ze", "a")}


def tokens(line: str) -> Iterator[str]:
    """Lower-case words; numbers as 0 (one digit) or 00; the end of a sentence as <s>."""
    for token in TOKEN.findall(line):
        if token[0].isdigit():
            yield "0" if len(token) == 1 else "00"
        else:
            yield STOP if token in ".!?:;" else token.lower()


def runs_of(line: str) -> set[tuple[str, ...]]:
    """The runs of RUN words of a paragraph."""
    words = [w.lower() for w in TOKEN.findall(line) if w[0].isalnum()]
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def runs_in(paths: Sequence[Path]) -> set[tuple[str, ...]]:
    """The runs of words of the paragraphs in JSONL files that training shall not see."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return {run for row in rows for run in runs_of(row.get("clean") or row["text"])}


def paragraphs(folder: Path, without: set[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The lines of the running text, each with its language, less those that share a run of words with `without`."""
    for path in sorted(folder.glob("*.txt")):
        language = path.name.split(".")[-2]
        for line in path.read_text(encoding="utf-8").splitlines():
            if not without or without.isdisjoint(runs_of(line)):
                yield language, line


def count(text: Iterable[tuple[str, str]]) -> tuple[dict[str, Counter], Counter, Counter]:
    """How often each word stands in each language; each pair of neighbours; each name with æ, ø, å inside a sentence."""
    words = {"nb": Counter(), "nn": Counter()}
    pairs: Counter = Counter()
    capital: Counter = Counter()
    for language, line in text:
        row = [STOP, *tokens(line), STOP]
        words[language].update(row)
        pairs.update(pairwise(row))
        capital.update(w.lower() for w in NAME.findall(line))
    return words, pairs, capital


def capital_shares(text: Iterable[tuple[str, str]], lexicon: list[str]) -> bytes:
    """For each word: -log2 of how often a capital stands in its place inside a sentence, * 16; 0 where that isn't known."""
    small, large = Counter(), Counter()
    for _, line in text:
        for word in INSIDE.findall(line):
            (small if word[0].islower() else large)[word.lower()] += 1
    seen = [(small[w] + large[w], large[w]) for w in lexicon]
    return bytes(min(255, round(-16 * math.log2((n + 0.1) / (total + 20)))) if total else 0 for total, n in seen)


def damaged(word: str) -> set[str]:
    """The ways in which English OCR most often reads a word."""
    options = [PLAIN.get(c, (c,)) for c in word]
    if sum(len(o) > 1 for o in options) > 3:
        return set()
    return {"".join(p) for p in product(*options)} - {word}


def quantised(probability: float) -> int:
    """-ln P * SCALE in a byte; 255 stands for never."""
    return min(255, round(-math.log(probability) * SCALE)) if probability > 0 else 255


def main(folder: Path, apart: Sequence[Path]) -> None:
    from wordfreq import get_frequency_dict, iter_wordlist

    without = runs_in(apart)
    words, pairs, capital = count(paragraphs(folder, without))
    wide = {w: p for w, p in get_frequency_dict("nb", "large").items() if re.fullmatch(r"[^\W\d_]{2,}", w)}
    totals = {k: sum(c.values()) for k, c in words.items()}
    # nb: three parts our text, one part wordfreq; nn: our text, with a little of nb for words it lacks
    nb = Counter({w: 0.25 * p for w, p in wide.items()})
    for w, c in words["nb"].items():
        nb[w] += 0.75 * c / totals["nb"]
    nn = Counter({w: 0.02 * p for w, p in nb.items()})
    for w, c in words["nn"].items():
        nn[w] += 0.98 * c / totals["nn"]
        nb.setdefault(w, 0.02 * c / totals["nn"])
    # a word seen once, or rare on the web, is let in only when it is not a common word in its damaged form
    spoiled = Counter()
    for w, p in nb.items():
        if set(w) & set("æøå"):
            for form in damaged(w):
                spoiled[form] = max(spoiled[form], p, nn[w])
    lexicon = sorted(
        w
        for w in nn
        if max(nb[w], nn[w]) > spoiled[w] / RARER and (w in words["nb"] or w in words["nn"] or wide.get(w, 0) > 3e-8)
    )
    number = {w: i for i, w in enumerate(lexicon)}
    doubtful = {"å", "i", "0", "&"} | {f for f in spoiled if f in number}
    doubtful |= {w for w in lexicon if set(w) & set("æøå") and (max(nb[w], nn[w]) > 1e-5 or any(f in number for f in damaged(w)))}
    kept = sorted(
        (number[a] * len(lexicon) + number[b], min(255, round(16 * math.log2(c))))
        for (a, b), c in pairs.items()
        if c >= PAIR_MIN and (a in doubtful or b in doubtful) and a in number and b in number
    )
    keys = np.array([k for k, _ in kept], dtype=np.int64)
    grams: Counter = Counter()
    for w in lexicon:
        if len(w) > 1 and w != STOP:
            weight = 1 + max(0.0, math.log2(max(nb[w], nn[w]) * 1e7))
            padded = "^" * (ORDER - 1) + w + "$"
            for n in range(1, ORDER):
                grams["^" * n] += weight
            for i in range(ORDER - 1, len(padded)):
                for n in range(1, ORDER + 1):
                    grams[padded[i - n + 1 : i + 1]] += weight
    letters = sorted(g for g, c in grams.items() if c >= GRAM_MIN or len(g) < 3)
    foreign = set()
    for language, size in (("en", 12000), ("sv", 5000), ("de", 3000)):
        frequency = get_frequency_dict(language, "large")
        for w in list(iter_wordlist(language, "large"))[:size]:
            if w.isalpha() and len(w) > 1 and frequency[w] > 5 * max(nb[w], nn[w]):
                foreign.add(w)
    names = sorted(w for w, c in capital.items() if c > 2 and c > 0.7 * (words["nb"][w] + words["nn"][w]))

    def write(name: str, data: bytes) -> None:
        packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
        (DATA / name).write_bytes(packed)
        sys.stderr.write(f"{name}: {len(packed) / 1e6:.2f} MB\n")

    twins = sorted(f for f in spoiled if f in number)
    write("doubtful.xz", ("\n".join(twins) + "\n\n" + "\n".join(sorted(doubtful & set(lexicon)))).encode())
    write("words.xz", "\n".join(lexicon).encode())
    write("costs.xz", bytes(quantised(nb[w]) for w in lexicon) + bytes(quantised(nn[w]) for w in lexicon))
    deltas = np.diff(keys, prepend=0)  # small numbers, column by column, pack well
    write(
        "pairs.xz",
        b"".join(((deltas >> s) & 255).astype(np.uint8).tobytes() for s in (0, 8, 16, 24, 32)) + bytes(c for _, c in kept),
    )
    write(
        "letters.xz",
        "\n".join(letters).encode() + b"\n\n" + bytes(min(255, round(16 * math.log2(grams[g] + 1))) for g in letters),
    )
    write("foreign.xz", "\n".join(sorted(foreign)).encode())
    write("capitals.xz", capital_shares(paragraphs(folder, without), lexicon))
    (DATA / "capital.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    sys.stderr.write(f"{sum(pairs.values()) / 1e6:.1f} M pairs of words (PAIRED_WORDS: {PAIRED_WORDS / 1e6:.1f} M)\n")
    counts = {"words": lexicon, "doubtful": doubtful, "pairs": kept, "letters": letters, "foreign": foreign, "names": names}
    sys.stderr.write(", ".join(f"{name} {len(found)}" for name, found in counts.items()) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/text"))
    parser.add_argument("--without", type=Path, nargs="*", default=[], help="JSONL files whose paragraphs training shall not see")
    args = parser.parse_args()
    main(args.folder, args.without)

"""Counts the words and word endings that tell the languages apart, and writes ingest/data/languages.toml.

    python -m bench.train_language ../shared/text

The folder holds *.nb.txt and *.nn.txt; files whose name begins with `ud_` or `stortinget` are kept out, to measure on.
English, Danish and Swedish counts are those of the package wordfreq. The same folder gives the same file.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path

from ingest.language import LANGUAGES, features

OUT = Path(__file__).resolve().parents[1] / "ingest" / "data" / "languages.toml"
FROM_EACH = 2_000_000  # characters
WORDS, ENDINGS = 900, 250  # kept for each language
FLOOR = 1e-6


def counted(folder: Path, language: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob(f"*.{language}.txt")):
        text = path.read_text("utf-8")
        # small files of this kind are mostly mislabelled, and repeat a few standard paragraphs
        if path.name.startswith(("ud_", "stortinget")) or len(text) < 30_000:
            continue
        counts.update(feature for pair in features(text[:FROM_EACH]) for feature in pair if feature)
    return counts


def from_wordfreq(language: str) -> Counter[str]:
    import wordfreq

    counts: Counter[str] = Counter()
    for word in wordfreq.top_n_list(language, 40_000):
        for pair in features(word):
            for feature in filter(None, pair):
                counts[feature] += round(wordfreq.word_frequency(word, language) * 1e8)
    return counts


def table(counts: dict[str, Counter[str]]) -> dict[str, dict[str, list[int]]]:
    """Kind -> feature -> for each language, -10 * natural logarithm of its share among features of its kind."""
    out: dict[str, dict[str, list[int]]] = {}
    for kind, keep in (("words", WORDS), ("endings", ENDINGS)):
        own = {
            name: Counter({f: n for f, n in c.items() if f.startswith("-") == (kind == "endings")}) for name, c in counts.items()
        }
        kept = sorted({feature for c in own.values() for feature, _ in c.most_common(keep)})
        total = {name: sum(c.values()) for name, c in own.items()}
        out[kind] = {f: [round(-10 * math.log(own[n][f] / total[n] + FLOOR)) for n in LANGUAGES] for f in kept}
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    tables = table({n: counted(folder, n) if n in ("nb", "nn") else from_wordfreq(n) for n in LANGUAGES})
    lines = ["# Made by bench/train_language.py: -10 ln of each one's share in " + ", ".join(LANGUAGES) + "."]
    for kind, rows in tables.items():
        lines += ["", f"[{kind}]", *(f'"{feature}" = {row}' for feature, row in rows.items())]
    OUT.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{OUT.name}: {OUT.stat().st_size // 1000} kB,", ", ".join(f"{len(rows)} {kind}" for kind, rows in tables.items()))

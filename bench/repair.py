"""The figures of repair beside its rivals: no repair, a plain unigram repair, and Norwegian OCR from the image.

    python bench/repair.py [../shared] [--limit N]

Harm on sound text is counted on clean_dev.jsonl: words changed in 1,000. Speed is by processor time, the median of five fresh
processes: cold, when every word is new, and warm, when the same text is read again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
FOLD = str.maketrans("øåæØÅÆ", "oaeOAE")
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
TOGETHER = 20
RUNS = 5
SPEEDS = ("sound", "damaged", "English")
WAKE = "Det ma ogsa gjgres pa nytt, og far ma fglge opp."
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
RUN, SEEN = 8, 0.3  # words in a run; share of runs at which a paragraph counts as seen in training
KEYS = ("letters_restored", "cer_reduction", "harm_per_1000")


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ours(text: str) -> str:
    from ingest.repair import repair
    from ingest.repair.edits import apply

    return apply(text, repair([text])[0].edits)


@cache
def folded() -> dict[str, str]:
    """For each folded form the most frequent word of wordfreq that folds to it."""
    from wordfreq import iter_wordlist

    best: dict[str, str] = {}
    for word in iter_wordlist("nb", "large"):  # from the most frequent on
        best.setdefault(word.translate(FOLD), word)
    return best


def unigram(text: str) -> str:
    """The plain rival: each word becomes the most frequent one with the same folded form."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        found = folded().get(word.lower().translate(FOLD), word.lower())
        if found == word.lower():
            return word
        return found.upper() if word.isupper() and len(word) > 1 else found.capitalize() if word[0].isupper() else found

    return re.sub(r"[^\W\d_]+", one, text)


def harm(fix: Callable[[str], str], texts: list[str]) -> float:
    """Words changed in 1,000 words of sound text."""
    changed = total = 0
    for text in texts:
        before, after = text.split(), fix(text).split()
        total += len(before)
        changed += sum(a != b for a, b in zip(before, after, strict=False)) + abs(len(before) - len(after))
    return 1000 * changed / total


def speed(texts: list[str]) -> tuple[float, float]:
    """Words a second of this process's first run, in which every word is new, and of the next."""
    from ingest.repair import repair

    repair([WAKE])  # the data are read: the start-up is told by itself
    words = sum(len(t.split()) for t in texts)
    taken = []
    for _ in range(2):
        start = time.process_time()
        repair(texts)
        taken.append(time.process_time() - start)
    return words / taken[0], words / taken[1]


def speeds(shared: Path, name: str) -> tuple[int, int]:
    """The medians of RUNS fresh processes: of their first runs, and of their second."""
    command = [sys.executable, __file__, str(shared), "--speed", name]
    runs = [
        json.loads(subprocess.run(command, env=os.environ | ONE_CORE, capture_output=True, text=True, check=True).stdout)
        for _ in range(RUNS)
    ]
    cold, warm = (round(statistics.median(figures)) for figures in zip(*runs, strict=True))
    return cold, warm


def processor() -> str:
    """The machine's processor by its full name, where the system tells it."""
    facts = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.+)$", facts.read_text(), re.MULTILINE) if facts.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def believed(rows: list[dict]) -> Iterator[tuple[float, bool]]:
    """For each edit of OCR confusions: its confidence, and whether the word that it is part of came out right."""
    from rapidfuzz.distance import Levenshtein

    from ingest.repair import repair
    from ingest.repair.edits import apply

    for row in rows:
        edits = repair([row["ocr"]])[0].edits
        text = apply(row["ocr"], edits)
        spans = [m.span() for m in re.finditer(r"\S+", text)]
        right = [False] * len(spans)
        for op, _, _, j1, j2 in Levenshtein.opcodes(row["clean"].split(), [text[a:b] for a, b in spans]):
            right[j1:j2] = [op == "equal"] * (j2 - j1)
        longer = 0
        for edit in edits:
            at = bisect_right(spans, edit.start + longer, key=lambda s: s[0]) - 1
            longer += len(edit.after) - len(edit.before)
            if edit.why == "ocr":
                yield edit.confidence, right[at]


def as_documents(rows: list[dict]) -> list[tuple[dict, str]]:
    """The rows repaired as documents of TOGETHER paragraphs that follow each other in the file."""
    from ingest.repair import repair
    from ingest.repair.edits import apply

    out = []
    for i in range(0, len(rows), TOGETHER):
        part = rows[i : i + TOGETHER]
        found = repair([r["ocr"] for r in part])
        out += [(r, apply(r["ocr"], page.edits)) for r, page in zip(part, found, strict=True)]
    return out


def seen_in(text: Path, dev: list[dict]) -> set[str]:
    """The ids of rows of whose runs of RUN words more than SEEN stand in the text that repair was trained on (laws, mostly)."""
    runs: dict[tuple[str, ...], list[str]] = {}
    sizes = {}
    for row in dev:
        words = re.findall(r"\w+", row["clean"].lower())
        found = {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
        sizes[row["id"]] = len(found)
        for run in found:
            runs.setdefault(run, []).append(row["id"])
    shared: Counter[str] = Counter()
    for path in sorted(text.glob("*.txt")):
        for line in path.open(encoding="utf-8"):
            words = re.findall(r"\w+", line.lower())
            for i in range(len(words) - RUN + 1):
                shared.update(runs.pop(tuple(words[i : i + RUN]), ()))
    return {i for i, n in shared.items() if n > SEEN * sizes[i]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    parser.add_argument("--speed", choices=SPEEDS, help="only how fast one kind of text is read, cold and warm, as JSON")
    parser.add_argument("--limit", type=int, default=None, help="only the first N rows of dev.jsonl")
    args = parser.parse_args()
    folder = args.shared / "eval" / "ocr"
    sys.path.insert(0, str(folder.resolve()))
    from score import score

    dev, sound = rows(folder / "dev.jsonl")[: args.limit], rows(folder / "clean_dev.jsonl")
    if args.speed:
        english = [r["text"] for r in sound if r["lang"] == "en"]
        texts = {"sound": [r["clean"] for r in dev], "damaged": [r["ocr"] for r in dev], "English": english}
        print(json.dumps(speed(texts[args.speed])))
        return
    rivals: dict[str, Callable[[dict], str]] = {
        "no repair": lambda r: r["ocr"],
        "plain unigram": lambda r: unigram(r["ocr"]),
        "ocr_nor (from the image)": lambda r: r["ocr_nor"],
        "FoU-søk": lambda r: ours(r["ocr"]),
    }
    seen = seen_in(args.shared / "text", dev)
    sets = {
        "all": lambda r: True,
        "nb": lambda r: r["lang"] == "nb",
        "nn": lambda r: r["lang"] == "nn",
        "oe_as_g >= 0.7": lambda r: r["oe_as_g"] >= 0.7,
        "not in the training text": lambda r: r["id"] not in seen,
    }
    out = sys.stdout.write
    out("| set | way | letters restored | CER reduction | harm per 1,000 |\n|---|---|---|---|---|\n")
    for way, fix in rivals.items():
        fixed = [(r, fix(r)) for r in dev]
        for name, wanted in sets.items():
            figures = score([(r["clean"], r["ocr"], text) for r, text in fixed if wanted(r)])
            cells = [f"{figures[k]:.4f}" for k in KEYS[:2]] + [f"{figures[KEYS[2]]:.2f}"]
            out(f"| dev, {name} | {way} | {' | '.join(cells)} |\n")
    figures = score([(r["clean"], r["ocr"], text) for r, text in as_documents(dev)])
    cells = [f"{figures[k]:.4f}" for k in KEYS[:2]] + [f"{figures[KEYS[2]]:.2f}"]
    out(f"| dev, as documents of {TOGETHER} paragraphs | FoU-søk | {' | '.join(cells)} |\n")
    out("\n| confidence of an edit, in paragraphs not in the training text | edits | right |\n|---|--:|--:|\n")
    found = list(believed([r for r in dev if r["id"] not in seen]))
    for low, high in pairwise(BINS):
        part = [right for confidence, right in found if low <= confidence < high]
        if part:
            out(f"| {low:.2f}-{min(high, 1):.2f} | {len(part)} | {sum(part) / len(part):.1%} |\n")
    kinds = {"all": sound, "English, Danish, Swedish": [r for r in sound if r["lang"] in ("en", "da", "sv")]}
    kinds |= {kind: [r for r in sound if r["kind"] == kind] for kind in sorted({r["kind"] for r in sound})}
    out("\n| sound text | FoU-søk: words changed in 1,000 | plain unigram |\n|---|---|---|\n")
    for kind, part in kinds.items():
        texts = [r["text"] for r in part]
        out(f"| {kind} ({len(texts)}) | {harm(ours, texts):.2f} | {harm(unigram, texts):.2f} |\n")
    start = time.perf_counter()
    code = "from ingest.repair import repair; repair(['Hei'])"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
    out(f"\nstart-up {time.perf_counter() - start:.2f} s, Python's own included\n")
    out(f"\n| words a second on one core of {processor()} | cold | warm |\n|---|--:|--:|\n")
    for name in SPEEDS:
        cold, warm = speeds(args.shared, name)
        out(f"| {name} | {cold:,} | {warm:,} |\n")


if __name__ == "__main__":
    main()

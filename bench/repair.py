"""The figures of repair beside its rivals: no repair, a plain unigram repair, and Norwegian OCR from the image.

    python bench/repair.py [../shared] [--limit N]

Harm on sound text is counted on clean_dev.jsonl: words changed in 1,000. Speed is the median of five runs, by processor time.
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
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
FOLD = str.maketrans("øåæØÅÆ", "oaeOAE")
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
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


def speed(texts: list[str]) -> tuple[int, int]:
    """Words a second: median of five runs, and of the first of them, to which every word is new."""
    from ingest.repair import repair

    words = sum(len(t.split()) for t in texts)
    taken = []
    for _ in range(5):
        start = time.process_time()
        repair(texts)
        taken.append(time.process_time() - start)
    return round(words / statistics.median(taken)), round(words / taken[0])


def seen_in(text: Path, dev: list[dict]) -> set[str]:
    """The ids of rows that share most of their runs of RUN words with the text that repair was trained on (laws, mostly)."""
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
    parser.add_argument("--speed", action="store_true", help="only the speed, in words a second, as JSON")
    parser.add_argument("--limit", type=int, default=None, help="only the first N rows of dev.jsonl")
    args = parser.parse_args()
    folder = args.shared / "eval" / "ocr"
    sys.path.insert(0, str(folder.resolve()))
    from score import score

    dev, sound = rows(folder / "dev.jsonl")[: args.limit], rows(folder / "clean_dev.jsonl")
    if args.speed:
        print(json.dumps({name: speed([r[key] for r in dev]) for name, key in (("sound", "clean"), ("damaged", "ocr"))}))
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
    kinds = {"all": sound, "English, Danish, Swedish": [r for r in sound if r["lang"] in ("en", "da", "sv")]}
    kinds |= {kind: [r for r in sound if r["kind"] == kind] for kind in sorted({r["kind"] for r in sound})}
    out("\n| sound text | FoU-søk: words changed in 1,000 | plain unigram |\n|---|---|---|\n")
    for kind, part in kinds.items():
        texts = [r["text"] for r in part]
        out(f"| {kind} ({len(texts)}) | {harm(ours, texts):.2f} | {harm(unigram, texts):.2f} |\n")
    start = time.perf_counter()
    code = "from ingest.repair import repair; repair(['Hei'])"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
    out(f"\nstart-up {time.perf_counter() - start:.2f} s, Python's own included; words a second on one core of ")
    out(f"{platform.processor() or platform.machine()} (median of 5): ")
    command = [sys.executable, __file__, str(args.shared), "--speed"]  # a fresh process: no word has been met before
    done = subprocess.run(command, env=os.environ | ONE_CORE, capture_output=True, text=True, check=True)
    speeds = json.loads(done.stdout)
    out("; ".join(f"{name} {median:,} (first run {first:,})" for name, (median, first) in speeds.items()) + "\n")


if __name__ == "__main__":
    main()

"""How many damaged words are put right, and how many sound ones are harmed: python -m bench.spelling [FOLDER …]

The base is the words of the corpora in the folders (BEIR's layout; default: judged and lov_kommune of
../shared/eval/retrieval). Words of the lexicon in bokmål and nynorsk, and compounds that only the base has, are damaged by
a script, each in one way, and asked for alone. A damaged word that is itself a sound word is left out. --show N prints
the first N faults of each kind.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index import compounds
from index.spelling import Speller
from index.stems import stem, stop_words
from ingest.repair.lexicon import lexicon

EVAL = Path(__file__).resolve().parents[1].parent / "shared" / "eval" / "retrieval"
DEFAULT = ("judged", "lov_kommune")
EACH = 1000  # words of a kind
FREQUENT = 13.0  # cost up to which a word of the lexicon is one that somebody might ask for
LETTERS = "abcdefghijklmnoprstuvyæøå"


def missing(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def doubled(word: str, chance: random.Random) -> str:
    """A double letter made single, or a single one double."""
    twice = [i for i in range(1, len(word)) if word[i] == word[i - 1]]
    if twice and chance.random() < 0.6:
        at = chance.choice(twice)
        return word[:at] + word[at + 1 :]
    at = chance.randrange(1, len(word))
    return word[:at] + word[at] + word[at:]


def swapped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def wrong(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(LETTERS) + word[at + 1 :]


def keyboard(word: str, chance: random.Random) -> str:
    return word.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def stripped(word: str, chance: random.Random) -> str:
    return word.replace("æ", chance.choice("aae")).replace("ø", "o").replace("å", "a")


KINDS: tuple[Callable[[str, random.Random], str], ...] = (missing, doubled, swapped, wrong, keyboard, stripped)


def base(folders: list[Path]) -> Counter[str]:
    """The words of the corpora, casefolded, with their counts."""
    seen: Counter[str] = Counter()
    for folder in folders:
        for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            seen.update(re.findall(r"[^\W\d_]+", f"{row.get('title', '')} {row['text']}".casefold()))
    return seen


def groups(counts: Counter[str], chance: random.Random) -> dict[str, list[str]]:
    """Words to damage, by what they are."""
    words = lexicon()
    fit = [w for w in words.common(FREQUENT) if len(w) >= 5 and re.fullmatch("[a-zæøå]+", w) and w not in stop_words()]
    own = sorted(w for w, n in counts.items() if n > 1 and len(w) >= 9 and w not in words and compounds.split(w))
    found = {
        "bokmål": [w for w in fit if words.cost(w, 0) <= words.cost(w, 1)],
        "nynorsk": [w for w in fit if words.cost(w, 1) + 2 < words.cost(w, 0)],
        "own compounds": own,
    }
    return {name: chance.sample(sorted(some), min(EACH, len(some))) for name, some in found.items()}


def sound(counts: Counter[str], chance: random.Random) -> dict[str, list[str]]:
    """Words to leave alone, by what they are."""
    from wordfreq import top_n_list

    words = lexicon()
    fit = [w for w in words.common(14.5) if len(w) >= 4 and re.fullmatch("[a-zæøå]+", w) and w not in counts]
    english = [w for w in top_n_list("en", 30_000) if re.fullmatch("[a-z]{4,}", w)]
    once = sorted(w for w, n in counts.items() if n == 1 and len(w) >= 4)
    found = {"lexicon, not in the base": fit, "base, once": once, "English": english}
    return {name: chance.sample(some, min(EACH, len(some))) for name, some in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    counts = base(args.folders or [EVAL / name for name in DEFAULT])
    started = time.perf_counter()
    speller = Speller(counts)
    print(f"{len(counts)} words of the base; made in {time.perf_counter() - started:.1f} s\n")
    print("| damaged | words | right | another form of it | another word | left as it was |\n|---|--:|--:|--:|--:|--:|")
    known = frozenset(lexicon().common(15.0))
    times: list[float] = []
    for name, words in groups(counts, random.Random(1)).items():
        for kind in KINDS:
            chance = random.Random(kind.__name__)
            pairs = [(w, d) for w in words if (d := kind(w, chance)) != w and d not in counts and d not in known]
            found = []
            for _, damaged in pairs:
                at = time.perf_counter()
                found.append(speller.put_right(damaged))
                times.append(time.perf_counter() - at)
            right = sum(f == w for f, (w, _) in zip(found, pairs, strict=True))
            form = sum(f is not None and f != w and stem(f) == stem(w) for f, (w, _) in zip(found, pairs, strict=True))
            left = found.count(None)
            n = len(pairs) or 1
            shares = " | ".join(f"{count / n:.3f}" for count in (right, form, n - right - form - left, left))
            print(f"| {name}, {kind.__name__} | {len(pairs)} | {shares} |")
            faults = [f"{d} ({w}): {f}" for f, (w, d) in zip(found, pairs, strict=True) if f != w]
            if args.show:
                print("   ", "; ".join(faults[: args.show]))
    print("\n| sound words | words | changed |\n|---|--:|--:|")
    for name, words in sound(counts, random.Random(2)).items():
        changed = [(w, f) for w in words if (f := speller.put_right(w))]
        print(f"| {name} | {len(words)} | {len(changed)} |")
        if args.show:
            print("   ", "; ".join(f"{w}: {f}" for w, f in changed[: args.show * 3]))
    times.sort()
    print(f"\none word: median {1000 * times[len(times) // 2]:.1f} ms, 95 % {1000 * times[int(0.95 * len(times))]:.1f} ms")


if __name__ == "__main__":
    main()

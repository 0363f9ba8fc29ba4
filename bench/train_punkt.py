"""Trains Punkt on Norwegian running text and writes ingest/data/punkt/norwegian.json.

    python -m bench.train_punkt ../shared/text

The folder holds *.nb.txt and *.nn.txt with a paragraph on each line. Files whose name begins with `ud_` are kept
out, as bench/sentences.py measures on them. The same folder gives the same file.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "ingest" / "data" / "punkt" / "norwegian.json"
FROM_EACH = 1_500_000  # characters, so that the laws do not drown the rest
LEAST_CASES = 12  # a word is kept with its cases where seen this often
KEPT_CASES = 9000


def paragraphs(folder: Path) -> list[str]:
    """The training text: whole paragraphs, not those with punctuation set apart from the words."""
    texts: list[str] = []
    for path in sorted(folder.glob("*.n[bn].txt")):
        if path.name.startswith("ud_"):
            continue
        length = 0
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"\w [.,] ", line + " ") or not re.search(r"[.!?]", line):
                continue
            texts.append(line)
            length += len(line)
            if length > FROM_EACH:
                break
    return texts


def train(texts: list[str]) -> dict:
    """Punkt's parameters as plain data: abbreviations, collocations, starters, and flags -> words seen so."""
    from nltk.tokenize.punkt import PunktTrainer

    from ingest.sentences import _language_vars

    trainer = PunktTrainer(lang_vars=_language_vars()())
    trainer.INCLUDE_ABBREV_COLLOCS = True
    trainer.train("\n\n".join(texts), finalize=False)
    trainer.finalize_training()
    params, counts = trainer.get_params(), trainer._type_fdist
    plain = re.compile(r"[a-zæøåéèêóòôäöü-]+$")
    seen = [(word, flags) for word, flags in params.ortho_context.items() if plain.match(word) and counts[word] >= LEAST_CASES]
    seen = sorted(seen, key=lambda pair: (-counts[pair[0]], pair[0]))[:KEPT_CASES]
    cases: dict[int, list[str]] = {}
    for word, flags in seen:
        cases.setdefault(flags, []).append(word)
    return {
        "abbreviations": sorted(a for a in params.abbrev_types if re.fullmatch(r"[a-zæøå]+(?:[.-][a-zæøå]+)*", a)),
        "collocations": sorted(pair for pair in params.collocations if all(re.fullmatch(r"[a-zæøå.#-]+", p) for p in pair)),
        "starters": sorted(s for s in params.sent_starters if plain.match(s)),
        "cases": {str(flags): " ".join(sorted(words)) for flags, words in sorted(cases.items())},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    data = train(paragraphs(parser.parse_args().folder))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(f"{OUT.name}: {OUT.stat().st_size // 1000} kB,", ", ".join(f"{len(data[k])} {k}" for k in list(data)[:3]))

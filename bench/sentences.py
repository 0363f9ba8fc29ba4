"""How well ingest.sentences finds sentence ends, on text with a known sentence on each line.

    python -m bench.sentences ../shared/text/ud_bokmaal.nb.txt ../shared/text/ud_nynorsk.nn.txt

Runs of eight closed sentences are joined to paragraphs; the inner ends are to be found. Prints precision, recall
and F1 of the ends, and characters a second.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from ingest.sentences import sentences

RUN = 8
CLOSED = re.compile(r"[.!?…][»”\"’')]*$")


def paragraphs(path: Path) -> list[list[str]]:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    closed = [line for line in lines if CLOSED.search(line)]
    return [closed[i : i + RUN] for i in range(0, len(closed) - 1, RUN)]


def measure(path: Path, show: int) -> str:
    hits = wrong = missed = length = 0
    sentences("Varm opp.")
    began = time.perf_counter()
    for lines in paragraphs(path):
        text, ends = "", set()
        for line in lines:
            text += (" " if text else "") + line
            ends.add(len(text))
        ends.discard(len(text))
        found = {end for _, end in sentences(text)} - {len(text)}
        hits, wrong, missed, length = (
            hits + len(found & ends),
            wrong + len(found - ends),
            missed + len(ends - found),
            length + len(text),
        )
        for kind, places in (("too many", found - ends), ("missed", ends - found)):
            for end in sorted(places):
                if show > 0:
                    show -= 1
                    print(f"  {kind}: …{text[max(0, end - 40) : end]} ‖{text[end : end + 30]}…")
    took = time.perf_counter() - began
    precision, recall = hits / (hits + wrong), hits / (hits + missed)
    f1 = 2 * precision * recall / (precision + recall)
    figures = f"precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"
    return f"{path.name}: {figures} ({hits + missed} ends, {length / took / 1e6:.2f} M characters/s)"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N faults of each file")
    args = parser.parse_args()
    for file in args.files:
        print(measure(file, args.show))

"""How often ingest.language tells bokmål from nynorsk, on paragraphs of a known form.

    python -m bench.language ../shared/text

The folder holds *.nb.txt and *.nn.txt with a paragraph on each line. Paragraphs over 15 words count, at most 3000 of
each file, spread over it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from ingest.language import language

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N faults of each file")
    args = parser.parse_args()
    total: Counter[str] = Counter()
    for path in sorted(args.folder.glob("*.n[bn].txt")):
        expected = path.name.split(".")[-2]
        lines = [line for line in path.read_text("utf-8").splitlines() if len(line.split()) > 15]
        lines = lines[:: max(1, len(lines) // 3000)]
        found = Counter()
        shown = 0
        for line in lines:
            got = language(line)
            found[got] += 1
            if got != expected and shown < args.show:
                shown += 1
                print(f"  {got or '-'}: {line[:150]}")
        total.update({f"{expected} right": found[expected], f"{expected} all": len(lines)})
        if lines:
            print(f"{path.name}: {found[expected] / len(lines):.4f} of {len(lines)}  {dict(found)}")
    for name in ("nb", "nn"):
        print(f"{name}: {total[f'{name} right'] / total[f'{name} all']:.4f} of {total[f'{name} all']} paragraphs")

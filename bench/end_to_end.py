"""What damaged letters cost the search, and what repair wins back: from PDFs to nDCG@10.

    python -m bench.end_to_end [../shared] [--store DIR] [--documents N]

Each document of eval/retrieval/lov_kommune is set in a PDF whose text layer is (a) as printed, (b) as English OCR read it
(bench.damage, learnt on eval/ocr/dev.jsonl), and ingested without repair or (c) with it, all through the production code.
The laws are part of the text that the lexicon was counted on, and the damage is learnt on the pairs that the repair's
constants were chosen on: expect somewhat less on other reports.

With --documents only so many documents are taken: those that a question asks for, then others. Vectors of texts that stay
the same are kept in the store, so a second run is quick.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cli  # noqa: E402
from bench.damage import Damage  # noqa: E402
from index import metrics  # noqa: E402
from index.encoder import load  # noqa: E402
from index.evaluate import read_queries  # noqa: E402
from index.layout import Layout  # noqa: E402
from index.search import open_index  # noqa: E402
from index.store import Store  # noqa: E402
from ingest import pipeline  # noqa: E402
from ingest.repair import Repaired  # noqa: E402
from settings import load_settings  # noqa: E402

FOLDER = Path("eval/retrieval/lov_kommune")
WEIGHTS = (0.0, 1.0, None)  # of the vectors; None: as the settings say
ROOM = (56, 56, 539, 786)  # of the text on the page, in points


def pdf(path: Path, title: str, text: str) -> None:
    """A PDF with the title in large type and the text below it, on as many pages as it takes."""
    import pymupdf

    fonts = pymupdf.Font("helv"), pymupdf.Font("hebo")
    document = pymupdf.open()
    top, rest = ROOM[1], [(title, fonts[1], 15), (text, fonts[0], 10)]
    page = document.new_page(width=595, height=842)
    while rest:
        words, font, size = rest.pop(0)
        writer = pymupdf.TextWriter(page.rect)
        left = writer.fill_textbox(pymupdf.Rect(ROOM[0], top, ROOM[2], ROOM[3]), words, font=font, fontsize=size)
        writer.write_text(page)
        top = writer.last_point.y + 12
        if left:
            rest.insert(0, (" ".join(line for line, _ in left), font, size))
            page, top = document.new_page(width=595, height=842), ROOM[1]
    document.save(path)


def chosen(rows: Sequence[dict], asked: set[str], count: int | None) -> list[dict]:
    """The first `count` rows, those that are asked for before others."""
    return sorted(rows, key=lambda r: r["_id"] not in asked)[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--documents", type=int)
    args = parser.parse_args()
    main_settings = load_settings(store=args.store)
    main_layout = Layout.of(main_settings)
    layout = replace(main_layout, root=main_layout.root / "eval" / "end_to_end")
    settings = replace(main_settings, root=layout.root.resolve())
    model = load(settings, layout.models)
    damage = Damage.learnt(args.shared / "eval" / "ocr" / "dev.jsonl")
    queries, judged = read_queries(args.shared / FOLDER)
    lines = (args.shared / FOLDER / "corpus.jsonl").read_text("utf-8").splitlines()
    rows = chosen([json.loads(line) for line in lines], {d for found in judged.values() for d in found}, args.documents)

    def ingested(variant: str) -> None:
        spoilt, repaired = variant != "clean", variant == "repaired"
        as_read = mock.patch.object(pipeline.repair, "repair", lambda pages, *_: [Repaired() for _ in pages])
        with Store.open_for_writing(settings, layout, model) as store, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.pdf"
            with nullcontext() if repaired else as_read, store.together(), cli.progress(len(rows), variant) as step:
                for row in rows:
                    title, text = row["title"], row["text"]
                    if spoilt:
                        title, text = (damage.spoil(part, row["_id"] + name) for part, name in ((title, "title"), (text, "")))
                    pdf(path, title, text)
                    store.put(pipeline.read(path, settings), Path("end_to_end") / row["_id"], variant, key=row["_id"])
                    step(1)
            store.build(cli.progress)

    print(f"{len(rows)} documents, {len(judged)} questions\n")
    print("| the corpus | nDCG@10 words | vectors | **both** |\n|---|--:|--:|--:|", flush=True)
    figures = {}
    for variant in ("clean", "damaged", "repaired"):
        ingested(variant)
        index = open_index(settings, layout, model)
        index.prepare(list(queries.values()))
        row = []
        for weight in WEIGHTS:
            found = (metrics.ndcg([d for d, _ in index.rank(queries[q], 10, weight=weight)], judged[q], 10) for q in judged)
            row.append(sum(found) / len(judged))
        figures[variant] = row
        print(f"| {variant} | {row[0]:.4f} | {row[1]:.4f} | **{row[2]:.4f}** |", flush=True)
    won = [(r - d) / (c - d) if c != d else 1.0 for c, d, r in zip(*figures.values(), strict=True)]
    print(f"| recovered of what was lost | {won[0]:.1%} | {won[1]:.1%} | **{won[2]:.1%}** |")


if __name__ == "__main__":
    main()

"""How many of a document's facts ingest.metadata reads as a reader does.

    python -m bench.metadata ../shared/eval/pages/metadata.jsonl ../shared/pdf
    python -m bench.metadata tests/cases/sample_metadata.jsonl corpus/sample

Rows hold file, title, year, publisher, authors and language (null or empty where a reader finds none). A title or a
publisher is right where one is the other or a whole part of it; years, languages and the set of authors must be equal.
Prints the share right for each field. The documents are read as any other, without what a sidecar says.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

FIELDS = ("title", "year", "publisher", "authors", "language")


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def part(found: str, truth: str) -> bool:
    a, b = plain(found), plain(truth)
    if not a or not b:
        return a == b
    return a == b or (len(a) >= 3 and (f" {a} " in f" {b} " or f" {b} " in f" {a} "))


def read(path: Path):
    from ingest import layout, pipeline
    from ingest.metadata import metadata
    from settings import load_settings

    found = pipeline.extracted(path, load_settings())
    return metadata(found.pages, found.properties, layout.layout(found.pages))


def right(meta, truth: dict) -> dict[str, bool]:
    return {
        "title": part(meta.title, truth["title"]),
        "year": meta.year == truth["year"],
        "publisher": part(meta.body, truth["publisher"]),
        "authors": {plain(a) for a in meta.authors} == {plain(a) for a in truth["authors"]},
        "language": meta.language == truth["language"],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truths", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    truths = [json.loads(line) for line in args.truths.read_text("utf-8").splitlines() if line.strip()]
    marks = []
    for truth in truths:
        meta = read(args.folder / truth["file"])
        marks.append(right(meta, truth))
        got = {"title": meta.title, "year": meta.year, "publisher": meta.body, "authors": meta.authors, "language": meta.language}
        for field in FIELDS:
            if not marks[-1][field]:
                print(f"  {truth['file']} {field}: {got[field]!r}, a reader: {truth[field]!r}")
    for field in FIELDS:
        print(f"{field}: {sum(mark[field] for mark in marks)} of {len(marks)}")

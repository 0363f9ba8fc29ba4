"""Related reports, held against what is known to belong together.

    python -m bench.related [../shared] [--store DIR] [--lists N]

The base is made by the production code: each entry of fou-catalogue/FoU-overview.json a text file of its excerpt with a sidecar,
each file of seeds/ as it is, and each PDF of pdf/ of more than PAGES pages as two reports, of its odd and of its even sections.

Two tables come out: ties that a reader of the seeds sees (TIES; each must be told as one in both directions), and
how many halves have their other half first. With --lists the lists of N reports, spread over the base, to be read.
Vectors are kept in the store, so a second run is quick.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cli  # noqa: E402
from index.encoder import load  # noqa: E402
from index.layout import Layout  # noqa: E402
from index.search import Index, open_index  # noqa: E402
from index.store import Store  # noqa: E402
from ingest import pipeline  # noqa: E402
from ingest.passages import passages  # noqa: E402
from ingest.report import Report  # noqa: E402
from settings import Settings, load_settings  # noqa: E402

PAGES = 20
FORM = "1"  # of the base; another one puts all documents anew
ENTRIES = ("projectNumber", "title", "projectEndDate", "excerp", "executiveEnvironment", "themeTags", "pageLink")


class Tie(NamedTuple):
    """Two reports, each by a number or the beginning of its title, and the kind of tie that `related` is to tell of."""

    one: str
    other: str
    kind: str


TIES = (
    Tie("Gir helseteknologi forventede gevinster", "224001", "named"),
    Tie("Samfunnsdelen som politisk styringsverktøy", "204016", "named"),
    Tie("KS' arbeid for kommunesektoren 1. kvartal 2010", "094002", "named"),
    Tie("Hva er innholdet i det kommunale selvstyre", "244023", "same"),
    Tie("Hva er innholdet i det kommunale selvstyre", "Bruk av rettsregler mot kommunesektoren", "named"),
)


def entry(row: Mapping[str, Any], name: str, folder: Path, settings: Settings) -> Report:
    """An entry of the catalogue, read as the text file and the sidecar that one would make of it."""
    row = {key: row.get(key) or "" for key in ENTRIES}
    path = folder / f"{name}.txt"
    path.write_text(" ".join(row["excerp"].split()) or row["title"], "utf-8")
    stated = {"title": row["title"], "body": row["executiveEnvironment"].strip(), "themes": list(row["themeTags"] or [])}
    stated |= {"number": row["projectNumber"], "summary": row["excerp"]}
    if row["projectEndDate"][:4].isdecimal():
        stated["year"] = int(row["projectEndDate"][:4])
    path.with_suffix(".json").write_text(json.dumps(stated), "utf-8")
    return pipeline.read(path, settings)


def halves(report: Report, settings: Settings) -> Iterator[Report]:
    """The odd and the even sections of a report. Each is named after its first heading, so that no title gives them away."""
    size = settings.passages
    for first in (0, 1):
        sections = report.sections[first::2]
        title = next((section.path[-1] for section in sections if section.path), "")
        yield replace(
            report,
            sha256=f"{report.sha256}-{first}",
            metadata=replace(report.metadata, title=title, authors=(), number="", isbn="", summary=""),
            sections=sections,
            projects=(),
            passages=tuple(passages(sections, (), size.min_words, size.max_words)),
        )


def base(shared: Path, settings: Settings) -> Index:
    """The index of the catalogue, the seeds and the halves. Halves have the keys NAME-0 and NAME-1."""
    main = Layout.of(settings)
    layout = replace(main, root=main.root / "eval" / "related")
    settings = replace(settings, root=layout.root.resolve())
    model = load(settings, layout.models)
    with Store.open_for_writing(settings, layout, model) as store, tempfile.TemporaryDirectory() as folder:
        known = store.state()

        def missing(name: str) -> bool:
            return known.get(store.name(Path(name))) != FORM

        rows = json.loads((shared / "fou-catalogue" / "FoU-overview.json").read_text("utf-8"))["results"]
        with cli.progress(len(rows), "Leser katalogen") as step, store.together():
            for i, row in enumerate(rows):
                if missing(name := f"fou-{i:03}"):
                    store.put(entry(row, name, Path(folder), settings), Path(name), FORM, key=name)
                step(1)
        for path in sorted((shared / "seeds").glob("*.txt")):
            if missing(name := f"seed-{path.stem[:3]}"):
                store.put(pipeline.read(path, settings), Path(name), FORM, key=name)
        for path in sorted((shared / "pdf").glob("*.pdf")):
            if not missing(f"{path.stem}-0"):
                continue
            report = pipeline.read(path, settings)
            if len(report.pages) <= PAGES:
                continue
            for i, half in enumerate(halves(report, settings)):
                store.put(half, Path(f"{path.stem}-{i}"), FORM, key=f"{path.stem}-{i}")
        store.build(cli.progress)
    return open_index(settings, layout, model)


def key_of(index: Index, text: str) -> str:
    """The key of the report with that number, or whose title begins so; a project comes before the report that came of it."""
    if text.isdecimal():
        return index.resolve(text)
    found = [card for card in index.cards() if card.title.startswith(text)]
    return min(found, key=lambda card: card.kind != "project").id


def ties(index: Index) -> None:
    print("\n| tie | kind | place there | place back | told as |\n|---|---|--:|--:|---|")
    held = 0
    for tie in TIES:
        one, other = key_of(index, tie.one), key_of(index, tie.other)
        places, told = [], []
        for start, end in ((one, other), (other, one)):
            found = index.related(start, len(index))
            place = next((i for i, item in enumerate(found) if item.report.id == end), None)
            places.append("-" if place is None else str(place + 1))
            told.append(None if place is None else found[place])
        held += all(item is not None and (item.tie == "same" if tie.kind == "same" else item.named) for item in told)
        reasons = " / ".join(item.reason if item else "-" for item in told)
        print(f"| {tie.one[:45]} – {tie.other[:25]} | {tie.kind} | {places[0]} | {places[1]} | {reasons} |")
    print(f"\nties held in both directions: {held} of {len(TIES)}")


def other_halves(index: Index) -> None:
    there = {card.id for card in index.cards()}
    names = sorted(key[:-2] for key in there if key.endswith("-0") and f"{key[:-2]}-1" in there)
    print("\n| document | odd finds even at | even finds odd at |\n|---|--:|--:|")
    first = total = 0
    for name in names:
        places = []
        for mine, other in ((f"{name}-0", f"{name}-1"), (f"{name}-1", f"{name}-0")):
            found = [item.report.id for item in index.related(mine, len(index))]
            places.append(found.index(other) + 1 if other in found else 0)
        first, total = first + places.count(1), total + 2
        print(f"| {name} | {places[0] or '-'} | {places[1] or '-'} |")
    print(f"\nthe other half first: {first} of {total}")


def lists(index: Index, count: int) -> None:
    cards = [card for card in index.cards() if not card.id.endswith(("-0", "-1"))]
    for card in cards[:: max(1, len(cards) // count)][:count]:
        print(f"\n{card.title} ({card.year or '-'}) [{card.id}]")
        for item in index.related(card.id, 5):
            print(f"  {item.score:.3f} {item.report.title} ({item.report.year or '-'}): {item.reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--lists", type=int, metavar="N", default=0)
    args = parser.parse_args()
    index = base(args.shared, load_settings(store=args.store))
    print(f"{len(index)} reports, projects among them")
    ties(index)
    other_halves(index)
    if args.lists:
        lists(index, args.lists)


if __name__ == "__main__":
    main()

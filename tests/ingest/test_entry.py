"""A report that a source tells of: known before its text, believed before its file, one with its appendices."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from errors import FouError, UnreadableDocument
from index.search import open_index
from ingest import entry, pipeline
from ingest.__main__ import ingest
from ingest.fetching import sidecar

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "corpus" / "sample"


def lay(folder: Path, files=(), **facts) -> Path:
    """An entry.json as fetching writes it. `files`: (name, role) or (name, role, why it could not be had)."""
    folder.mkdir(parents=True, exist_ok=True)
    row = {"source": "ks", "id": "7", "number": "244020", "title": "Tilskudd i etterkant", "date": "2024-05-01", "year": 2024}
    row |= {"body": "Eksempelinstituttet", "themes": ["Økonomi", "Styring"], "summary": "Rapporten ser på øremerkede tilskudd."}
    row |= {"page": "https://fou.example/2024/244020", "fetched": "2026-11-24 10:00:00", "gone": ""} | facts
    row["files"] = [
        {"url": f"https://fou.example/{n}", "name": "" if why else n, "role": role, "bytes": None if why else 1,
         "sha256": "" if why else n, "etag": "", "modified": "", "fetched": "2026-11-24 10:00:00", "failed": "".join(why)}
        for n, role, *why in files
    ]  # fmt: skip
    path = folder / entry.NAME
    path.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def house(settings, tmp_path):
    """Settings whose corpus is an empty folder, searched by words so that no model is loaded."""
    folders = replace(settings.folders, corpus=tmp_path / "corpus")
    return replace(settings, folders=folders, root=tmp_path, ocr=replace(settings.ocr, enabled=False))


def taken(house):
    answer = ingest([house.folders.corpus], house)
    return answer, {card.id: card for card in open_index(house).cards()}


@pytest.mark.slow
def test_a_report_is_known_before_its_text_and_stays_the_same_report_when_it_comes(house):
    place = house.folders.corpus / "ks" / "2024" / "244020"
    lay(place, [("rapport.pdf", "report", "lenken er død")])
    answer, cards = taken(house)
    ((key, card),) = cards.items()
    assert (answer["added"], answer["failed"]) == (1, []) and not card.fulltext and card.as_json()["fulltext"] is False
    assert (card.title, card.year, card.body, card.themes) == ("Tilskudd i etterkant", 2024, "Eksempelinstituttet", ("Økonomi", "Styring"))
    index = open_index(house)
    (found,) = index.search("øremerkede tilskudd", weight=0.0).results
    assert found.report.id == key and found.passages[0].page == 0
    assert index.report(key).url == "https://fou.example/2024/244020" and index.resolve("244020") == key

    shutil.copy(SAMPLE / "folkevalgte.pdf", place / "rapport.pdf")
    lay(place, [("rapport.pdf", "report")])
    answer, cards = taken(house)
    assert list(cards) == [key] and cards[key].fulltext and cards[key].title == "Tilskudd i etterkant"
    view = open_index(house).report(key)
    assert {field for field, _ in view.conflicts} >= {"year", "title"}, "what the document itself says is kept in sight"
    assert dict(view.conflicts)["year"] == "2021"

    (place / "rapport.pdf").unlink()
    _, cards = taken(house)
    assert list(cards) == [key] and not cards[key].fulltext
    answer, _ = taken(house)
    assert (answer["added"], answer["updated"], answer["unchanged"]) == (0, 0, 1)


@pytest.mark.slow
def test_a_report_with_its_appendix_and_one_that_cant_be_read(house):
    place = house.folders.corpus / "ks" / "2024" / "244020"
    lay(place, [("vedlegg.pdf", "appendix"), ("rapport.pdf", "report")])
    shutil.copy(SAMPLE / "folkevalgte.pdf", place / "rapport.pdf")
    shutil.copy(SAMPLE / "barnevern.pdf", place / "vedlegg.pdf")
    broken = house.folders.corpus / "ks" / "2023" / "233001"
    lay(broken, [("skadet.pdf", "report")], number="233001", title="Skadet")
    (broken / "skadet.pdf").write_bytes(b"%PDF-1.7 ikke mer")
    answer, cards = taken(house)
    assert [Path(one["path"]).name for one in answer["failed"]] == ["skadet.pdf"]
    titles = {card.title: card for card in cards.values()}
    assert set(titles) == {"Tilskudd i etterkant", "Tilskudd i etterkant – vedlegg", "Skadet"}
    main, appendix = titles["Tilskudd i etterkant"], titles["Tilskudd i etterkant – vedlegg"]
    assert (main.role, appendix.role, appendix.main) == ("", "appendix", main.id) and not titles["Skadet"].fulltext
    index = open_index(house)
    assert [card.id for card in index.report(main.id).files] == [appendix.id]
    assert [card.id for card in index.report(appendix.id).files] == [main.id]
    assert {item.report.id for item in index.related(main.id)} == {titles["Skadet"].id}, "its own appendix is no other report"
    assert index.report(appendix.id).summary != index.report(main.id).summary


def test_only_what_an_entry_states_makes_a_document_new(house, tmp_path):
    path = lay(tmp_path / "e", [("a.txt", "report"), ("b.txt", "other")])
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / "e" / name).write_text("Kommunene har fått mer å gjøre.", "utf-8")
    before = {p.name: pipeline.fingerprint(p, house) for p in (tmp_path / "e").iterdir()}
    lay(tmp_path / "e", [("a.txt", "report"), ("b.txt", "other")], fetched="2026-12-01 10:00:00")
    assert before == {p.name: pipeline.fingerprint(p, house) for p in (tmp_path / "e").iterdir()}
    lay(tmp_path / "e", [("a.txt", "report"), ("b.txt", "other")], summary="Nytt sammendrag.")
    after = {p.name: pipeline.fingerprint(p, house) for p in (tmp_path / "e").iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"a.txt", path.name}


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "hent den på nytt"), ("[]", "hent den på nytt"), ('{"source": "url", "id": "https://x.no/a", "files": []}', "hva den heter"),
     ('{"source": "url", "id": "u", "files": [{"url": "u", "failed": "lenken er død"}]}', "u: lenken er død")],
)  # fmt: skip
def test_what_is_no_entry_is_told(house, tmp_path, text, said):
    (tmp_path / entry.NAME).write_text(text, "utf-8")
    for read in (lambda p: entry.report(p, house.passages), entry.fingerprint):
        with pytest.raises(UnreadableDocument, match=said):
            read(tmp_path / entry.NAME)


def test_entries_with_little_in_them(house, tmp_path):
    path = lay(tmp_path, number="", date="", year=None, body="", themes=[], summary="", page="")
    found = sidecar.read(tmp_path)
    assert entry.stated(found) == {"title": "Tilskudd i etterkant"} and entry.main(found) == ""
    assert entry.report(path, house.passages).passages[0].text.text == "Tilskudd i etterkant"


def test_an_older_catalog_is_brought_up_where_it_stands(house, tmp_path):
    from index import catalog

    (house.folders.corpus).mkdir(parents=True)
    (house.folders.corpus / "a.txt").write_text("Kommunene har fått mer å gjøre etter reformen.", "utf-8")
    taken(house)
    path = house.folders.store / "catalog.sqlite"
    with sqlite3.connect(path) as db:  # as the version before had it
        for column in ("entry", "role", "fulltext", "conflicts"):
            db.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(FouError, match="eldre utgave; kjør python -m ingest run"):
        open_index(house)
    answer, cards = taken(house)
    assert answer["unchanged"] == 1 and [card.fulltext for card in cards.values()] == [True]
    with catalog.reading(path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == catalog.SCHEMA_VERSION


@pytest.mark.slow
def test_two_reports_of_one_entry_are_told_apart_and_tied(house):
    place = house.folders.corpus / "ks" / "2024" / "244020"
    for name, sample in (("sluttrapport.pdf", "folkevalgte.pdf"), ("delrapport.pdf", "eiendom.pdf")):
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE / sample, place / name)
    lay(place, [("sluttrapport.pdf", "report"), ("delrapport.pdf", "report")])
    _, cards = taken(house)
    by_file = {Path(card.path).stem: card for card in cards.values() if card.kind == "document"}
    assert len({card.id for card in by_file.values()}) == 2
    main, part = by_file["sluttrapport"], by_file["delrapport"]
    assert (main.title, part.title) == ("Tilskudd i etterkant", "Tilskudd i etterkant – delrapport")
    assert (part.role, part.main) == ("part", main.id)
    assert open_index(house).report(part.id).summary != "Rapporten ser på øremerkede tilskudd."

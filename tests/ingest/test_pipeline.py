"""A path in, a Report out: sample documents through all stages, and what redoes a document."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from errors import FouError
from ingest import pipeline
from ingest.report import Report

SAMPLE = Path(__file__).parents[2] / "corpus" / "sample"


@pytest.fixture(scope="module")
def read():
    from settings import load_settings

    settings = load_settings()
    done: dict[str, Report] = {}

    def reader(name: str) -> Report:
        if name not in done:
            done[name] = pipeline.read(SAMPLE / name, settings)
        return done[name]

    return reader


@pytest.mark.parametrize("name", ["heltidskultur.pdf", "barnevern.pdf", "overvann.pdf", "fou-plan.pdf"])
def test_every_passage_stands_on_its_pages(read, name):
    report = read(name)
    raw = {page.number: page.raw for page in report.pages}
    assert report.passages
    for passage in report.passages:
        spans = passage.text.spans()
        assert spans and {span.page for span in spans} == set(range(passage.first_page, passage.last_page + 1))
        assert all(0 <= span.start < span.end <= len(raw[span.page]) for span in spans)
        if not any(page.edits for page in report.pages):  # the very letters, once hyphens and spaces are set aside
            found = "".join(raw[span.page][span.start : span.end] for span in spans)
            assert [c for c in found if c.isalnum()] == [c for c in passage.text.text if c.isalnum()]


@pytest.mark.parametrize("name", sorted(p.name for p in SAMPLE.glob("*.pdf")))
def test_no_number_of_the_text_layer_is_lost(name):
    import pymupdf

    from ingest.extract.pdf import read_page

    with pymupdf.open(SAMPLE / name) as document:
        for number, page in enumerate(document, 1):
            written = Counter(re.findall(r"\d{2,}", page.get_text()))  # one digit may be a note's mark
            assert not written - Counter(re.findall(r"\d{2,}", read_page(page, number).raw))


def test_a_sloping_scan_is_read_with_its_headings_and_boxes_on_the_page(read):
    from ingest import ocr

    if ocr.tessdata("") is None:
        pytest.skip("needs Norwegian Tesseract data (Debian: tesseract-ocr-nor)")
    report = read("sykefravaer.pdf")
    assert report.metadata.title == "Tilbake i jobb"
    heads = {heading for section in report.sections for heading in section.path}
    assert {"Sammendrag", "1 Bakgrunn", "2 Metode", "3 Funn", "4 Anbefalinger", "Litteratur"} <= heads
    for page in report.pages:
        assert page.method == "ocr"
        assert all(0 <= w.box[0] < w.box[2] <= page.width and 0 <= w.box[1] < w.box[3] <= page.height for w in page.words)


def test_the_mark_on_every_page_is_in_no_passage(read):
    for name in ("heltidskultur.pdf", "fou-plan.pdf"):
        assert not any("ikke et ekte FoU-prosjekt" in p.text.text for p in read(name).passages)


def test_ruined_letters_are_put_right_in_text_headings_and_metadata(read):
    report = read("overvann.pdf")
    assert sum(len(page.edits) for page in report.pages) > 30
    text = " ".join(p.text.text for p in report.passages)
    assert "på" in text.split() and "pa" not in text.split() and "Igsninger" not in text
    assert report.metadata.title == "Når bekken vil tilbake"


def test_a_portfolio_gives_its_projects_with_passages_of_their_own(read):
    report = read("fou-plan.pdf")
    assert len(report.projects) == 10 and len({p.theme for p in report.projects}) == 5
    assert {p.project for p in report.passages if p.project is not None} == set(range(10))


def test_a_sidecar_overrides_what_the_document_says(tmp_path, settings):
    (tmp_path / "a.txt").write_text(
        "Fravær i skolen\n\nBakgrunn\n\nFraværet øker i hele landet, og mest i nord.", encoding="utf-8"
    )
    (tmp_path / "a.json").write_text(json.dumps({"title": "Fravær 2", "year": 2021, "themes": ["Skole"]}), encoding="utf-8")
    meta = pipeline.read(tmp_path / "a.txt", settings).metadata
    assert (meta.title, meta.year, meta.themes) == ("Fravær 2", 2021, ("Skole",))


@pytest.mark.parametrize("sidecar", ["[1]", "{", '{"tittel": "x"}', '{"year": "i fjor"}'])
def test_a_wrong_sidecar_is_an_error_that_names_it(tmp_path, settings, sidecar):
    (tmp_path / "a.txt").write_text("Noen ord om skolen.", encoding="utf-8")
    (tmp_path / "a.json").write_text(sidecar, encoding="utf-8")
    with pytest.raises(FouError, match=r"a\.json|Sidefila"):
        pipeline.read(tmp_path / "a.txt", settings)


def test_the_fingerprint_changes_with_the_file_its_sidecar_and_the_settings(tmp_path, settings):
    from settings import load_settings

    path = tmp_path / "a.txt"
    path.write_text("en", encoding="utf-8")
    first = pipeline.fingerprint(path, settings)
    assert pipeline.fingerprint(path, settings) == first
    os.utime(path, ns=(1, 1))
    touched = pipeline.fingerprint(path, settings)
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    beside = pipeline.fingerprint(path, settings)
    (tmp_path / "c.toml").write_text("[passages]\nmax_words = 150\n")
    other = pipeline.fingerprint(path, load_settings(tmp_path / "c.toml"))
    (tmp_path / "c.toml").write_text("[ocr]\nreread_below = 0.5\n")
    less = pipeline.fingerprint(path, load_settings(tmp_path / "c.toml"))
    (tmp_path / "c.toml").write_text("[ocr]\nseconds_per_page = 600\n")
    longer = pipeline.fingerprint(path, load_settings(tmp_path / "c.toml"))
    assert len({first, touched, beside, other, less, longer}) == 6


def scan(path: Path) -> Path:
    import pymupdf

    document = pymupdf.open()
    page = document.new_page()
    page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 50, 70)))
    document.save(path)
    return path


@pytest.mark.parametrize("kind", ["scan", "blank.html", "blank.txt"])
def test_a_document_without_text_is_a_report_without_passages(tmp_path, kind):
    from settings import load_settings

    (tmp_path / "c.toml").write_text("[ocr]\nenabled = false\n")
    settings = load_settings(tmp_path / "c.toml")
    if kind == "scan":
        path = scan(tmp_path / "a.pdf")
    else:
        path = tmp_path / kind
        path.write_text("<nav><a href='/'>Meny</a></nav>" if kind.endswith("html") else " \n\n", encoding="utf-8")
    report = pipeline.read(path, settings)
    assert report.passages == () and len(report.pages) == 1
    assert bool(report.notices) == (kind == "scan")


def test_installing_norwegian_ocr_reads_scans_anew(tmp_path, settings, monkeypatch):
    from ingest import ocr

    path = scan(tmp_path / "a.pdf")
    prints = set()
    for folder in (None, Path("/usr/share/tessdata")):
        monkeypatch.setattr(ocr, "tessdata", lambda configured, folder=folder: folder)
        prints.add(pipeline.fingerprint(path, settings))
    assert len(prints) == 2


def test_the_transcript_of_the_seeds(shared, settings):
    (path,) = (shared / "seeds").glob("003_*.txt")
    report = pipeline.read(path, settings)
    texts = [p.text.text for p in report.passages]
    assert not any("Like dokumenter" in t or "Saksframlegg" in t or "2016-2019 Side" in t for t in texts)
    assert [p.number for p in report.pages] == list(range(2, 13))
    for page in report.pages:
        if 3 <= page.number <= 11:
            assert any(p.first_page <= page.number <= p.last_page for p in report.passages)
    assert not any(page.edits for page in report.pages)


def test_the_ruined_plan_of_the_seeds(shared, settings):
    (path,) = (shared / "seeds").glob("001_*.txt")
    report = pipeline.read(path, settings)
    heads = {heading for section in report.sections for heading in section.path}
    assert {"1. Sammendrag", "3. Mål for programmet", "1.1.8 Hovedmål", "8. Ressurser og budsjett"} <= heads
    body = [p.text.text for s in report.sections if s.path[-1:] != ("Fotnoter",) for p in s.paragraphs]
    assert not any("MEPIN" in text or "Pettersson, K." in text or "coi.dk" in text for text in body)
    assert len(report.pages) == 19

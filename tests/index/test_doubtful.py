"""Doubtful words are found both as they were read and as repair has them, and marked where they stand on the raw page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from indexed import a_report

from index import doubtful, mark, stems, words
from index.doubtful import Form
from ingest.report import Edit, Traced

RAW = "Vaktmesteren rydder nar det snor i Nordvag.\nKommunen mgter gkte utgifter til vedlikehold."
EDITS = (
    Edit(20, 23, "nar", "når", "ocr", 0.999),
    Edit(28, 32, "snor", "snør", "ocr", 0.61),
    Edit(35, 42, "Nordvag", "Nordvåg", "codepage", 0.98),
    Edit(53, 58, "mgter", "møter", "ocr", 0.97),
)


@pytest.fixture
def index(writing, opening):
    with writing() as store:
        store.put(a_report("vinter", RAW, edits=EDITS), "vinter.pdf", "1")
        store.put(a_report("annet", "Kommunen har en plan for vedlikehold av veier og bygg."), "annet.pdf", "1")
        store.build()
    return opening()


def of(raw: str, *edits: Edit, part: slice = slice(None)) -> tuple[str, tuple[Form, ...]]:
    """The repaired text, or a part of it, and its forms, all edits being doubtful."""
    traced = Traced.of_page(raw, 3, edits)[part]
    return traced.text, doubtful.forms(traced.text, traced.pieces, {3: edits})


@pytest.mark.parametrize("asked", ["snør", "snor", "SNOR"])
def test_a_doubtful_word_is_found_and_marked_in_both_forms(index, asked):
    answer = index.search(asked, weight=0.0)
    assert [result.report.title for result in answer.results] == ["Vinter"]
    hit = answer.results[0].passages[0]
    assert [hit.text[slice(*span)] for span in hit.matches] == ["snør"]
    assert hit.text[slice(*hit.best)] == "Vaktmesteren rydder når det snør i Nordvåg."
    ((page, start, end),) = index.raw_spans(hit.id, *hit.matches[0])
    assert (page, RAW[start:end]) == (1, "snor")
    assert index.locate(hit.id, *hit.matches[0]) == [(1, [(280.0, 0.0, 320.0, 12.0)])]
    again = index.passage(answer.results[0].report.id, hit.id, asked)
    assert (again.best, again.matches) == (hit.best, hit.matches)


@pytest.mark.parametrize(("repaired", "read"), [("møter", "mgter"), ("Nordvåg", "Nordvag")])
def test_a_sure_word_is_found_as_repaired_alone(index, repaired, read):
    assert index.search(repaired, weight=0.0).results[0].report.title == "Vinter"
    hits = [hit for result in index.search(read, weight=0.0, verbatim=True).results for hit in result.passages]
    assert not any(hit.matches for hit in hits)
    assert not index._snapshot.words.known(stems.stems(read)[0])


def test_a_misreading_is_not_what_anyone_meant(index):
    counts = index._snapshot.words.speller.counts
    assert "snor" not in counts and "snør" in counts


def test_words_in_both_forms_count_once(tmp_path):
    row = dict.fromkeys(words.TEXTS, "") | {"text": "Arealregnskap for kommunen, ja arealregnskap."}
    other = row | {"text": "Noe annet står her, noe helt annet."}
    scores = []
    for name, read in (("plain", ""), ("twice", "kommun"), ("read", "arealregnskop")):
        folder = tmp_path / name
        folder.mkdir()
        words.build([row | {words.READ: read}, other], folder)
        found = words.Words(folder)
        scores.append(float(found.search(stems.stems("arealregnskap i kommunen"), 5)[1][0]))
        assert found.known("arealregnskop") == (name == "read")
    assert scores[1] == scores[0], "the row held the word as read already"
    assert scores[2] == pytest.approx(scores[0], rel=0.05), "a word more makes the text a little longer, no more"


def test_a_build_takes_up_doubt_with_a_new_form_of_the_index(index, writing, opening, monkeypatch):
    from index import build

    assert f"doubtful {doubtful.VERSION}" in build.FORM
    monkeypatch.setattr(build, "FORM", "without the doubtful")
    with writing() as store:
        assert store.build().built and not store.build().built


def test_a_word_without_its_edit():
    assert of("det snor mye", Edit(4, 8, "snor", "snør", "ocr")) == ("det snør mye", (Form(4, 8, "snor"),))
    assert of("komrnune", Edit(0, 8, "komrnune", "kommune", "ocr")) == ("kommune", (Form(0, 7, "komrnune"),))
    assert of("pa aog alt", Edit(3, 6, "aog", "å og", "ocr")) == ("pa å og alt", (Form(3, 7, "aog"),))
    assert of("sound words alone") == ("sound words alone", ())
    assert of("skred\u00ad faren", Edit(5, 6, "\u00ad", "", "encoding")) == ("skred faren", ()), "nothing is left to stand on"


def test_an_edit_of_a_part_gives_the_whole_word_and_leaves_sure_letters_right():
    raw = "over gko-\nnorniske krav"
    halves = (Edit(5, 8, "gko", "øko", "ocr", 0.7), Edit(10, 18, "norniske", "nomiske", "ocr", 0.7))
    page = Traced.of_page(raw, 3, halves)
    line, after = page[:8], page[10:]
    joined = Traced.join([line, after], "")
    assert joined.text == "over økonomiske krav"
    assert doubtful.forms(joined.text, joined.pieces, {3: halves}) == (Form(5, 15, "gkonorniske"),)
    assert doubtful.forms(joined.text, joined.pieces, {3: halves[:1]}) == (Form(5, 15, "gkonomiske"),)
    assert doubtful.forms(joined.text, joined.pieces, {4: halves}) == (), "edits of another page"


def test_a_part_of_a_page_has_the_forms_that_stand_in_it():
    edits = (Edit(0, 3, "fgr", "før", "ocr"), Edit(8, 12, "snor", "snør", "ocr"), Edit(17, 20, "fgr", "før", "ocr"))
    text, forms = of("fgr det snor her fgr", *edits, part=slice(4, 16))
    assert (text, forms) == ("det snør her", (Form(4, 8, "snor"),))


def test_what_is_no_word_as_read_finds_nothing():
    assert Form(0, 1, "l").stems() == [] and Form(0, 3, "for").stems() == [], "a letter, a stop word"
    assert Form(0, 5, "f¢lte").stems() == stems.stems("f¢lte")[1:] == ["lte"], "what a query of the same letters has"


def test_a_word_asked_for_in_both_forms_is_marked_once():
    forms = (Form(4, 8, "snor"),)
    assert mark.matches("det snør her", stems.stems("snor snør"), forms) == ((4, 8),)
    assert mark.matches("det å og snø", stems.stems("aog snø"), (Form(4, 8, "aog"),)) == ((4, 8), (9, 12))


def test_hundreds_of_passages_are_asked_for_in_parts(writing, monkeypatch):
    monkeypatch.setattr(doubtful, "BATCH", 2)
    report = a_report("vinter", *[RAW] * 5, edits=EDITS)
    pages = tuple(replace(page, edits=EDITS) for page in report.pages)
    passages = tuple(replace(p, text=Traced.of_page(RAW, n, EDITS)) for n, p in enumerate(report.passages, 1))
    with writing() as store:
        store.put(replace(report, pages=pages, passages=passages), "vinter.pdf", "1")
        ids = [row["id"] for row in store.db.execute("SELECT id FROM passages ORDER BY id")]
        found = doubtful.of_passages(store.db, ids)
        assert doubtful.of_passages(store.db, []) == {} and found == {number: (Form(28, 32, "snor"),) for number in ids}

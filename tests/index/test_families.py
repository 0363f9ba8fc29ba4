"""One report in two files is shown once, whatever the files are called; what only quotes it, or is like it, stays by itself."""

import random

import pytest
from indexed import ELDRE, a_report

from index.families import File, families
from index.records import Filters

SYLLABLES = "kom mu ne sko le hel se plan bar vern bo lig vei kul tur lønn års verk".split()


def text_of(seed: int, words: int) -> str:
    dice = random.Random(seed)
    known = ["".join(dice.choices(SYLLABLES, k=3)) for _ in range(400)]
    sentences = (" ".join(dice.choices(known, k=12)).capitalize() + "." for _ in range(words // 12))
    return " ".join(sentences)


def misread(text: str, share: float = 0.1) -> str:
    """As English OCR reads it: no å, ø as g, and some words spoilt besides."""
    dice = random.Random(1)
    text = text.replace("å", "a").replace("ø", "g")
    return " ".join(w.replace("e", "c").replace("l", "1") if dice.random() < share else w for w in text.split(" "))


REPORT, OTHER = text_of(1, 1200), text_of(2, 1200)


def kin(*texts: str, titles=("En", "To", "Tre"), files=None) -> list[list[int]]:
    files = files or {i: File(title, 1.0, 1) for i, title in enumerate(titles)}
    return list(families(enumerate(texts), files))


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ((REPORT, OTHER, REPORT), [[0, 2]]),
        ((REPORT, misread(REPORT)), [[0, 1]]),
        ((REPORT, REPORT + " " + text_of(3, 300)), [[0, 1]]),  # with an appendix
        ((REPORT, REPORT + " " + text_of(3, 2400)), []),  # quoted in full by a longer one
        ((REPORT, text_of(3, 900) + " " + REPORT[:2000]), []),
        ((REPORT[:400], REPORT), []),
        ((text_of(4, 36), text_of(4, 36)), []),  # an excerpt says too little
        (("", "", REPORT), []),
    ],
)
def test_families_by_content(texts, found):
    assert kin(*texts) == found


def test_short_texts_must_have_one_title():
    short = text_of(5, 120)
    assert kin(short, short) == []
    assert kin(short, short, titles=("Årsplan for 2024", "ÅRSPLAN FOR 2024")) == [[0, 1]]


def test_a_report_in_many_files_is_one_family():
    assert kin(*[REPORT] * 25, OTHER, titles="ABCDEFGHIJKLMNOPQRSTUVWXYZ") == [list(range(25))]
    stamped = [f"{REPORT} {text_of(100 + i, 24)}" for i in range(25)]  # as each was taken from another place
    assert kin(OTHER, *stamped, titles="ABCDEFGHIJKLMNOPQRSTUVWXYZ") == [list(range(1, 26))]


def test_short_texts_in_many_files_are_told_apart_by_their_titles():
    short = text_of(5, 120)
    assert kin(*[short] * 50, titles=("Årsplan", "Brev") * 25) == [list(range(0, 50, 2)), list(range(1, 50, 2))]
    assert kin(*[text_of(4, 36)] * 25, titles=["Omtale"] * 25) == []


def test_a_phrase_that_all_have_makes_no_family():
    phrase = text_of(9, 60)
    assert kin(*(f"{phrase} {text_of(10 + i, 600)}" for i in range(25)), titles="ABCDEFGHIJKLMNOPQRSTUVWXYZ") == []


def test_the_copy_that_reads_best_comes_first_then_that_of_most_pages():
    files = {0: File("En", 0.6, 90), 1: File("To", 0.98, 80), 2: File("Tre", 0.99, 85)}
    assert kin(misread(REPORT), REPORT, REPORT, files=files) == [[2, 1, 0]]


@pytest.fixture
def twice(writing, opening):
    pages = [REPORT[i : i + 1500] for i in range(0, len(REPORT), 1500)]
    with writing() as store:
        store.put(a_report("rapport", *pages, title="Skole og helse"), "corpus/ks/rapport.pdf", "1")
        store.put(a_report("skann-0017", *map(misread, pages[:-1]), title="Sko1e og hc1se"), "corpus/kudos/skann-0017.pdf", "1")
        store.put(a_report("annen", OTHER, title="En annen"), "corpus/ks/annen.pdf", "1")
        store.put(a_report("eldre", ELDRE), "corpus/ks/eldre.pdf", "1")
        store.build()
    return opening()


QUERY = " ".join(REPORT.split()[:5])


def test_a_search_shows_a_family_once_and_tells_of_the_other_file(twice):
    found = [r.report for r in twice.search(QUERY, verbatim=True).results]
    assert [card.path for card in found].count("corpus/ks/rapport.pdf") == 1
    assert "corpus/kudos/skann-0017.pdf" not in [card.path for card in found]
    assert found[0].copies == ("corpus/kudos/skann-0017.pdf",)
    assert found[0].as_json()["copies"] == ["corpus/kudos/skann-0017.pdf"]
    assert "copies" not in found[1].as_json()


def test_the_other_copy_answers_where_the_filters_leave_the_best_out(twice):
    found = twice.search(QUERY, filters=Filters(sources=("kudos",)), verbatim=True).results
    assert [r.report.path for r in found] == ["corpus/kudos/skann-0017.pdf"]


def test_leaving_out_a_report_leaves_out_its_copies(twice):
    best = twice.resolve("rapport.pdf")
    found = twice.search(QUERY, filters=Filters(exclude=(best,)), verbatim=True).results
    assert {r.report.path for r in found} <= {"corpus/ks/annen.pdf", "corpus/ks/eldre.pdf"}


def test_related_shows_a_family_once_and_never_a_copy_of_the_report_itself(twice):
    assert {r.report.path for r in twice.related("annen.pdf")} == {"corpus/ks/rapport.pdf", "corpus/ks/eldre.pdf"}
    for copy in ("rapport.pdf", "skann-0017.pdf"):
        assert {r.report.path for r in twice.related(copy)} == {"corpus/ks/annen.pdf", "corpus/ks/eldre.pdf"}


def test_a_matrix_has_one_row_for_a_family(twice):
    from index.matrix import matrix

    paths = [row.report.path for row in matrix(twice, [QUERY], verbatim=True).rows]
    assert sorted(paths) == ["corpus/ks/annen.pdf", "corpus/ks/eldre.pdf", "corpus/ks/rapport.pdf"]


def test_projects_of_two_copies_of_a_plan_are_one(writing, opening):
    titles = ("Skole for alle", "Helse for alle", "Skole for alle")
    plan = [(title, "Tema", text_of(7 + i, 400)) for i, title in enumerate(titles)]
    with writing() as store:
        store.put(a_report("plan", "Planen.", projects=plan), "plan.pdf", "1")
        store.put(a_report("plan-kopi", "Planen.", projects=plan), "plan-kopi.pdf", "1")
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    titles = [r.report.title for r in opening().related("eldre.pdf")]
    assert sorted(titles) == ["Helse for alle", "Plan", "Skole for alle", "Skole for alle"]

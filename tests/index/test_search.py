"""From a question to reports and passages: ranking, filters, marks, the JSON of the interface, and places on the page."""

import threading

import numpy as np
import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

from errors import FouError, UsageError
from index import fuse, mark, stems
from index.answer import Signs, probability
from index.english import in_english
from index.records import Filters
from ingest.report import Edit


def titles(answer) -> list[str]:
    return [result.report.title for result in answer.results]


def test_the_right_report_comes_first(index):
    assert titles(index.search("fravær på ungdomsskolen"))[0] == "Skole"
    assert titles(index.search("naturregnskap"))[0] == "Naturregnskap", "a project answers as itself"
    assert titles(index.search("hva er gjort for eldre"))[0] == "Eldre", "a part of the compound eldreomsorg"


def test_the_json_has_the_keys_of_the_interface(index):
    answer = index.search("fravær").as_json()
    assert list(answer) == ["query", "took_ms", "no_answer", "answer_probability", "suggestion", "corrected", "results"]
    assert set(answer["results"][0]) == {"report", "score", "passages", "why"}
    assert answer["results"][0]["why"] == {
        "words": ["fravær"],
        "concept": None,
        "sentence": "Tiltak mot fravær virker best når de settes inn tidlig.",
    }
    assert set(answer["results"][0]["report"]) == {"id", "title", "year", "body", "themes", "path"}
    passage = answer["results"][0]["passages"][0]
    assert set(passage) == {"text", "page", "last_page", "section", "score", "best", "matches"}
    assert passage["text"][slice(*passage["best"])] == "Tiltak mot fravær virker best når de settes inn tidlig."
    assert [passage["text"][a:b] for a, b in passage["matches"]] == ["fravær"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(years=(2020, None)), {"Skole", "Plan", "Naturregnskap", "Natt og dag i hjemmetjenesten"}),
        (Filters(years=(None, 2019)), {"Eldre"}),
        (Filters(themes=("helse",)), {"Eldre", "Natt og dag i hjemmetjenesten"}),
        (Filters(themes=("Helse", "Skole"), years=(2019, 2022)), {"Eldre", "Skole"}),
        (Filters(bodies=("NIFU",)), {"Skole"}),
        (Filters(languages=("nn",)), {"Skole"}),
        (Filters(sources=("ks",)), {"Eldre", "Skole"}),
        (Filters(themes=("finnes ikke",)), set()),
    ],
)
def test_filters(index, filters, expected):
    assert {card.title for card in index.cards(filters)} == expected
    for weight in (0.0, 0.5, 1.0):
        assert set(titles(index.search("natten fravær natur sykepleiere prosjekt", filters=filters, weight=weight))) <= expected
    assert bool(index.search("kommune", filters=filters, weight=1.0).results) == bool(expected)


def test_filter_by_report_and_its_opposite(index):
    plan = index.resolve("plan.pdf")
    inside = titles(index.search("natten", filters=Filters(reports=(plan,))))
    assert set(inside) == {"Plan", "Naturregnskap", "Natt og dag i hjemmetjenesten"}
    assert set(titles(index.search("natten", filters=Filters(exclude=(plan,))))) == {"Eldre", "Skole"}


def test_facets_count_what_each_choice_would_give(index):
    facets = index.facets(Filters(bodies=("Fafo",), themes=("Helse",)))
    assert facets["themes"] == {"Helse": 2, "Klima": 1}, "under the other filters, not under its own"
    assert facets["bodies"] == {"Fafo": 2}
    assert facets["years"] == {2024: 1, 2019: 1} and list(facets["years"]) == [2024, 2019]


def test_words_only_asks_no_model(index, monkeypatch):
    monkeypatch.setattr(index, "vector", lambda query: pytest.fail("the model was asked"))
    assert titles(index.search("fravær", weight=0.0))[0] == "Skole"


def test_a_question_whose_words_are_unknown_is_answered_by_vectors(index):
    answer = index.search("qwxz zzqk")
    assert len(answer.results) == 5 and answer.suggestion is None


def test_many_threads_get_the_same_answers(index):
    query = "sykepleiere om natten"
    alone = index.search(query).as_json()["results"]
    found: list = []
    threads = [threading.Thread(target=lambda: found.append(index.search(query).as_json()["results"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 8


@pytest.mark.parametrize(("query", "k"), [("", 10), ("  ", 10), ('""', 10), ("«» – ?", 10), ("ord", 0)])
def test_wrong_use_is_told(index, query, k):
    with pytest.raises(UsageError):
        index.search(query, k)


def test_no_index_yet(opening):
    with pytest.raises(FouError, match="python -m ingest run"):
        opening()


def test_report_view(index):
    view = index.report(index.resolve("plan.pdf"))
    assert [p.title for p in view.projects] == ["Naturregnskap", "Natt og dag i hjemmetjenesten"]
    assert (view.pages, view.passages, view.card.source) == (3, 1, "kudos")
    project = index.report(view.projects[0].id)
    assert project.parent == view.card and project.card.themes == ("Klima",)
    assert (project.card.year, project.card.body, project.card.language) == (2024, "Fafo", "nb")
    assert project.sections == view.sections and view.sections[0].path == ("1 Del",)


def test_reports_are_named_in_many_ways(index):
    key = index.resolve("eldre.pdf")
    for name in (key, key[:6], "corpus/ks/eldre.pdf", "ks/eldre.pdf", "./corpus/ks/eldre.pdf", "r-12"):
        assert index.resolve(name) == key
    with pytest.raises(FouError, match=key):
        index.resolve("elder")


def test_page_view_and_its_errors(index):
    page = index.page(index.resolve("eldre.pdf"), 1)
    assert page.raw.startswith("Rapporten") and page.words[1].box == (100.0, 0.0, 130.0, 12.0)
    with pytest.raises(FouError, match="side 7"):
        index.page("eldre", 7)


def test_a_place_in_a_repaired_passage_is_found_on_the_original_page(writing, opening):
    raw = "Flere @konomiske tiltak\ni kommunene."
    with writing() as store:
        report = a_report("okonomi", raw, edits=[Edit(6, 16, "@konomiske", "økonomiske", "ocr")])
        store.put(report, "okonomi.pdf", "1")
        store.build()
    index = opening()
    hit = index.search("økonomisk").results[0].passages[0]
    assert hit.text == raw.replace("@", "ø")
    (match,) = hit.matches
    assert index.locate(hit.id, *match) == [(1, [(60.0, 0.0, 160.0, 12.0)])]
    assert index.locate(hit.id) == [(1, [(0.0, 0.0, 230.0, 12.0), (0.0, 20.0, 120.0, 32.0)])], "one box a line"
    page = index.page("okonomi", 1)
    assert (page.edits[0].before, page.edits[0].after) == ("@konomiske", "økonomiske")


def test_what_cannot_be_located_is_not_marked(writing, opening):
    report = a_report("natur", NATUR)
    page = report.pages[0]
    object.__setattr__(page, "words", page.words[:3])
    with writing() as store:
        store.put(report, "natur.pdf", "1")
        store.build()
    index = opening()
    hit = index.search("naturregnskap").results[0].passages[0]
    assert index.locate(hit.id, 0, 13) == [(1, [(0.0, 0.0, 130.0, 12.0)])]
    assert index.locate(hit.id) == [] and index.locate(10**9) == []


def test_related_reports_come_with_a_reason(index):
    found = index.related("eldre")
    assert found[0].report.title == "Natt og dag i hjemmetjenesten"
    assert "temaet «Helse»" in found[0].reason and "Fafo" in found[0].reason and found[0].reason.endswith(".")
    assert all(0 <= r.score <= 1 for r in found) and [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    plan = index.resolve("plan.pdf")
    assert {r.report.title for r in index.related(plan)} == {"Eldre", "Skole"}, "not its own projects"


def test_fusion_by_hand():
    vectors = fuse.of_vectors(np.array([0.9, 0.8, 0.7], np.float32), floor=0.8)
    assert np.allclose(vectors, [1, 0, 0])
    strong = fuse.of_words(np.array([2.0, 4.0, 0.0], np.float32), ceiling=4.0)
    assert np.allclose(strong, [0.5, 1, 0])
    weak = fuse.of_words(np.array([2.0, 1.0, 0.0], np.float32), ceiling=8.0 / fuse.ENOUGH)
    assert np.allclose(weak, [0.25, 0.125, 0]), "the best holds little of the query, and counts for as much"
    assert np.allclose(fuse.combined(vectors, strong, 0.75), [0.875, 0.25, 0])
    assert np.allclose(fuse.combined(vectors, np.zeros(3), 0.5), vectors)


def test_a_report_is_worth_its_best_passage():
    ranked = fuse.by_report(np.array([0, 1, 2, 3]), np.array([7, 8, 7, 9]), np.array([0.2, 0.5, 0.9, 0.5]), k=2)
    assert [(r.report, r.score, r.rows) for r in ranked] == [(7, 0.9, (2, 0)), (8, 0.5, (1,))]


def test_the_best_sentence_holds_the_rare_words():
    text = "Kommunen er viktig. Kommunen har eldre. Naturregnskap er nytt."
    rarity = {"kommun": 1.0, "naturregnskap": 3.0}.get
    start, end = mark.best_sentence(text, ["kommun", "naturregnskap"], rarity)
    assert text[start:end] == "Naturregnskap er nytt."
    start, end = mark.best_sentence(text, ["ukjent"], lambda stem: 1.0)
    assert text[start:end] == "Kommunen er viktig."


@pytest.mark.parametrize("model", ["plain", "adapted"])
@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_an_answer_is_likelier_the_more_speaks_for_it(weight, model):
    little = Signs(cosine=0.3, lead=0.5, held=0.2, covered=0.1, agreed=0.0, nearest=0.8)
    much = Signs(cosine=0.95, lead=3.5, held=1.5, covered=0.9, agreed=0.8, nearest=0.9)
    assert 0.0 < probability(little, weight, model) < 0.4 < 0.6 < probability(much, weight, model) < 1.0


def test_lists_of_references_and_covers_count_less_than_text(writing, opening):
    from dataclasses import replace

    report = a_report("nett", "Hets på nett skremmer folk fra politikken.", "Hets på nett skremmer folk fra politikken.")
    passages = tuple(replace(p, section=s) for p, s in zip(report.passages, ("3 Litteratur", "2 Funn"), strict=True))
    with writing() as store:
        store.put(replace(report, passages=passages), "nett.pdf", "1")
        store.build()
    first, second = opening().search("hets på nett").results[0].passages
    assert (first.section, second.section) == ("2 Funn", "3 Litteratur") and second.score < first.score


def test_a_bound_index_keeps_its_generation(writing, opening):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    shared = opening()
    page = shared.now()
    with writing() as store:
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
    assert len(shared.now()) == 2 and len(page) == 1


def test_a_named_passage_is_marked_as_in_the_answer(index):
    result = index.search("sykepleiere om natten").results[0]
    hit = result.passages[0]
    again = index.passage(result.report.id, hit.id, "sykepleiere om natten")
    assert (again.best, again.matches) == (hit.best, hit.matches)


@pytest.mark.parametrize(
    ("query", "english"), [("local democracy", True), ("heltid", False), ("asdf qwerty", False), ("KS", False)]
)
def test_english_is_told_from_a_few_keywords(query, english):
    assert in_english(query) == english


def test_of_a_table_one_row_is_the_best_sentence():
    text = "Vi har spurt alle.\nTabell 1: Deltakere\nFolkemøte | 31\nDigitalt kart | 220"
    start, end = mark.best_sentence(text, stems.stems("digitalt kart"), lambda stem: 1.0)
    assert text[start:end] == "Digitalt kart | 220"

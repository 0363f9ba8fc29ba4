"""Related reports: those that name each other come first, in both directions, with the passage that shows it."""

from types import SimpleNamespace

import numpy as np
import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

from index.related import _same

TITLE = "Kartlegging av fravær i norske ungdomsskoler"


@pytest.fixture
def named(writing, opening):
    with writing() as store:
        text = "Planen gjelder veier og broer. Arbeidet bygger på «Kartlegging av fråvær i norske ungdomsskoler» (2022)."
        store.put(a_report("veier", text, title="Veier og broer"), "veier.pdf", "1")
        store.put(a_report("skole", SKOLE, title=TITLE), "skole.pdf", "1")
        store.put(a_report("annen", SKOLE + " Mer om skolen.", title="Elever på skolen"), "annen.pdf", "1")
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        projects = [("Lov om skoler og barnehager i dag", "Jus", "Se også Lov om veier og plasser i kommunene."),
                    ("Lov om veier og plasser i kommunene", "Jus", NATUR)]  # fmt: skip
        store.put(a_report("plan", "Planen har to prosjekter.", projects=projects), "plan.pdf", "1")
        store.build()
    return opening()


def test_the_report_that_is_named_comes_first_and_the_passage_shows_it(named):
    first = named.related("veier")[0]
    assert first.report.title == TITLE and first.named
    assert first.reason == "Denne bygger på den ved navn, på side 1, i «1 Del»."
    assert first.passage.report.title == "Veier og broer"
    assert first.passage.text[slice(*first.passage.span)] == "Kartlegging av fråvær i norske ungdomsskoler"


def test_and_the_other_way(named):
    first = named.related("skole")[0]
    assert first.report.title == "Veier og broer" and first.reason.startswith("Den andre bygger på denne")
    assert not named.related("skole")[1].named


def test_projects_of_one_document_may_name_each_other(named):
    keys = {card.title: card.id for card in named.cards()}
    one, other = "Lov om skoler og barnehager i dag", "Lov om veier og plasser i kommunene"
    assert named.related(keys[one])[0].report.title == other
    assert named.related(keys[other])[0].report.title == one


def test_without_a_mention_the_nearest_passage_shows_it(named):
    found = named.related("eldre")
    assert not any(item.named for item in found)
    assert all(item.passage.report == item.report and item.passage.text for item in found)


def test_the_report_that_came_of_a_project_is_told_as_the_same_project(writing, opening):
    with writing() as store:
        plan = [("Hva driver fraværet i norske ungdomsskoler", "Skole", SKOLE), ("Naturregnskap for alle", "Natur", NATUR)]
        store.put(a_report("plan", "Planen har to prosjekter.", projects=plan, year=2024), "plan.pdf", "1")
        title = "Dette driver fraværet i norske ungdomsskoler"
        store.put(a_report("skole", "Rapporten viser hva som hindrer skolefravær.", title=title, year=2025), "skole.pdf", "1")
        store.put(a_report("eldre", ELDRE, year=2024), "eldre.pdf", "1")
        store.build()
    index = opening()
    for one, other in ((title, plan[0][0]), (plan[0][0], title)):
        first = index.related(next(card.id for card in index.cards() if card.title == one))[0]
        assert (first.report.title, first.tie) == (other, "same")
        assert first.reason.startswith("Ser ut til å være samme prosjekt; ")


def test_what_came_of_a_project_is_told_of_every_copy():
    snapshot = SimpleNamespace(families=((1, 2),), outcomes=np.array([[3, 2], [4, 9]]))
    assert _same(snapshot, 3) == {1} and _same(snapshot, 1) == _same(snapshot, 2) == {3}


def test_a_title_that_all_name_is_that_of_a_programme_and_lifts_nothing(writing, opening):
    with writing() as store:
        store.put(a_report("program", NATUR, title="Program for storbyrettet forskning"), "program.pdf", "1")
        for i in range(12):
            text = f"{SKOLE} Del {i} er gjort for Program for storbyrettet forskning."
            store.put(a_report(f"skole-{i}", text), f"skole-{i}.pdf", "1")
        store.build()
    found = opening().related("skole-0.pdf", 12)
    assert found[-1].report.title == "Program for storbyrettet forskning"
    assert found[-1].named and "ved navn" in found[-1].reason


def test_projects_of_one_document_are_not_alike_by_what_they_have_from_it(writing, opening):
    with writing() as store:
        plan = [("Skoler", "FoU", SKOLE), ("Natur", "FoU", NATUR)]
        store.put(a_report("plan", "Planen har to prosjekter.", projects=plan, body="KS"), "plan.pdf", "1")
        store.build()
    index = opening()
    (found,) = index.related(next(card.id for card in index.cards() if card.title == "Skoler"))
    assert "utført av" not in found.reason

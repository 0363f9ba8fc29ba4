"""Related reports: those that name each other come first, in both directions, with the passage that shows it."""

from types import SimpleNamespace

import numpy as np
import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

from index import nearness
from index.reasons import naming
from index.related import _same
from index.vectors import unit

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
    assert first.reason == "Denne sier at den bygger på den andre, på side 1, i «1 Del»."
    assert first.passage.report.title == "Veier og broer"
    assert first.passage.text[slice(*first.passage.span)] == "Kartlegging av fråvær i norske ungdomsskoler"


def test_and_the_other_way(named):
    first = named.related("skole")[0]
    assert first.report.title == "Veier og broer" and first.reason.startswith("Den andre sier at den bygger på denne, ")
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


@pytest.mark.parametrize(
    ("theirs", "tie", "page", "section", "says"),
    [
        (False, "builds", 1, "Om › Bakgrunn", "Denne sier at den bygger på den andre, på side 1, i «Bakgrunn»."),
        (True, "builds", 2, "", "Den andre sier at den bygger på denne, på side 2."),
        (False, "named", 1, "", "Denne nevner den andre ved tittelen, på side 1."),
        (True, "named", 0, "", "Den andre nevner denne ved tittelen, i omtalen."),
        (False, "told", 4, "", "Denne omtaler det samme som tittelen på den andre, på side 4."),
        (True, "told", 4, "", "Den andre omtaler det samme som tittelen her, på side 4."),
    ],
)
def test_who_names_whom_and_where(theirs, tie, page, section, says):
    assert naming(theirs, tie, {"first_page": page, "section": section}) == says


@pytest.fixture
def textless(writing, opening):
    """«Fravær i ungdomsskolen» and TITLE are known by title and summary alone."""
    with writing() as store:
        store.put(a_report("veier", f"Planen gjelder veier og broer. Se også «{TITLE}»."), "veier.pdf", "1")
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.put(a_report("tom", title="Fravær i ungdomsskolen", summary=SKOLE), "tom.pdf", "1")
        store.put(a_report("uten", title=TITLE), "uten.pdf", "1")
        store.build()
    return opening()


def test_a_report_without_text_is_tied_as_a_whole(textless):
    found = textless.related("skole")
    assert found[0].report.path == "tom.pdf" and found[0].passage is None
    assert found[0].reason == "Det som står om dem, ligner."
    back = textless.related("tom")
    assert back[0].report.path == "skole.pdf" and len(back) == 4 and all(item.passage is None for item in back)
    assert found[0].as_json()["passage"] is None


def test_a_report_without_text_whose_title_another_names_is_tied_to_it(textless):
    for one, other, reason in (
        ("veier", "uten", "Denne nevner den andre ved tittelen, på side 1, i «1 Del»."),
        ("uten", "veier", "Den andre nevner denne ved tittelen, på side 1, i «1 Del»."),
    ):
        first = textless.related(one)[0]
        assert (first.report.path, first.reason, first.tie) == (f"{other}.pdf", reason, "named")
        assert first.passage.report.path == "veier.pdf"


def test_one_other_report_is_neither_near_nor_far(writing, opening):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.put(a_report("natur", NATUR), "natur.pdf", "1")
        store.build()
    (found,) = opening().related("eldre")
    assert 0.4 < found.score < 0.5


def test_likenesses_are_scaled_to_their_ends_unless_they_are_all_but_equal():
    assert np.allclose(nearness.scaled(np.array([0.7, 0.9, 0.8])), [0, 1, 0.5])
    assert np.allclose(nearness.scaled(np.array([0.8, 0.8])), 0.5)
    assert np.allclose(nearness.scaled(np.array([0.8, 0.8 + nearness.SPREAD / 10])), [0.45, 0.55])


@pytest.mark.parametrize("at_once", [1, 500, 10**9])
def test_passages_compared_in_parts_are_as_near_as_all_at_once(monkeypatch, at_once):
    monkeypatch.setattr(nearness, "AT_ONCE", at_once)
    monkeypatch.setattr(nearness, "MOST", 7 if at_once == 500 else 10**9)
    dice = np.random.default_rng(1)
    matrix = unit(dice.normal(size=(203, 16)).astype(np.float32))
    whose = dice.integers(0, 30, 203) * 3
    mine, rows = np.flatnonzero(whose == 0), np.flatnonzero(whose > 3)
    found = nearness.near(matrix, mine, rows, whose[rows])
    pairs = matrix[rows] @ matrix[mine].T
    assert np.allclose(found.best, pairs.max(1), atol=1e-6)
    for i, number in enumerate(found.numbers):
        own = whose[rows] == number
        assert np.isclose(found.nearest[i], pairs[own].max(), atol=1e-6)
        assert np.isclose(found.centres[i], unit(matrix[rows[own]].sum(0)) @ unit(matrix[mine].mean(0)), atol=1e-5)
        row, column = np.unravel_index(np.where(own[:, None], pairs, -2).argmax(), pairs.shape)
        assert found.pair(number) == (mine[column], rows[row])
    assert found.pair(1) is None and nearness.near(matrix, mine[:0], rows, whose[rows]) is None


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
    assert found[-1].named and "ved tittelen" in found[-1].reason


def test_projects_of_one_document_are_not_alike_by_what_they_have_from_it(writing, opening):
    with writing() as store:
        plan = [("Skoler", "FoU", SKOLE), ("Natur", "FoU", NATUR)]
        store.put(a_report("plan", "Planen har to prosjekter.", projects=plan, body="KS"), "plan.pdf", "1")
        store.build()
    index = opening()
    (found,) = index.related(next(card.id for card in index.cards() if card.title == "Skoler"))
    assert "utført av" not in found.reason

"""Documents of one's own: they are found like all others, told apart, and not passed on by the feed."""

import dataclasses
import io

import pytest
from indexed import ELDRE, SKOLE, a_report
from openpyxl import load_workbook

from index import feed
from index.layout import Layout
from index.matrix import matrix
from index.matrix_sheets import xlsx
from index.references import exported, references
from index.references.record import of_json
from settings import OWN


@pytest.fixture
def index(writing, opening, settings):
    with writing() as store:
        store.put(a_report("skole", SKOLE, year=2024), settings.folders.corpus / OWN / "skole.pdf", "1")
        store.put(a_report("eldre", ELDRE, year=2024), settings.folders.corpus / "ks" / "eldre.pdf", "1")
        store.build()
    return opening()


def test_the_answer_tells_which_is_not_public(index):
    own, public = (index.search(query, 1).results[0].report for query in ("skolefravær", "eldreomsorg"))
    assert (own.public, own.as_json()["public"]) == (False, False)
    assert public.public and "public" not in public.as_json()


@pytest.mark.parametrize("kind", ["ris", "bibtex", "csl", "apa"])
def test_references_say_so(index, kind):
    both = references(index.snapshot, [card.id for card in index.cards()])
    written = exported(both, kind).decode("utf-8")
    assert written.casefold().count("ikke offentlig") == 1
    assert "ikke offentlig" not in exported([one for one in both if one.public], kind).decode("utf-8").casefold()


def test_tables_say_so(index):
    both = references(index.snapshot, [card.id for card in index.cards()])
    heads, *rows = load_workbook(io.BytesIO(exported(both, "xlsx"))).active.values
    told = {row[heads.index("Tittel")]: row[heads.index("Offentlig")] for row in rows}
    assert told == {"Skole": "nei", "Eldre": "ja"}
    sheet = load_workbook(io.BytesIO(xlsx(matrix(index, ["skole"]), index)))["Matrise"]
    titles = {row[0] for row in sheet.values}
    assert {"Skole [ikke offentlig]", "Eldre"} <= titles


def test_a_list_remembers_it(index):
    own = next(one for one in references(index.snapshot, [card.id for card in index.cards()]) if one.title == "Skole")
    assert of_json(own.as_json()) == own and not of_json(own.as_json()).public
    older = {name: value for name, value in own.as_json().items() if name != "public"}
    assert of_json(older) == dataclasses.replace(own, public=True)


def test_the_feed_leaves_it_out(index, writing, settings):
    with writing() as store:
        feed.write(Layout.of(settings), store.db)
    told = Layout.of(settings).feed.read_text("utf-8")
    assert "Eldre" in told and "Skole" not in told

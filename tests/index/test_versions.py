"""A store of each version that was ever released is brought up where it stands, with all that was in it.

The dumps in cases/stores were written by the programs of their time.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index import catalog
from index.layout import Layout
from index.lists import Lists
from index.lists import file as lists

STORES = Path(__file__).resolve().parents[1] / "cases" / "stores"


def laid(name: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(to)) as db:
        db.executescript((STORES / name).read_text("utf-8"))


@pytest.mark.parametrize("version", range(1, catalog.SCHEMA_VERSION))
def test_a_catalog_of_each_version_is_brought_up(writing, opening, settings, encoder, version):
    layout = Layout.of(settings)
    laid(f"catalog_{version}.sql", layout.catalog)
    layout.pointer.write_text("1\n")
    with writing() as store:
        assert store.state() == {"corpus/ks/eldre.pdf": "1", "corpus/ks/natur.pdf": "1"}
        assert store.build().built
    assert {card.title for card in opening().cards()} == {"Eldre", "Natur"}
    found = opening().search("eldreomsorg i små kommuner").results[0]
    assert (found.report.title, found.report.year, found.passages[0].page) == ("Eldre", 2019, 1)
    assert found.report.fulltext
    assert not any("Rapporten ser" in text for text in encoder.asked), "no vector is computed again"


@pytest.mark.parametrize("version", range(1, lists.VERSION))
def test_lists_of_each_version_are_brought_up(settings, version):
    layout = Layout.of(settings)
    laid(f"lists_{version}.sql", layout.lists)
    assert Lists.of(layout).get("Mine").comment == "de beste"
    Lists.of(layout).create("En til")
    assert {name for name, _ in Lists.of(layout).names()} == {"Mine", "En til"}

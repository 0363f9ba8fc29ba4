"""What is new in the base, as a list."""

import json
import shutil
from dataclasses import replace

import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

import moments
from errors import FouError
from index import __main__ as command
from index import news
from index.layout import Layout

DAY = "2026-0{}-01T08:00:00+00:00"


@pytest.fixture
def at(monkeypatch):
    """`at(3)`: from now on it is the first of March."""
    return lambda month: monkeypatch.setattr(moments, "now", lambda: DAY.format(month))


def test_the_newest_first_each_once(writing, opening, settings, at):
    at(1)
    plan = [("Vann", "Klima", "Delen handler om vann."), ("Luft", "Klima", "Delen handler om luft.")]
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.put(a_report("plan", "Planen har deler.", projects=plan[:1]), "plan.pdf", "1")
        store.build()
    at(2)
    with writing() as store:
        store.put(replace(a_report("plan", "Planen har deler.", projects=plan), sha256="b"), "plan.pdf", "2")
        store.put(a_report("skole", SKOLE, projects=[("Fravær", "Skole", "Delen handler om fravær.")]), "skole.pdf", "1")
        store.build()
    at(3)
    with writing() as store:
        store.put(a_report("natur", NATUR, year=2024, body="NINA", url="https://eksempel.no/natur"), "natur.pdf", "1")
        store.build()
    index, layout = opening(), Layout.of(settings)
    assert [card.title for card in news.since(index, DAY.format(2))] == ["Natur", "Skole", "Luft"], "not «Fravær»"
    assert news.since(layout, DAY.format(2)) == news.since(index, DAY.format(2))
    assert [card.title for card in news.since(layout)] == ["Natur", "Skole", "Luft", "Plan", "Eldre"]
    assert news.since(layout, DAY.format(4)) == [] and news.newest(layout) == DAY.format(3)
    (row,) = news.as_json(layout, news.since(layout, DAY.format(3)))
    assert row["url"] == "https://eksempel.no/natur" and row["fulltext"] and row["seen"] == DAY.format(3)
    assert {"id", "title", "year", "body", "themes", "source"} <= row.keys()


def test_a_second_copy_is_no_news(writing, opening, settings, at):
    text = " ".join(f"Kapittel {n} ser på tjeneste nummer {n * n} i kommune {n * 7}." for n in range(200))
    at(1)
    with writing() as store:
        store.put(a_report("rapport", text), "rapport.pdf", "1")
        store.build()
    at(2)
    with writing() as store:
        store.put(replace(a_report("rapport", f"{text} Rettet."), sha256="other"), "igjen.pdf", "1")
        store.put(replace(a_report("to", text[::-1]), sha256="c"), "to.pdf", "1")
        store.put(replace(a_report("to", f"{text[::-1]} ferdig"), sha256="d"), "to-igjen.pdf", "1")
        store.build()
    assert [card.title for card in news.since(opening(), DAY.format(2))] == ["To"]
    assert len(news.since(Layout.of(settings))) == 2


def test_the_command_line(writing, settings, at, capsys):
    def said(*args: str) -> str:
        assert command.cli.main(command.run, command.make_parser(), ["new", *args, "--store", str(settings.folders.store)]) == 0
        return capsys.readouterr().out

    with writing() as store:
        store.put(a_report("eldre", ELDRE, year=2019, body="Fafo"), "ks/eldre.pdf", "1")
        store.put(replace(a_report("skole", SKOLE), fulltext=False), "ks/skole.pdf", "1")
        store.build()
    out = said("--since", "1d").splitlines()
    assert out[0].startswith("2 nye rapporter siden ") and "Eldre (Fafo, 2019)   [eldre-" in out[1]
    assert out[2].endswith("fulltekst mangler")
    answer = json.loads(said("--since", "7 dager", "--json"))
    assert [row["title"] for row in answer["reports"]] == ["Eldre", "Skole"] and answer["since"] < answer["reports"][0]["seen"]
    assert said("--since", "2999-01-01") == "Ingen nye rapporter siden 2999-01-01.\n"
    shutil.rmtree(settings.folders.store)
    with pytest.raises(FouError, match="ingest run"):
        news.since(Layout.of(settings))

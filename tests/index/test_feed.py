"""The feed: what a reader of feeds makes of it."""

from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

import moments
from index import feed
from index.layout import Layout

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "Hjem<img src=x onerror=alert(1)>\x07 & «barn» ]]> \u202eslutt\ufffe"


@pytest.fixture
def layout(settings) -> Layout:
    return Layout.of(settings)


@pytest.fixture
def read(writing, layout):
    """`read(name, text, …)`: the feed after another document is in the base."""

    def after(name: str = "", text: str = "", **facts) -> ElementTree.Element:
        with writing() as store:
            if name:
                store.put(a_report(name, text, **facts), f"{name}.pdf", "1")
            store.build()
            feed.write(layout, store.db)
        return ElementTree.fromstring(layout.feed.read_bytes())

    return after


def held(entry: ElementTree.Element, tag: str) -> str | None:
    return entry.findtext("/".join(ATOM + part for part in tag.split("/")))


def entries(root: ElementTree.Element) -> list[ElementTree.Element]:
    return root.findall(f"{ATOM}entry")


def test_an_entry_for_each_report_the_newest_first(read):
    read("eldre", ELDRE, body="Fafo", year=2019, themes=("Helse",), url="https://eksempel.no/r å/1", summary="Om eldre.")
    root = read("skole", SKOLE, language="nn")
    skole, eldre = entries(root)
    assert [held(skole, tag) for tag in ("title", "author/name", "summary", "content")] == ["Skole", None, None, "Skole"]
    assert [held(eldre, tag) for tag in ("title", "author/name", "summary", "content")] == ["Eldre", "Fafo", "Om eldre.", None]
    assert eldre.find(f"{ATOM}link").attrib == {"rel": "alternate", "href": "https://eksempel.no/r%20å/1"}
    assert eldre.find(f"{ATOM}category").attrib == {"term": "Helse"} and skole.find(f"{ATOM}link") is None
    assert held(root, "updated") == held(skole, "updated") > held(eldre, "updated") and held(root, "author/name") == "FoU-søk"
    assert datetime.fromisoformat(held(root, "updated")).tzinfo
    ids = [held(one, "id") for one in (root, skole, eldre)]
    assert len(set(ids)) == 3 and all(i.startswith("urn:uuid:") for i in ids)
    again = read("natur", NATUR)
    assert [held(one, "id") for one in (again, *entries(again)[1:])] == ids, "what has a name keeps it"


def test_what_a_title_tries_is_text(read, layout):
    root = read("nasty", ELDRE, title=NASTY, body="<b>Utfører</b> & sønn", url="javascript:alert(3)", summary="a\x00b <script>")
    (entry,) = entries(root)
    assert held(entry, "title") == "Hjem<img src=x onerror=alert(1)> & «barn» ]]> slutt"
    assert held(entry, "author/name") == "<b>Utfører</b> & sønn" and held(entry, "content") == "a b <script>"
    assert entry.find(f"{ATOM}link") is None and {child.tag.removeprefix(ATOM) for child in entry.iter()} == {
        "entry", "id", "title", "published", "updated", "author", "name", "content",
    }  # fmt: skip
    assert b"<img" not in layout.feed.read_bytes()


def test_it_is_written_only_when_it_says_something_else(read, layout, writing, monkeypatch):
    read("eldre", ELDRE)
    first, inode = layout.feed.read_bytes(), layout.feed.stat().st_ino
    read()
    with writing() as store:
        store.put(replace(a_report("eldre", ELDRE, "Ny utgave."), sha256="b"), "eldre.pdf", "2")
        store.build()
        assert not feed.write(layout, store.db)
    assert (layout.feed.read_bytes(), layout.feed.stat().st_ino) == (first, inode)

    def cut(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), writing() as store:
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
        patch.setattr("os.replace", cut)
        feed.write(layout, store.db)
    assert layout.feed.read_bytes() == first, "the old one whole"
    assert len(entries(read())) == 2, "and the next run makes up for it"


def test_an_empty_base_and_a_large_one(read, writing, monkeypatch):
    assert entries(root := read()) == [] and held(root, "updated")
    for month in range(1, 3):
        monkeypatch.setattr(moments, "now", lambda month=month: f"2026-{month:02}-01T08:00:00+00:00")
        with writing() as store:
            for number in range(30):
                store.put(a_report(f"r{month}-{number}", f"Rapport {number} om vann."), f"r{month}-{number}.pdf", "1")
            store.build()
    found = [held(entry, "updated")[:7] for entry in entries(read())]
    assert found == ["2026-02"] * 30 + ["2026-01"] * (feed.MOST - 30)

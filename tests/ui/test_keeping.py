"""Lists, the search log, the matrix and the collection's charts, as Streamlit's AppTest runs them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from reading import html, links, words_of

from index.layout import Layout
from index.lists import Lists, sharing
from index.lists.log import Log
from settings import load_settings

QUESTION = "folkevalgte som blir truet og hetset"


@pytest.fixture
def layout(config, no_lists) -> Layout:
    return Layout.of(load_settings(config))


def button(at, label: str, number: int = 0):
    return [one for one in at.button if label in one.label][number]


def test_a_report_and_a_passage_are_kept_and_told_of(app, layout):
    at = app(q=QUESTION)
    button(at, "Ta vare på rapporten").click().run()
    assert not at.exception
    button(at, "Rapporten er i lista").click().run()
    assert Lists.of(layout).get("Min liste").items == () and button(at, "Ta vare på rapporten").key.count("folkevalgte") == 1
    button(at, "Ta vare på rapporten").click().run()
    button(at, "Ta vare på tekststykket").click().run()
    kept = Lists.of(layout).get("Min liste")
    assert [bool(item.quote) for item in kept.items] == [False, True]
    at = app("litteraturliste")
    assert not at.exception and "2 i lista" in words_of(at)
    assert "<blockquote>" in html(at) and any("passasje=" in link for link in links(at))
    assert "Eksempelinstituttet. (2021). Prisen for å stille til valg" in words_of(at)


def one_key(layout) -> str:
    return Lists.of(layout).get("Min liste").items[0].reference.key


def test_a_list_that_is_gone_is_told_of(app, layout):
    Lists.of(layout).create("Kapittel 1")
    assert "finnes ikke lenger" not in words_of(app("litteraturliste", liste="kapittel 1"))
    told = words_of(app("litteraturliste", liste="Kapittel 9"))
    assert "Lista «Kapittel 9» finnes ikke lenger" in told and "Her er «Kapittel 1» i stedet" in told


def test_a_search_is_logged_only_when_asked_and_tells_what_was_kept(app, layout):
    at = app(q=QUESTION, tema="Folkevalgt")
    button(at, "Ta vare på rapporten").click().run()
    assert Log.of(layout).searches() == []
    button(at, "Før i søkeloggen").click().run()
    (one,) = Log.of(layout).searches()
    assert one.kept == ("Prisen for å stille til valg",), "kept before the search was logged"
    at = app(q=QUESTION, uten=one_key(layout))
    button(at, "Før i søkeloggen").click().run()
    assert button(at, "Ført i søkeloggen").disabled
    button(at, "Ta vare på tekststykket").click().run()
    _, two = Log.of(layout).searches()
    assert two.question == QUESTION and two.reports == 14 and len(two.kept) == 1
    told = words_of(app("litteraturliste"))
    assert QUESTION in told and "uten rapport Prisen for å stille til valg" in told
    assert "without report Prisen for å stille til valg" in words_of(app("litteraturliste", lang="en"))


def test_a_list_is_commented_ordered_renamed_and_deleted(app, layout):
    at = app(q="kommunen")
    for _ in range(2):
        button(at, "Ta vare på rapporten").click().run()
    lists = Lists.of(layout)
    first, second = lists.get("Min liste").items
    at = app("litteraturliste")
    at.text_input(f"said:{first.id}").input("Les først").run()
    button(at, "Ned").click().run()
    assert [item.id for item in lists.get("Min liste").items] == [second.id, first.id]
    assert lists.get("Min liste").items[1].comment == "Les først"
    button(at, "Ta bort").click().run()
    assert [item.id for item in lists.get("Min liste").items] == [first.id]
    at.text_input("name:Min liste").input("Kapittel 2")
    button(at, "Lagre").click().run()
    assert at.query_params["liste"] == "Kapittel 2" and lists.names() == [("Kapittel 2", 1)]
    at.text_input("list_new").input("kapittel 2")
    button(at, "Lag lista").click().run()
    assert "Det finnes alt en liste som heter" in at.error[0].value and lists.names() == [("Kapittel 2", 1)]
    button(at, "Slett lista").click().run()
    assert not at.exception and lists.names() == [] and "Du har ingen lister ennå" in words_of(at)


def test_what_fails_in_a_click_is_told(app, no_lists):
    at = app(q=QUESTION)
    no_lists.write_bytes(b"noe annet" * 500)
    try:
        for label in ("Ta vare på rapporten", "Før i søkeloggen"):
            button(at, label).click()
        at.run()
        assert not at.exception and "Det gikk ikke" in words_of(at) and "flytt fila vekk" in words_of(at)
        assert "Det gikk ikke" not in words_of(at.run())
        told = words_of(app("litteraturliste"))
        assert "flytt fila vekk" in told and "mappa corpus" not in told
    finally:
        no_lists.unlink()


def test_a_list_that_another_deletes_meanwhile_is_told(app, layout):
    at = app(q=QUESTION)
    button(at, "Ta vare på rapporten").click().run()
    lists = Lists.of(layout)
    for label in ("Ta bort", "Lagre", "Slett lista"):
        lists.insert(replace(lists.get("Min liste"), name="Borte"))
        at = app("litteraturliste", liste="Borte")
        lists.delete("Borte")
        button(at, label).click().run()
        assert not at.exception and "Fant ingen liste som heter «Borte»" in words_of(at), label
    lists.insert(replace(lists.get("Min liste"), name="Borte"))
    at = app("litteraturliste", liste="Borte")
    lists.delete("Borte")
    at.segmented_control("list_sort").set_value("title").run()
    assert not at.exception and "Fant ingen liste som heter «Borte»" in words_of(at)


def test_what_is_kept_goes_on_into_the_same_list_whatever_others_fill(app, layout):
    at = app(q="kommunen")
    button(at, "Ta vare på rapporten").click().run()
    assert at.query_params["liste"] == "Min liste"
    Lists.of(layout).create("En annens")
    at.run()
    button(at, "Ta vare på rapporten").click().run()
    assert dict(Lists.of(layout).names()) == {"Min liste": 2, "En annens": 0}


def test_a_name_that_is_taken_changes_nothing(app, layout):
    lists = Lists.of(layout)
    lists.create("En")
    lists.create("To", "som før")
    at = app("litteraturliste", liste="To")
    at.text_input("name:To").input("en")
    at.text_area("comment:To").input("ny")
    button(at, "Lagre").click().run()
    assert "velg et annet navn" in words_of(at) and lists.get("To").comment == "som før"


def test_what_the_base_no_longer_has_can_still_be_cited(app, layout):
    at = app(q=QUESTION)
    button(at, "Ta vare på rapporten").click().run()
    lists = Lists.of(layout)
    gone = sharing.written(lists.get("Min liste")).replace("folkevalgte-", "borte-").replace("Prisen for", "Gevinsten av")
    lists.insert(sharing.read(gone))
    at = app("litteraturliste", liste="Min liste (2)")
    text = words_of(at)
    assert "Gevinsten av å stille til valg" in text and "finnes ikke i samlingen lenger" in text


def test_a_report_or_a_body_is_left_out(app, keys):
    at = app(q=QUESTION)
    button(at, "Utelat denne rapporten").click().run()
    assert at.query_params["uten"] == keys["folkevalgte"] and "uten Prisen for å stille til valg" in words_of(at)
    assert not any(f"rapport={keys['folkevalgte']}" in link for link in links(at))
    button(at, "Nullstill").click().run()
    button(at, "Utelat alt fra Eksempelinstituttet").click().run()
    assert at.query_params["utenutforer"] == "Eksempelinstituttet" and "uten Eksempelinstituttet" in words_of(at)


def test_the_matrix_has_every_report_and_sorts(app, layout, keys):
    at = app("oversikt", sp=["hat og hets mot folkevalgte", "takrenner"])
    assert not at.exception and html(at).count('scope="row" class="fou-title"') == 14
    cells = re.findall(r'<td data-number="(\d)">', html(at))
    assert cells and set(cells) <= {"1", "2"}
    assert any("inne=takrenner" in link and "passasje=" in link for link in links(at))
    by_second = html(app("oversikt", sp=["hat og hets mot folkevalgte", "takrenner"], sorter="2"))
    assert by_second.index(keys["takrenner"]) < by_second.index(keys["folkevalgte"])
    button(at, "Ta vare på").click().run()
    assert len(Lists.of(layout).get("Min liste").items) == len(set(re.findall(r"rapport=([\w.-]+)&amp;side", html(at))))


def test_the_matrix_of_another_machine_links_to_this_app(monkeypatch):
    from types import SimpleNamespace

    import streamlit as st

    from ui import matrix

    monkeypatch.setattr(st, "context", SimpleNamespace(url="https://fou.no/app/oversikt", ip_address="10.0.0.2", headers={}))
    assert matrix._address(None, None)(SimpleNamespace(id="a-1"), 3) == "https://fou.no/app/rapport?rapport=a-1&side=3"


def test_the_file_of_the_matrix_is_made_for_the_visitor_who_sees_it(app, monkeypatch):
    import streamlit as st

    from ui import matrix

    told, made = [], []
    monkeypatch.setattr(matrix, "_address", lambda *_: told.append(1) or "place")
    monkeypatch.setattr(matrix, "xlsx", lambda *args: made.append(args[-1]))
    whole, files = st.download_button, []

    def button(label, data, *args, **more):
        files.append(data)
        return whole(label, data, *args, **more)

    monkeypatch.setattr(st, "download_button", button)
    assert not app("oversikt", sp="takrenner").exception
    told.clear()
    files[0]()
    assert made == ["place"] and not told


def test_questions_that_cannot_be_asked_are_told(app):
    at = app("oversikt", sp=["-takrenner"])
    assert not at.exception and "kan ikke brukes" in words_of(at)
    at = app("oversikt")
    at.text_area("questions").input("\n".join(f"spørsmål {n}" for n in range(20)))
    button(at, "Lag oversikten").click().run()
    assert "Bare de første 12" in words_of(at) and len(at.query_params["sp"]) == 12


def test_charts_filter_and_the_map_opens_reports(app, keys):
    at = app("samlingen", kart="1")
    assert not at.exception
    assert any("tema=Folkevalgt" in link and link.startswith("./samlingen") for link in links(at))
    assert any(link.startswith("./samlingen?") and "fra=2021&til=2021" in link for link in links(at))
    drawn = re.search(r'<div class="fou-map">(.*?)</div>', html(at), re.S)[1]
    assert drawn.count("<a ") == 14 and keys["eiendom"] in drawn and "<img" not in drawn
    few = app("samlingen", kart="1", tema="Folkevalgt")
    assert 'class="fou-map"' not in html(few) and "minst 8" in words_of(few)


def test_what_has_a_comment_is_not_taken_out_by_a_slip(app, layout):
    at = app(q=QUESTION)
    button(at, "Ta vare på rapporten").click().run()
    lists = Lists.of(layout)
    lists.comment("Min liste", lists.get("Min liste").items[0].id, "Viktig")
    at = app(q=QUESTION)
    button(at, "Rapporten er i lista").click().run()
    assert len(lists.get("Min liste").items) == 1 and "har en merknad i «Min liste»" in words_of(at)

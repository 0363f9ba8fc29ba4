"""Each page of the app as Streamlit's AppTest runs it, on a small store."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from reading import html, links, tags, words_of

from index.lists import Lists
from ui import facts

QUESTION = "folkevalgte som blir truet og hetset"


def labels(at) -> list[str]:
    return [widget.label for kind in ("button", "checkbox", "toggle") for widget in getattr(at, kind)]


def test_first_page_offers_questions_that_can_be_clicked(app):
    at = app()
    assert not at.exception
    assert "Hva vil du vite?" in words_of(at)
    assert "4 dokumenter og 10 prosjekter" in words_of(at)
    at.button("search.example_1").click().run()
    assert at.query_params["q"] == at.text_input("question").value == "Hvordan beholde folkevalgte som opplever hets og trusler?"
    assert "<article" in html(at)


def test_a_question_gives_results_with_page_mark_and_link(app, keys):
    at = app()
    at.text_input("question").input(QUESTION)
    next(b for b in at.button if b.label == "Søk").click().run()
    assert not at.exception and at.query_params["q"] == QUESTION
    first = html(at).split("<article")[1]
    assert "Prisen for å stille til valg" in first and "Eksempelinstituttet" in first and "2021" in first
    assert "Lokaldemokrati og styring" in first and re.search(r"<mark>.*<b>\w+</b>.*</mark>", first, re.S)
    assert re.search(r"side \d", first)
    place = next(link for link in links(at) if link.startswith("./rapport?") and keys["folkevalgte"] in link)
    assert re.search(r"q=folkevalgte\+som.*rapport=folkevalgte-\w+&side=\d+&passasje=\d+", place)


def test_filters_stand_in_the_address_and_narrow_the_answer(app):
    at = app(q=QUESTION)
    assert "Folkevalgt (1)" in [box.label for box in at.checkbox]
    at.checkbox("themes:Folkevalgt").check().run()
    assert at.query_params["tema"] == "Folkevalgt"
    assert html(at).count("<article") == 1 and "Avgrenset til" in words_of(at)
    at.button("clear").click().run()
    assert "tema" not in at.query_params and html(at).count("<article") > 1


def test_the_years_of_the_address_are_those_of_the_slider(app):
    at = app(q=QUESTION, fra="2021", til="2021")
    assert at.slider("years").value == (2021, 2021)
    assert html(at).count("<article") == 1
    at.slider("years").set_range(2011, 2021).run()
    assert at.query_params["til"] == "2021" and "fra" not in at.query_params  # 2011 is where the slider begins
    assert html(at).count("<article") > 1


def test_filters_that_nothing_passes_are_told(app):
    at = app(q=QUESTION, tema="finnes ikke")
    assert not at.exception and "Ingen rapporter passer til filtrene" in words_of(at)


def test_no_good_answer_is_said_before_what_is_nearest(app):
    at = app(q="kvantekromodynamikk gitterteori")
    text = words_of(at)
    assert not at.exception and "Ingen rapport svarer godt på dette" in text and "hel setning" in text
    assert text.index("Ingen rapport svarer godt") < text.index("Vis siden")
    assert html(at).count("<article") <= 3


def test_a_slip_of_the_hand_is_put_right_and_can_be_undone(app):
    at = app(q="folkevalgte som blir hetzet")
    assert "Viser treff for «folkevalgte som blir hetset» – søk heller etter" in words_of(at)
    assert at.button("suggestion").label == "folkevalgte som blir hetzet" and "<article" in html(at)
    at.button("suggestion").click().run()
    assert at.query_params["ordrett"] == "1" and at.query_params["q"] == "folkevalgte som blir hetzet"
    assert "Mente du" in words_of(at) and "Viser treff for" not in words_of(at)
    assert all("ordrett=1" in link for link in links(at) if link.startswith("./rapport?")), "the page marks what was asked"
    at.button("suggestion").click().run()
    assert at.query_params["q"] == "folkevalgte som blir hetset" and "ordrett" not in at.query_params
    assert "Mente du" not in words_of(at)


@pytest.mark.parametrize(
    ("lang", "told"), [("nn", "Viser treff for «kommunen» – søk heller etter"), ("en", "Showing results for “kommunen”")]
)
def test_that_the_question_was_put_right_is_told_in_every_language(app, lang, told):
    assert told in words_of(app(q="komunnen", lang=lang))


def test_phrases_and_exclusions(app, keys):
    assert html(app(q='"renses hver høst"')).count("<article") == 1
    assert keys["takrenner"] not in " ".join(links(app(q="kommunale bygg -takrenner")))
    at = app(q="-takrenner")
    assert not at.exception and "Søket sier bare hva du ikke vil ha" in words_of(at) and "«barnehage -privat»" in words_of(at)


def test_no_store_is_told_with_its_remedy(app, tmp_path):
    at = app("", "--store", str(tmp_path / "none"))
    assert not at.exception
    assert "python -m ingest run" in html(at) and "make run" in html(at) and "Prøv igjen" in labels(at)


@pytest.mark.parametrize("options", [("--config", "/finnes/ikke.toml"), ("--strange",), ("--config",)])
def test_wrong_options_are_told(app, options):
    at = app("", *options)
    assert not at.exception and "--config" in words_of(at)


def test_the_report_page_shows_the_marked_page(app, keys):
    at = app(rapport=keys["folkevalgte"], q=QUESTION)  # without its path: it finds its way
    assert not at.exception
    picture = next(attrs for tag, attrs in tags(at) if tag == "img")
    assert picture["src"].startswith("data:image/") and picture["data-marked"] == "true"
    assert "av Prisen for å stille til valg" in picture["alt"]
    text = words_of(at)
    assert "Teksten på siden" in text and '<mark class="fou-soft">' in html(at) and "<mark>" in html(at)
    for fact in ("8/2021", "Oppdragsgiver", "Eksempelinstituttet", "Innhold", "Beslektede rapporter", "Treff i rapporten"):
        assert fact in text, fact


def test_pages_turn_and_the_address_follows(app, keys):
    at = app("rapport", rapport=keys["folkevalgte"])
    assert "Side 1 av 4" in words_of(at) and at.button("previous").disabled
    at.button("next").click().run()
    assert at.query_params["side"] == "2" and "Side 2 av 4" in words_of(at)
    at.segmented_control("size").set_value(150).run()
    assert at.query_params["storrelse"] == "150" and "width:150%" in html(at)
    assert app("rapport", rapport=keys["folkevalgte"], side="99").button("next").disabled


def test_repaired_words_are_marked_and_the_text_as_read_can_be_seen(app, keys):
    at = app("rapport", rapport=keys["eiendom"], side="2")
    edits = [attrs["title"] for tag, attrs in tags(at) if tag == "ins"]
    assert edits and all(re.fullmatch(r"Lest som «[^»]+» \(feil i tekst.*, \d+ % sikkert\)", title) for title in edits)
    assert re.search(rf"\d\d % av ordene var uskadde · {len(edits)} rettelser", words_of(at))
    assert "Pek eller trykk på et ord" in words_of(at)
    at.toggle("as_read").set_value(True).run()
    assert not [tag for tag, _ in tags(at) if tag == "ins"] and 'title="Rettet til «' in html(at)


def test_a_doubtful_word_is_marked_in_both_forms(app, tmp_path):
    from fake_encoder import Bags
    from indexed import a_report

    from index.store import Store
    from ingest.report import Edit
    from settings import load_settings

    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    edits = (Edit(4, 7, "nar", "når", "ocr", 0.999), Edit(12, 16, "snor", "snør", "ocr", 0.61))
    with Store.open_for_writing(load_settings(config), model=Bags()) as store:
        store.put(a_report("vinter", "Men nar det snor mye, rydder de.", edits=edits), "vinter.txt", "1", key="vinter")
        store.build()
    at = app("rapport", "--config", str(config), rapport="vinter", q="snor")
    title = "(feil i tekstgjenkjenningen, 61 % sikkert)"
    assert f'<b><ins class="fou-edit fou-doubtful" title="Lest som «snor» {title}">snør</ins></b>' in html(at)
    assert "2 rettelser (1 usikker)" in words_of(at) and "usikkert rettet (begge former kan søkes)" in words_of(at)
    at.toggle("as_read").set_value(True).run()
    assert f'<b><span class="fou-edit fou-doubtful" title="Rettet til «snør» {title}">snor</span></b>' in html(at)


@pytest.mark.parametrize("full", [False, True], ids=["nothing", "one report of which nothing is known"])
def test_a_bare_base_is_no_crash(app, tmp_path, full):
    from fake_encoder import Bags
    from indexed import a_report

    from index.store import Store
    from settings import load_settings

    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    with Store.open_for_writing(load_settings(config), model=Bags()) as store:
        if full:
            store.put(a_report("x", "En tekst om skole og helse i norske kommuner.", title="", language=""), "x.pdf", "1")
        store.build()
    options = ("--config", str(config))
    draft = app("dublettsjekk", *options)
    draft.text_area("draft").input(DRAFT)
    next(b for b in draft.button if b.label == "Sjekk utkastet").click().run()
    pages = [draft, app("", *options), app("", *options, q="skole"), app("oversikt", *options, sp=["skole", "helse"])]
    for at in (*pages, app("litteraturliste", *options), app("samlingen", *options, kart="1")):
        assert not at.exception and "Noe gikk galt" not in words_of(at)
    assert full or not any("Ta vare på" in label for at in pages for label in labels(at))
    assert "Rapporter etter år" not in words_of(app("samlingen", *options))
    assert not re.search(r"<a[^>]*></a>", html(pages[2])), "a link has a name"
    assert not full or ">x</a>" in html(pages[2])


def test_the_report_can_be_searched_by_itself(app, keys):
    at = app("rapport", rapport=keys["eiendom"])
    at.text_input("inside").input("muggsopp bak panelet")
    next(b for b in at.button if b.label == "Søk").click().run()
    assert "Treff i rapporten" in words_of(at) and "Side 2 av 3" in words_of(at)
    assert all(keys["eiendom"] in link for link in links(at) if "passasje=" in link and "inne=" in link)


def test_a_project_leads_to_its_document_and_back(app, keys):
    at = app("rapport", rapport=keys["fou-plan"])
    project = next(link for link in links(at) if f"rapport={keys['fou-plan']}." in link)
    at = app("rapport", rapport=project.split("rapport=")[1])
    assert not at.exception and "Dokumentet som beskriver prosjektet" in words_of(at)
    assert any(link.endswith(f"rapport={keys['fou-plan']}") for link in links(at))
    assert next(attrs for tag, attrs in tags(at) if tag == "img")["data-marked"] == "true"


def test_an_unknown_report_or_passage_is_no_crash(app, keys):
    assert "Fant ikke rapporten" in words_of(app("rapport", rapport="finnes-ikke"))
    assert "Fant ikke rapporten" in words_of(app("rapport"))
    at = app("rapport", rapport=keys["folkevalgte"], passasje="999999", side="x")
    assert not at.exception and "data-marked" not in html(at)


def test_an_original_that_is_gone_or_changed_is_told(app, keys, config: Path):
    original, aside = config.parent / "corpus" / "folkevalgte.pdf", config.parent / "aside.pdf"
    original.rename(aside)
    try:
        at = app("rapport", rapport=keys["folkevalgte"], q=QUESTION)
        assert not at.exception and "finnes ikke lenger" in words_of(at)
        assert "<img" not in html(at) and '<mark class="fou-soft">' in html(at)
        shutil.copy(aside.with_name("corpus") / "eiendom.pdf", original)
        at = app("rapport", rapport=keys["folkevalgte"], q=QUESTION)
        assert "er endret etter" in words_of(at) and "data-marked" not in html(at)
    finally:
        aside.replace(original)


def test_the_collection_sorts_and_finds(app):
    at = app("samlingen")
    assert not at.exception and "4 dokumenter 10 prosjekter" in words_of(at) and html(at).count("<tr>") == 15
    at.toggle("projects").set_value(False).run()
    assert html(at).count("<tr>") == 5 and at.query_params["prosjekter"] == "0"
    titles = re.findall(r'<td class="fou-title"[^>]*><a[^>]*>(.*?)</a>', html(app("samlingen", prosjekter="0", sorter="tittel")))
    assert titles == sorted(titles, key=str.casefold) and len(titles) == 4
    assert 'aria-sort="descending"' in html(app("samlingen", sorter="-tittel"))
    at.text_input("find").input("STILLE til").run()
    assert html(at).count("<tr>") == 2 and at.query_params["finn"] == "STILLE til"
    at.text_input("find").input("finnes ikke").run()
    assert "Ingen rapporter passer" in words_of(at)


@pytest.mark.parametrize(
    ("lang", "menu", "field"),
    [("nn", "Samlinga", "Kva vil du vite?"), ("en", "Collection", "What would you like to know?")],
)
def test_the_language_follows_the_address(app, keys, lang, menu, field):
    at = app(lang=lang, q=QUESTION)
    assert menu in words_of(at) and at.text_input("question").label == field
    inside = [link for link in links(at) if "lang=" not in link]
    assert not inside, "every link keeps the language"
    assert "lang=nb" in " ".join(links(app(lang=lang, rapport=keys["folkevalgte"])))


def test_what_documents_and_questions_hold_is_text_and_nothing_else(app, keys, no_lists):
    nasty = "takrenner <img src=y onerror=alert(4)> **fet** [lenke](http://y)"
    report = app("rapport", rapport=keys["takrenner"], q=nasty)
    Lists(no_lists).create("<u>**Min**</u>")
    kept = app(q="takrenner")
    for label in ("rapporten", "tekststykket"):
        next(b for b in kept.button if b.label == f"Ta vare på {label}").click().run()
    lists, overview = app("litteraturliste"), app("oversikt", sp=[nasty])
    assert "&lt;img src=x" in html(lists) and "&lt;script&gt;alert(2)" in html(lists) and "&lt;img src=y" in html(overview)
    assert kept.query_params["liste"] == "<u>**Min**</u>"
    pages = [app(q=nasty), app("samlingen", kart="1"), report, app(q="takrenner", tema="<u>x</u>"), kept, lists, overview]
    for at in pages:
        assert not at.exception
        for tag, attrs in tags(at):
            assert tag not in ("script", "u", "iframe"), tag
            assert attrs.get("src") not in ("x", "y") and not any(name.startswith("on") for name in attrs)
            assert not (attrs.get("href") or "").startswith(("javascript:", "http://"))
    at = app(q=nasty)
    assert "&lt;img src=x onerror=alert(1)&gt; **fet** [lenke](http://x)" in html(at)
    assert any(box.label == "\\[tema\\](http\\://\u200bx) \\:red\\[rødt\\] (1)" for box in at.checkbox)
    assert all("onerror" not in element.value for element in at.markdown)


DRAFT = (
    "Folkevalgte i mange kommuner får trusler og hets. KS ønsker å vite hvor mange folkevalgte som blir truet, "
    "og hvordan kommunene følger dem opp. Tilbudsfrist er 1. mai."
)


def test_a_draft_is_checked_and_nothing_of_it_is_kept(app):
    at = app("dublettsjekk")
    assert not at.exception and "Dublettsjekk" in words_of(at)
    at.text_area("draft").input(DRAFT)
    next(b for b in at.button if b.label == "Sjekk utkastet").click().run()
    assert not at.exception
    told = words_of(at)
    assert "Les disse først" in told and "Prisen for å stille til valg" in told
    assert "hvordan kommunene følger dem opp." in told and "Tilbudsfrist" not in told
    assert re.search(r"\d av 2 spørsmål", told)
    assert any(re.match(r"\./rapport\?rapport=folkevalgte-\w+&side=\d+&passasje=\d+", link) for link in links(at))
    assert "draft" not in at.query_params and "Lim inn" not in told


def test_an_empty_draft_is_told_so_and_a_short_one_says_what_to_do(app):
    at = app("dublettsjekk")
    next(b for b in at.button if b.label == "Sjekk utkastet").click().run()
    assert "Det er ikke noe å sjekke" in words_of(at)
    at.text_area("draft").input("to ord")
    next(b for b in at.button if b.label == "Sjekk utkastet").click().run()
    assert not at.exception and "færre enn 5 ord" in words_of(at) and "ikke noe å sjekke" not in words_of(at)


def test_a_draft_is_checked_once_and_a_report_held_against_the_others_once(app, keys, monkeypatch):
    from index.search import Index

    asked = []
    for name in ("overlap", "related"):
        whole = getattr(Index, name)
        monkeypatch.setattr(Index, name, lambda *args, whole=whole, name=name: (asked.append(name), whole(*args))[1])
    at = app("dublettsjekk")
    at.text_area("draft").input(DRAFT)
    next(b for b in at.button if b.label == "Sjekk utkastet").click().run()
    at.run()
    facts._related.clear()
    at = app("rapport", rapport=keys["folkevalgte"])
    at.button("next").click().run()
    assert not at.exception and asked.count("overlap") == 1 and asked.count("related") == 1
    assert "Beslektede rapporter" in words_of(at)


def test_a_draft_that_is_markup_is_text(app):
    at = app("dublettsjekk")
    at.text_area("draft").input("Vi vil vite om <script>alert(1)</script> takrenner renses hver høst i kommunen.")
    next(b for b in at.button if b.label == "Sjekk utkastet").click().run()
    assert not at.exception and not {tag for tag, _ in tags(at)} & {"script", "img"}

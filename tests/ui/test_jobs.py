"""The jobs from end to end in a browser, with the keyboard alone."""

from __future__ import annotations

import io
import shutil
import zipfile

import browsing
import pytest
import rispy
from browsing import go_to, press, see, taken_home, until
from fou_server import FouServer, Site, pdf
from openpyxl import load_workbook

pytestmark = pytest.mark.browser
ENTER = "\ue007"
DRAFT = """KS vil vite hvor mange folkevalgte som opplever hat, hets og trusler, og hva det gjør med viljen til å ta gjenvalg.
Hva koster det å drive svømmehaller?"""


def test_a_question_to_a_marked_page(served: str, browser):
    browser.get(served)
    see(browser, "h1", "Hva vil du vite?")
    go_to(browser, "Hva vil du vite?")
    press(browser, "politikere som blir truet og hetset", ENTER)
    see(browser, "article.fou-result", "Prisen for å stille til valg")
    go_to(browser, "Prisen for å stille til valg")
    press(browser, ENTER)
    picture = see(browser, "img[data-marked]")
    until(browser, lambda: int(picture.get_property("naturalWidth")) > 600, "the picture of the page")
    assert see(browser, ".fou-text mark").text


def test_a_draft_to_a_note(served: str, browser, tmp_path):
    browser.get(f"{served}/dublettsjekk")
    see(browser, "h1", "Dublettsjekk")
    go_to(browser, "Utkastet")
    press(browser, DRAFT)
    go_to(browser, "Sjekk utkastet")
    press(browser, ENTER)
    assert "Prisen for å stille til valg" in see(browser, ".fou-list", "Prisen").text
    go_to(browser, "Last ned notatet")
    press(browser, ENTER)
    with zipfile.ZipFile(io.BytesIO(taken_home(browser, tmp_path, ".docx"))) as note:
        said = note.read("word/document.xml").decode("utf-8")
    assert "svømmehaller" in said and "Prisen for å stille til valg" in said


def test_five_reports_into_a_list_to_a_file(served: str, browser, tmp_path, no_lists):
    browser.get(f"{served}/?q=kommunen")
    see(browser, "article.fou-result")
    for number in range(5):
        go_to(browser, "Ta vare på rapporten")
        press(browser, ENTER)
        until(browser, lambda n=number: len([b for b in browser.find_elements("css selector", "button") if "Rapporten er i lista" in b.text]) == n + 1, "the mark")
    go_to(browser, "Litteraturliste")
    press(browser, ENTER)
    see(browser, "h1", "Litteraturliste")
    see(browser, ".fou-count", "5 i lista")
    go_to(browser, "Merknad til")
    press(browser, "Les først", ENTER)
    go_to(browser, "RIS")
    press(browser, ENTER)
    found = rispy.loads(taken_home(browser, tmp_path, ".ris").decode("utf-8"))
    assert len(found) == 5 and all(one["title"] for one in found)
    assert "Les først" in str(found[0])


def test_a_few_questions_by_all_reports_to_a_table(served: str, browser, tmp_path):
    browser.get(f"{served}/oversikt")
    see(browser, "h1", "Oversikt")
    go_to(browser, "Spørsmål eller stikkord")
    press(browser, "hat og hets mot folkevalgte", ENTER, "takrenner i kommunale bygg")
    go_to(browser, "Lag oversikten")
    press(browser, ENTER)
    see(browser, ".fou-matrix", "Prisen for å stille til valg")
    go_to(browser, "Last ned som Excel")
    press(browser, ENTER)
    book = load_workbook(io.BytesIO(taken_home(browser, tmp_path, ".xlsx")))
    rows = list(book["Matrise"].values)
    assert len(rows) == 2 + 14 and "hat og hets mot folkevalgte" in rows[0]
    assert "Prisen for å stille til valg" in [row[0] for row in rows]


def test_the_focus_goes_into_a_popover_and_a_draft_outlasts_another_language(served: str, browser):
    browser.get(f"{served}/?q=kommunen")
    see(browser, "article.fou-result")
    go_to(browser, "Utelat")
    press(browser, ENTER)
    inside = "return !!document.activeElement.closest('[data-testid=stPopoverBody]')"
    until(browser, lambda: browser.execute_script(inside), "the focus in the popover")
    browser.get(f"{served}/dublettsjekk")
    see(browser, "textarea").send_keys(DRAFT)
    see(browser, "[data-testid=stFormSubmitButton] button").click()
    see(browser, ".fou-asks")
    see(browser, ".fou-languages a[hreflang=nn]").click()
    see(browser, ".fou-asks", "svømmehaller")
    assert see(browser, "html").get_attribute("lang") == "nn" and DRAFT.split()[0] in see(browser, "textarea").get_property("value")
    assert "svømmehaller" not in browser.current_url, "browsers remember addresses"


def test_one_step_back_is_one_step(served: str, browser):
    browser.get(f"{served}/?q=folkevalgte som blir hetset")
    see(browser, "article.fou-result h2 a").click()
    see(browser, ".fou-hits", "Treff")
    steps = browser.execute_script("return history.length")
    see(browser, ".st-key-next_hit button").click()
    until(browser, lambda: browser.execute_script("return history.length") > steps, "the next hit")
    until(browser, lambda: see(browser, "[data-test-script-state=notRunning]"), "the page")
    assert browser.execute_script("return history.length") == steps + 1


def test_the_collection_is_fetched_added_to_and_told_of(browser, config, tmp_path):
    base = tmp_path / "base"
    shutil.copytree(config.parent, base)
    site = Site()
    server = FouServer(site)
    try:
        for number in range(30):
            site.project(number, [("Rapport", site.add(f"/r/{number}.pdf", pdf(number)))])
        site.project(40, [("Rapport", site.add("/r/40.pdf", pdf(40), fault="404"))], title="Om det som er borte")
        ks = f'ks = "{site.url}/api/fousearch"\nallow_private = true\npause_seconds = 0.05\ntries = 1\n'
        with (base / "config.toml").open("a") as file:
            file.write(f"[fetch]\n{ks}")
        with browsing.serving(base / "config.toml", tmp_path) as address:
            browser.get(f"{address}/samlingen")
            see(browser, ".fou-figures", "4")
            go_to(browser, "Hent nå")
            press(browser, ENTER)
            bar = "return +document.querySelector('.fou-progress [role=progressbar]')?.getAttribute('aria-valuenow') > 0"
            until(browser, lambda: browser.execute_script(bar), "the bar moving")
            assert see(browser, ".fou-progress", "av ").text
            browser.refresh()  # the job goes on, and is found again
            until(browser, lambda: see(browser, ".fou-progress, .st-key-fetch"), "the job or its end")
            see(browser, ".st-key-fetch button", "Hent nå")
            see(browser, ".fou-figures", "35")  # without another visit
            see(browser, ".fou-line a", "1 feil").click()
            see(browser, ".fou-failures summary").click()
            failed = see(browser, ".fou-failures li", "Om det som er borte")
            assert "adressen finnes ikke (404)" in failed.text

            note = tmp_path / "Notat: bryggerier.txt"
            note.write_text("Bryggeriene i Vestby kommune brygger maltdrikk til julebordet.", "utf-8")
            browser.get(f"{address}/samlingen?vis=egne")
            see(browser, ".fou-panel", "Egne dokumenter")
            until(browser, lambda: browser.find_element("css selector", "input[type=file]"), "the field").send_keys(str(note))
            until(browser, lambda: see(browser, ".st-key-own_add button").is_enabled(), "the button")
            see(browser, ".st-key-own_add button").click()
            see(browser, ".st-key-panel .fou-private", "Ikke offentlig")
            browser.get(f"{address}/?q=maltdrikk til julebordet")
            assert "Ikke offentlig" in see(browser, "article.fou-result").text

            browser.get(f"{address}/samlingen?vis=nytt")
            see(browser, ".fou-panel", "Nytt")
            see(browser, ".st-key-feed button").click()
            feed = taken_home(browser, tmp_path, ".atom").decode("utf-8")
            assert "Om det som er borte" in feed and "Prisen for å stille til valg" in feed
            assert "bryggerier" not in feed.casefold(), "what is not public"
    finally:
        server.shutdown()
        server.server_close()

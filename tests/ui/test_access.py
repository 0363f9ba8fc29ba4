"""WCAG 2.1 A and AA by axe-core over every page in each language: nothing is broken, by our markup or by Streamlit's."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from browsing import see, until

from index.lists import Lists
from index.lists.log import Log
from index.records import Filters
from index.references import Quote, Reference

pytestmark = pytest.mark.browser
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAGES = {
    "first": ("", {}, ".fou-hero"),
    "answer": ("", {"q": "politikere som blir truet og hetset"}, "article.fou-result"),
    "no answer": ("", {"q": "kvantekromodynamikk gitterteori"}, ".fou-warning"),
    "report": ("rapport", {"rapport": "folkevalgte", "q": "hets"}, ".fou-picture"),
    "draft": ("dublettsjekk", {}, ".fou-title"),
    "checked draft": ("dublettsjekk", {}, ".fou-asks"),
    "matrix": ("oversikt", {"sp": ["hat og hets", "takrenner"]}, ".fou-matrix"),
    "list": ("litteraturliste", {}, ".fou-item blockquote"),
    "collection": ("samlingen", {"kart": 1}, ".fou-map"),
    "sources": ("samlingen", {"vis": "kilder"}, ".fou-sources"),
    "own documents": ("samlingen", {"vis": "egne"}, ".st-key-own_add"),
    "news": ("samlingen", {"vis": "nytt"}, ".st-key-since_bar"),
}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_page_breaks_the_guidelines(served: str, browser, language: str, keys: dict[str, str], no_lists):
    import axe_core_python

    one = Reference(keys["folkevalgte"], "Prisen for å stille til valg", year=2021)
    for quote in (None, Quote("Sakene er blitt flere og lengre.", 2, 2)):
        Lists(no_lists).add("Min liste", one, quote)
    Log(no_lists).write("hets", Filters(), 1, 14)

    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text("utf-8")
    faults = {}
    for name, (path, params, css) in PAGES.items():
        params = params | {"lang": language} | ({"rapport": keys[params["rapport"]]} if "rapport" in params else {})
        browser.get(f"{served}/{path}?{urlencode(params, doseq=True)}")
        if name == "checked draft":
            see(browser, "textarea").send_keys("Hvor mange folkevalgte opplever hat, hets og trusler? Hva koster svømmehaller?")
            see(browser, "[data-testid=stFormSubmitButton] button").click()
        see(browser, css)
        until(browser, lambda: browser.execute_script("return document.documentElement.lang") == language, "the language of the page")
        see(browser, "[data-test-script-state=notRunning]")  # else axe might look at half a page
        browser.execute_script(script)
        run = "const done = arguments[1]; axe.run(document, {runOnly: arguments[0]}).then(done)"
        told = browser.execute_async_script(run, WCAG)
        assert {"color-contrast", "link-name", "button-name"} <= {rule["id"] for rule in told["passes"]}, f"{name} was not looked at"
        nodes = [f"{rule['id']}: {node['html'][:200]}" for rule in told["violations"] for node in rule["nodes"]]
        if nodes:
            faults[name] = nodes
    assert not faults

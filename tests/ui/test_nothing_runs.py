"""Documents, names and questions that try to be scripts, links and formulas, through every page and every export in Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import browsing
import pytest
from browsing import see, taken_home, until
from fake_encoder import Bags

from index.lists import Lists
from index.lists.log import Log
from index.lists.saved import Saved
from index.records import Filters
from index.references import references
from index.search import open_index
from index.store import Store
from ingest import pipeline
from settings import Settings, load_settings
from upkeep import own
from upkeep.own import Stated

pytestmark = pytest.mark.browser
RUN = "window.ran=1"
BAD = (
    f"<img src=x onerror={RUN}>",
    f"<script>{RUN}</script>",
    f"</style></script><svg onload={RUN}>",
    f"[x](javascript:{RUN}) ![y](https://ond.example/y.png)",
    "https://ond.example/a www.ond.example kari@ond.example",
    "$\\LaTeX$ :red[r] :material/home: # h `k`",
    '=HYPERLINK("https://ond.example","x")',
    f"\"' onmouseover={RUN} x='",
    "+cmd|' /C calc'!A1",
    "@SUM(1+1)*cmd",
)
QUESTION = "takrenner i kommunale bygg"
BODY = "{bad}\n\nTakrenner i kommunale bygg må renses hver høst. {bad} Vaktmestrene i kommunen renser dem med stige."
OURS = """
const seen = [...document.querySelectorAll('*')];
return {
  ran: window.ran ?? null,
  odd: seen.filter(e => [...e.attributes].some(a => /^on/.test(a.name))).map(e => e.outerHTML.slice(0, 200)),
  links: seen.flatMap(e => ['href', 'src', 'action', 'xlink:href', 'data'].map(n => e.getAttribute(n)).filter(Boolean)),
  foreign: [...document.querySelectorAll('img[src=x], [data-testid=stHtml] svg, [data-testid=stMarkdown] img, .katex')].map(e => e.outerHTML.slice(0, 200)),
  asked: performance.getEntriesByType('resource').map(e => e.name),
};"""


@pytest.fixture
def base(config: Path, tmp_path: Path) -> Settings:
    """A base whose documents are all called, and say, something of BAD; lists and saved questions of such names."""
    root = tmp_path / "base"
    corpus = root / "corpus"
    corpus.mkdir(parents=True)
    shutil.copy(config, root / "config.toml")
    settings = load_settings(root / "config.toml")
    for number, bad in enumerate(BAD):
        path = corpus / f"{number} {bad.replace('/', '_')[:60]}.txt"
        path.write_text(BODY.format(bad=bad), encoding="utf-8")
        stated = {
            "title": f"{bad} takrenner",
            "body": bad,
            "commissioner": bad,
            "authors": [bad],
            "themes": [bad],
            "year": 2000 + number,
        }
        stated |= {"summary": bad, "number": bad, "url": f"javascript:{RUN}" if number % 2 else f"data:text/html,{bad}"}
        path.with_suffix(".json").write_text(json.dumps(stated), encoding="utf-8")
    page = corpus / "side.html"
    page.write_text(
        f"<h1>{BAD[3]}</h1><h2>takrenner &lt;img src=x onerror={RUN}&gt;</h2><p>Takrenner renses.</p><script>{RUN}</script>"
    )
    mine = own.add(f"{BAD[0]}.txt", BODY.format(bad=BAD[1]).encode(), Stated(BAD[2], 2024, BAD[0]), settings)
    with Store.open_for_writing(settings, model=Bags()) as store:
        for path in [*sorted(p for p in corpus.iterdir() if p.suffix in (".txt", ".html")), mine]:
            store.put(pipeline.read(path, settings), path, pipeline.fingerprint(path, settings))
        store.build()
    index = open_index(settings, model=Bags())
    lists = Lists(settings.folders.store / "lists.sqlite")
    found = references(index.snapshot, [card.id for card in index.cards()])
    for bad in BAD:
        lists.create(bad[:100], bad)
    items = lists.add_all(BAD[0], found)
    for item, bad in zip(items, BAD, strict=False):
        lists.comment(BAD[0], item, bad)
        Saved(lists.path).add(index, f"{bad} takrenner")
        Log(lists.path).write(f"{bad}", Filters(themes=(bad,)), 1, 12, [item])
    return settings


@pytest.fixture
def served_base(base: Settings, tmp_path: Path):
    with browsing.serving(base.root / "config.toml", tmp_path) as address:
        yield address


def held(browser, where: str) -> None:
    """Nothing has run, nothing but ours is linked to or drawn, and nobody outside was asked."""
    see(browser, "[data-test-script-state=notRunning]")
    found = browser.execute_script(OURS)
    assert found["ran"] is None and not found["odd"] and not found["foreign"], (
        where,
        found["ran"],
        found["odd"],
        found["foreign"],
    )
    for link in found["links"]:
        parts = urlsplit(link)
        assert parts.scheme in ("", "http", "data", "blob") and "ond.example" not in parts.netloc, (where, link)
        assert parts.scheme != "data" or link.startswith(("data:image/", "data:font/")), (where, link[:60])
        assert parts.scheme != "http" or parts.hostname == "127.0.0.1", (where, link)
    assert all(urlsplit(asked).hostname in ("127.0.0.1", None) for asked in found["asked"]), (where, found["asked"])


def test_nothing_of_a_document_runs_on_any_page(served_base: str, base: Settings, browser):
    index = open_index(base, model=Bags())
    pages = [
        ("", {"q": f"takrenner {bad}", "antall": 50, "tema": bad} if n % 2 else {"q": bad, "ordrett": 1})
        for n, bad in enumerate(BAD)
    ]
    pages += [
        ("rapport", {"rapport": card.id, "q": QUESTION, "inne": bad}) for card, bad in zip(index.cards(), BAD, strict=False)
    ]
    pages += [("litteraturliste", {"liste": bad[:100]}) for bad in BAD[:5]]
    pages += [("samlingen", {"vis": shown, "kart": 1, "finn": ""}) for shown in ("", "kilder", "egne", "nytt")]
    pages += [
        ("samlingen", {"tema": list(BAD), "utforer": list(BAD), "sprak": BAD[0], "kilde": BAD[1], "uten": BAD[2], "vis": BAD[3]})
    ]
    pages += [("oversikt", {"sp": list(BAD)}), ("rapport", {"rapport": BAD[0]}), ("litteraturliste", {"liste": f"{BAD[1]} x"})]
    for path, params in pages:
        browser.get(f"{served_base}/{path}?{urlencode(params, doseq=True)}")
        see(browser, ".fou-head")
        held(browser, f"{path} {params}")
        for folded in browser.find_elements("css selector", "[data-testid=stMain] summary, [data-testid=stSidebar] summary")[:6]:
            browser.execute_script("arguments[0].click()", folded)
        held(browser, f"{path} {params}, unfolded")
    browser.get(f"{served_base}/dublettsjekk")
    see(browser, "textarea").send_keys(f"Hvordan renses takrenner? {BAD[0]} Hva koster {BAD[1]} takrenner? {BAD[3]}")
    see(browser, "[data-testid=stFormSubmitButton] button").click()
    see(browser, ".fou-asks")
    held(browser, "the check of a draft")
    note = zipfile.ZipFile(io.BytesIO(_taken(browser, base, "[data-testid=stDownloadButton] button", ".docx")))
    assert not [name for name in note.namelist() if "vba" in name.lower() or "embed" in name.lower()]
    told = note.read("word/document.xml").decode()
    assert "<img" not in told and "instrText" not in told and "fldSimple" not in told and "w:hyperlink" not in told
    assert "ond.example" not in note.read("word/_rels/document.xml.rels").decode()


def test_toasts_menus_and_names_are_text_too(served_base: str, base: Settings, browser):
    browser.get(f"{served_base}/?{urlencode({'q': QUESTION, 'liste': BAD[3][:100]})}")
    see(browser, "[data-test-script-state=notRunning]")
    see(browser, "[class*=st-key-keep] button").click()
    see(browser, "[data-testid=stToast]")
    held(browser, "a toast")
    see(browser, "[data-testid=stPopover] button").click()
    see(browser, "[data-testid=stPopoverBody]")
    held(browser, "the choice of a list")
    browser.get(f"{served_base}/litteraturliste")
    see(browser, "[data-testid=stSelectbox] input").click()
    see(browser, "[role=option]")
    held(browser, "the lists to choose from")


def test_nothing_of_a_document_runs_in_what_is_taken_home(served_base: str, base: Settings, browser):
    import bibtexparser
    import rispy
    from openpyxl import load_workbook

    browser.get(f"{served_base}/litteraturliste?{urlencode({'liste': BAD[0]})}")
    taken = {
        kind: _taken(browser, base, f".st-key-export-{kind} button", ending)
        for kind, ending in (
            ("ris", ".ris"),
            ("bibtex", ".bib"),
            ("csl", ".json"),
            ("apa", ".txt"),
            ("csv", ".csv"),
            ("xlsx", ".xlsx"),
        )
    }
    taken["log"] = _taken(browser, base, ".st-key-log_csv button", ".csv")
    taken["log_xlsx"] = _taken(browser, base, ".st-key-log_xlsx button", ".xlsx")
    browser.get(f"{served_base}/oversikt?{urlencode({'sp': [QUESTION, BAD[6]]}, doseq=True)}")
    taken["matrix"] = _taken(browser, base, ".st-key-matrix_xlsx button", ".xlsx")
    count = len(open_index(base, model=Bags()).cards())
    entries = rispy.loads(taken["ris"].decode("utf-8-sig"))
    assert len(entries) == count and not any("urls" in entry or "url" in entry for entry in entries)
    library = bibtexparser.parse_string(taken["bibtex"].decode())
    assert (
        len(library.entries) == count and not library.failed_blocks and not any("url" in e.fields_dict for e in library.entries)
    )
    assert len(json.loads(taken["csl"])) == count and "javascript:window" not in json.dumps(
        [one.get("URL") for one in json.loads(taken["csl"])]
    )
    assert "Takrenner" in taken["apa"].decode() or "takrenner" in taken["apa"].decode()
    for name in ("csv", "log"):
        for delimiter in ";,\t":
            cells = [
                c
                for row in csv.reader(io.StringIO(taken[name].decode("utf-8-sig"), newline=None), delimiter=delimiter)
                for c in row
            ]
            assert len(cells) > 10 and not [cell for cell in cells if re.match("[=+\\-@\t\r]", cell)], name
    for name in ("xlsx", "log_xlsx", "matrix"):
        for page in load_workbook(io.BytesIO(taken[name])):
            for row in page.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" and not str(cell.value).startswith(("=", "+", "@")), (name, cell.value)
                    assert not cell.hyperlink or cell.hyperlink.target.startswith(("https://", "http://", "file://"))
        assert not [n for n in zipfile.ZipFile(io.BytesIO(taken[name])).namelist() if "vba" in n.lower() or "externalLink" in n]
    held(browser, "after all")


def _taken(browser, base: Settings, css: str, ending: str) -> bytes:
    """What the button gives, when the page has settled."""
    see(browser, "[data-test-script-state=notRunning]")
    place = base.root.parent / browsing.TAKEN_HOME
    for old in place.glob(f"*{ending}") if place.is_dir() else ():
        old.unlink()
    until(browser, lambda: see(browser, css).click() is None, css)
    return taken_home(browser, base.root.parent, ending)

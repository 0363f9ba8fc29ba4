"""A small store for the app: three sample reports and one whose texts try to be markup; and the app on it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from fake_encoder import Bags

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ("folkevalgte.pdf", "folkevalgte.json", "eiendom.pdf", "fou-plan.pdf")
NASTY = "<img src=x onerror=alert(1)> **fet** [lenke](http://x)"
TEXT = """Om takrenner i kommunale bygg

Takrenner <script>alert(2)</script> må renses hver høst, ellers renner vannet inn i veggen. **Ikke fet** og `ikke kode`.
Vaktmestrene i kommunen renser dem med stige, og en $x^2$ av dem mener at det bør gjøres to ganger i året.
"""


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config.toml beside a corpus and a whole store of four documents, made with a quick stand-in for the model."""
    from index.store import Store
    from ingest import pipeline
    from settings import load_settings

    folder = tmp_path_factory.mktemp("app")
    config = folder / "config.toml"
    config.write_text("[search]\nno_answer_below = 0.2\n[passages]\nmin_words = 60\nmax_words = 120\n", encoding="utf-8")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "corpus" / "sample" / name, corpus / name)
    (corpus / "takrenner.txt").write_text(TEXT, encoding="utf-8")
    sidecar = {"title": NASTY, "body": "<b>Utfører</b> & sønn", "themes": ["[tema](http://x) :red[rødt]"]}
    sidecar |= {"year": 2020, "url": "javascript:alert(3)"}
    (corpus / "takrenner.json").write_text(json.dumps(sidecar), encoding="utf-8")
    settings = load_settings(config)
    with Store.open_for_writing(settings, model=Bags()) as store:
        for path in sorted(p for p in corpus.iterdir() if p.suffix != ".json"):
            store.put(pipeline.read(path, settings), path, pipeline.fingerprint(path, settings))
        store.build()
    return config


@pytest.fixture
def keys(config: Path) -> dict[str, str]:
    """The key of each document by the stem of its file."""
    from index.search import open_index
    from settings import load_settings

    index = open_index(load_settings(config), model=Bags())
    return {Path(card.path).stem: card.id for card in index.cards() if card.kind == "document"}


@pytest.fixture
def app(config: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """app(path, **params): the app, run at an address; the first argument is the page's path. `user` is who has signed in."""
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from index import encoder
    from ui import visitor

    monkeypatch.setattr(encoder, "load", lambda settings, models: Bags())
    monkeypatch.setattr(visitor, "at_this_machine", lambda: True)  # AppTest's visitor comes from nowhere

    def open_at(path: str = "", *options: str, user: dict | None = None, **params: str | list[str]) -> AppTest:
        monkeypatch.setattr(sys, "argv", ["app.py", *(options or ("--config", str(config)))])
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        at._page_hash = calc_hash(path) if path else ""  # AppTest.switch_page knows pages that are files alone
        at.query_params.update(params)
        at.user = user or {}
        return at.run()

    return open_at


@pytest.fixture
def served(config: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the app, served by a process of its own that ends with the test."""
    with browsing.serving(config, tmp_path) as address:
        yield address


@pytest.fixture
def browser(tmp_path: Path) -> Iterator:
    """A browser that leaves what it downloads in `tmp_path / browsing.TAKEN_HOME`."""
    if not browsing.possible():
        pytest.skip("needs Chromium and its driver (Debian: apt install chromium chromium-driver)")
    with browsing.browsing(tmp_path) as driver:
        yield driver


@pytest.fixture
def no_lists(config: Path) -> Path:
    """The file of the lists, not there yet; it is shared by the tests, which each begin anew."""
    from index.layout import Layout
    from settings import load_settings

    path = Layout.of(load_settings(config)).lists
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    return path

"""What goes wrong in the app is told with a short id, the log explains it without anyone's words, and the page keeps working."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading import html, words_of

import failures
from errors import FouError
from index.records import Origin
from index.search import Index
from settings import load_settings
from ui import collection, session
from ui.language import texts


def explained(config: Path, told: str) -> str:
    """What the log has of the id that a page tells."""
    number = re.search(r"Feil-id ([0-9a-f]{6});", told)[1]
    log = failures.path(load_settings(config).folders.store).read_text()
    return log.split(f" {number} ")[1].split("Z ")[0]


@pytest.mark.parametrize(
    ("error", "said"), [(ZeroDivisionError("Kari Nordmann"), "Noe gikk galt"), (FouError("Lag en ny."), "Lag en ny.")]
)
def test_a_page_that_fails_tells_an_id(app, config, monkeypatch, error, said):
    def fails(*_):
        raise error

    monkeypatch.setattr(collection, "table", fails)
    at = app("samlingen")
    told = words_of(at)
    assert not at.exception and said in told and "Kari" not in told and "fou-head" in html(at)
    log = explained(config, told)
    assert type(error).__name__ in log and "ui/collection.py" in log and "Kari" not in log and "Lag en ny" not in log
    monkeypatch.undo()


def test_a_callback_that_fails_tells_an_id_and_the_page_is_drawn(app, config, monkeypatch):
    at = app("", q="takrenner")

    def fails(*_, **__):
        raise ZeroDivisionError("Kari Nordmann")

    monkeypatch.setattr("index.lists.log.Log.write", fails)
    at.button("log").click().run()
    told = words_of(at)
    assert not at.exception and "Noe gikk galt her" in told and "<article" in html(at) and "Kari" not in told
    assert "ZeroDivisionError" in explained(config, told)


def test_a_download_that_fails_says_nothing_of_why(app, config):
    room = session.Room(load_settings(config), texts("nb"), {})

    def fails():
        raise ValueError("Kari Nordmann")

    with pytest.raises(FouError, match="^download$") as error:
        session.made(room, fails)()
    assert error.value.__suppress_context__
    assert "builtins.ValueError" in failures.path(room.settings.folders.store).read_text()


def test_a_link_in_the_place_of_a_document_is_not_followed(tmp_path):
    root = tmp_path.resolve()
    (root / "a.pdf").write_bytes(b"a")
    assert Origin("a.pdf", "").file(root) == root / "a.pdf"
    (root / "hemmelig").write_text("x")
    (root / "a.pdf").unlink()
    (root / "a.pdf").symlink_to(root / "hemmelig")
    (root / "mappe").symlink_to("/etc")
    for name in ("a.pdf", "mappe/hostname", "../x", "", "/etc/../etc/hostname"):
        assert Origin(name, "").file(root) is None


def test_a_report_is_found_by_its_key_and_by_no_path(config):
    from fake_encoder import Bags

    from index.search import open_index

    index: Index = open_index(load_settings(config), model=Bags())
    for asked in ("../config.toml", "/etc/passwd", "", "\x00", "corpus/../../x"):
        with pytest.raises(FouError):
            index.report(asked)

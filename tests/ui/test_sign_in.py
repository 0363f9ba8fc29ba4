"""Where people sign in: nobody else sees anything, editors alone change the collection, and a button is no leave to press it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from reading import html, words_of

import audit
from index.lists import Lists
from settings import Access, Settings, load_settings
from ui import access, visitor
from upkeep import jobs, own
from upkeep.own import Stated

READER = {"is_logged_in": True, "email": "Les@kommune.no", "email_verified": True}
EDITOR = {"is_logged_in": True, "email": "red@kommune.no"}
OTHER = {"is_logged_in": True, "email": "hvem@annet.no"}
PAGES = ("", "dublettsjekk", "oversikt", "litteraturliste", "samlingen", "rapport")


@pytest.fixture
def base(config: Path, tmp_path: Path, monkeypatch) -> Settings:
    shutil.copytree(config.parent, tmp_path / "base", ignore=shutil.ignore_patterns("lists.sqlite*", "log"))  # of other tests
    monkeypatch.setattr(jobs, "INGEST", (sys.executable, str(Path(__file__).with_name("ingest.py"))))
    monkeypatch.setattr(visitor, "at_this_machine", lambda: True)
    file = tmp_path / "base" / "config.toml"
    file.write_text(file.read_text() + '[access]\nreaders = ["@kommune.no"]\neditors = ["red@kommune.no"]\n')
    return load_settings(file)


@pytest.fixture
def page(app, base):
    return lambda path="samlingen", **params: app(path, "--config", str(base.root / "config.toml"), **params)


@pytest.mark.parametrize(
    ("user", "role"),
    [
        ({}, None),
        ({"email": "red@kommune.no"}, None),  # of someone who has not signed in
        ({"is_logged_in": "ja", "email": "red@kommune.no"}, None),
        (EDITOR, "editor"),
        (READER, "reader"),
        (OTHER, None),
        (EDITOR | {"email_verified": False}, None),
        (EDITOR | {"email_verified": "false"}, None),
        (READER | {"email": "x@kommune.no.annet.no"}, None),
        (READER | {"email": "@kommune.no"}, None),
        (READER | {"email": "x@annet.no@kommune.no"}, None),
        (READER | {"email": ["red@kommune.no"]}, None),
        ({"is_logged_in": True, "roles": ["fou", "x"]}, "editor"),
        ({"is_logged_in": True, "roles": "fou"}, "editor"),
        ({"is_logged_in": True, "roles": "foul"}, None),
        ({"is_logged_in": True, "roles": {"fou": 1}}, None),
    ],
)
def test_who_has_which_role(user, role):
    assert access.role_of(user, Access(("@kommune.no",), ("red@kommune.no", "roles=fou"))) == role


@pytest.mark.parametrize("user", [None, {"is_logged_in": False}, OTHER])
def test_nobody_else_sees_anything(page, user):
    for path in PAGES:
        at = page(path, user=user, q="takrenner", vis="egne", sp="takrenner")
        told = words_of(at)
        assert not at.exception and ("Logg inn for å lese" in told or "ikke tilgang" in told)
        assert "Takrenner" not in html(at) and "dokumenter" not in told and "<article" not in html(at)
        assert not at.text_input and not at.get("file_uploader") and len(at.button) == 1


def test_sign_in_that_is_half_set_up_lets_nobody_in(app):
    """[auth] of Streamlit alone, with nobody named in [access]: Streamlit then says of each visitor whether they are in."""
    assert "ikke tilgang" in words_of(app("samlingen", user=EDITOR))
    assert "Logg inn" in words_of(app("samlingen", user={"is_logged_in": False}))


def test_a_sign_in_that_cannot_begin_is_told(page):
    at = page()
    at.button("sign_in").click().run()
    assert not at.exception and "requirements-signin.txt" in words_of(at) and "<article" not in html(at)


def test_readers_read_and_keep_lists_and_editors_edit(page, base):
    own.add("notat.txt", b"Et notat om skole.", Stated(), base)
    at = page(vis="egne", user=READER)
    assert "notat.txt" in words_of(at) and "gitt rett til det" in words_of(at) and "Les@kommune.no" in words_of(at)
    assert not {"Hent nå", "Legg til", "Ja, ta den ut"} & {b.label for b in at.button} and not at.get("file_uploader")
    at = page("", q="takrenner", user=READER)
    next(b for b in at.button if b.key.startswith("keep:") or b.label == "Legg i lista").click().run()
    trail = [*audit.lines(base.folders.store, by="les@kommune.no")]
    assert [line["what"] for line in trail] == ["list.add"] and trail[0]["who"].startswith("reader:")
    assert "kommune.no" not in audit.path(base.folders.store).read_text()
    at = page(vis="egne", user=EDITOR)
    assert at.get("file_uploader") and "Ja, ta den ut" in {b.label for b in at.button}


@pytest.mark.parametrize("lists", [[], ["les@kommune.no"]])
def test_who_is_taken_out_can_press_nothing_that_still_stands_there(page, base, lists):
    path = own.add("notat.txt", b"Et notat om skole.", Stated(), base)
    before = Lists(base.folders.store / "lists.sqlite").names()
    edited, kept = page(vis="egne", user=EDITOR), page("", q="takrenner", user=EDITOR)
    file = base.root / "config.toml"
    text = file.read_text().replace('["red@kommune.no"]', "[]").replace('["@kommune.no"]', json.dumps(lists or ["a@b.no"]))
    file.write_text(text)
    next(b for b in edited.button if b.label == "Ja, ta den ut").click().run()
    next(b for b in kept.button if b.key.startswith("keep:") or b.label == "Legg i lista").click().run()
    assert path.is_file() and jobs.current(base) is None
    assert Lists(base.folders.store / "lists.sqlite").names() == before
    assert "ikke tilgang" in words_of(edited) and "<article" not in html(kept)

"""Keeping current, against a source on this machine: what a round says, what it leaves to the next, and how it is stopped."""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fake_encoder import Bags

import watch
from errors import UsageError
from index.layout import Layout
from index.lists.saved import Saved
from index.search import open_index
from ingest.__main__ import ingest, main
from settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
HELTID = "Hvordan får kommunene flere i heltid?"
LINE = r"\d{4}-\d\d-\d\d \d\d:\d\d  "


@pytest.fixture
def config(site, tmp_path, monkeypatch) -> Path:
    """Settings whose KS is the site and whose Kudos is no one; the model is a quick stand-in."""
    monkeypatch.setattr("index.encoder.load", lambda settings, models: Bags())
    addresses = f'ks = "{site.url}/api/fousearch?QueryString=&fromYear=0&toYear=0"\nkudos = "http://127.0.0.1:9/api"\n'
    manners = "allow_private = true\npause_seconds = 0\nbackoff_seconds = 0.01\ntries = 1\nconnect_seconds = 1\n"
    path = tmp_path / "config.toml"
    path.write_text(f"[fetch]\n{addresses}{manners}[watch]\nsources = ['ks', 'kudos --query heltid']\n", "utf-8")
    return path


@pytest.fixture
def once(config, capsys):
    """`once("ks", code=0)`: what a round says, on stdout and on stderr."""

    def told(*sources: str, code: int = 0) -> tuple[str, str]:
        assert main(["watch", *sources, "--once", "--config", str(config)]) == code
        return capsys.readouterr()

    return told


def feed(layout: Layout) -> list[str]:
    atom = "{http://www.w3.org/2005/Atom}"
    return [entry.findtext(f"{atom}title") for entry in ElementTree.parse(layout.feed).findall(f"{atom}entry")]


def test_a_round_fetches_takes_in_and_asks_the_saved_questions(site, config, once):
    site.project(1, [], title="Skolefravær i nord")
    said, wrong = once("ks")
    assert re.fullmatch(LINE + r"ks: 0 hentet, 0 uendret, 0 ikke å få. Basen: 1 nye, .*1 rapporter og prosjekter i alt.\n", said)
    settings = load_settings(config)
    layout = Layout.of(settings)
    assert not wrong and feed(layout) == ["Skolefravær i nord"]
    saved = Saved.of(layout)
    saved.add(open_index(settings), HELTID)
    before = layout.feed.read_bytes()
    assert once("ks")[0].endswith("Lagrede spørsmål med nye svar: 0.\n") and layout.feed.read_bytes() == before
    site.project(
        2, [], title="Flere i heltid", excerp="Hvordan får kommunene flere i heltid? Flere får heltid når turnusen endres."
    )
    for _ in range(2):  # told, but not marked as read
        assert "Lagrede spørsmål med nye svar: 1 (se dem med python -m index saved check)" in once("ks")[0]
    assert feed(layout) == ["Flere i heltid", "Skolefravær i nord"] and not saved.questions()[0].checked


def test_a_source_that_cannot_be_reached_is_told_and_the_rest_is_done(site, config, once):
    site.project(1, [])
    said, wrong = once(code=1)  # the sources of the settings
    assert "ks: 0 hentet" in said and "kudos: ikke hentet. Basen: 1 nye" in said
    assert re.fullmatch(rf"ingest: {LINE}Kan ikke hente fra kudos: .*\n", wrong)


def test_files_that_are_not_to_be_had(site, config, once):
    site.project(1, [("Rapport", "/x/borte.pdf")])
    said, wrong = once("ks", code=1)
    assert "ks: 0 hentet, 0 uendret, 1 ikke å få. Basen: 1 nye" in said
    assert wrong.endswith(f"Ingen av filene fra ks var å få; den første, {site.url}/x/borte.pdf: adressen finnes ikke (404)\n")


def test_saved_questions_that_cannot_be_asked_are_told_apart(site, config, once, monkeypatch):
    site.project(1, [])
    settings = load_settings(config)
    once("ks")
    Saved.of(Layout.of(settings)).add(open_index(settings), HELTID)

    def broken(settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.search.open_index", broken)
    said, wrong = once("ks", code=1)
    assert "Basen: 0 nye" in said and "Lagrede spørsmål: ikke sjekket." in said and "får ikke plass på disken" in wrong


def test_a_busy_store_is_told_and_left_to_the_next_round(site, config, once):
    site.project(1, [])
    with Layout.of(load_settings(config)).lock():
        said, wrong = once("ks", code=1)
    assert "Basen: ikke oppdatert." in said and "En annen kjøring skriver i" in wrong and wrong.count("\n") == 1
    assert "Basen: 1 nye" in once("ks")[0]


def test_wrong_use_ends_it_at_once(site, config, capsys, tmp_path):
    for sources, says in (
        (["kudos"], "oppgi --query"),
        (["url finnes-ikke.txt"], "kan ikke leses"),
        (["ks 'x"], "anførselstegn"),
    ):
        assert main(["watch", *sources, "--config", str(config)]) == 2
        assert says in capsys.readouterr().err
    for sources in (["nav"], ["ks --query x"], ["url"], ["--every", "1s", "ks"]):
        with pytest.raises(SystemExit, match="2"):
            main(["watch", *sources, "--config", str(config)])
        err = capsys.readouterr().err
        assert err.count("\n") == 1 and "argument" not in err, "in Norwegian"
    assert not site.log


def test_a_list_that_is_gone_later_does_not_end_it(config, tmp_path):
    (tmp_path / "liste.txt").write_text("", "utf-8")
    asked = [watch.command.asked(f"url {tmp_path / 'liste.txt'}")]
    settings = load_settings(config)
    assert not watch.one_round(asked, settings, ingest, strict=True).faults
    (tmp_path / "liste.txt").unlink()
    assert len(watch.one_round(asked, settings, ingest).faults) == 1
    with pytest.raises(UsageError):
        watch.one_round(asked, settings, ingest, strict=True)


def test_rounds_follow_each_other_until_a_signal(config, capsys):
    rounds = []

    def take(paths, settings):
        rounds.append(paths)
        if len(rounds) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return ingest(paths, settings)

    settings, before = load_settings(config), signal.getsignal(signal.SIGTERM)
    settings.folders.corpus.mkdir()
    assert watch.watch([], settings, take, 1e-6) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 3 and all(re.match(LINE + "Basen: 0 nye.* Neste runde 20", line) for line in out[:2])
    assert out[2].startswith("Stanset") and signal.getsignal(signal.SIGTERM) == before


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_watcher_at_rest_ends_cleanly(tmp_path, number):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "config.toml").write_text("[watch]\nsources = []\n", "utf-8")
    args = [sys.executable, "-m", "ingest", "watch", "--config", str(tmp_path / "config.toml")]
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}  # jobs in the background ignore it
    with subprocess.Popen(args, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **heard) as process:
        assert "Neste runde" in process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "") and out.startswith("Stanset")


def test_pauses_as_users_write_them():
    assert [watch.every(text) for text in ("6h", "6 timer", "90m", "2d", "1,5t", "1 dag")] == [6, 6, 1.5, 48, 1.5, 24]
    for wrong in ("", "6", "h", "1m", "9999d", "-6h", "6 hester"):
        with pytest.raises(argparse.ArgumentTypeError, match="6h, 90m eller 2d"):
            watch.every(wrong)

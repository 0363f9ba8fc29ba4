"""Broken documents and such as mean harm: each is read, or refused with its reason, and nothing else is touched."""

# ruff: noqa: E501 – what a document is made of reads best on one line

import http.server
import json
import os
import threading
from pathlib import Path

import chores
import hostile
import pytest

from ingest import reader
from ingest.__main__ import ingest as run
from ingest.sources import folder
from settings import load_settings

REASONS = {
    "tom.pdf": "filen er tom", "bare-hodet.pdf": "skadet fil", "nuller.pdf": "skadet fil", "million-barn.pdf": "skadet fil",
    "million-sider.pdf": "skadet fil", "uten-sider.pdf": "skadet fil", "passord-rc4_40.pdf": "passordbeskyttet",
    "passord-aes_256.pdf": "passordbeskyttet", "last-mot-utskrift.pdf": "", "kjempeark.pdf": "", "dyp-liste.pdf": "", "skript.pdf": "",
    "tom.docx": "filen er tom", "halv.docx": "skadet fil", "uten-dokument.docx": "skadet fil", "zipbombe.docx": "pakker ut til mer enn 1 000 MB",
    "mange-deler.docx": "pakker ut til mer enn", "passord.docx": "passordbeskyttet", "passord-i-zip.docx": "passordbeskyttet", "navn-ut.docx": "",
    "dyp.html": "", "enheter.html": "", "halve-tegn.html": "", "nuller.txt": "filen er ikke tekst", "bom-alene.txt": "", "ugyldig-utf8.txt": "",
    "jpeg-kalt.pdf": "ikke en PDF, som navnet sier, men et bilde", "html-kalt.pdf": "men en nettside", "pdf-kalt.docx": "men en PDF",
    "word-kalt.txt": "men en zip-fil", "pdf-kalt.html": "men en PDF", "pdf-kalt.txt": "men en PDF", "jpeg-kalt.docx": "men et bilde",
}  # fmt: skip
"""What is said of some of tests/hostile.py; "" where it is read all the same."""


@pytest.fixture(scope="module")
def made():
    return {name: data for kind in (hostile.pdfs, hostile.words, hostile.pages) for name, data in kind(False)} | dict(
        hostile.wrong()
    )


@pytest.fixture
def without_model(monkeypatch):
    from bench import hostile as bench
    from index import encoder

    monkeypatch.setattr(encoder, "load", encoder.load)
    bench.without_model()


def limited(tmp_path: Path, limits: str) -> Path:
    (tmp_path / "c.toml").write_text(f"[ocr]\nenabled = false\n[limits]\n{limits}\n")
    return tmp_path / "c.toml"


def read(paths, settings) -> dict[str, str]:
    """The reason for each by its name; "" where it was read."""
    found = reader.reports(paths, settings)
    return {path.name: report.reason if isinstance(report, reader.Refusal) else "" for path, report in found}


@pytest.mark.slow
def test_what_is_wrong_is_said_and_the_rest_is_read(made, tmp_path):
    paths = []
    for name in REASONS:
        paths.append(tmp_path / name)
        paths[-1].write_bytes(made[name])
    for name, reason in read(paths, load_settings(limited(tmp_path, ""))).items():
        assert (REASONS[name] in reason) == bool(reason or not REASONS[name]) and "uventet" not in reason, (name, reason)
        assert "\n" not in reason and str(tmp_path) not in reason


@pytest.mark.parametrize(
    ("chore", "limits", "says"),
    [
        (chores.hang, "document_seconds = 1", "ikke ferdig på 1 sekunder (limits.document_seconds i config.toml); åpne den"),
        (chores.crash, "", "skadet fil: lesingen stanset brått"),
        (chores.swell, "memory_mb = 700", "brukte mer enn 700 MB minne (limits.memory_mb i config.toml)"),
        (chores.babble, "memory_mb = 3000\noutput_mb = 5", "over grensen på 5 MB tekst (limits.output_mb i config.toml)"),
        (chores.fail, "", "uventet feil i lesingen (RuntimeError: noe gikk galt)"),
    ],
)
def test_what_a_document_costs_is_limited(tmp_path, monkeypatch, chore, limits, says):
    monkeypatch.setitem(reader.READ, "report", chore)
    (tmp_path / "a.txt").write_text("Kommunen har ansvar.")
    (reason,) = read([tmp_path / "a.txt"], load_settings(limited(tmp_path, limits))).values()
    assert reason.startswith(says)


def test_half_signs_that_a_font_leads_to_can_be_stored(made, tmp_path, settings):
    (tmp_path / "a.pdf").write_bytes(made["tounicode-til-alt.pdf"])
    (page,) = reader.report(tmp_path / "a.pdf", settings).pages
    assert page.raw and page.raw.encode()


def test_a_report_is_the_same_read_here_and_in_a_process_of_its_own(settings):
    from ingest import pipeline

    path = hostile.SAMPLE / "overvann.pdf"
    assert reader.report(path, settings) == pipeline.read(path, settings)


@pytest.mark.slow
@pytest.mark.usefixtures("without_model")
def test_what_was_refused_is_not_tried_again_before_something_changes(tmp_path, monkeypatch):
    from ingest import refused

    inside = tmp_path / "inn"
    inside.mkdir()
    (inside / "b.txt").write_text("Kommunen har ansvar for tjenesten.")
    (inside / "a.txt").write_text("Kommunen stanser.")
    settings = load_settings(limited(tmp_path, "document_seconds = 60"), tmp_path / "store")
    monkeypatch.setitem(reader.READ, "report", chores.crash_on_a)
    first = run([inside], settings)
    (row,) = refused.read(settings)
    assert first["added"] == 1 and first["failed"] == [{"path": row["path"], "reason": row["reason"]}]
    assert row["path"].endswith("a.txt") and "lesingen stanset brått" in row["reason"] and row["at"].startswith("20")

    monkeypatch.setitem(reader.READ, "report", chores.fail)  # whatever is tried from here on fails in another way
    again = run([inside], settings)
    assert again["failed"] == first["failed"] and again["unchanged"] == 1 and refused.read(settings) == [row]
    longer = load_settings(limited(tmp_path, "document_seconds = 61"), tmp_path / "store")
    assert "RuntimeError" in run([inside], longer)["failed"][0]["reason"]
    os.utime(inside / "a.txt", ns=(1, 1))
    monkeypatch.setitem(reader.READ, "report", chores.crash_on_a)
    assert "stanset brått" in run([inside], longer)["failed"][0]["reason"]
    (inside / "a.txt").unlink()
    assert run([inside], longer)["failed"] == [] == refused.read(longer)


@pytest.mark.slow
@pytest.mark.usefixtures("without_model")
def test_what_is_no_file_is_named_and_not_opened(tmp_path, capsys):
    inside = tmp_path / "inn"
    inside.mkdir()
    hostile.odd(inside)
    hostile.names(inside)
    settings = load_settings(limited(tmp_path, "document_seconds = 20"), tmp_path / "store")
    answer = run([inside], settings)
    failed = {Path(row["path"]).name: row["reason"] for row in answer["failed"]}
    for name, says in {
        "ko.pdf": "kø mellom programmer", "ko.txt": "kø mellom programmer", "lenke-ut.txt": "utenfor mappa", "lenke-til-system.txt": "utenfor mappa",
        "lenke-brutt.pdf": "ikke fører til noen fil", "ring-a.pdf": "ikke fører til noen fil", "ring-selv.pdf": "ikke fører til noen fil",
        "endepunkt.pdf": "endepunkt",
    }.items():  # fmt: skip
        assert says in failed[name], name
    there = {Path(path).name for path in folder.documents([inside])}
    assert "lesbar.txt" in there and "inni.txt" in there and "lenke-inn.txt" not in there
    plain = {name for name in hostile.NAMES if not name.startswith(".")}  # those that begin so are left out
    assert not plain & set(failed) and answer["added"] >= len(plain) > 15
    assert [row["path"] for row in answer["failed"] if Path(row["path"]).name == "lenke-ut.txt"] == ["inn/lenke-ut.txt"]

    from ingest.__main__ import main

    (inside / "skadet\n\u202e\x1b.pdf").write_bytes(b"nei")
    assert main(["run", str(inside), "--config", str(tmp_path / "c.toml"), "--store", str(tmp_path / "store"), "--json"]) == 0
    told = capsys.readouterr()
    assert "skadet\n\u202e\x1b.pdf" in {Path(row["path"]).name for row in json.loads(told.out)["failed"]}
    assert "skadet\\n\\u202e\\x1b.pdf" in told.err and "\x1b" not in told.err and "\u202e" not in told.err


@pytest.mark.slow
def test_nothing_that_a_document_refers_to_is_fetched(tmp_path, monkeypatch):
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        log_message = do_HEAD = do_GET

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "hemmelig.txt"
    secret.write_text("NØKKELORDET")
    monkeypatch.setattr(hostile, "ADDRESS", f"http://127.0.0.1:{server.server_port}/ute")
    monkeypatch.setattr(hostile, "SECRET", str(secret))
    settings = load_settings(limited(tmp_path, ""))
    paths = []
    for name, data in [*hostile.pdfs(False), *hostile.words(False), *hostile.pages(False)]:
        if "ytre" in name or name in ("relasjon-ut.docx", "skript.pdf", "xfa.pdf"):
            paths.append(tmp_path / name)
            paths[-1].write_bytes(data)
    assert len(paths) > 20
    texts = [
        page.raw for _, found in reader.reports(paths, settings) if not isinstance(found, reader.Refusal) for page in found.pages
    ]
    server.shutdown()
    assert len(texts) > 10 and "Kommunen" in " ".join(texts) and "NØKKELORDET" not in " ".join(texts)
    assert asked == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_mutations_are_read_or_refused(tmp_path, seed):
    paths = []
    for name, data in hostile.mutations(hostile.SAMPLE, seed, 40):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    reasons = read(paths, load_settings(limited(tmp_path, "document_seconds = 60")))
    assert len(reasons) == 40 and not [(name, reason) for name, reason in reasons.items() if "uventet" in reason]

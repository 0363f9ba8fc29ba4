"""Samlingen kept up to date: what is told of sources and jobs, one's own documents, what is new; and who may change anything."""

from __future__ import annotations

import re
import shutil
import sys
import time
import tomllib
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from fou_server import FouServer, Site, pdf
from reading import html, links, tags, words_of

from settings import ROOT, Limits, Settings, load_settings
from ui import sources, upkeep, visitor
from ui.language import LANGUAGES, texts
from upkeep import jobs, own
from upkeep.jobs import Job
from upkeep.own import Stated
from upkeep.sources import Failure

NASTY = "<img src=x onerror=alert(1)> **fet**"


@pytest.fixture
def base(config: Path, tmp_path: Path, monkeypatch) -> Settings:
    """A base of its own, like the one that the other tests share."""
    shutil.copytree(config.parent, tmp_path / "base")
    monkeypatch.setattr(jobs, "INGEST", (sys.executable, str(Path(__file__).with_name("ingest.py"))))
    return load_settings(tmp_path / "base" / "config.toml")


@pytest.fixture
def page(app, base):
    """page(**params): Samlingen of that base."""
    return lambda path="samlingen", **params: app(path, "--config", str(base.root / "config.toml"), **params)


def button(at, label: str):
    return next(b for b in at.button if b.label == label)


def labels(at) -> list[str]:
    return [b.label for b in at.button]


def ended(base: Settings) -> Job:
    until = time.monotonic() + 60
    while (job := jobs.current(base)) is None or job.running:
        assert time.monotonic() < until, job
        time.sleep(0.1)
    return job


@pytest.mark.parametrize(
    ("ip", "headers", "url", "local"),
    [
        (None, {"Host": "127.0.0.1:8501"}, "http://127.0.0.1:8501/samlingen", True),
        (None, {"host": "localhost:8501"}, "http://localhost:8501/", True),
        ("::1", {"Host": "[::1]:8501"}, "http://[::1]:8501/", True),
        ("::ffff:127.0.0.1", {"Host": "localhost"}, "", True),
        (None, {}, "", True),
        ("10.0.0.7", {"Host": "localhost:8501"}, "http://localhost:8501/", False),  # who says so may be anywhere
        ("192.168.1.4", {"Host": "192.168.1.2:8501"}, "http://192.168.1.2:8501/", False),
        (None, {"Host": "fou.kommune.no"}, "https://fou.kommune.no/", False),  # a server in front, on the same machine
        (None, {"Host": "ond.example:8501"}, "http://127.0.0.1:8501/", False),  # a name made to lead here
        (None, {"Host": "127.0.0.1:8501", "X-Forwarded-For": "10.0.0.7"}, "", False),
        (None, {"Host": "127.0.0.1", "forwarded": "for=127.0.0.1"}, "", False),
        (None, {"Host": "localhost"}, "https://localhost.example/", False),
        (None, {"Host": "127.0.0.1.example"}, "", False),
        (None, {"Host": "0.0.0.0:8501"}, "http://0.0.0.0:8501/", False),
        ("", {"Host": "]["}, "http://[", False),
    ],
)
def test_who_is_at_the_machine_itself(ip, headers, url, local, monkeypatch):
    assert visitor.is_local(ip, headers, url) == local
    monkeypatch.setattr(visitor.st, "context", SimpleNamespace(ip_address=ip, headers=headers, url=url))
    assert visitor.may_edit(None) == local


def test_others_are_offered_nothing_that_changes_anything(page, base, monkeypatch):
    own.add("notat.txt", b"Et notat om skole.", Stated(), base)
    monkeypatch.setattr(visitor, "at_this_machine", lambda: False)
    for shown in ("", "kilder", "egne", "nytt"):
        at = page(vis=shown)
        assert not at.exception and not {"Hent nå", "Les inn på nytt", "Legg til", "Ja, ta den ut"} & set(labels(at))
        assert not at.get("file_uploader") and "file:///" not in "".join(code.value for code in at.code)
    assert "notat.txt" in words_of(page(vis="egne"))


@pytest.mark.parametrize(("shown", "label"), [("", "Hent nå"), ("kilder", "Les inn på nytt"), ("egne", "Ja, ta den ut")])
def test_a_button_that_was_shown_is_no_leave_to_press_it(page, base, monkeypatch, shown, label):
    path = own.add("notat.txt", b"Et notat om skole.", Stated(), base)
    at = page(vis=shown)
    monkeypatch.setattr(visitor, "at_this_machine", lambda: False)
    button(at, label).click().run()
    assert "bare endres fra maskinen" in words_of(at) and path.is_file() and jobs.current(base) is None


def test_a_document_of_ones_own_is_read_shown_as_such_and_taken_out(page, base):
    path = own.add(
        "Notat om bryggerier.txt", b"Bryggeriene i Vestby kommune brygger maltdrikk til julebordet.", Stated(NASTY, 2024), base
    )
    button(page(vis="kilder"), "Les inn på nytt").click().run()
    job = ended(base)
    assert (job.state, job.error) == (jobs.DONE, "") and job.answers[-1]["added"] == 1
    at = page(vis="egne")
    assert "Ikke offentlig" in words_of(at) and "notat-om-bryggerier.txt" in words_of(at)
    assert html(at).count('class="fou-private"') == 2, "in the panel and in the table"
    assert {tag for tag, _ in tags(at)} & {"img", "script"} == set() and "&lt;img" in html(at)
    found = page("", q="maltdrikk til julebordet")
    assert "Ikke offentlig" in html(found).split("<article")[1]
    report = next(link for link in links(found) if "rapport=" in link)
    assert "Ikke offentlig" in words_of(page("rapport", rapport=re.search(r"rapport=([\w.-]+)", report)[1]))
    button(at, "Ja, ta den ut").click().run()
    assert ended(base).answers[-1]["removed"] == 1 and not path.exists()
    assert "Ikke offentlig" not in words_of(page())


def test_what_is_wrong_with_a_year_is_told_and_nothing_is_added(page, base, monkeypatch):
    with pytest.raises(Exception, match="ikke et årstall"):
        from ui import own as shown

        monkeypatch.setattr(shown.st, "session_state", {"own_year_0": "²024"})
        shown._stated(SimpleNamespace(texts=texts("nb")), 0)
    assert own.documents(base) == []


def test_the_upload_of_the_server_is_as_large_as_a_document_may_be():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["maxUploadSize"] >= load_settings().limits.file_mb == Limits().file_mb


def test_a_fetch_is_told_of_by_source_with_every_failure(page, base):
    site = Site()
    server = FouServer(site)
    try:
        for number in range(25):
            site.project(number, [("Rapport", site.add(f"/r/{number}.pdf", pdf(number), fault="404"))])
        site.project(30, [("Rapport", site.add("/r/30.pdf", pdf(30)))], title=NASTY)
        site.project(31, [("Rapport", site.add("/r/31.pdf", b"%PDF-1.4 ikke noe"))], title="Kan ikke leses")
        address = f'ks = "{site.url}/api/fousearch"\nallow_private = true\npause_seconds = 0\ntries = 1\n'
        with (base.root / "config.toml").open("a") as file:
            file.write(f"[fetch]\n{address}")
        button(page(), "Hent nå").click().run()
        assert ended(base).state == jobs.DONE, jobs.current(base)
    finally:
        server.shutdown()
        server.server_close()
    at = page(vis="kilder")
    told = unescape(words_of(at))
    assert "Sist hentet i dag kl." in told and "26 feil" in told
    assert "2 filer hentet, 0 uendret, 25 ikke å få" in told
    assert "Kunne ikke hentes fra KS' FoU-database (25)" in told and "Vis de andre 5" in told
    assert html(at).count("adressen finnes ikke (404)") == 25
    assert "Kunne ikke leses (1)" in told and "Kan ikke leses" in told.split("Kunne ikke leses (1)")[1]
    assert {tag for tag, _ in tags(at)} & {"img", "script"} == set()
    row = re.search(r"KS&#x27; FoU-database</th>(.*?)</tr>", html(at), re.S)[1]
    assert re.findall(r">(\d+)</td>", row) == ["27", "1", "26"]


def test_a_run_that_is_at_work_elsewhere_is_told_in_a_sentence(page, base):
    from index.layout import Layout

    at = page()
    with Layout.of(base).lock():
        button(at, "Hent nå").click().run()
    assert "startet på kommandolinja, er i gang" in words_of(at) and jobs.current(base) is None


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (Job((("run",),), jobs.FAILED, error=NASTY), "Oppdateringen ble ikke ferdig"),
        (Job((("run",),), jobs.STOPPED), "Avbrutt. Det som var hentet og lest, er beholdt"),
        (Job((("run",),), jobs.RUNNING), "Oppdateringen ble brutt før den var ferdig"),  # of which no process is left
        (Job((("run",),), jobs.DONE, answers=({"added": 3, "updated": 0, "removed": 1},)), "sist lest inn: 3 nye, 1 tatt ut"),
    ],
)
def test_how_the_last_job_ended_is_told(page, base, job, told):
    jobs.folder(base).mkdir()
    jobs.write(jobs.folder(base), job)
    at = page()
    assert not at.exception and told in words_of(at) and "<img" not in html(at) and "Hent nå" in labels(at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_progress_is_told_to_eye_and_ear(language):
    room = SimpleNamespace(texts=texts(language))
    job = Job((("fetch", "ks"), ("run",)), step=1, label="Leser dokumenter", done=37, total=100, left=200)
    told = upkeep.progress(room, job)
    assert 'role="progressbar"' in told and 'aria-valuenow="37"' in told and "width:37.0%" in told
    assert re.search(r'role="status">[^<]*30\s?%', told) and {"nb": "om lag 3 minutter igjen"}.get(language, "3") in told
    assert upkeep.progress(room, Job((("run",),), label=NASTY, left=None)).count("&lt;img") == 3
    assert upkeep.left(room, Job((("run",),), left=20)) and not upkeep.left(room, Job((("run",),), left=20, stopping=True))
    assert "2" in upkeep.left(room, Job((("run",),), left=7300))


def test_a_failure_of_any_kind_is_text():
    room = SimpleNamespace(texts=texts("nb"))
    shown = sources.failures(
        room,
        NASTY,
        [
            Failure(NASTY, "javascript:alert(1)", NASTY),
            Failure("b", "https://a.no/%3Cb%3E.pdf", "c"),
            Failure("d", "http://[", "e"),
        ],
    )
    assert "<img" not in shown and "javascript:" not in shown and "&lt;b&gt;.pdf" in shown


def test_a_base_with_nothing_in_it_can_be_filled(page, base, app):
    shutil.rmtree(base.folders.store)
    at = page(vis="egne")
    assert not at.exception and "Hent nå" in labels(at) and "python -m ingest run" in html(at)
    assert at.get("file_uploader") and "Hent nå" not in labels(app("samlingen", "--config", "/finnes/ikke.toml"))


def test_a_question_is_saved_and_what_is_new_answers_it(page, base):
    at = page("", q="brygger maltdrikk til julebordet")
    button(at, "Lagre spørsmålet").click().run()
    assert "Spørsmålet er lagret" in labels(page("", q="brygger maltdrikk til julebordet"))
    assert "ikke noe nytt" in words_of(page(vis="nytt"))
    time.sleep(1.1)  # moments are told to the second
    own.add(
        "maltdrikk.txt",
        b"Bryggeriene i Vestby kommune brygger maltdrikk til julebordet hvert eneste aar.",
        Stated("Maltdrikk"),
        base,
    )
    button(page(vis="kilder"), "Les inn på nytt").click().run()
    assert ended(base).state == jobs.DONE
    at = page(vis="nytt")
    assert "1 nytt svar" in words_of(at) and "Maltdrikk" in words_of(at) and "Ikke offentlig" in words_of(at)
    assert any("q=brygger+maltdrikk" in link for link in links(at))
    button(at, "Merk alt som sett").click().run()
    assert "ikke noe nytt" in words_of(at)
    button(at, "Ta bort").click().run()
    assert "Søk, og velg «Lagre spørsmålet»" in words_of(at)


def test_what_has_come_since_a_day(page, base):
    at = page(vis="nytt")
    told = words_of(at).split("Kommet til siden")[1]
    assert "4 rapporter" in told and "Prisen for å stille til valg" in told and "kom " in told
    assert at.segmented_control("since").value == "30d"
    at.segmented_control("since").set_value("7d").run()
    assert at.query_params["siden"] == "7d"
    assert "Ingen rapporter er kommet" in words_of(page(vis="nytt", siden="2999-01-01"))
    for nonsense in ("<b>", "9999999d", "2026-13-45"):
        at = page(vis="nytt", siden=nonsense)
        assert not at.exception and "4 rapporter" in words_of(at)


def test_the_feed_can_be_had(page, base):
    assert "feed.atom" not in str(page(vis="nytt").get("download_button"))
    button(page(vis="kilder"), "Les inn på nytt").click().run()
    ended(base)
    at = page(vis="nytt")
    assert "Last ned feed.atom" in str(at.get("download_button")) and "Følg med fra en nyhetsleser" in words_of(at)
    assert any(code.value.endswith("/store/feed.atom") for code in at.code)

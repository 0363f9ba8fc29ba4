"""The parts of a fetch, each by itself: addresses, names, roles, kinds, robots.txt, pace, pages, sidecars, the client."""

import json
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest
from fou_server import DOCX, html, pdf, zipped

import whole
from cases_of import cases_of
from ingest.fetching import addresses, kinds, lock, names, sidecar
from ingest.fetching.cache import Body, Cache
from ingest.fetching.client import Client
from ingest.fetching.faults import Cut, Fault, Passing, Unreachable, Wrong
from ingest.fetching.pace import Pace, retry_after
from ingest.fetching.robots import Robots
from ingest.sources import entry, page, roles
from ingest.sources.entry import Link
from settings import Fetch

SETTINGS = Fetch(allow_private=True, pause_seconds=0, backoff_seconds=0.01, tries=2, read_seconds=0.3, file_seconds=1.0)
CASES = cases_of("fetching")


@pytest.mark.parametrize("case", CASES["addresses"], ids=lambda case: case["ip"])
def test_an_ip_address_is_open_private_or_never_asked(case):
    without, with_private = (bool(addresses.refusal(case["ip"], allowed)) for allowed in (False, True))
    assert (without, with_private) == {"open": (False, False), "own": (True, False), "never": (True, True)}[case["is"]]


@pytest.mark.parametrize("case", CASES["urls"], ids=lambda case: case["url"])
def test_an_address_is_brought_to_one_form_or_refused(case):
    if "says" in case:
        with pytest.raises(Fault, match=case["says"]):
            addresses.checked(case["url"])
    else:
        assert addresses.checked(case["url"]) == case["is"]


def test_a_name_that_means_another_address_a_moment_later_gains_nothing(monkeypatch):
    asked, connected = [], []

    def resolved(host, port, *_, **__):
        asked.append(host)
        ips = ["10.0.0.7", "93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    def connect(self, address):
        connected.append(address[0])

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket.socket, "connect", connect)
    addresses.connect("skifter.example", 80, 1, allow_private=False).close()
    assert connected == ["93.184.215.14"] and len(asked) == 1, "what was checked is what was connected to"
    with pytest.raises(Fault, match=r"127\.0\.0\.1"):
        addresses.connect("skifter.example", 80, 1, allow_private=False)
    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize("case", CASES["slugs"], ids=lambda case: repr(case["text"])[:40])
def test_names_are_safe_everywhere(case):
    assert names.slug(case["text"]) == case["is"]


def test_no_name_from_outside_leads_out_of_its_folder():
    for part in ("..", ".", "/etc", "..\\..", "a/../../b", "\u202egpj.exe", "nul", "x" * 500, ""):
        made = names.folder(["2024", part])
        assert len(made.parts) == 2 and ".." not in made.parts and not made.is_absolute() and len(made.name) <= 64


def test_files_of_an_entry_get_names_unlike_each_other_that_stay():
    files = {
        f"u{n}": PurePosixPath(name) for n, name in enumerate(("rapport.pdf", "Rapport.docx", "entry.pdf", "?.pdf", "a.b.c"))
    }
    first = names.stems(files, {})
    assert list(first.values()) == ["rapport", "rapport-2", "entry-fil", "fil", "a-b"]
    turned = dict(reversed(files.items())) | {"ny": PurePosixPath("rapport.pdf")}
    assert names.stems(turned, first) == {**first, "ny": "rapport-3"}


@pytest.mark.parametrize("case", CASES["roles"], ids=lambda case: f"{case['text']} | {case['file']}")
def test_roles_are_told_by_the_link_and_the_file(case):
    assert roles.role(Link(f"https://x.no/a/{case['file']}", case["text"])) == case["role"]


def test_the_report_comes_first_and_some_document_is_the_report():
    def told(*files):
        return [(link.file.name, link.role) for link in roles.told([Link(f"https://x.no/{file}") for file in files])]

    assert told("lysark.ppt", "delrapport.pdf", "sluttrapport.pdf") == [
        ("sluttrapport.pdf", "report"), ("delrapport.pdf", "report"), ("lysark.ppt", "presentation"),
    ]  # fmt: skip
    assert told("sammendrag.pdf", "hefte.pdf", "notat.pdf")[0] == ("hefte.pdf", "report")
    assert told("lysark.pdf", "sammendrag.pdf") == [("sammendrag.pdf", "summary"), ("lysark.pdf", "presentation")]


@pytest.mark.parametrize(
    ("data", "suffix", "says"),
    [
        (pdf(1), ".pdf", ""),
        (b"\r\n% en linje foran\n%PDF-1.4", ".pdf", ""),
        (b"", ".pdf", "tom"),
        (b"<html><p>Feil", ".pdf", "nettside"),
        ("\ufeff <!-- x --><!DOCTYPE html>".encode(), ".pdf", "nettside"),
        (b"\xff\xd8\xff\xe0", ".pdf", "et bilde"),
        (b"Bare tekst", ".pdf", "ren tekst"),
        (b"\x00\x01\x02\x03", ".pdf", "noe annet"),
        (DOCX, ".docx", ""),
        (DOCX, "", ""),
        (pdf(1), ".docx", "ikke et Word-dokument (DOCX), som navnet sier, men en PDF"),
        (zipped({"xl/workbook.xml": b"x"}), ".docx", "men et regneark"),
        (zipped({"a.pdf": pdf(1)}), "", "zip-filer pakkes ikke ut"),
        (DOCX[:-30], ".docx", "skadet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, ".doc", ""),
        (b"{\\rtf1 Hei}", ".doc", ""),
        (b"PK\x03\x04", ".ppt", "men en zip-fil"),
        ("Blåbær".encode(), ".txt", ""),
        ("Blåbær".encode("utf-16"), ".txt", ""),
        (b"\x89PNG", "", "slike leses ikke"),
    ],
)
def test_a_file_is_held_against_its_name(data, suffix, says, tmp_path):
    path = tmp_path / "fil"
    path.write_bytes(data)
    try:
        kinds.check(data[:4096], suffix)
        assert kinds.settle(path, suffix, "", 1).startswith(suffix or ".docx")
        said = ""
    except Fault as fault:
        said = str(fault)
    assert says in said if says else not said


def test_the_servers_word_tells_old_office_files_apart(tmp_path):
    path = tmp_path / "fil"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40)
    assert kinds.settle(path, "", "application/vnd.ms-excel", 1) == ".xls" and kinds.settle(path, "", "", 1) == ".doc"


def test_a_zip_is_weighed_before_it_is_unpacked(tmp_path):
    path = tmp_path / "fil"
    for parts in ({"word/document.xml": b"\0" * (2 * 2**20)}, {f"word/{n}": b"" for n in range(kinds.MEMBERS + 1)}):
        path.write_bytes(zipped(parts))
        with pytest.raises(Fault, match="pakker ut til mer enn 1 MB"):
            kinds.settle(path, ".docx", "", 1)


@pytest.mark.parametrize(
    ("robots", "url", "open_"),
    [
        ("User-agent: *\nDisallow: /lukket/", "/lukket/a.pdf", False),
        ("User-agent: *\nDisallow: /lukket/\nAllow: /lukket/a", "/lukket/a.pdf", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: fou-sok\nDisallow:", "/a.pdf", True),
        ("User-agent: annen\nDisallow: /", "/a.pdf", True),
        ("ikke en robots.txt <html>", "/a.pdf", True),
        (404, "/a.pdf", True),
        (403, "/a.pdf", True),
        (503, "/a.pdf", False),
        (429, "/a.pdf", False),
    ],
)
def test_robots_txt_is_obeyed_and_read_once(robots, url, open_):
    from ingest.fetching.faults import of_status

    read = []

    def given(address):
        read.append(address)
        if isinstance(robots, int):
            raise of_status(robots)
        return robots.encode()

    asked = Robots("FoU-sok/0.1 (prøve)", given, lambda *_: None)
    for _ in range(2):
        if open_:
            asked.check(f"https://x.no{url}")
        else:
            with pytest.raises(Fault, match=r"robots\.txt på x\.no"):
                asked.check(f"https://x.no{url}")
    assert read == ["https://x.no/robots.txt"]


def test_robots_txt_may_ask_for_a_longer_pause():
    slowed = []
    Robots("FoU-sok/0.1 (x)", lambda _: b"User-agent: *\nCrawl-delay: 7", lambda *told: slowed.append(told)).check(
        "http://x.no/a"
    )
    assert slowed == [("http://x.no", 7.0)]


def test_requests_to_one_server_are_spaced_and_to_two_are_not():
    pace, times = Pace(0.05), []

    def ask():
        pace.wait("a")
        times.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    pace.wait("b")
    assert time.monotonic() - began < 0.05
    for thread in threads:
        thread.join()
    times.sort()
    assert all(later - earlier > 0.04 for earlier, later in pairwise(times))
    pace.hold("b", 0.1)
    pace.wait("b")
    assert time.monotonic() - began >= 0.1


def test_what_a_server_asks_us_to_wait():
    now = datetime(2024, 2, 5, 8, 0, tzinfo=UTC)
    assert retry_after("30") == 30 and retry_after("om litt") == 0 and retry_after("") == 0
    assert retry_after("Mon, 05 Feb 2024 08:01:00 GMT", now) == 60 and retry_after("Mon, 05 Feb 2024 07:00:00 GMT", now) == 0


def test_a_page_gives_its_files_and_its_summary():
    text = html(
        "Tittel",
        [("Rapport", "rapport.pdf"), ("Igjen", "rapport.pdf#side=2"), ("Her", "side.html?a=1.pdf"), ("C", "file:///C:/x.doc")],
    )
    found = page.read(text.replace('href="rapport', 'href="//filer.no/r%C3%A5/rapport', 1), "https://x.no/p/1/")
    urls = [link.url for link in found.links]
    assert urls == [
        "https://filer.no/r%C3%A5/rapport.pdf",
        "https://x.no/p/1/rapport.pdf",
        "https://x.no/p/1/side.html?a=1.pdf",
        "file:///C:/x.doc",
    ]
    assert found.links[0].text == "Rapport" and "Personvern" not in str(found)
    assert found.summary.split("\n\n")[1] == "Kommunene løser oppgaven ulikt, og de små mangler fagfolk."


def test_a_page_without_a_summary_gives_its_text_and_a_broken_one_nothing():
    running = "Prosjektet har sett på hvordan kommunene løser oppgaven i dag."
    assert page.read(f"<p>Kort.</p><p>{running}</p>", "https://x.no/").summary == running
    assert page.read('<head><meta name="description" content="Om prosjektet"></head>', "https://x.no/").summary == "Om prosjektet"
    assert page.read("", "https://x.no/") == page.read("\0", "https://x.no/") == entry.Details()


def test_texts_from_outside_are_one_plain_line():
    assert (
        entry.plain(" A\u202eb\n c\x07 \ud800 d ") == "Ab c d"
        and entry.plain(12) == "12"
        and entry.plain(None) == entry.plain(True) == ""
    )
    assert entry.texts(["a", "a", "", None, 3]) == ("a", "3") and entry.texts("a") == ()
    assert (
        entry.day("2024-02-30T00:00") == entry.day("0001-01-01") == entry.day(5) == ""
        and entry.day("2024-02-29T01") == "2024-02-29"
    )
    assert entry.year("2024-05") == entry.year(2024) == 2024 and entry.year("20245") is entry.year(None) is None


def test_a_sidecar_is_read_as_it_was_written_and_a_strange_one_is_not_trusted(tmp_path):
    file = sidecar.File("https://x.no/a.pdf", "a.pdf", "report", 5, "ab", '"e"', fetched="2024")
    whole_one = sidecar.Sidecar("ks", "1", title="Å", themes=("t",), files=(file,), asked=("q",))
    sidecar.write(tmp_path, whole_one)
    assert sidecar.read(tmp_path) == whole_one and list(tmp_path.iterdir()) == [tmp_path / "entry.json"]
    keys = json.loads((tmp_path / "entry.json").read_text("utf-8"))
    assert list(keys)[:4] == ["source", "id", "number", "title"] and list(keys["files"][0])[:3] == ["url", "name", "role"]
    for name in ("../../x.pdf", "/etc/passwd", ".skjult", "entry.json"):
        sidecar.write(tmp_path, replace(whole_one, files=(replace(file, name=name),)))
        (found,) = sidecar.read(tmp_path).files
        assert (found.name, found.sha256) == ("", "")
    for text in ("", "[]", '{"source": "ks"}', '{"source": "ks", "id": 5, "files": []}', "\udcff"):
        (tmp_path / "entry.json").write_text(text, "utf-8", errors="surrogateescape")
        assert sidecar.read(tmp_path) is None


def test_a_file_is_whole_or_not_there(tmp_path):
    with pytest.raises(ZeroDivisionError), whole.part(tmp_path) as (_, file):
        file.write(b"halv")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    whole.write(tmp_path / "a", "hel")
    assert (tmp_path / "a").read_text() == "hel" and oct((tmp_path / "a").stat().st_mode & 0o600) == "0o600"


def test_the_lock_tells_a_run_that_was_killed(tmp_path):
    (tmp_path / "ks").mkdir()
    (tmp_path / "ks" / lock.NAME).touch()
    with lock.alone(tmp_path / "ks") as killed:
        assert killed
    with lock.alone(tmp_path / "ks") as killed:
        assert not killed
    assert not (tmp_path / "ks").exists()


def test_an_answer_is_kept_for_when_it_is_unchanged(tmp_path):
    cache = Cache(tmp_path)
    body = Body("http://x.no/b", b"\x00\n\xff", '"e"')
    cache.put("http://x.no/a", body)
    cache.put("http://x.no/c", Body("http://x.no/c", b"uten merke"))
    assert cache.get("http://x.no/a") == body and cache.get("http://x.no/c") is None
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-4])
    assert cache.get("http://x.no/a") is None


def got(site, path, settings=SETTINGS, headers=None):
    client = Client(settings, lambda _: b"")
    try:
        return client.get(site.url + path, lambda response, url: (b"".join(response.stream(1000)), url), headers)
    finally:
        client.close()


@pytest.mark.parametrize(("fault", "kind"), [("404", Fault), ("500", Passing), ("429 for long", Passing), ("slow", Passing)])
def test_what_may_pass_is_tried_again_and_the_rest_is_not(fault, kind, site):
    site.add("/a", b"x", fault=fault)
    with pytest.raises(kind):
        got(site, "/a")
    assert site.asked["/a"] == (2 if fault in ("500", "slow") else 1)


def test_a_server_that_drips_is_left_when_its_time_is_out(site):
    site.add("/a", b"x" * 1000, fault="endless")
    began = time.monotonic()
    with pytest.raises(Fault, match="tok mer enn 1 sekunder"):
        got(site, "/a")
    assert 0.9 < time.monotonic() - began < 2


def test_a_redirect_is_held_to_the_rules_of_a_first_address(site):
    site.add("/mal", b"x")
    for number, to in enumerate(
        ("/mal", "file:///etc/passwd", "http://169.254.169.254/", "http://u:p@127.0.0.1/", "//[::ffff:169.254.1.1]/")
    ):
        site.add(f"/{number}", b"", fault=f"to {to}")
    assert got(site, "/0") == (b"x", f"{site.url}/mal")
    for number in range(1, 5):
        with pytest.raises(Fault):
            got(site, f"/{number}")


def test_a_dead_link_is_not_taken_for_the_network_and_the_network_is_not_for_a_dead_link(site):
    site.add("/a", b"x")
    client = Client(replace(SETTINGS, tries=1), lambda _: b"")

    def ask(url):
        return client.get(url, lambda response, _: response.read(), robots=False)

    for port in (1, 2):
        with pytest.raises(Unreachable):
            ask(f"http://127.0.0.1:{port}/")
    assert ask(f"{site.url}/a") == b"x"
    for port in (3, 4, 5):
        with pytest.raises(Unreachable):
            ask(f"http://127.0.0.1:{port}/")
    site.cut = len(site.log)
    with suppress(Fault, Cut):
        ask(f"{site.url}/a")
    with pytest.raises(Cut):
        ask("http://127.0.0.1:6/")


def test_where_nothing_answers_each_address_is_tried_only_once(monkeypatch):
    tried = []
    monkeypatch.setattr(addresses, "connect", lambda host, port, *_: tried.append(port) or (_ for _ in ()).throw(Unreachable("")))
    client = Client(SETTINGS, lambda _: b"")
    for port in range(1, 6):
        with pytest.raises(Unreachable):
            client.get(f"http://127.0.0.1:{port}/", lambda *_: None, robots=False)
    assert tried == [1, 1, 2, 2, 3, 3, 4, 5]


def test_no_proxy_and_no_password_of_the_machine_is_used(site, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("default login a password b")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.add("/a", b"x")
    assert got(site, "/a")[0] == b"x"


def test_wrong_is_told_with_what_it_can_be_asked_by(site, tmp_path):
    from ingest.fetching.web import Web
    from settings import Settings

    site.add("/a.pdf", b"<html>", etag='"e"')
    with Web(replace(Settings(), fetch=SETTINGS), Cache(tmp_path)) as web, pytest.raises(Wrong) as wrong:
        web.download(f"{site.url}/a.pdf", tmp_path, lambda head, _: kinds.check(head, ".pdf"))
    assert wrong.value.etag == '"e"' and not list(Path(tmp_path).glob(".part*"))

"""Whole fetches against a server on this machine: what comes, what is named, what is sent twice, and what stands an abort."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from contextlib import contextmanager
from pathlib import Path

import pytest
from fou_server import FAULTS, Site, document, faulty, html, pdf, six_hundred

import cli
from errors import FouError, UsageError
from ingest import pipeline, sources
from ingest.__main__ import main
from ingest.fetching import lock, run
from ingest.sources import folder, page
from settings import load_settings

ROOT = Path(__file__).parents[2]
FETCH = """
allow_private = true
pause_seconds = 0
backoff_seconds = 0.01
tries = 2
read_seconds = 0.4
file_seconds = 1.5
redirects = 3
unpacked_mb = 1
"""


def config(site: Site, at: Path, more: str = "", url: str = "") -> Path:
    """Settings for a corpus of its own under `at`, whose sources are the site."""
    url = url or site.url
    addresses = f'ks = "{url}/api/fousearch?QueryString=&fromYear=0&toYear=0"\nkudos = "{url}/api/v0/documents/search"\n'
    at.mkdir(exist_ok=True)
    (at / "config.toml").write_text(f"[limits]\nfile_mb = 1\n[fetch]\n{addresses}{FETCH}{more}", "utf-8")
    return at / "config.toml"


def fetch(name: str, at: Path, ask: dict | None = None, limit: int | None = None) -> dict:
    return run.fetch(name, ask or {}, load_settings(at / "config.toml"), cli.progress, limit)


def sidecars(at: Path) -> dict[str, dict]:
    return {json.loads(p.read_text("utf-8"))["id"]: json.loads(p.read_text("utf-8")) for p in at.rglob("entry.json")}


def tree(at: Path) -> dict[str, object]:
    """All files of a corpus with what they hold, but for the times."""

    def held(path: Path) -> object:
        if path.name != "entry.json":
            return path.read_bytes()
        return json.loads(re.sub(r'"fetched": "[^"]*"', '"fetched": ""', path.read_text("utf-8")))

    return {p.relative_to(at).as_posix(): held(p) for p in sorted((at / "corpus").rglob("*")) if p.is_file()}


def ask_for(name: str, site: Site, at: Path, addresses: list[str]) -> dict[str, str]:
    """The addresses laid up as the source has them; gives what it is to be asked."""
    if name == "ks":
        site.project(900, [(f"Notat {n}", url) for n, url in enumerate(addresses)])
        return {}
    if name == "kudos":
        document(site, 900, [(f"Notat {n}", url) for n, url in enumerate(addresses)])
        return {"query": "ordning"}
    (at / "liste.txt").write_text("# adresser\n" + "\n".join(f"{url} # et notat" for url in addresses), "utf-8")
    return {"list": str(at / "liste.txt")}


def test_600_reports_the_first_time_and_only_what_is_new_the_second(site, tmp_path):
    config(site, tmp_path)
    six_hundred(site)
    ask_for("ks", site, tmp_path, faulty(site))
    failing = {url: says for url, says in FAULTS.items() if says}
    first = fetch("ks", tmp_path)
    assert first["entries"] == 601
    assert first["files"] == {"fetched": 750 + len(FAULTS) - len(failing), "unchanged": 0, "failed": len(failing)}
    assert {row["url"].removeprefix(site.url): row["reason"] for row in first["failed"]}.keys() == failing.keys()
    known = sidecars(tmp_path)
    assert len(known) == 601 and len(list((tmp_path / "corpus" / "ks").glob("*/*"))) == 601
    assert all(agent.startswith("FoU-sok/") for agent in site.agents)

    report = known["/fou-sok/2004/220000/"]
    assert [(f["role"], f["name"]) for f in report["files"]] == [
        ("report", "rapport.pdf"), ("summary", "sammendrag.pdf"), ("presentation", "lysark.pdf"),
    ]  # fmt: skip
    assert report["summary"].startswith("Prosjektet spurte ledere") and report["year"] == 2004 and report["gone"] == ""

    changed = site.add("/contentassets/0033/rapport.pdf", pdf(7777))
    site.log.clear()
    second = fetch("ks", tmp_path)
    sent = [(path, size) for path, _, size in site.log if size and path not in FAULTS]
    assert sent == [(changed, len(pdf(7777)))]
    # what was refused for what it is isn't sent again either, and neither is what needs no asking
    refused = {"/feil/nettside.pdf", "/feil/annet.docx", "/feil/arkiv.zip", "/lukket/notat.pdf", "/feil/tom.pdf"}
    assert not {path for path, _, size in site.log if size} & refused
    assert second["files"] == {**first["files"], "fetched": 1, "unchanged": first["files"]["fetched"] - 1}
    assert second["failed"] == first["failed"]
    (of_it,) = sidecars(tmp_path)["/fou-sok/2016/220033/"]["files"]
    assert of_it["bytes"] == len(pdf(7777)) and (tmp_path / "corpus/ks/2016/220033/rapport.pdf").read_bytes() == pdf(7777)
    print(f"\n600 entries: {first['seconds']} s, then {second['seconds']} s and {sum(size for _, size in sent)} bytes of files")

    for path in ("/feil/treg.pdf", "/feil/uten-ende.pdf"):
        site.resources[path].fault = "404"  # seen often enough
    site.projects = [p for p in site.projects if p["pageLink"] != "/fou-sok/2004/220000/"]
    third = fetch("ks", tmp_path)
    assert third["gone"] == ["ks/2004/220000"] and third["files"]["fetched"] == 0
    lost = sidecars(tmp_path)["/fou-sok/2004/220000/"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", lost["gone"]) and (tmp_path / "corpus/ks/2004/220000/rapport.pdf").is_file()
    assert fetch("ks", tmp_path)["gone"] == []


@pytest.mark.parametrize("name", sources.WEB)
def test_every_fault_is_met_in_every_source(name, site, tmp_path):
    config(site, tmp_path)
    answer = fetch(name, tmp_path, ask_for(name, site, tmp_path, faulty(site)))
    failed = {row["url"].removeprefix(site.url): row["reason"] for row in answer["failed"]}
    assert failed.keys() == {url for url, says in FAULTS.items() if says}
    assert all(FAULTS[url] in reason for url, reason in failed.items()), failed
    files = {f["url"].removeprefix(site.url): f for known in sidecars(tmp_path).values() for f in known["files"]}
    assert {url: f["failed"] for url, f in files.items()} == {url: failed.get(url, "") for url in FAULTS}
    assert all(bool(f["sha256"]) == bool(f["name"]) == (not f["failed"]) for f in files.values())
    assert site.asked["/feil/nede.pdf"] == 2 and site.asked["/feil/borte.pdf"] == 1 and site.asked["/lukket/notat.pdf"] == 0
    assert not list((tmp_path / "corpus").rglob(".*")), "no unfinished file and no lock is left"
    laid = [p for p in (tmp_path / "corpus").rglob("*") if p.is_file() and p.name != "entry.json"]
    assert len(laid) == len(FAULTS) - len(failed)


def test_a_removed_document_is_gone_and_one_that_another_question_would_find_is_not(site, tmp_path):
    config(site, tmp_path, "at_once = 1\n")
    for number in range(60):
        document(site, number, [("Rapport", site.url + site.add(f"/filer/{number}.pdf", pdf(number)))])
    ask = {"query": "ordning", "filter": '{"type": ["Evaluering"]}'}
    first = fetch("kudos", tmp_path, ask)
    assert first["files"]["fetched"] == 60 and site.asked["/api/v0/documents/search"] == 3
    assert fetch("kudos", tmp_path, {**ask, "most": "10"})["entries"] == 10
    one = sidecars(tmp_path)["00000000-0000-4000-8000-000000000007"]
    assert (one["date"], one["year"], one["body"]) == ("2017-05-02", 2017, "Vidda analyse")
    assert one["summary"] == "Ordningen virker, men når for få." and one["page"].endswith(f"/dokument/{one['id']}")
    del site.documents[7]
    site.documents[8]["title"] = "Et nytt navn, uten o-ordet"
    site.documents[8]["abstract"] = site.documents[8]["title"]
    del site.documents[8]["files"][0]["description"]
    answer = fetch("kudos", tmp_path, ask)
    assert len(answer["gone"]) == 1 and answer["gone"][0].startswith("kudos/2017/evaluering-av-ordning-7-")


def test_an_address_that_is_dead_is_gone_and_what_it_gave_stays(site, tmp_path):
    config(site, tmp_path)
    ask = ask_for("url", site, tmp_path, [site.url + site.add(f"/a/{n}.pdf", pdf(n)) for n in range(3)])
    site.add("/side", html("En side", []).encode(), type="text/html")
    site.add("/hent", pdf(77))
    with Path(ask["list"]).open("a") as file:
        file.write(f"\n{site.url}/side#del\n{site.url}/hent?id=3\n{site.url}/a/1.pdf\n")
    assert fetch("url", tmp_path, ask)["files"] == {"fetched": 5, "unchanged": 0, "failed": 0}
    names = sorted(p.name for p in (tmp_path / "corpus").rglob("*") if p.is_file() and p.suffix != ".json")
    assert names == ["0.pdf", "1.pdf", "2.pdf", "hent.pdf", "side.html"]
    del site.resources["/a/1.pdf"]
    answer = fetch("url", tmp_path, ask)
    assert len(answer["gone"]) == 1 and "finnes ikke (404)" in answer["failed"][0]["reason"]
    gone = sidecars(tmp_path)[f"{site.url}/a/1.pdf"]
    assert gone["gone"] and gone["files"][0]["sha256"] and len(list((tmp_path / "corpus").rglob("1.pdf"))) == 1
    site.add("/a/1.pdf", pdf(1))
    fetch("url", tmp_path, ask)
    back = sidecars(tmp_path)[f"{site.url}/a/1.pdf"]
    assert back["gone"] == "" and back["files"][0]["failed"] == ""


def test_one_file_under_two_names_is_kept_once_until_they_differ(site, tmp_path):
    config(site, tmp_path)
    links = [("Rapport", site.add("/x/rapport.pdf", pdf(1))), ("Rapport", site.add("/y/rapport.pdf", pdf(1)))]
    site.project(1, [*links, ("Samme", "/x/rapport.pdf")])
    at = tmp_path / "corpus/ks/2005/220001"

    def names():
        return [f["name"] for f in json.loads((at / "entry.json").read_text("utf-8"))["files"]]

    fetch("ks", tmp_path)
    assert names() == ["rapport.pdf", "rapport.pdf"] and len(list(at.iterdir())) == 2
    site.add("/x/rapport.pdf", pdf(2))
    fetch("ks", tmp_path)
    new, old = names()
    assert {new, old} == {"rapport.pdf", "rapport-2.pdf"}
    assert (at / new).read_bytes() == pdf(2) and (at / old).read_bytes() == pdf(1)
    site.add("/x/rapport.pdf", pdf(1))
    fetch("ks", tmp_path)
    assert names() == ["rapport.pdf", "rapport.pdf"] and sorted(p.name for p in at.iterdir()) == ["entry.json", "rapport.pdf"]


def test_what_is_no_longer_on_the_page_stays_and_is_named(site, tmp_path):
    config(site, tmp_path)
    listed = site.project(1, [("Rapport", site.add("/x/rapport.pdf", pdf(1))), ("Vedlegg", "/x/borte.pdf")])
    fetch("ks", tmp_path)
    site.add(listed["pageLink"], html("Ny", [("Rapport", site.add("/x/ny.pdf", pdf(2)))]).encode(), type="text/html")
    fetch("ks", tmp_path)
    (known,) = sidecars(tmp_path).values()
    assert [(f["name"], bool(f["failed"])) for f in known["files"]] == [("ny.pdf", False), ("rapport.pdf", True)]
    site.resources[listed["pageLink"]].fault = "404"
    answer = fetch("ks", tmp_path)
    (known,) = sidecars(tmp_path).values()
    assert answer["failed"] == [{"entry": "ks/2005/220001", "url": known["page"], "reason": "adressen finnes ikke (404)"}]
    assert {f["name"] for f in known["files"]} == {"ny.pdf", "rapport.pdf", ""} and known["summary"].startswith("Prosjektet")


def test_numbers_that_are_shared_and_sidecars_that_are_damaged(site, tmp_path):
    config(site, tmp_path)
    site.add("/x/a.pdf", pdf(1))
    for number in range(3):
        site.project(number * 21, [("Rapport", "/x/a.pdf")], projectNumber="104013", title="Like")
    fetch("ks", tmp_path, limit=2)
    fetch("ks", tmp_path)
    before = tree(tmp_path)
    folders = sorted(p.name for p in (tmp_path / "corpus/ks/2004").iterdir())
    assert len(folders) == 3 and folders[0] == "104013" and all(re.fullmatch(r"104013-[0-9a-f]{8}", f) for f in folders[1:])
    (tmp_path / "corpus/ks/2004/104013/entry.json").write_text('{"source": "ks", "files": [{"url"', "utf-8")
    site.projects.reverse()
    fetch("ks", tmp_path)
    assert tree(tmp_path) == before


def test_years_limits_and_an_answer_that_is_half(site, tmp_path):
    config(site, tmp_path, "files = 4\n")
    for number in range(42):
        site.project(number, [("Rapport", site.add(f"/x/{number}.pdf", pdf(number)))])
    assert fetch("ks", tmp_path, {"year": "2024"})["entries"] == 2
    assert fetch("ks", tmp_path, limit=1)["entries"] == 1
    answer = fetch("ks", tmp_path)
    assert answer["files"]["fetched"] == 4 and "fetch.files" in answer["failed"][0]["reason"] and answer["gone"] == []
    while answer["files"]["failed"]:
        answer = fetch("ks", tmp_path)
    del site.projects[2:]
    answer = fetch("ks", tmp_path)
    assert answer["gone"] == [] and "mangler 40 av 42" in answer["failed"][0]["reason"]
    site.projects.clear()
    with pytest.raises(FouError, match="ingen rapporter"):
        fetch("ks", tmp_path)
    assert run.last("ks", load_settings(tmp_path / "config.toml"))["entries"] == 2


def test_a_page_with_too_many_files_gives_the_first_of_them(site, tmp_path):
    config(site, tmp_path, "files_per_entry = 2\n")
    site.project(1, [(f"Notat {n}", site.add(f"/x/{n}.pdf", pdf(n))) for n in range(5)])
    answer = fetch("ks", tmp_path)
    assert answer["files"] == {"fetched": 2, "unchanged": 0, "failed": 1} and "files_per_entry" in answer["failed"][0]["reason"]


def test_dead_addresses_first_in_a_list_do_not_keep_the_rest_away(site, tmp_path):
    config(site, tmp_path, "at_once = 1\n")
    dead = [f"http://127.0.0.1:{port}/a.pdf" for port in range(1, 6)]
    answer = fetch("url", tmp_path, ask_for("url", site, tmp_path, [*dead, site.url + site.add("/x/a.pdf", pdf(1))]))
    assert answer["files"] == {"fetched": 1, "unchanged": 0, "failed": 5} and len(sidecars(tmp_path)) == 6


def test_the_documents_are_read_as_if_no_sidecar_lay_there(site, tmp_path):
    config(site, tmp_path)
    site.project(1, [("Rapport", site.add("/x/entry.pdf", pdf(1))), ("Tabeller", site.add("/x/entry.xlsx", b"nei"))])
    fetch("ks", tmp_path)
    (document,) = folder.documents([tmp_path / "corpus"])
    assert document.name == "entry-fil.pdf" and pipeline.sidecar(document) == {}


def test_a_page_that_fails_in_an_unforeseen_way_costs_itself_alone(site, tmp_path, monkeypatch):
    config(site, tmp_path)
    for number in range(3):
        site.project(number, [("Rapport", site.add(f"/x/{number}.pdf", pdf(number)))])
    read = page.read

    def failing(text, url):
        if "220001" in url:
            raise ZeroDivisionError("noe ingen tenkte på")
        return read(text, url)

    monkeypatch.setattr(page, "read", failing)
    answer = fetch("ks", tmp_path)
    assert answer["files"] == {"fetched": 2, "unchanged": 0, "failed": 1} and len(sidecars(tmp_path)) == 3
    assert "ZeroDivisionError" in answer["failed"][0]["reason"]


@contextmanager
def fetching(at: Path, *args: str):
    """`python -m ingest fetch` in a process of its own."""
    command = [sys.executable, "-m", "ingest", "fetch", *args, "--config", str(at / "config.toml"), "--json"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_killed_again_and_again_it_ends_as_one_clean_run(site, tmp_path):
    for number in range(60):
        links = [
            (text, site.add(f"/x/{number}/{text}.pdf", pdf(number * 10 + n))) for n, text in enumerate(("Rapport", "Vedlegg"))
        ]
        site.project(number, links)
    for name in ("clean", "killed"):
        config(site, tmp_path / name)
    fetch("ks", tmp_path / "clean")
    for requests in (3, 40, 90, 150):
        site.log.clear()
        with fetching(tmp_path / "killed", "ks") as process:
            while len(site.log) < requests and process.poll() is None:
                time.sleep(0.001)
            assert process.poll() is None
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    rubble = tmp_path / "killed" / "corpus" / "ks"
    assert (rubble / lock.NAME).exists(), "a killed run leaves its mark"
    some = next(rubble.rglob("rapport.pdf"))
    some.write_bytes(some.read_bytes()[::-1])  # of the same size; a run after a killed one reads the files through
    (some.parent / ".part-0123").write_bytes(b"halvt")
    with fetching(tmp_path / "killed", "ks") as process:
        answer = json.loads(process.communicate()[0])
    assert process.returncode == 0 and answer["entries"] == 60 and answer["failed"] == []
    assert tree(tmp_path / "killed") == tree(tmp_path / "clean")


@pytest.mark.parametrize("name", sources.WEB)
def test_with_no_network_it_says_so_in_a_sentence_and_leaves_all_as_it_was(name, site, tmp_path, capsys):
    config(site, tmp_path)
    ask = ask_for(name, site, tmp_path, [site.url + site.add("/x/a.pdf", pdf(1))])
    words = {"ks": [], "kudos": ["--query", "ordning"], "url": [ask.get("list", "")]}[name]
    fetch(name, tmp_path, ask)
    before = tree(tmp_path)
    closed = "http://127.0.0.1:9"  # nothing listens there
    config(site, tmp_path, url=closed)
    if name == "url":
        Path(ask["list"]).write_text(f"{closed}/x/a.pdf\n", "utf-8")
    for empty in (False, True):
        at = config(site, tmp_path / "tom", url=closed) if empty else tmp_path / "config.toml"
        assert main(["fetch", name, *words, "--config", str(at)]) == 1
        said = capsys.readouterr().err
        assert "Traceback" not in said and len(said.strip().splitlines()) == 1
        assert "kontakt" in said and "står" in said
    assert tree(tmp_path) == before and not (tmp_path / "tom" / "corpus" / name).exists()


def test_a_line_that_dies_on_the_way_ends_the_run_and_spoils_nothing(site, tmp_path):
    config(site, tmp_path)
    for number in range(30):
        site.project(number, [("Rapport", site.add(f"/x/{number}.pdf", pdf(number)))])
    site.cut = 30
    with pytest.raises(FouError, match=r"kontakt med 127\.0\.0\.1"):
        fetch("ks", tmp_path)
    laid = sidecars(tmp_path)
    assert 5 < len(laid) < 30 and all(f["sha256"] and not f["failed"] for s in laid.values() for f in s["files"])
    assert not list((tmp_path / "corpus").rglob(".*"))


def test_two_runs_into_one_folder_do_not_mix(site, tmp_path):
    config(site, tmp_path)
    site.project(1, [])
    with lock.alone(tmp_path / "corpus" / "ks") as killed:
        assert not killed
        with pytest.raises(FouError, match="i gang"):
            fetch("ks", tmp_path)
    assert fetch("ks", tmp_path)["entries"] == 1


@pytest.mark.parametrize(("robots", "says"), [("User-agent: FoU-sok\nDisallow: /api/", "ber om"), (503, "kan ikke leses")])
def test_a_robots_txt_that_closes_the_search_closes_it(robots, says, site, tmp_path):
    site.robots = robots
    site.project(1, [])
    config(site, tmp_path)
    with pytest.raises(FouError, match=says):
        fetch("ks", tmp_path)
    assert site.asked["/api/fousearch"] == 0 and not (tmp_path / "corpus").exists()


def test_a_private_server_is_left_alone_unless_the_settings_say_otherwise(site, tmp_path):
    at = config(site, tmp_path)
    at.write_text(at.read_text("utf-8").replace("allow_private = true", ""), "utf-8")
    with pytest.raises(FouError, match="allow_private"):
        fetch("ks", tmp_path)
    assert not site.log


def test_the_command_tells_what_it_did(site, tmp_path, capsys):
    config(site, tmp_path)
    site.project(1, [("Rapport", site.add("/x/a.pdf", pdf(1))), ("Vedlegg", "/x/borte.pdf")])
    assert main(["fetch", "ks", "--year", "2005", "--config", str(tmp_path / "config.toml")]) == 0
    out, err = capsys.readouterr()
    assert "Oppføringer fra ks: 1. Filer: 1 hentet, 0 uendret, 1 ikke å få" in out
    assert err.strip() == f"ingest: ks/2005/220001: {site.url}/x/borte.pdf: adressen finnes ikke (404)"
    site.resources["/x/a.pdf"].fault = "404"
    assert main(["fetch", "ks", "--json", "--config", str(tmp_path / "config.toml")]) == 1
    answer = json.loads(capsys.readouterr().out)
    keys = ["source", "entries", "files", "bytes", "failed", "gone", "seconds"]
    assert list(answer) == keys and answer["files"] == {"fetched": 0, "unchanged": 0, "failed": 2}


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["kudos"], "--query eller --filter"),
        (["kudos", "--filter", "type=Evaluering"], "JSON-objekt"),
        (["kudos", "--query", "x", "--most", "mange"], "antall"),
        (["url", "finnes-ikke.txt"], "kan ikke leses"),
        (["ks", "--year", "i fjor"], "er ikke år"),
        (["ks", "--year", "2020-2010"], "slutter før"),
    ],
)
def test_wrong_use_is_named(args, says, tmp_path, capsys):
    assert main(["fetch", *args, "--store", str(tmp_path)]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("args", [["fetch", "nav"], ["fetch"], ["fetch", "ks", "--limit", "0"], ["fetch", "url"]])
def test_wrong_arguments_end_in_exit_code_2(args, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(args)
    assert "ingest" in capsys.readouterr().err


def test_the_source_that_the_readme_writes_works(site, tmp_path, monkeypatch):
    text = (ROOT / "README.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text[text.index("## A new source") :].split("\n## ")[0] or "", re.DOTALL)
    assert len(code.splitlines()) <= 30
    module = types.ModuleType("ingest.sources.vidda")
    exec(compile(code, "README.md", "exec"), module.__dict__)
    module.ADDRESS = f"{site.url}/rapporter/"
    site.add(
        "/rapporter/",
        html("Rapporter", [("Om skolen", "/r/skole-2021.pdf"), ("Om veien", "/r/vei.pdf")]).encode(),
        type="text/html",
    )
    site.add("/r/skole-2021.pdf", pdf(1))
    site.add("/r/vei.pdf", pdf(2))
    config(site, tmp_path)
    monkeypatch.setitem(sys.modules, "ingest.sources.vidda", module)
    assert fetch("vidda", tmp_path)["files"]["fetched"] == 2
    assert {s["title"] for s in sidecars(tmp_path).values()} == {"Om skolen", "Om veien"}


def test_usage_errors_are_told_before_anything_is_asked(site, tmp_path):
    config(site, tmp_path)
    with pytest.raises(UsageError):
        fetch("ks", tmp_path, {"year": "nei"})
    assert not site.log


def test_a_page_that_has_grown_past_the_limit_takes_nothing_away(site, tmp_path):
    config(site, tmp_path, "files_per_entry = 3\n")
    links = [(f"Notat {n}", site.add(f"/x/{n}.pdf", pdf(n))) for n in range(3)]
    page_link = site.project(1, links)["pageLink"]
    fetch("ks", tmp_path)
    new = [("Rapport A", site.add("/x/a.pdf", pdf(50))), ("Rapport B", site.add("/x/b.pdf", pdf(51)))]
    site.add(page_link, html("t", new + links).encode(), type="text/html")
    answer = fetch("ks", tmp_path)
    assert {path.name for path in tmp_path.rglob("*.pdf")} == {"0.pdf", "1.pdf", "2.pdf", "a.pdf", "b.pdf"}
    assert {failed["url"].rpartition("/")[2] for failed in answer["failed"]} == {"1.pdf", "2.pdf"}, "and what is over it is named"


def test_the_only_copy_of_a_twin_is_kept_when_the_other_changes(site, tmp_path):
    config(site, tmp_path)
    site.project(1, [("Rapport", site.add("/x/rapport.pdf", pdf(1))), ("Rapport", site.add("/y/rapport.pdf", pdf(1)))])
    fetch("ks", tmp_path)
    site.add("/x/rapport.pdf", pdf(2))
    site.resources["/y/rapport.pdf"].fault = "500"
    fetch("ks", tmp_path)
    assert {path.read_bytes() for path in tmp_path.rglob("*.pdf")} == {pdf(1), pdf(2)}


def test_projects_without_address_or_number_are_not_one(site, tmp_path):
    config(site, tmp_path)
    for title in ("En", "To"):
        site.project(len(title), [], projectNumber="N/A", pageLink=None, title=title)
    assert fetch("ks", tmp_path)["entries"] == 2

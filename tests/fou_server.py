"""A server on this machine that plays the FoU database, Kudos and other sites, with every fault; it counts what it sends."""

from __future__ import annotations

import gzip
import io
import json
import socket
import threading
import time
import zipfile
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
MODIFIED = "Mon, 05 Feb 2024 08:00:00 GMT"
SUBJECTS = ("Heldøgnsplasser", "Vannforsyning", "Skulebibliotek", "Barnehagevikarar", "Aktivitetsplikt", "Kommunale veier")
PLACES = ("i distriktskommuner", "i store byer", "langs kysten", "etter sammenslåing", "i interkommunale samarbeid")
BODIES = ("Fjordforskning", "Institutt for bygdestudier", "Vidda analyse AS")
THEMES = ("Barnehage", "Helse og omsorg", "Klima og miljø", "Økonomi og rammevilkår")


def pdf(number: int) -> bytes:
    """A PDF of the samples, unlike every other number's."""
    return (SAMPLE / "fellesloesninger.pdf").read_bytes() + f"\n% {number}\n".encode()


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return stream.getvalue()


DOCX = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})
BOMB = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"\0" * (3 * 2**20)})


@dataclass
class Resource:
    """What an address gives. `fault` is one of the words in Handler."""

    data: bytes
    type: str = "application/pdf"
    etag: str = ""
    modified: str = ""
    fault: str = ""


@dataclass
class Site:
    """What the server has, and what it has sent: a row (path, status, bytes of the body) for each request."""

    resources: dict[str, Resource] = field(default_factory=dict)
    projects: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    per_page: int = 25
    robots: str | int = "User-agent: *\nDisallow: /lukket/\n"
    log: list[tuple[str, int, int]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    cut: int = 0  # after so many requests the line is dead
    url: str = ""

    def sent(self) -> int:
        return sum(size for _, _, size in self.log)

    def add(self, path: str, data: bytes, **more: Any) -> str:
        """A resource with validators, unless `more` says otherwise; gives its address."""
        stated = {"etag": f'"{zlib.crc32(data):x}"', "modified": MODIFIED}
        self.resources[path] = Resource(data, **{**stated, **more})
        return path

    def project(self, number: int, links: list[tuple[str, str]], **changed: Any) -> dict[str, Any]:
        """A project as the search lists it, with a page of its own; keys that `changed` gives as None are left out."""
        page = f"/fou-sok/{2004 + number % 21}/{220000 + number}/"
        subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]
        listed = {
            "projectNumber": f"{220000 + number}",
            "title": f"{subject} {place}, del {number}",
            "pageLink": page,
            "projectEndDate": f"{2004 + number % 21}-0{number % 9 + 1}-01T00:00:00+01:00",
            "excerp": f"{subject} {place} er undersøkt på oppdrag av kommunene, og utdraget stan",
            "imageLink": "/bilder/forside.jpg",
            "executiveEnvironment": BODIES[number % len(BODIES)],
            "isDefaultImage": True,
            "themeTags": [THEMES[number % len(THEMES)]],
        }
        listed = {key: value for key, value in {**listed, **changed}.items() if value is not None}
        self.projects.append(listed)
        self.add(page, html(listed.get("title", ""), links).encode(), type="text/html; charset=utf-8")
        return listed


def html(title: str, links: list[tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="{url}">{text}</a></li>' for text, url in links)
    return f"""<!DOCTYPE html><html lang="nb"><head><title>{title}</title></head><body>
<nav><a href="/personvern.pdf">Personvern</a></nav>
<main><h1>{title}</h1><h2>Sammendrag</h2><p>Prosjektet spurte ledere og ansatte om arbeidet med «{title}».</p>
<p>Kommunene løser oppgaven ulikt, og de små mangler fagfolk.</p><h2>Filer</h2><ul>{items}</ul></main>
<footer><a href="mailto:post@eksempel.no">Kontakt</a></footer></body></html>"""


def document(site: Site, number: int, files: list[tuple[str, str]], **changed: Any) -> dict[str, Any]:
    """A document as Kudos lists it, with files (description, address)."""
    owner = {"uuid": "a", "name": "VIDDA ANALYSE AS", "alternative_names": [{"type": "display", "name": "Vidda analyse"}]}
    listed = {
        "uuid": f"00000000-0000-4000-8000-{number:012}",
        "type": "Evaluering",
        "title": f"Evaluering av ordning {number}",
        "abstract": "Ordningen virker, men når for få.",
        "publish_date": f"{2010 + number % 14}-05-02",
        "concerned_year_from": 2009,
        "external_public_url": None,
        "authors": [],
        "publishers": [owner],
        "authoring_actors": [],
        "files": [
            {"uuid": "f", "filename": url.rpartition("/")[2], "url": url, "description": text, "is_primary": n == 0}
            for n, (text, url) in enumerate(files)
        ],
    }
    site.documents.append({**listed, **changed})
    return site.documents[-1]


# what each faulty address of a site gives the user to read, or nothing where it gets through in the end
FAULTS: dict[str, str] = {
    "/feil/borte.pdf": "finnes ikke (404)",
    "/feil/fjernet.pdf": "finnes ikke (410)",
    "/feil/stengt.pdf": "gir ikke tilgang (403)",
    "/feil/nede.pdf": "svarer med feil (500)",
    "/feil/nede-litt.pdf": "",
    "/feil/travel.pdf": "",
    "/feil/travel-lenge.pdf": "færre forespørsler (429)",
    "/feil/treg.pdf": "svarer ikke",
    "/feil/uten-ende.pdf": "tok mer enn 1,5 sekunder",
    "/feil/kappet.pdf": "brutt før alt var kommet",
    "/feil/kappet-litt.pdf": "",
    "/feil/nettside.pdf": "ikke en PDF, som navnet sier, men en nettside",
    "/feil/tom.pdf": "filen er tom",
    "/feil/annet.docx": "ikke et Word-dokument (DOCX), som navnet sier, men en zip-fil",
    "/feil/bombe.docx": "pakker ut til mer enn 1 MB",
    "/feil/pakket.pdf": "over grensen på 1 MB",
    "/feil/svaer.pdf": "over grensen på 1 MB",
    "/feil/arkiv.zip": "zip-filer pakkes ikke ut",
    "/feil/ring.pdf": "sender videre mer enn 3 ganger",
    "/feil/inn-i-nettet.pdf": "169.254.169.254, som ikke er på det åpne nettet",
    "/lukket/notat.pdf": "robots.txt",
    "/feil/videre.pdf": "",
    "/feil/dokument.docx": "",
    "file:///C:/Users/utkast.docx": "bare adresser med http og https",
}


def faulty(site: Site) -> list[str]:
    """Lays up all the faulty addresses; gives them whole."""
    words = {
        "borte": "404", "fjernet": "410", "stengt": "403", "nede": "500", "nede-litt": "500 once", "travel": "429 once",
        "travel-lenge": "429 for long", "treg": "slow", "uten-ende": "endless", "kappet": "truncated",
        "kappet-litt": "truncated once", "pakket": "packed bomb", "svaer": "large", "ring": "to /feil/ring.pdf",
        "inn-i-nettet": "to http://169.254.169.254/x.pdf", "videre": "to /feil/mal.pdf",
    }  # fmt: skip
    holds = {"nettside": b"<!DOCTYPE html><p>Logg inn", "tom": b"", "annet": zipped({"a.txt": b"hei"}), "bombe": BOMB}
    holds |= {"dokument": DOCX, "arkiv": zipped({"a.pdf": pdf(1)})}
    for number, path in enumerate(FAULTS):
        name = path.rpartition("/")[2].partition(".")[0]
        site.add(path, holds.get(name, pdf(5000 + number)), fault=words.get(name, ""))
    site.add("/feil/mal.pdf", pdf(4999))
    return [path if "://" in path else site.url + path for path in FAULTS]


def six_hundred(site: Site) -> None:
    """The catalogue at its real size, with the gaps that the real one has. Reports, and here and there what goes with them."""
    for number in range(600):
        links = [("Rapport", site.add(f"/contentassets/{number:04}/rapport.pdf", pdf(number)))]
        if number % 5 == 0:
            links.append(("Sammendrag", site.add(f"/contentassets/{number:04}/sammendrag.pdf", pdf(number + 1000))))
        if number % 20 == 0:
            links.insert(0, ("Lysark", site.add(f"/contentassets/{number:04}/lysark.pdf", pdf(number + 2000))))
        gaps: dict[str, Any] = {}
        if number % 40 == 7:
            gaps["projectNumber"] = "N/A"
        if number % 150 == 11:
            gaps["projectNumber"] = None
        if number % 60 == 13:
            gaps |= {"executiveEnvironment": None, "themeTags": None}
        if number % 200 == 17:
            gaps["projectEndDate"] = "0001-01-01T00:00:00"
        if number == 42:  # the number and the year of another
            gaps |= {"projectNumber": "220021", "projectEndDate": "2025-03-01T00:00:00+01:00"}
        if number == 50:
            gaps |= {"title": "Åpne «data»/..\\ i \u202ekommunen\u0007: ¼ <b>år</b> etter", "projectNumber": "../../22 00:50"}
        site.project(number, links, **gaps)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each body waits for the word that its head has come
    site: Site

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path
        if site.cut and len(site.log) >= site.cut:
            self.close_connection = True
            with suppress(OSError):
                self.server.socket.shutdown(socket.SHUT_RDWR)  # at once, which closing it is not
            return
        site.asked[path] += 1
        site.agents.add(self.headers.get("User-Agent", ""))
        if path == "/robots.txt":
            status, text = (200, site.robots) if isinstance(site.robots, str) else (site.robots, "")
            self._give(Resource(text.encode(), "text/plain", etag='"r"'), status)
        elif path == "/api/fousearch":
            self._json({"filters": [{"name": THEMES[0], "count": 3}], "results": site.projects})
        elif path == "/api/v0/documents/search":
            self._search(parse_qs(urlsplit(self.path).query))
        elif path.startswith("/api/v0/documents/"):
            known = [d for d in site.documents if d["uuid"] == path.rpartition("/")[2]]
            self._json({"data": known[0]}) if known else self._give(Resource(b"", "text/plain"), 404)
        elif path in site.resources:
            self._faulty(path, site.resources[path])
        else:
            self._give(Resource(b"finnes ikke", "text/plain"), 404)

    def _search(self, query: dict[str, list[str]]) -> None:
        page, size = int(query.get("page", ["1"])[0]), self.site.per_page
        word = query.get("query", [""])[0].casefold()
        found = [d for d in self.site.documents if word in json.dumps(d, ensure_ascii=False).casefold()]
        meta = {"current_page": page, "last_page": max(1, -(-len(found) // size)), "per_page": size, "total": len(found)}
        self._json({"data": found[(page - 1) * size : page * size], "meta": meta})

    def _json(self, value: Any) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self._give(Resource(data, "application/json", etag=f'"{zlib.crc32(data):x}"'))

    def _faulty(self, path: str, resource: Resource) -> None:
        fault, first = resource.fault, self.site.asked[path] == 1
        if fault in ("404", "410", "403", "500"):
            self._give(Resource(b"", "text/plain"), int(fault))
        elif fault == "500 once" and first:
            self._give(Resource(b"", "text/plain"), 500)
        elif fault == "429 once" and first:
            self._give(Resource(b"", "text/plain"), 429, [("Retry-After", "0")])
        elif fault == "429 for long":
            self._give(Resource(b"", "text/plain"), 429, [("Retry-After", "3600")])
        elif fault.startswith("to "):
            self._give(Resource(b"", "text/plain"), 302, [("Location", fault[3:])])
        elif fault == "slow":  # says nothing for longer than we wait
            time.sleep(0.8)
            self._cut_off(path)
        elif fault == "endless":  # a byte now and then, for ever
            self._head(200, [("Content-Type", resource.type)], close=True)
            self._dribble(path, resource.data)
        elif fault == "truncated" or (fault == "truncated once" and first):
            self._head(200, [("Content-Type", resource.type), ("Content-Length", str(len(resource.data)))], close=True)
            self._write(path, 200, resource.data[: len(resource.data) // 2])
        elif fault == "packed bomb":
            packed = gzip.compress(b"%PDF-1.4" + b"0" * (8 * 2**20))
            self._give(Resource(packed, resource.type), 200, [("Content-Encoding", "gzip")])
        elif fault == "large":
            self._head(200, [("Content-Type", resource.type), ("Content-Length", str(5 * 2**30))], close=True)
            self._write(path, 200, b"%PDF-1.4")
        else:
            self._give(resource)

    def _give(self, resource: Resource, status: int = 200, more: list[tuple[str, str]] = ()) -> None:  # type: ignore[assignment]
        path = urlsplit(self.path).path
        stated = [("ETag", resource.etag)] if resource.etag else []
        stated += [("Last-Modified", resource.modified)] if resource.modified else []
        tag, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        same = (tag == resource.etag) if tag and resource.etag else bool(since) and since == resource.modified
        if status == 200 and stated and same:
            self._head(304, stated)
            self.site.log.append((path, 304, 0))
            return
        length = [("Content-Length", str(len(resource.data))), ("Content-Type", resource.type)]
        self._head(status, [*stated, *length, *more])
        self._write(path, status, resource.data)

    def _head(self, status: int, headers: list[tuple[str, str]], close: bool = False) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def _write(self, path: str, status: int, data: bytes) -> None:
        self.site.log.append((path, status, len(data)))
        self.wfile.write(data)

    def _dribble(self, path: str, data: bytes) -> None:
        try:
            for number in range(2000):
                self._write(path, 200, data[number : number + 1] or b"0")
                time.sleep(0.02)
        except OSError:
            pass

    def _cut_off(self, path: str) -> None:
        self.site.log.append((path, 0, 0))
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


class FouServer(ThreadingHTTPServer):
    """Serves a Site from threads of this process until it is closed."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), type("Bound", (Handler,), {"site": site}))
        site.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what is tested."""

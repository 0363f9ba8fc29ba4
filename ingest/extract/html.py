"""HTML with lxml: the main text of a page, without menus, link blocks, scripts and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import UnreadableDocument
from ingest.extract.pages import USUAL, Extracted, RawLine, page_of_lines
from ingest.extract.text import clutter, decode, within_text

DROPPED = frozenset(
    "script style noscript template svg iframe object form button input select textarea nav aside footer dialog".split()  # noqa: SIM905
)
CLUTTER_NAME = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|meny|breadcrumbs?|sidebar|related|relatert|share|social|cookie|cookies|"
    r"banner|skip|footer|pagination|toolbar|lenkeblokk)(?:$|[-_ ])",
    re.IGNORECASE,
)
BLOCKS = frozenset(
    (  # noqa: SIM905
        "address article blockquote dd div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr li main ol p pre "
        "section table tbody td tfoot th thead tr ul body"
    ).split()
)
if TYPE_CHECKING:
    from settings import Limits

BROKEN = "skadet fil: den kan ikke leses som HTML; lagre siden på nytt fra nettleseren, og prøv igjen"
META = {
    "author": "author",
    "dc.creator": "author",
    "article:published_time": "created",
    "dc.date": "created",
    "date": "created",
    "keywords": "keywords",
    "og:title": "title",
    "dc.title": "title",
}


def read(path: Path, limits: Limits = USUAL) -> Extracted:
    """The text of an HTML file as one page, headings with their level, and what its head states. Nothing that it refers to is
    fetched.

    Raises UnreadableDocument for a broken one, and for one with more text than limits.output_mb.
    """
    import lxml.html

    text = decode(path.read_bytes())
    parser = lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except Exception as error:
        raise UnreadableDocument(BROKEN) from error
    try:
        return _read(root, limits.output_mb)
    except RecursionError as error:
        raise UnreadableDocument(
            "skadet fil: delene ligger for dypt inni hverandre; lagre siden på nytt fra nettleseren"
        ) from error


def _read(root: Any, text_mb: int) -> Extracted:
    properties = {}
    for meta in root.iter("meta"):
        key = META.get((meta.get("name") or meta.get("property") or "").lower())
        if key and meta.get("content"):
            properties.setdefault(key, meta.get("content").strip())
    title = root.findtext(".//title")
    if title and title.strip():
        properties.setdefault("title", " ".join(title.split()))
    if root.get("lang"):
        properties["language"] = root.get("lang")
    body = root.find(".//main")
    body = body if body is not None else root.find("body")
    body = body if body is not None else root
    within_text(sum(map(len, body.itertext())), text_mb)
    lines = list(_lines(body))
    for number, line in enumerate(lines):
        line.block = number
    return Extracted((page_of_lines(1, lines, method="text" if lines else "none"),), properties)


def _lines(element: Any) -> Iterator[RawLine]:
    """Lines of an element, depth first: a line for each block, a row for each table row."""
    run: list[str] = []

    def flush(**look: Any) -> Iterator[RawLine]:
        words = "".join(run).split()
        run.clear()
        if words and not clutter(" ".join(words)):
            yield RawLine([(word, None) for word in words], 0, **look)

    tag = element.tag
    look: dict[str, Any] = {}
    if re.fullmatch("h[1-6]", tag):
        look = {"level": int(tag[1])}
    elif tag == "li":
        look = {"kind": "item"}
    if tag == "tr":
        cells = [" ".join(cell.text_content().split()) for cell in element if cell.tag in ("td", "th")]
        run.append(" | ".join(cell for cell in cells if cell))
        yield from flush(kind="row" if len(cells) > 1 else "")
        return
    run.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and not _dropped(child):
            if child.tag == "br":
                yield from flush(**look)
            elif child.tag in BLOCKS or any(e.tag in BLOCKS for e in child.iterdescendants()):
                yield from flush(**look)
                yield from _lines(child)
            else:
                run.append(child.text_content())
        run.append(child.tail or "")
    yield from flush(**look)


def _dropped(element: Any) -> bool:
    if element.tag in DROPPED or element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return True
    if element.get("role") in ("navigation", "banner", "search", "complementary", "contentinfo"):
        return True
    if CLUTTER_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}") and element.tag != "main":
        return len(element.text_content()) < 3000  # a wrapper of the whole text may bear such a name too
    if element.tag in ("ul", "ol", "div", "section"):
        return _link_block(element)
    return False


def _link_block(element: Any) -> bool:
    """A block of three or more links and hardly anything else."""
    links = element.findall(".//a")
    if len(links) < 3 or element.findall(".//p"):
        return False
    whole = len("".join(element.text_content().split()))
    linked = sum(len("".join(a.text_content().split())) for a in links)
    return whole == 0 or linked / whole > 0.85

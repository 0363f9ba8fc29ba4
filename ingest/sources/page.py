"""A project's page on the web: the files that it links to, and its summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

from ingest.fetching import kinds
from ingest.sources.entry import Details, Link, plain

SUMMARY = 2000
"""Letters of a summary, about."""
AROUND = {"header", "footer", "nav", "script", "style", "noscript", "template", "form", "aside"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CALLED = re.compile(r"(?:kort |norsk )?(?:sammendrag|samandrag|om (?:rapporten|prosjektet)|summary)\W*", re.IGNORECASE)


def read(text: str, url: str) -> Details:
    """The files that a page links to, in its order and each once, and what it says of the report."""
    import lxml.html

    parser = lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except Exception:  # lxml meets an empty or broken page with errors of several kinds
        return Details()
    base = root.find(".//base[@href]")
    return Details(tuple(_links(root, urljoin(url, base.get("href")) if base is not None else url)), _summary(root))


def _links(root: Any, base: str) -> Iterator[Link]:
    seen = set()
    for link in root.iter("a"):
        if not link.get("href") or any(around.tag in AROUND - {"aside"} for around in link.iterancestors()):
            continue
        try:
            url = urldefrag(urljoin(base, link.get("href").strip()))[0]
        except ValueError:
            url = link.get("href").strip()
        found = Link(url, plain(link.text_content() or link.get("title") or "", 200))
        if kinds.suffix(found.file) and url not in seen:
            seen.add(url)
            yield found


def _summary(root: Any) -> str:
    """What stands under a heading that says summary; else the page's running text; else what its head says of it."""
    body = root.find(".//main")
    blocks = list(_blocks(body if body is not None else root))
    for number, (tag, text) in enumerate(blocks):
        if tag in HEADINGS and CALLED.fullmatch(text):
            under = []
            for tag_below, below in blocks[number + 1 :]:
                if tag_below in HEADINGS:
                    break
                under.append(below)
            if summary := _together(under):
                return summary
    running = [text for tag, text in blocks if tag == "p" and len(text.split()) >= 8]
    head = {meta.get("name") or meta.get("property"): meta.get("content") for meta in root.iter("meta")}
    return _together(running) or plain(head.get("description") or head.get("og:description") or "", SUMMARY)


def _blocks(element: Any) -> Iterator[tuple[str, str]]:
    """Headings, paragraphs and list items as they come, without what stands around the text of a page."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in AROUND:
            continue
        if child.tag in (*HEADINGS, "p", "li"):
            if text := plain(child.text_content(), SUMMARY):
                yield child.tag, text
        else:
            yield from _blocks(child)


def _together(paragraphs: list[str]) -> str:
    """As many whole paragraphs as there is room for."""
    kept, length = [], 0
    for paragraph in paragraphs:
        if kept and length + len(paragraph) > SUMMARY:
            break
        kept.append(paragraph)
        length += len(paragraph)
    return "\n\n".join(kept)

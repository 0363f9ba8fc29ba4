"""What a page that AppTest has run lays out as HTML of its own: as it is, as words, as links, as tags."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from ui.frame import SCRIPT


def html(at) -> str:
    """All that the page lays out as HTML of its own, but for the app's script, which holds no text of others."""
    own = f"<script>{SCRIPT.read_text('utf-8')}</script>"
    return "\n".join(element.proto.body for element in at.get("html") if element.proto.body != own)


def words_of(at) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html(at)).split())


def links(at) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', html(at))]


def tags(at) -> list[tuple[str, dict[str, str | None]]]:
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

    Reader().feed(html(at))
    return found

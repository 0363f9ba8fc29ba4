"""Where documents come from: one small module for each source.

`folder` is this machine's own. A source on the web is a module, named in WEB, with HELP (what `fetch NAME --help` says of it),
OPTIONS (its options on the command line: name -> what argparse is told of it; their values are texts) and three functions:

    listing(web, ask) -> Listing     what the source has, as it lists it; `ask` has the values of the options
    details(web, entry) -> Details   what the page of one entry adds: its files, its summary
    place(entry) -> (str, …)         the folder of an entry under corpus/NAME/, and the folders that it is in

`web` (ingest/fetching/web.py) is all that a source knows of the net: web.page(url), web.json(url), and web.settings, the section
[fetch] of config.toml. It keeps the manners and the limits, and raises Fault with the reason where an address gives nothing; a
source lets that pass. Names from outside may be given as they are in a place: the run makes them safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from ingest.sources.entry import Details, Entry, Listing

if TYPE_CHECKING:
    from ingest.fetching.web import Web

WEB = ("ks", "kudos", "url")


class Source(Protocol):
    """What a module in WEB has."""

    HELP: str
    OPTIONS: Mapping[str, Mapping[str, Any]]

    def listing(self, web: Web, ask: Mapping[str, str]) -> Listing: ...

    def details(self, web: Web, entry: Entry) -> Details: ...

    def place(self, entry: Entry) -> tuple[str, ...]: ...


def source(name: str) -> Source:
    """The source on the web that is called so."""
    return cast(Source, import_module(f"{__name__}.{name}"))

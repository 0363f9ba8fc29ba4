"""python -m ingest fetch SOURCE: its options, and what it prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import cli
from ingest import sources
from settings import Settings


def add(commands: Any, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """Adds `fetch` with a command for each source; `common` adds the options that all commands have."""
    fetch = commands.add_parser("fetch", help="hent rapporter fra en kilde på nettet til korpusmappa")
    kinds = fetch.add_subparsers(dest="source", required=True, metavar=" | ".join(sources.WEB))
    for name in sources.WEB:
        source = sources.source(name)
        command = kinds.add_parser(name, help=source.HELP, description=source.HELP)
        for option, told in source.OPTIONS.items():
            command.add_argument(option, **told)
        command.add_argument("--limit", type=_count, metavar="N", help="ta bare de første N oppføringene")
        common(command)
        command.set_defaults(do=_fetch)


def _fetch(args: argparse.Namespace, settings: Settings) -> int:
    from ingest.fetching.run import fetch

    names = (option.lstrip("-").replace("-", "_") for option in sources.source(args.source).OPTIONS)
    ask = {name: value for name in names if (value := getattr(args, name)) is not None}
    answer = fetch(args.source, ask, settings, cli.progress, args.limit)
    if args.json:
        cli.print_json(answer)
    else:
        print(_line(answer))
    for one in answer["failed"]:
        print(": ".join(filter(None, ("ingest", one["entry"], one["url"], one["reason"]))), file=sys.stderr)
    for entry in answer["gone"]:
        print(f"ingest: {entry}: finnes ikke lenger i kilden; det som er hentet, er beholdt", file=sys.stderr)
    files = answer["files"]
    return 1 if files["failed"] and not files["fetched"] + files["unchanged"] else 0


def _line(answer: dict[str, Any]) -> str:
    files, size = answer["files"], f"{answer['bytes'] / 2**20:.1f}".replace(".", ",")
    return (
        f"Oppføringer fra {answer['source']}: {answer['entries']}. "
        f"Filer: {files['fetched']} hentet, {files['unchanged']} uendret, {files['failed']} ikke å få "
        f"({size} MB på {answer['seconds']:.0f} s). Gjør dem søkbare med «python -m ingest run»."
    )


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"«{text}» er ikke et antall; skriv et helt tall fra 1")
    return int(text)

"""python -m ingest fetch SOURCE: its options, and what it prints."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import cli
from errors import UsageError
from ingest import sources
from settings import Settings


class Asked(NamedTuple):
    """What is to be fetched: from which source, with which of its options, and how many entries at most."""

    source: str
    ask: Mapping[str, str]
    limit: int | None = None


def add(commands: Any, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """Adds `fetch` with a command for each source; `common` adds the options that all commands have."""
    _add_sources(commands.add_parser("fetch", help="hent rapporter fra en kilde på nettet til korpusmappa"), common)


def asked(text: str) -> Asked:
    """What a text asks for, written as after `python -m ingest fetch`. UsageError, or SystemExit as of any wrong command line."""
    parser = cli.parser("python -m ingest fetch", "")
    _add_sources(parser, lambda command: None)
    try:
        return _asked(parser.parse_args(shlex.split(text)))
    except ValueError as error:
        raise UsageError(f"«{text}» kan ikke leses som en kilde med valg; se at hvert anførselstegn har sin make.") from error


def nothing(answer: Mapping[str, Any]) -> bool:
    """Of what a fetch gave: were there files, and none of them to be had?"""
    files = answer["files"]
    return bool(files["failed"]) and not files["fetched"] + files["unchanged"]


def _add_sources(fetch: argparse.ArgumentParser, common: Callable[[argparse.ArgumentParser], None]) -> None:
    kinds = fetch.add_subparsers(dest="source", required=True, metavar=" | ".join(sources.WEB))
    for name in sources.WEB:
        source = sources.source(name)
        command = kinds.add_parser(name, help=source.HELP, description=source.HELP)
        for option, told in source.OPTIONS.items():
            command.add_argument(option, **told)
        command.add_argument("--limit", type=_count, metavar="N", help="ta bare de første N oppføringene")
        common(command)
        command.set_defaults(do=_fetch)


def _asked(args: argparse.Namespace) -> Asked:
    names = (option.lstrip("-").replace("-", "_") for option in sources.source(args.source).OPTIONS)
    return Asked(args.source, {name: value for name in names if (value := getattr(args, name)) is not None}, args.limit)


def _fetch(args: argparse.Namespace, settings: Settings) -> int:
    from ingest.fetching.run import fetch

    source, ask, limit = _asked(args)
    answer = fetch(source, ask, settings, cli.progress, limit)
    if args.json:
        cli.print_json(answer)
    else:
        print(_line(answer))
    for one in answer["failed"]:
        print(": ".join(filter(None, ("ingest", one["entry"], one["url"], one["reason"]))), file=sys.stderr)
    for entry in answer["gone"]:
        print(f"ingest: {entry}: finnes ikke lenger i kilden; det som er hentet, er beholdt", file=sys.stderr)
    return int(nothing(answer))


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

"""What both command lines share: common options, exit codes, JSON on stdout, a progress bar on stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from errors import FouError


def parser(prog: str, description: str) -> argparse.ArgumentParser:
    """A parser for `python -m NAME`; options can't be shortened, so that new ones never change the old."""
    return argparse.ArgumentParser(prog=prog, description=description, allow_abbrev=False)


def add_common(subparser: argparse.ArgumentParser, json: bool = False) -> None:
    """Adds --config FILE and --store DIR, and --json where `json` is true."""
    subparser.allow_abbrev = False  # add_parser() does not hand this down
    subparser.add_argument("--config", type=Path, metavar="FILE", help="innstillinger (ellers config.toml i prosjektmappa)")
    subparser.add_argument("--store", type=Path, metavar="DIR", help="mappa for katalog og indekser (ellers som innstilt)")
    if json:
        subparser.add_argument("--json", action="store_true", help="skriv svaret som JSON")


def main(run: Callable[[argparse.Namespace], int], parser: argparse.ArgumentParser, argv: Sequence[str] | None = None) -> int:
    """Runs `run` on the parsed arguments and gives the exit code: its own, 1 (failed), 2 (wrong use), 130 (stopped).

    A FouError becomes one line on stderr, "prog: message". Wrong arguments end in SystemExit(2) by argparse.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Norwegian letters, whatever the terminal's own code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        args = parser.parse_args(argv)
        code = run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except FouError as error:
        print(f"{parser.prog}: {' '.join(str(error).split())}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        what = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        print(f"{parser.prog}: {what}; se til at fila eller mappa finnes og kan leses og skrives", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parser.prog}: avbrutt", file=sys.stderr)
        return 130


def print_json(value: Any) -> None:
    """Writes `value` to stdout as indented JSON with its letters as they are."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress(total: int | None, label: str, force: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while the block runs; gives `step(n)`. Shown only on a terminal, or where forced."""
    if not (force or sys.stderr.isatty()):
        yield lambda n=1: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=label, file=sys.stderr, dynamic_ncols=True, leave=False) as bar:
        yield lambda n=1: bar.update(n) and None

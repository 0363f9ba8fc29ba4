"""What both command lines share: common options, exit codes, JSON on stdout, a progress bar on stderr."""

from __future__ import annotations

import argparse
import errno
import json
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from errors import FouError
from shown import one_line

SAID = (
    (r"unrecognized arguments: (.+)", r"kjenner ikke \1"),
    (r"the following arguments are required: (.+)", r"mangler \1"),
    (r"one of the arguments (.+) is required", r"mangler ett av \1"),
    (r"argument (\S+): expected one argument", r"\1 mangler en verdi"),
    (r"argument (\S+): expected at least one argument", r"\1 mangler verdier"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 kan ikke brukes sammen med \2"),
    (r"argument (.+?): invalid choice: (.+) \(choose from (.+)\)", r"\1 kan ikke være \2; velg \3"),
    (r"argument (\S+): invalid \S+ value: (.+)", r"\1 kan ikke være \2"),
    (r"argument (\S+): (.+)", r"\1: \2"),
)
"""What argparse says of wrong use, and the same in Norwegian."""


OFTEN = 0.2
"""Seconds between two lines of progress."""


class Parser(argparse.ArgumentParser):
    """Options can't be shortened, so that new ones never change the old; wrong use is one sentence, and the exit code 2."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        for english, norwegian in SAID:
            if match := re.fullmatch(english, message, re.DOTALL):
                message = match.expand(norwegian)
                break
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; se {self.prog} --help\n")


def parser(prog: str, description: str) -> argparse.ArgumentParser:
    """A parser for `python -m NAME`."""
    return Parser(prog=prog, description=description)


def add_common(subparser: argparse.ArgumentParser, json: bool = False) -> None:
    """Adds --config FILE, --store DIR, --progress and --debug, and --json where `json` is true."""
    subparser.add_argument("--config", type=Path, metavar="FILE", help="innstillinger (ellers config.toml i prosjektmappa)")
    subparser.add_argument("--store", type=Path, metavar="DIR", help="mappa for katalog og indekser (ellers som innstilt)")
    told = "fremdriften på standard feil: en stolpe på en terminal, eller linjer av JSON for andre programmer"
    subparser.add_argument("--progress", choices=("bar", "json"), default="bar", help=told)
    subparser.add_argument("--debug", action="store_true", help="skriv også hvor i koden det gikk galt, om noe gjør det")
    if json:
        subparser.add_argument("--json", action="store_true", help="skriv svaret som JSON")


def years(text: str) -> tuple[int | None, int | None]:
    """The span that 2015-2024, 2015-, -2024 or 2015 means: the value of an option. Else ArgumentTypeError."""
    match = re.fullmatch(r"(\d{4})?(-)?(\d{4})?", text.strip().replace("–", "-"))
    if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        raise argparse.ArgumentTypeError(f"«{text}» er ikke år; skriv 2015-2024, 2015-, -2024 eller 2015")
    first, last = (int(y) if y else None for y in (match[1], match[3]))
    if not match[2]:
        return first, first
    if first and last and first > last:
        raise argparse.ArgumentTypeError(f"«{text}» slutter før det begynner; skriv det første året først")
    return first, last


def main(run: Callable[[argparse.Namespace], int], parser: argparse.ArgumentParser, argv: Sequence[str] | None = None) -> int:
    """Runs `run` on the parsed arguments and gives the exit code: its own, 1 (failed), 2 (wrong use), 130 (stopped).

    A FouError becomes one line on stderr, "prog: message", and so does what nobody foresaw, with an id by which the log
    explains it. Wrong arguments end in SystemExit(2) by argparse.
    """
    args = argparse.Namespace()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Norwegian letters, whatever the terminal's own code page
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # of a name that is no UTF-8: valid in JSON
    try:
        args = parser.parse_args(argv)
        with _told_as(getattr(args, "progress", "bar")):
            code = run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except Exception as error:
        if getattr(args, "debug", False):
            traceback.print_exc()
        print(f"{parser.prog}: {_said(error, args, parser.prog)}", file=sys.stderr)
        return error.exit_code if isinstance(error, FouError) else 1
    except KeyboardInterrupt:
        print(f"{parser.prog}: avbrutt", file=sys.stderr)
        return 130


def _said(error: Exception, args: argparse.Namespace, prog: str) -> str:
    if isinstance(error, FouError):
        return one_line(" ".join(str(error).split()))
    if isinstance(error, OSError):
        return told(error)
    import failures  # which is not needed while all goes well

    where = " ".join(filter(None, (prog, str(getattr(args, "command", "")))))
    number, kept = failures.keep(error, _store(args), where)
    look = f"se log/{failures.NAME} i store-mappa, eller " if kept else ""
    return f"Uventet feil (id {number}); {look}kjør igjen med --debug"


def _store(args: argparse.Namespace) -> Path | None:
    """The store that was meant; None where the settings don't tell."""
    from settings import load_settings

    try:
        return load_settings(getattr(args, "config", None), getattr(args, "store", None)).folders.store
    except FouError:
        return None


WHY = {
    errno.ENOENT: "finnes ikke, eller mappa den skal ligge i, finnes ikke; lag mappa, eller oppgi et annet sted",
    errno.EISDIR: "er en mappe; oppgi en fil",
    errno.ENOTDIR: "ligger under noe som ikke er en mappe; oppgi et annet sted",
    errno.EACCES: "kan ikke leses eller skrives av deg; gi deg selv tilgang, eller oppgi et annet sted",
    errno.EROFS: "ligger på en disk som ikke kan skrives til; oppgi et annet sted",
    errno.ENOSPC: "får ikke plass på disken; rydd, og prøv igjen",
}


def told(error: OSError) -> str:
    """What the machine refused, in a sentence with the remedy."""
    why = WHY.get(error.errno or 0, f"kan ikke leses eller skrives ({error.strerror or error}); sjekk disken og tilgangen")
    return f"«{error.filename}» {why}" if error.filename else f"Noe på disken {why}"


def print_json(value: Any) -> None:
    """Writes `value` to stdout as indented JSON with its letters as they are."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


_form = "bar"  # of the progress of this process, as --progress asks for it


@contextmanager
def _told_as(form: str) -> Iterator[None]:
    global _form
    before, _form = _form, form
    try:
        yield
    finally:
        _form = before


@contextmanager
def progress(total: int | None, label: str, force: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while the block runs; gives `step(n)`. Shown only on a terminal, or where forced.

    Under --progress json it is lines {"progress": label, "done": n, "total": total} instead, wherever stderr leads.
    """
    if _form == "json":
        yield _lines(total, label)
        return
    if not (force or sys.stderr.isatty()):
        yield lambda n=1: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=label, file=sys.stderr, dynamic_ncols=True, leave=False) as bar:
        yield lambda n=1: bar.update(n) and None


def _lines(total: int | None, label: str) -> Callable[[int], None]:
    """The first line at once, then at most some a second, and the last."""
    done, told = 0, 0.0

    def step(n: int = 1) -> None:
        nonlocal done, told
        done += n
        now = time.monotonic()
        if done == total or now - told >= OFTEN:
            told = now
            line = {"progress": label, "done": done, "total": total}
            print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)

    step(0)
    return step

"""Many search while documents come in: errors, mixed generations, and what it costs in time.

    python -m bench.crowd [--users 20] [--seconds 60] [--seed 1]

Each user asks, waits a second or so as one who reads, and asks again: first in a base at rest, then while `python -m ingest
run` takes in changed documents over and over, both for SECONDS. Every run gives all documents a new edition, which stands in
each of their sentences, so an answer with two editions in it has been put together of two generations. It is done through
the search functions (threads of one process, as in the app) and through the running app (a connection for each user, by the
app's own protocol, to the last element of the page).
"""

from __future__ import annotations

import argparse
import asyncio
import html
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import browsing  # noqa: E402
from bench.crash import Corpus, config, started  # noqa: E402
from index.search import open_index  # noqa: E402
from settings import load_settings  # noqa: E402

EDITION = re.compile(r"i utgave (\d+)")
DOCUMENTS = 24
THINK = (0.5, 1.5)  # seconds between an answer and the next question


@dataclass
class Tally:
    """What the users met. `seconds`: of each answer."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed: int = 0
    wrong: int = 0
    editions: set[str] = field(default_factory=set)

    def take(self, seconds: float, text: str, title: str) -> None:
        found = set(EDITION.findall(text))
        self.seconds.append(seconds)
        self.mixed += len(found) > 1
        self.wrong += title not in text
        self.editions |= found

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


class Editions(Corpus):
    """Documents that all have the same edition, and all a new one at each `renew`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.edition = 1
        super().__init__(folder, seed)
        while len(self.names()) < DOCUMENTS:
            self.add()

    def _write(self, path: Path, number: int, edition: int) -> None:
        super()._write(path, number, self.edition)

    def renew(self) -> None:
        self.edition += 1
        for path in self.names():
            self._write(path, int(path.stem[-3:]), 0)


@contextmanager
def ingesting(settings_file: Path, corpus: Editions) -> Iterator[list[int]]:
    """Takes in new editions, one after another, until the block is left; gives the exit codes."""
    stop, codes = threading.Event(), []

    def run() -> None:
        while not stop.is_set():
            corpus.renew()
            process = started(settings_file)
            process.communicate()
            codes.append(process.returncode)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield codes
    finally:
        stop.set()
        thread.join()


def by_functions(settings, users: int, seconds: float, titles: list[str], seed: int) -> Tally:
    """Users as threads that share one index."""
    index, tally, lock = open_index(settings), Tally(), threading.Lock()
    index.warm()
    until = time.monotonic() + seconds

    def ask(user: int) -> None:
        moments = random.Random(seed + user)
        while time.monotonic() < until:
            time.sleep(moments.uniform(*THINK))
            title, began = moments.choice(titles), time.monotonic()
            try:
                found = index.now().search(title)
            except Exception as error:
                with lock:
                    tally.errors.append(f"{type(error).__name__}: {error}")
                continue
            text = " ".join([found.results[0].report.title, *(p.text for r in found.results for p in r.passages)])
            with lock:
                tally.take(time.monotonic() - began, text, title)

    threads = [threading.Thread(target=ask, args=(user,)) for user in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def by_app(address: str, users: int, seconds: float, titles: list[str], seed: int) -> Tally:
    """Users as connections to the app, each with a session of its own."""
    tally = Tally()

    async def ask(user: int) -> None:
        import websockets

        moments, until = random.Random(seed + user), time.monotonic() + seconds
        stream = address.replace("http", "ws") + "/_stcore/stream"
        async with websockets.connect(stream, subprotocols=["streamlit"], max_size=None, origin=address) as connection:
            while time.monotonic() < until:
                await asyncio.sleep(moments.uniform(*THINK))
                title, began = moments.choice(titles), time.monotonic()
                try:
                    text, failed = await asyncio.wait_for(_page(connection, title), 60)
                except Exception as error:
                    tally.errors.append(f"{type(error).__name__}: {error}")
                    return
                if failed:
                    tally.errors.append(failed)
                else:
                    tally.take(time.monotonic() - began, text, title)

    async def crowd() -> None:
        await asyncio.gather(*(ask(user) for user in range(users)))

    asyncio.run(crowd())
    return tally


async def _page(connection, question: str) -> tuple[str, str]:
    """All the text of the search page for a question, and what went wrong."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    asked = BackMsg()
    asked.rerun_script.query_string = urlencode({"q": question})
    await connection.send(asked.SerializeToString())
    parts, failed = [], ""
    while True:
        told = ForwardMsg()
        told.ParseFromString(await connection.recv())
        kind = told.WhichOneof("type")
        if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            element = told.delta.new_element
            parts.append(element.SerializeToString().decode("utf-8", "ignore"))
            if element.WhichOneof("type") == "exception":
                failed = element.exception.message
        elif kind == "script_finished":
            return html.unescape(re.sub("<[^>]*>", "", "\n".join(parts))), failed


def both(phase: Callable[[int], Tally], settings_file: Path, corpus: Editions) -> tuple[Tally, Tally, list[int]]:
    """A base at rest, and one that is being written."""
    quiet = phase(0)
    with ingesting(settings_file, corpus) as codes:
        busy = phase(1000)
    return quiet, busy, codes


def shown(name: str, quiet: Tally, busy: Tally, codes: list[int]) -> bool:
    """Prints a row; says whether all was well."""
    errors, mixed, wrong = ([*quiet.errors, *busy.errors], quiet.mixed + busy.mixed, quiet.wrong + busy.wrong)
    p50, p95 = ([tally.percentile(share) * 1000 for tally in (quiet, busy)] for share in (0.5, 0.95))
    print(
        f"{name:<10} {len(quiet.seconds):>5} {len(busy.seconds):>5}  {p50[0]:>6.0f} {p50[1]:>6.0f}  {p95[0]:>6.0f} {p95[1]:>6.0f} "
        f"{p95[1] / p95[0]:>6.2f}  {len(errors):>6} {mixed:>6} {wrong:>6}  {len(codes):>4} {len(busy.editions):>8}"
    )
    for error in sorted(set(errors))[:5]:
        print(f"  {error}", file=sys.stderr)
    return not errors and not mixed and not wrong and not any(codes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings_file, corpus = config(folder, folder / "store"), Editions(folder / "corpus", args.seed)
        titles = [corpus.title(number) for number in range(DOCUMENTS)]
        started(settings_file).communicate()
        settings = load_settings(settings_file)
        print(f"{args.users} users, {args.seconds:.0f} s quiet and {args.seconds:.0f} s while documents come in; times in ms")
        print(
            f"{'':<10} {'answers':>11}  {'p50':>13}  {'p95':>13} {'ratio':>6}  {'errors':>6} {'mixed':>6} {'wrong':>6}  {'runs':>4} {'editions':>8}"
        )
        print(f"{'':<10} {'quiet':>5} {'busy':>5}  {'quiet':>6} {'busy':>6}  {'quiet':>6} {'busy':>6}")
        good = shown(
            "functions", *both(lambda s: by_functions(settings, args.users, args.seconds, titles, args.seed + s), settings_file, corpus)
        )
        with browsing.serving(settings_file, folder, real=True) as address:
            by_app(address, 1, 3, titles, 0)  # the model is loaded with the first question
            good &= shown("app", *both(lambda s: by_app(address, args.users, args.seconds, titles, args.seed + s), settings_file, corpus))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

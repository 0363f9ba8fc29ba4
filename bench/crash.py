"""What is lost when an ingest is killed, the disk is full, or the store can't be written: nothing, it should say.

    python -m bench.crash [--runs 50] [--seed 1]

Each run changes a small corpus (documents added, changed and removed), starts `python -m ingest run` and kills it with all
its processes at a random moment while it holds the store. Then the doctor looks at the store, and known questions are asked
of it; the next run takes up what was left. In the end one run is left in peace, and its store must be equal to that of the
same corpus ingested undisturbed. After that the same on a disk that is full at ever later moments, and on one that is
read-only: a small tmpfs of its own, which takes root.

A loss is a document that was kept and is no longer, or a question whose report is there and is not found. A manual repair is
a serious fault that the doctor finds, or a run that does not succeed by itself.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index import catalog, doctor  # noqa: E402
from index.encoder import Encoder, load  # noqa: E402
from index.layout import Layout  # noqa: E402
from index.search import open_index  # noqa: E402
from settings import Settings, load_settings  # noqa: E402

SUBJECTS = (
    "barnevern", "sykehjem", "skolefravær", "naturregnskap", "havbruk", "kollektivtrafikk", "bibliotek", "brannvern", "avløp",
    "frivillighet", "reindrift", "innvandring", "boligsosialt arbeid", "demens", "rusomsorg", "vindkraft", "kulturskole",
    "legevakt", "næringsutvikling", "snøskred", "spesialundervisning", "tannhelse", "ungdomsråd", "veivedlikehold",
)  # fmt: skip
PLACES = ("Alta", "Bodø", "Hamar", "Kristiansund", "Larvik", "Molde", "Narvik", "Odda", "Røros", "Stord", "Tromsø", "Voss")


class Corpus:
    """Documents that each are about one subject in one place, so that a question has one answer."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self._random, self._number = folder, random.Random(seed), 0
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(10):
            self.add()

    def names(self) -> list[Path]:
        return sorted(self.folder.glob("*.html"))

    def add(self) -> None:
        number = self._number
        self._number += 1
        self._write(self.folder / f"rapport-{number:03}.html", number, 1)

    def change(self) -> None:
        for round_ in range(self._random.randint(1, 2)):
            path = self._random.choice(self.names())
            self._write(path, int(path.stem[-3:]), 2 + self._random.randrange(1000) + round_)
        for _ in range(self._random.randint(1, 2)):
            self.add()
        if len(self.names()) > 14:
            for path in self._random.sample(self.names(), 2):
                path.unlink()

    def _write(self, path: Path, number: int, edition: int) -> None:
        title = self.title(number)
        paragraphs = "".join(
            f"<h2>{i}. Funn</h2><p>"
            + " ".join(f"Undersøkelsen om {title.lower()} viser i utgave {edition}, del {i}, ledd {j}, at tiltaket virker." for j in range(12))
            + "</p>"
            for i in range(3)
        )
        path.write_text(f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>", "utf-8")

    @staticmethod
    def title(number: int) -> str:
        return f"{SUBJECTS[number % len(SUBJECTS)].capitalize()} i {PLACES[number // len(SUBJECTS) % len(PLACES)]}, rapport {number}"


def config(folder: Path, store: Path) -> Path:
    path = folder / "config.toml"
    path.write_text(f'[folders]\ncorpus = "corpus"\nstore = {json.dumps(str(store))}\n', "utf-8")
    return path


def started(settings_file: Path) -> subprocess.Popen[str]:
    """An ingest in a session of its own, so that all its processes can be killed."""
    command = [sys.executable, "-m", "ingest", "run", "--json", "--config", str(settings_file)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **pipes)


def held(layout: Layout) -> bool:
    try:
        with (layout.root / "lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def wait_until_held(layout: Layout, process: subprocess.Popen[str]) -> None:
    while process.poll() is None and not held(layout):
        time.sleep(0.002)


def kill(process: subprocess.Popen[str]) -> bool:
    """Kills it with its children; says whether it was still going."""
    going = process.poll() is None
    if going:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return going


def documents(layout: Layout) -> set[tuple[str, str]]:
    with catalog.reading(layout.catalog) as db:
        return {tuple(row) for row in db.execute("SELECT path, sha256 FROM documents WHERE retired IS NULL")}


def unanswered(settings: Settings, model: Encoder) -> list[str]:
    """The reports that are there and are not found first by their own title."""
    index = open_index(settings, model=model)
    return [card.title for card in index.cards() if index.search(card.title, 1).results[0].report.title != card.title]


def content(layout: Layout) -> dict[str, list[tuple]]:
    """What a store says, without the numbers and times of how it came to be."""
    told = {
        "documents": "SELECT path, sha256, source, entry, role, fulltext, conflicts FROM documents WHERE retired IS NULL ORDER BY 1",
        "reports": "SELECT d.path, r.key, r.kind, r.title, r.year, r.language, r.summary FROM reports r JOIN documents d "
        "ON d.id = r.document WHERE retired IS NULL ORDER BY 1, 2",
        "pages": "SELECT d.path, number, raw, text, words FROM pages p JOIN documents d ON d.id = p.document "
        "WHERE retired IS NULL ORDER BY 1, 2",
        "passages": "SELECT d.path, p.text, section, first_page, last_page, pieces FROM passages p JOIN documents d "
        "ON d.id = p.document WHERE retired IS NULL ORDER BY 1, p.id",
    }
    with catalog.reading(layout.catalog) as db:
        return {name: [tuple(row) for row in db.execute(sql)] for name, sql in told.items()}


def answers(settings: Settings, model: Encoder) -> list[tuple[str, float]]:
    index = open_index(settings, model=model)
    return [(found.report.id, round(found.score, 4)) for card in index.cards() for found in index.search(card.title, 3).results]


def killed_runs(runs: int, seed: int, folder: Path) -> dict[str, int | str]:
    """The table of `runs` ingests, each killed at a random moment."""
    moments = random.Random(seed)
    settings_file = config(folder, folder / "store")
    settings = load_settings(settings_file)
    layout, model, corpus = Layout.of(settings), load(settings, Layout.of(settings).models), Corpus(folder / "corpus", seed)
    process = started(settings_file)
    wait_until_held(layout, process)
    began = time.monotonic()
    process.communicate()
    whole = time.monotonic() - began
    losses = repairs = 0
    where: Counter[str] = Counter()
    for number in range(1, runs + 1):
        if moments.random() < 0.7:
            corpus.change()
        before, generation = documents(layout), layout.current()
        there = {f"corpus/{path.name}" for path in corpus.names()}
        process = started(settings_file)
        wait_until_held(layout, process)
        time.sleep(moments.uniform(0, whole))
        going = kill(process)
        after = documents(layout)
        switched = layout.current() != generation
        where["after its end" if not going else "switched" if switched else "documents kept" if after != before else "before"] += 1
        kept = {path for path, _ in before if path in there}
        lost = kept - {path for path, _ in after}
        wrong = unanswered(settings, model)
        found = doctor.examine(settings)
        losses += len(lost) + len(wrong)
        repairs += not found.sound
        for what in (*sorted(lost), *wrong, *(fault.what for fault in found.faults if fault.serious)):
            print(f"run {number}: {what}", file=sys.stderr)
        print(f"\r{number} of {runs}", end="", file=sys.stderr, flush=True)
    process = started(settings_file)
    out, error = process.communicate()
    if process.returncode:
        repairs += 1
        print(error, file=sys.stderr)
    peace = folder / "undisturbed"
    peace.mkdir()
    (peace / "corpus").symlink_to(folder / "corpus")
    other = load_settings(settings_file, folder / "undisturbed-store")
    (other.folders.store).mkdir()
    (other.folders.store / "models").symlink_to(layout.models)
    subprocess.run(
        [sys.executable, "-m", "ingest", "run", "--config", str(settings_file), "--store", str(other.folders.store)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    mine, theirs = content(layout), content(Layout.of(other))
    unequal = [name for name in mine if mine[name] != theirs[name]]
    unequal += ["answers"] if answers(settings, model) != answers(other, model) else []
    left = [p.name for p in layout.generations.iterdir() if not p.name.isdigit()]
    return {
        "runs": runs,
        **{f"killed: {name}": n for name, n in sorted(where.items())},
        "losses": losses,
        "manual repairs": repairs,
        "unlike an undisturbed store": ", ".join(unequal) or "nothing",
        "remains after the last run": len(left),
    }


@contextmanager
def disk(folder: Path, size: int) -> Iterator[Path]:
    """A small disk of `size` bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)


def full_and_closed(seed: int, folder: Path, steps: int = 8) -> dict[str, int | str]:
    """The same on a disk that is full, each time a little later, and on one that can't be written."""
    settings_file = config(folder, folder / "disk" / "store")
    settings = load_settings(settings_file)
    corpus = Corpus(folder / "corpus", seed)
    losses = repairs = refused = wordy = 0
    with disk(folder / "disk", 2 << 30) as place:
        layout = Layout.of(settings)
        started(settings_file).communicate()
        model = load(settings, layout.models)
        for step in range(steps):
            corpus.change()
            before = documents(layout)
            there = {f"corpus/{path.name}" for path in corpus.names()}
            used = os.statvfs(place)
            taken = (used.f_blocks - used.f_bfree) * used.f_frsize
            remount(place, f"size={taken + 4096 * 4 ** (step % 6)}")
            process = started(settings_file)
            _, said = process.communicate()
            refused += process.returncode != 0
            wordy += process.returncode != 0 and (said.count("\n") != 1 or "plass på disken" not in said)
            losses += len({path for path, _ in before if path in there} - {path for path, _ in documents(layout)})
            losses += len(unanswered(settings, model))
            repairs += not doctor.examine(settings).sound
            remount(place, f"size={2 << 30}")
            process = started(settings_file)
            process.communicate()
            repairs += process.returncode != 0
            losses += len(there ^ {path for path, _ in documents(layout)})
        corpus.change()
        remount(place, "ro")
        process = started(settings_file)
        _, said = process.communicate()
        closed = process.returncode != 0 and said.count("\n") == 1 and "skrive" in said
        losses += len(unanswered(settings, model))
        repairs += not doctor.examine(settings).sound
        remount(place, "rw")
    return {
        "runs on a full disk": steps,
        "refused for want of room": refused,
        "refused without saying so in one sentence": wordy,
        "a read-only store answers, and says that it can't be written": "yes" if closed else f"no: {said}",
        "losses there": losses,
        "manual repairs there": repairs,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "killed").mkdir()
        table = killed_runs(args.runs, args.seed, Path(name) / "killed")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() == 0:
            table |= full_and_closed(args.seed, Path(name))
        else:
            table["full and read-only disk"] = "not tried: a disk of its own takes root"
    print("\r", end="", file=sys.stderr)
    width = max(map(len, table))
    for what, value in table.items():
        print(f"{what:<{width}}  {value}")
    good = table["unlike an undisturbed store"] == "nothing" and not table["losses"] and not table["manual repairs"]
    return 0 if good and not table.get("losses there") and not table.get("manual repairs there") else 1


if __name__ == "__main__":
    sys.exit(main())

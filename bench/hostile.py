"""What a folder of bad documents costs: nothing but themselves.

    python bench/hostile.py [FOLDER] [--seed N] [--config FILE] [--without-model] [--json]

Ingests every file of the folder (one that tests/hostile.py makes, where none is named) into a store of its own, by the command
line that everyone uses, and watches the process from outside. Printed are what was read and what was refused and why, the memory
of the main process through the reading, and five things of which there may be none: the main process crashed or hung, a file was
neither read nor refused, processes or files were left. The exit code is 1 where there is one of them.

--without-model leaves out the vectors, which take most of the time and touch no document.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import cli  # noqa: E402
from index.store import stored_name  # noqa: E402
from ingest.__main__ import own_name  # noqa: E402
from ingest.sources import folder as documents_in  # noqa: E402
from ingest.workers import cores, memory_mb  # noqa: E402
from settings import load_settings  # noqa: E402
from shown import number, one_line  # noqa: E402

LOOK = 0.2  # seconds between two looks at the process
SLACK = 600  # seconds for all that is not reading
RUN = """import sys; sys.path[:0] = {path!r}
from bench.hostile import without_model; without_model()
from ingest.__main__ import main; sys.exit(main({args!r}))"""


def without_model() -> None:
    """Puts an encoder in the place of the model that makes vectors of no meaning, at no cost."""
    import numpy as np

    from index import encoder

    class Meaningless:
        fingerprint, ready = "meaningless", True

        def passages(self, texts: Sequence[str]) -> Any:
            found = np.array([np.random.default_rng(zlib.crc32(text.encode())).normal(size=32) for text in texts], np.float32)
            return found.reshape(-1, 32) / np.linalg.norm(found.reshape(-1, 32), axis=1, keepdims=True)

        queries = passages

    encoder.load = lambda *_: Meaningless()


def watched(
    command: Sequence[str], seconds: float, env: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], bool, int, list[tuple[float, int]]]:
    """The process as it ended, whether it had to be killed, how many processes it left, and its memory (MB) with the number of
    its children, look by look."""
    looks: list[tuple[float, int]] = []
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err, env=env, start_new_session=True)
        until, hung = time.monotonic() + seconds, False
        while process.poll() is None:
            looks.append((memory_mb(process.pid), len(list(_session(process.pid))) - 1))
            if time.monotonic() > until:
                hung = True
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            time.sleep(LOOK)
        time.sleep(1)  # so long may a process take to end that was told to
        left = len(list(_session(process.pid)))
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, process.returncode, out.read(), err.read()), hung, left, looks


def _session(leader: int) -> Iterator[int]:
    """The living processes that a session leader has started, and itself."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *rest = path.read_text(errors="replace").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(rest[2]) == leader and state != "Z":
            yield int(path.parent.name)


def _listing(folder: Path) -> set[str]:
    return {os.path.join(parent, name) for parent, folders, files in os.walk(folder) for name in [*folders, *files]}


def kind(reason: str) -> str:
    """A reason without what is only this document's."""
    return re.sub(r"«[^»]*»", "«…»", re.split(r"[;(]", reason)[0]).strip()


def measure(folder: Path, config: Path | None, model: bool) -> dict[str, Any]:
    """The figures of one run."""
    settings = load_settings(config)
    wanted = set(documents_in.documents([folder]))
    with tempfile.TemporaryDirectory(prefix="fou-hostile-") as work:
        scratch = Path(work) / "tmp"
        scratch.mkdir()
        args = ["run", str(folder), "--store", f"{work}/store", "--json", *(["--config", str(config)] if config else [])]
        path = [str(ROOT), str(ROOT / "tests")]
        command = [sys.executable, *(["-m", "ingest", *args] if model else ["-c", RUN.format(path=path, args=args)])]
        before = _listing(folder)
        began = time.monotonic()
        seconds = SLACK + len(wanted) * settings.limits.document_seconds / cores()
        done, hung, left, looks = watched(command, seconds, os.environ | {"TMPDIR": str(scratch)})
        took = time.monotonic() - began
        files = sorted(
            (_listing(folder) ^ before) | _listing(scratch) | {p for p in _listing(Path(work) / "store") if "/.part-" in p}
        )
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            answer = None
        failed = answer["failed"] if answer else []
        lacking = _lacking(wanted, Path(work) / "store" / "catalog.sqlite", failed, settings.root) if answer else []
    read = answer["added"] if answer else 0
    reading = [memory for memory, children in looks if children > 0] or [0.0]
    first, last = (
        next((i for i, look in enumerate(looks) if look[1]), 0),
        max((i for i, look in enumerate(looks) if look[1]), default=0),
    )
    third = max(1, (last - first) // 3)
    return {
        "files": len(wanted),
        "read": read,
        "refused": len(failed),
        "reasons": dict(Counter(kind(row["reason"]) for row in failed).most_common()),
        "unforeseen": [f"{one_line(row['path'])}: {row['reason']}" for row in failed if "uventet feil" in row["reason"]],
        "memory_mb": {
            "start": round(looks[first][0]) if looks else 0,
            "a third in": round(looks[min(first + third, last)][0]) if looks else 0,
            "two thirds in": round(looks[min(first + 2 * third, last)][0]) if looks else 0,
            "end of reading": round(looks[last][0]) if looks else 0,
            "peak of reading": round(max(reading)),
            "peak of it all, with the indexes": round(max(memory for memory, _ in looks)),
        },
        "seconds": round(took, 1),
        "none of these": {
            "crashes": int(answer is None and not hung),
            "hangs": int(hung),
            "neither read nor refused": len(lacking),
            "processes left": left,
            "files left": len(files),
        },
        "said": f"exit code {done.returncode}: {done.stderr[-2000:]}" if answer is None else "",
        "left": [*lacking[:10], *files[:10]],
    }


def _lacking(wanted: set[Path], catalog: Path, failed: Sequence[dict[str, str]], root: Path) -> list[str]:
    """The documents that are neither in the catalog nor told of."""
    with sqlite3.connect(catalog) as db:
        there = {path for (path,) in db.execute("SELECT path FROM documents WHERE retired IS NULL")}
    there |= {row["path"] for row in failed}
    return sorted(
        one_line(path) for path in wanted if not {own_name(path, root), stored_name(path, root) if path.exists() else ""} & there
    )


def table(found: dict[str, Any]) -> Iterator[str]:
    """The figures as the README has them."""
    yield "| | |\n|---|--:|"
    yield f"| files | {number(found['files'])} |"
    yield f"| read | {number(found['read'])} |"
    yield f"| refused | {number(found['refused'])} |"
    yield from (f"| – {reason} | {count} |" for reason, count in found["reasons"].items())
    yield from (f"| memory of the main process, {when} | {megabytes} MB |" for when, megabytes in found["memory_mb"].items())
    yield f"| seconds | {found['seconds']} |"
    yield from (f"| **{what}** | **{count}** |" for what, count in found["none of these"].items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--without-model", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fou-bad-") as made:
        if args.folder is None:
            import hostile  # tests/hostile.py

            args.folder = Path(made) / "dokumenter"
            hostile.write(args.folder, seed=args.seed)
        found = measure(args.folder.resolve(), args.config, not args.without_model)
    if args.json:
        cli.print_json(found)
    else:
        print("\n".join(table(found)))
        print("\n".join([found["said"], *found["unforeseen"], *found["left"]]), file=sys.stderr)
    return int(any(found["none of these"].values()))


if __name__ == "__main__":
    sys.exit(main())

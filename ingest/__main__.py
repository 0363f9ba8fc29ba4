"""python -m ingest fetch | run | watch | show | clean: documents into the store, also from the web; a look at one."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import audit
import cli
import watch
from errors import FouError, StoreError, UnreadableDocument, UsageError
from ingest.fetching import command
from settings import Settings, load_settings
from shown import one_line

if TYPE_CHECKING:
    from index.layout import Layout
    from ingest.report import Report


def main(argv: Sequence[str] | None = None) -> int:
    parser = cli.parser("python -m ingest", "Les dokumenter inn i FoU-søk.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="fetch | run | watch | show | clean")

    command.add(commands, partial(cli.add_common, json=True))

    run = commands.add_parser("run", help="legg til eller oppdater dokumenter, og gjør dem søkbare")
    run.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="filer og mapper (ellers korpusmappa)")
    cli.add_common(run, json=True)
    run.set_defaults(do=_run)

    keep = commands.add_parser("watch", help="hold basen ved like: hent fra kildene og les inn, runde etter runde")
    source = "en kilde med valgene den har i fetch: ks, 'kudos --query heltid' (ellers de i innstillingene)"
    keep.add_argument("sources", nargs="*", metavar="SOURCE", help=source)
    keep.add_argument("--every", type=watch.every, metavar="6h", help="pausen mellom rundene (ellers den i innstillingene)")
    keep.add_argument("--once", action="store_true", help="bare én runde, for cron; svarer med 1 om noe ikke gikk")
    cli.add_common(keep)
    keep.set_defaults(do=_watch)

    show = commands.add_parser("show", help="vis hva som leses ut av ett dokument, uten å lagre det")
    show.add_argument("file", type=Path, metavar="FILE")
    cli.add_common(show, json=True)
    show.set_defaults(do=_show)

    clean = commands.add_parser("clean", help="rett bokstavene i en tekst; en fil er ett dokument, og linjene blir stående")
    clean.add_argument("file", nargs="?", default="-", metavar="FILE|-", help="en fil, eller - for standard inn")
    clean.add_argument("--jsonl", action="store_true", help='rader {"id", "text"} inn og ut, hver rad et dokument')
    clean.add_argument("--explain", action="store_true", help="legg til hver rettelse: hva sto der, hva ble det, og hvor sikkert")
    cli.add_common(clean)
    clean.set_defaults(do=_clean)

    return cli.main(lambda args: args.do(args, load_settings(args.config, args.store)), parser, argv)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    answer = told(args.paths or [settings.folders.corpus], settings)
    if args.json:
        cli.print_json(answer)
    else:
        print(
            f"{answer['added']} nye, {answer['updated']} oppdatert, {answer['unchanged']} uendret, "
            f"{answer['removed']} fjernet. Basen har {answer['reports']} rapporter og prosjekter "
            f"med {answer['passages']} avsnitt ({answer['seconds']} s)."
        )
    for kind in ("failed", "notices"):
        for entry in answer[kind]:
            print(one_line(": ".join(filter(None, ("ingest", entry["path"], entry["reason"])))), file=sys.stderr)
    tried = answer["added"] + answer["updated"] + answer["unchanged"]
    return 1 if answer["failed"] and not tried else 0


def _watch(args: argparse.Namespace, settings: Settings) -> int:
    hours = args.every or settings.watch.every_hours
    return watch.watch(args.sources or settings.watch.sources, settings, told, hours, args.once)


def told(paths: Sequence[Path], settings: Settings) -> dict[str, Any]:
    """`ingest` of the store that all share, with its line in the audit."""
    with audit.change(settings.folders.store, "ingest") as facts:
        answer = ingest(paths, settings)
        facts |= {name: answer[name] for name in ("added", "updated", "removed")} | {"failed": len(answer["failed"])}
    return answer


def ingest(paths: Sequence[Path], settings: Settings, layout: Layout | None = None) -> dict[str, Any]:
    """Brings the store (that of the settings, or another) up to date with files and folders; gives what `run --json` prints.

    A document that can't be read is listed with its reason; what the store had of it stays. A notice whose path is None
    is on the run as a whole.
    """
    from index import feed
    from index.layout import Layout
    from index.store import Store
    from ingest import entry, ocr, pipeline, reader, refused
    from ingest.sources import folder

    began = time.monotonic()
    counts = dict.fromkeys(("added", "updated", "unchanged", "removed"), 0)
    failed: dict[str, str] = {}
    notices: list[dict[str, str | None]] = []
    layout = layout or Layout.of(settings)
    with Store.open_for_writing(settings, layout) as store, refused.keeping(layout.root) as kept:
        state = store.state()
        stored = [settings.root / name for name in state]
        folder.check(paths, stored)
        documents = [path for path in folder.documents(paths) if path.exists() or path.is_symlink()]
        for path in folder.gone(stored, paths):
            store.retire(path)
            counts["removed"] += 1

        def refuse(name: str, reason: str, print_of_now: str = "") -> None:
            failed[name] = reason
            kept.add(name, reason, print_of_now)

        def take(paths_in: Sequence[Path], label: str) -> None:
            """Reads those that are new or changed, and puts them in their order."""
            prints: dict[Path, tuple[str, str]] = {}
            with cli.progress(len(paths_in), label) as step:
                for path in paths_in:
                    if fault := folder.fault(path, paths):
                        refuse(own_name(path, settings.root), fault)
                        step(1)
                        continue
                    name = store.name(path)
                    try:
                        now = pipeline.fingerprint(path, settings)
                        not_now = refused.fingerprint(now, settings)
                        if state.get(name) == now:
                            counts["unchanged"] += 1
                            kept.drop(name)
                        elif known := kept.reason(name, not_now):
                            failed[name] = known
                        else:
                            prints[path] = now, not_now
                            continue
                    except Exception as error:  # one document, whatever is wrong with it, does not end the run
                        refuse(name, reader.told(error))
                    step(1)
                for path, found in reader.reports(list(prints), settings, cli.progress):
                    name, (now, not_now) = store.name(path), prints[path]
                    try:
                        if isinstance(found, reader.Refusal):
                            refuse(name, found.reason, not_now if found.lasting else "")
                        else:
                            store.put(found, path, now)
                            counts["updated" if name in state else "added"] += 1
                            notices.extend({"path": name, "reason": notice} for notice in found.notices)
                            kept.drop(name)
                    except StoreError:  # which is no fault of the document
                        raise
                    except Exception as error:
                        refuse(name, reader.told(error))
                    step(1)

        take(documents, "Leser dokumenter")
        entries = folder.entries(paths)
        with store.together():
            read = store.state()
            alone: list[Path] = []
            for path in entries:  # what the source says of a report stands for it until its file can be read
                try:
                    document = entry.document(path)
                    has_text = document is not None and store.name(document) in read
                except (OSError, ValueError, RuntimeError):  # what it calls its file can't be the name of one
                    has_text = False
                if not has_text:
                    alone.append(path)
                elif store.name(path) in state:
                    store.retire(path)
            take(alone, "Leser oppføringer")
        for path, reason in folder.closed(paths):
            refuse(own_name(path, settings.root), reason)
        order = {own_name(path, settings.root): number for number, path in enumerate([*documents, *entries])}
        for name in set(kept.rows) - set(failed):
            if any((settings.root / name).is_relative_to(path.resolve()) for path in paths):
                kept.drop(name)  # it is gone
        summary = store.build(cli.progress)
        feed.write(store.layout, store.db)
        if summary.reports:
            store.prepare(cli.progress)
    if remedy := ocr.remedy(settings, [notice["reason"] for notice in notices]):
        notices.append({"path": None, "reason": remedy})
    return {
        **counts,
        "failed": [
            {"path": name, "reason": failed[name]} for name in sorted(failed, key=lambda name: order.get(name, len(order)))
        ],
        "notices": notices,
        "reports": summary.reports,
        "passages": summary.passages,
        "seconds": round(time.monotonic() - began, 1),
    }


def own_name(path: Path, root: Path) -> str:
    """A path as the catalog has it, but for a link: its own, and not that of what it leads to."""
    from index.store import stored_name

    return (Path(stored_name(path.parent, root)) / path.name).as_posix()


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """Whatever goes wrong with a document becomes one sentence, foreseen or not."""
    from ingest import reader

    try:
        yield
    except Exception as error:
        raise FouError(f"{what} kan ikke leses: {reader.told(error)}") from error


def _show(args: argparse.Namespace, settings: Settings) -> int:
    from ingest import reader

    if not args.file.is_file():
        raise UsageError(f"«{one_line(args.file)}» finnes ikke; oppgi en fil som finnes")
    with _reading(f"«{one_line(args.file)}»"):
        report = reader.report(args.file, settings, cli.progress)
    if args.json:
        cli.print_json(shown(report))
    else:
        print("\n".join(_lines(report)))
    _tell(report.notices, settings)
    return 0


def _tell(notices: Sequence[str], settings: Settings) -> None:
    """What the user should know of one document, and what would mend it."""
    from ingest import ocr

    for notice in [*notices, *filter(None, [ocr.remedy(settings, notices)])]:
        print(f"ingest: {notice}", file=sys.stderr)


def shown(report: Report) -> dict[str, Any]:
    """What `show --json` prints of a report."""
    meta = report.metadata
    return {
        "metadata": {name: getattr(meta, name) for name in meta.__dataclass_fields__},
        "pages": [
            {"number": p.number, "raw": p.raw, "text": p.text, "method": p.method, "quality": round(p.quality, 3)}
            for p in report.pages
        ],
        "sections": [
            {"path": list(s.path), "first_page": s.first_page, "paragraphs": [p.text.text for p in s.paragraphs]}
            for s in report.sections
        ],
        "projects": [{"title": p.title, "theme": p.theme} for p in report.projects],
        "passages": [
            {"text": p.text.text, "section": p.section, "first_page": p.first_page, "last_page": p.last_page}
            for p in report.passages
        ],
        "edits": [{"page": page.number, **edit._asdict()} for page in report.pages for edit in page.edits],
    }


def _lines(report: Report) -> Iterator[str]:
    meta = report.metadata
    yield f"{meta.title or report.path.name}"
    for label, value in (
        ("Oppdragsgiver", meta.commissioner),
        ("Utfører", meta.body),
        ("Forfattere", ", ".join(meta.authors)),
        ("År", meta.year),
        ("Nummer", meta.number),
        ("ISBN", meta.isbn),
        ("Språk", meta.language),
        ("Temaer", ", ".join(meta.themes)),
    ):
        if value:
            yield f"  {label}: {value}"
    edits = sum(len(page.edits) for page in report.pages)
    yield f"  {len(report.pages)} sider, {len(report.passages)} avsnitt, {edits} rettelser"
    for section in report.sections:
        yield f"{section.first_page:>5}  {section.title or '(uten overskrift)'}"
    for project in report.projects:
        yield f"    –  {project.theme}: {project.title}"


def _clean(args: argparse.Namespace, settings: Settings) -> int:
    from ingest.repair import Repaired, repair
    from ingest.repair.edits import apply
    from ingest.repair.explain import explained, lines

    if args.jsonl:
        for number, row in _rows(_read(args.file)):
            raw = row["text"]
            with _reading(f"linje {number}"):
                found = repair([raw])
            told = {name: v for name, v in explained([raw], found)[0].items() if name != "page"} if args.explain else {}
            print(json.dumps({**row, "text": apply(raw, found[0].edits), **told}, ensure_ascii=False))
        return 0
    path = Path(args.file)
    notices: list[str] = []
    if args.file != "-" and path.suffix.lower() in (".pdf", ".docx", ".html", ".htm"):
        from ingest import reader

        if not path.is_file():
            raise UsageError(f"«{one_line(path)}» finnes ikke; oppgi en fil som finnes")
        with _reading(f"«{one_line(path)}»"):
            pages, notices = reader.pages(path, settings, cli.progress, _language(path))
        raws, found = [page.raw for page in pages], [Repaired(page.edits, page.quality) for page in pages]
        print("\n".join(page.text for page in pages))
    else:
        raws = [_read(args.file)]
        with _reading("teksten" if args.file == "-" else f"«{path}»"):
            found = repair(raws, "" if args.file == "-" else _language(path))
        sys.stdout.write(apply(raws[0], found[0].edits))
    if args.explain:
        print("" if raws[-1].endswith("\n") else "\n", *lines(explained(raws, found)), sep="\n")
    _tell(notices, settings)
    return 0


def _language(path: Path) -> str:
    """The language that the file beside a document states, as `run` takes it."""
    from ingest import pipeline

    stated = {} if path.suffix == ".json" else pipeline.sidecar(path)  # which would be the file itself
    return str(stated.get("language") or "")


def _read(name: str) -> str:
    from ingest import reader
    from ingest.extract.text import decode

    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"«{one_line(name)}» kan ikke leses: {reader.told(error)}") from error
    try:
        return decode(data)
    except UnreadableDocument as error:
        raise FouError(f"«{name}» kan ikke leses: {error}") from error


def _rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a JSONL file with the numbers of their lines."""
    for number, line in enumerate(text.split("\n"), 1):  # splitlines() would break rows at U+0085 and the like
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row["text"], str):
                raise TypeError
        except (ValueError, KeyError, TypeError) as error:
            raise FouError(f'linje {number} er ikke et JSON-objekt med "id" og "text"; rett den og prøv igjen') from error
        yield number, row


if __name__ == "__main__":
    sys.exit(main())

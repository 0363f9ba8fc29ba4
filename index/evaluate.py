"""A folder in BEIR's layout, indexed by the production code into a store of its own and searched by the production search."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from errors import FouError, UsageError
from index import build, metrics
from index.encoder import Encoder, load
from index.layout import Layout
from index.search import Index, open_index
from index.store import Store
from ingest.report import Metadata, Report
from settings import Settings

TIMED = 100  # queries whose time is taken, whole and one by one; the vectors of the others are made in batches and kept
DEEP = 100  # reports ranked for each query


def evaluate(
    folder: Path,
    settings: Settings,
    weight: float | None = None,
    run: Path | None = None,
    progress: build.Progress = build.no_progress,
    model: Encoder | None = None,
    by: str = "",
) -> dict[str, Any]:
    """Figures of the search on `folder`, by name; means over the queries that have a relevant document.

    `weight` is the share of the vectors (the settings' where None). `run` gets the ranking as a TREC run file.
    `by` names a field of the queries («kind», «lang»), for figures of each of its values under `"by"`. Where the
    folder holds no_answer.jsonl, questions without an answer, `"no_answer_auc"` is the chance that a question with an answer
    is given a higher probability of having one. FouError where the folder isn't in BEIR's layout, or no query has `by`.
    """
    queries, judged = read_queries(folder)
    index, documents = open_folder(folder, settings, progress, model)
    asked = [q for q in queries if any(grade > 0 for grade in judged.get(q, {}).values())]
    if not asked:
        raise FouError(f"Ingen av spørsmålene i {folder} har et relevant dokument i qrels.tsv; kontroller id-ene.")
    index.warm(weight)
    times = [index.search(queries[q], 10, weight=weight).took_ms for q in asked[:: max(1, len(asked) // TIMED)][:TIMED]]
    if weight != 0:
        index.prepare([queries[q] for q in asked])
    rankings = {q: index.rank(queries[q], DEEP, weight=weight) for q in asked}
    if run:
        _write_run(run, rankings)

    def means(some: Sequence[str]) -> dict[str, Any]:
        def mean(metric: Any, k: int) -> float:
            return round(sum(metric([d for d, _ in rankings[q]], judged[q], k) for q in some) / len(some), 4)

        return {
            "queries": len(some),
            "ndcg@10": mean(metrics.ndcg, 10),
            "recall@10": mean(metrics.recall, 10),
            "recall@100": mean(metrics.recall, 100),
            "mrr@10": mean(metrics.reciprocal_rank, 10),
        }

    figures = {
        "documents": documents,
        **means(asked),
        "p50_ms": round(metrics.percentile(times, 0.5), 1),
        "p95_ms": round(metrics.percentile(times, 0.95), 1),
    }
    if (folder / "no_answer.jsonl").is_file():
        without = [row["text"] for row in rows_of(folder / "no_answer.jsonl", ("text",))]
        answered = [index.search(queries[q], 1, weight=weight).answer_probability for q in asked]
        unanswered = [index.search(text, 1, weight=weight).answer_probability for text in without]
        figures["no_answer_auc"] = round(metrics.auc(answered, unanswered), 4)
    if by:
        groups: dict[str, list[str]] = {}
        for row in rows_of(folder / "queries.jsonl", ("_id", "text")):
            if row["_id"] in rankings and row.get(by):
                groups.setdefault(str(row[by]), []).append(row["_id"])
        if not groups:
            raise FouError(f"Ingen av spørsmålene i {folder} har feltet «{by}»; se hvilke felt queries.jsonl har.")
        figures["by"] = {value: means(some) for value, some in sorted(groups.items())}
    return figures


def open_folder(
    folder: Path, settings: Settings, progress: build.Progress = build.no_progress, model: Encoder | None = None
) -> tuple[Index, int]:
    """The index of a folder's corpus, made or brought up to date in the store's eval/NAME, and its number of documents."""
    layout, settings = apart(folder, settings)
    model = model or load(settings, layout.models)
    rows = {row["_id"]: row for row in rows_of(folder / "corpus.jsonl", ("_id", "text"))}
    with Store.open_for_writing(settings, layout, model) as store:
        known = store.state()
        wanted = {store.name(_path(i)): (i, _fingerprint(row, settings)) for i, row in rows.items()}
        for gone in known.keys() - wanted.keys():
            store.retire(gone)
        stale = [(path, i, mark) for path, (i, mark) in wanted.items() if known.get(path) != mark]
        with progress(len(stale), "Leser dokumenter") as step, store.together():
            for path, i, mark in stale:
                store.put(report_of(rows[i], settings), path, mark, key=i)
                step(1)
        store.build(progress)
    return open_index(settings, layout, model), len(rows)


def apart(folder: Path, settings: Settings) -> tuple[Layout, Settings]:
    """A store of its own for a folder, under eval/ in the store, and the settings for it; the models stay in the main store."""
    main = Layout.of(settings)
    name = f"{folder.resolve().name}-{hashlib.sha1(str(folder.resolve()).encode()).hexdigest()[:6]}"
    layout = replace(main, root=main.root / "eval" / name)
    return layout, replace(settings, root=layout.root.resolve())


def report_of(row: Mapping[str, Any], settings: Settings) -> Report:
    """A row of corpus.jsonl as a Report of one page: its text's lines are paragraphs, cut into passages as any document."""
    from ingest.passages import of_text

    title = str(row.get("title") or "")
    text = str(row["text"]).strip() or title  # a document without text is found by its title
    page, section, passages = of_text(text, settings.passages.min_words, settings.passages.max_words)
    return Report(
        path=_path(row["_id"]),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        metadata=Metadata(
            title=title,
            body=str(row.get("body") or ""),
            year=int(row["year"]) if str(row.get("year", "")).isdecimal() else None,
            language=str(row.get("lang") or ""),
            themes=tuple(row.get("themes") or ()),
        ),
        pages=(page,),
        sections=(section,),
        projects=(),
        passages=passages,
    )


def read_queries(folder: Path) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The queries by id, and the grades of documents by query id."""
    queries = {row["_id"]: row["text"] for row in rows_of(folder / "queries.jsonl", ("_id", "text"))}
    judged: dict[str, dict[str, int]] = {}
    lines = _lines(folder / "qrels.tsv")
    for number, line in lines:
        fields = line.split("\t")
        if number == 1 and not fields[-1].lstrip("-").isdecimal():
            continue  # the heading
        if len(fields) != 3 or not fields[2].lstrip("-").isdecimal():
            raise FouError(f"{folder / 'qrels.tsv'} linje {number}: ventet spørsmål, dokument og karakter med tabulator mellom.")
        judged.setdefault(fields[0], {})[fields[1]] = int(fields[2])
    return queries, judged


def _path(name: str) -> Path:
    return Path("corpus.jsonl") / quote(name, safe="")


def _fingerprint(row: Mapping[str, Any], settings: Settings) -> str:
    from ingest.passages import VERSION

    state = [row, VERSION, settings.passages.min_words, settings.passages.max_words]
    return hashlib.sha1(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = path.read_text("utf-8").split("\n")
    except FileNotFoundError as error:
        raise UsageError(f"Fant ikke {path}; mappa skal ha corpus.jsonl, queries.jsonl og qrels.tsv.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FouError(f"{path} kan ikke leses ({error}); den skal være en tekstfil i UTF-8.") from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def rows_of(path: Path, keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise FouError(f"{path} linje {number} er ikke gyldig JSON: {error}.") from error
        if not isinstance(row, dict) or any(not isinstance(row.get(key), str) for key in keys):
            raise FouError(f"{path} linje {number} mangler {' eller '.join(keys)} som tekst.")
        yield row


def _write_run(path: Path, rankings: Mapping[str, list[tuple[str, float]]]) -> None:
    """TREC's run format: query, Q0, document, rank, score, name of the system."""
    lines = [f"{q} Q0 {d} {i} {s:.6f} fou-sok" for q, found in rankings.items() for i, (d, s) in enumerate(found, 1)]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise FouError(f"{path} kan ikke skrives ({error.strerror}); oppgi et annet sted med --run.") from error

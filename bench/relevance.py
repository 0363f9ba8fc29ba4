"""The README's tables of search: python -m bench.relevance [FOLDER …] [--store DIR] [--peers]
                                        python -m bench.relevance --no-answer [--store DIR]

Each folder of ../shared/eval/retrieval through the production code: words, vectors, both, and both without the vocabulary and
without the adapter, nDCG@10 with the mean difference to the whole and its 95 % interval (paired bootstrap over the questions). --peers
runs beside it what one might use instead, on the same documents and the plain model: bm25s, sentence-transformers with FAISS,
reciprocal rank fusion of the two (Cormack et al., SIGIR 2009), and txtai's hybrid (bench/requirements.txt has them).
--no-answer: how many questions are told that nothing answers, of those with an answer, those without, and those of other matters.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cli  # noqa: E402
from index import metrics  # noqa: E402
from index.evaluate import DEEP, open_folder, read_queries  # noqa: E402
from settings import Settings, load_settings  # noqa: E402

EVAL = ROOT.parent / "shared" / "eval"
DRAWN = 2000  # bootstrap samples
FAR = 100  # questions on other matters
KINDS = {"judged"}  # folders with figures for subgroups

Ranker = Callable[[str], list[str]]


def systems(folder: Path, settings: Settings) -> dict[str, Ranker]:
    """The product, its parts, and what it is without the vocabulary and without the adapter; each takes a question and gives
    document ids."""
    plain = replace(settings, model=replace(settings.model, adapter=False), folders=apart(settings, "plain"))
    bare = replace(settings, search=replace(settings.search, vocabulary=False))
    whole, without_bridge, without_adapter = (open_folder(folder, some, cli.progress)[0] for some in (settings, bare, plain))

    def ranker(index, weight: float | None) -> Ranker:
        return lambda query: [key for key, _ in index.rank(query, DEEP, weight=weight)]

    return {
        "whole": ranker(whole, None),
        "words": ranker(whole, 0.0),
        "vectors": ranker(whole, 1.0),
        "without the vocabulary": ranker(without_bridge, None),
        "without the adapter": ranker(without_adapter, None),
    }


def apart(settings: Settings, name: str):
    """The folders of the settings, with a store of its own inside the store: two models do not share one."""
    return replace(settings.folders, store=settings.folders.store / name)


def peers(folder: Path, settings: Settings) -> dict[str, Ranker]:
    import bm25s
    import faiss
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from txtai import Embeddings

    from index.encoder import bundled

    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    ids, texts = [r["_id"] for r in rows], [f"{r.get('title', '')} {r['text']}".strip() for r in rows]
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    path = str(bundled(settings.folders.store / "models", adapted=False))
    model = SentenceTransformer(path, device="cpu")
    vectors = faiss.IndexFlatIP(model.get_sentence_embedding_dimension())
    vectors.add(np.asarray(model.encode([f"passage: {t}" for t in texts], normalize_embeddings=True), np.float32))
    hybrid = Embeddings(path=path, hybrid=True, instructions={"query": "query: ", "data": "passage: "})
    hybrid.index(list(zip(ids, texts, strict=True)))
    deep = min(DEEP, len(ids))

    def by_words(query: str) -> list[str]:
        found, scores = words.retrieve(bm25s.tokenize(query, show_progress=False), k=deep, show_progress=False)
        return [ids[i] for i, score in zip(found[0], scores[0], strict=True) if score > 0]

    def by_vectors(query: str) -> list[str]:
        vector = model.encode([f"query: {query}"], normalize_embeddings=True)
        return [ids[i] for i in vectors.search(np.asarray(vector, np.float32), deep)[1][0]]

    def fused(query: str) -> list[str]:
        scores: dict[str, float] = {}
        for ranking in (by_words(query), by_vectors(query)):
            for rank, key in enumerate(ranking, 1):
                scores[key] = scores.get(key, 0.0) + 1 / (60 + rank)
        return sorted(scores, key=lambda key: -scores[key])

    return {
        "bm25s": by_words,
        "sentence-transformers + FAISS": by_vectors,
        "reciprocal rank fusion": fused,
        "txtai hybrid": lambda query: [key for key, _ in hybrid.search(query, deep)],
    }


def interval(differences: list[float]) -> tuple[float, float]:
    """The 95 % interval of a mean, by drawing the questions anew."""
    rng = random.Random(1)
    means = sorted(sum(rng.choices(differences, k=len(differences))) / len(differences) for _ in range(DRAWN))
    return means[int(0.025 * DRAWN)], means[int(0.975 * DRAWN)]


def table(folder: Path, settings: Settings, with_peers: bool) -> None:
    queries, judged = read_queries(folder)
    rows = {row["_id"]: row for row in map(json.loads, (folder / "queries.jsonl").read_text("utf-8").splitlines())}
    asked = [q for q in queries if any(grade > 0 for grade in judged.get(q, {}).values())]
    rankers = systems(folder, settings) | (peers(folder, settings) if with_peers else {})
    print(f"\n{folder.name}: {len(asked)} questions\n\n| | nDCG@10 | difference | recall@100 | p50 ms |\n|---|--:|--:|--:|--:|")
    whole: list[float] = []
    for name, ranker in rankers.items():
        ranker("oppvarming til et spørsmål")
        found, times = {}, []
        for q in asked:
            started = time.perf_counter()
            found[q] = ranker(queries[q])
            times.append((time.perf_counter() - started) * 1000)
        values = [metrics.ndcg(found[q], judged[q], 10) for q in asked]
        whole = whole or values
        low, high = interval([v - w for v, w in zip(values, whole, strict=True)])
        difference = "" if values is whole else f"{(sum(values) - sum(whole)) / len(asked):+.3f} ({low:+.3f} to {high:+.3f})"
        recall = sum(metrics.recall(found[q], judged[q], DEEP) for q in asked) / len(asked)
        print(
            f"| {name} | {sum(values) / len(asked):.3f} | {difference} | {recall:.3f} | {metrics.percentile(times, 0.5):.0f} |",
            flush=True,
        )
        if folder.name in KINDS and name in ("whole", "without the adapter"):
            for field in ("kind", "lang"):
                groups: dict[str, list[float]] = {}
                for q, value in zip(asked, values, strict=True):
                    groups.setdefault(rows[q][field], []).append(value)
                told = ", ".join(f"{group} {sum(some) / len(some):.3f}" for group, some in sorted(groups.items()))
                print(f"| – by {field}: {told} | | | | |")


def no_answer(settings: Settings) -> None:
    judged, other = EVAL / "retrieval" / "judged", EVAL / "retrieval" / "norquad_passage"
    index, _ = open_folder(judged, settings, cli.progress)
    rows = (EVAL / "judged" / "no_answer.jsonl").read_text("utf-8").splitlines()
    asked = {
        "with an answer": list(read_queries(judged)[0].values()),
        "without, but near": [json.loads(row)["text"] for row in rows],
        "on other matters": list(read_queries(other)[0].values())[:FAR],
    }
    for name, questions in asked.items():
        told = sum(index.search(question, 1).no_answer for question in questions)
        print(f"told that nothing answers: {told} of {len(questions)} {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--no-answer", action="store_true")
    args = parser.parse_args()
    settings = load_settings(store=args.store)
    if args.no_answer:
        no_answer(settings)
        return
    for folder in args.folders or sorted(p for p in (EVAL / "retrieval").iterdir() if p.is_dir()):
        table(folder, settings, args.peers)


if __name__ == "__main__":
    main()

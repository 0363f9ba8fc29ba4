"""The README's table of search figures: python -m bench.retrieval [FOLDER …] (default: all of ../shared/eval/retrieval).

Each folder is searched with words only, vectors only, and both with the settings' weight; all through index.evaluate.
With --no-answer: how well the signs of "no good answer" part questions with an answer from those without.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index import metrics  # noqa: E402
from index.evaluate import evaluate, open_folder, read_queries  # noqa: E402
from index.suggest import no_answer as no_good  # noqa: E402
from settings import load_settings  # noqa: E402

EVAL = ROOT.parent / "shared" / "eval"
FAR = 200
SYSTEMS = {"words": 0.0, "vectors": 1.0, "both": None}


def table(folders: list[Path], settings) -> None:
    print("| folder | documents | queries | nDCG@10 words | vectors | **both** | recall@100 both | p50 ms | p95 ms |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for folder in folders:
        found = {name: evaluate(folder, settings, weight=weight) for name, weight in SYSTEMS.items()}
        both = found["both"]
        ndcg = [f"{found[name]['ndcg@10']:.3f}" for name in SYSTEMS]
        print(
            f"| {folder.name} | {both['documents']} | {both['queries']} | {ndcg[0]} | {ndcg[1]} | **{ndcg[2]}** "
            f"| {both['recall@100']:.3f} | {both['p50_ms']} | {both['p95_ms']} |",
            flush=True,
        )


def no_answer(folder: Path, unanswerable: Path, settings) -> None:
    """Prints each sign's AUC: the chance that a question with an answer shows more of it than one without."""
    index, _ = open_folder(folder, settings)
    queries, judged = read_queries(folder)
    good = [index.signs(queries[q]) for q in judged if q in queries and max(judged[q].values()) > 0]
    bad = [index.signs(json.loads(line)["text"]) for line in unanswerable.read_text("utf-8").splitlines()]
    print(f"{len(good)} questions with an answer, {len(bad)} without")
    queries, _ = read_queries(EVAL / "retrieval" / "norquad_passage")
    far = [index.signs(text) for text in list(queries.values())[:FAR]]  # questions of other matters altogether
    told = [sum(no_good(s, settings.search.no_answer_below) for s in signs) for signs in (good, bad, far)]
    print(f"told that there is no good answer: {told[0]} of the first, {told[1]} of the others, {told[2]} of {FAR} far ones")
    for name in ("cosine", "held"):
        with_answer, without = [getattr(s, name) for s in good], [getattr(s, name) for s in bad]
        print(f"{name:>10}: AUC {metrics.auc(with_answer, without):.3f}; lowest with an answer {min(with_answer):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--no-answer", action="store_true")
    args = parser.parse_args()
    settings = load_settings(store=args.store)
    if args.no_answer:
        no_answer(EVAL / "retrieval" / "judged", EVAL / "judged" / "no_answer.jsonl", settings)
    else:
        table(args.folders or sorted(p for p in (EVAL / "retrieval").iterdir() if p.is_dir()), settings)


if __name__ == "__main__":
    main()

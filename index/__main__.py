"""python -m index search | related | eval | eval-pages"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import cli
from errors import UsageError


def years(text: str) -> tuple[int | None, int | None]:
    """The span that 2015-2024, 2015-, -2024 or 2015 means."""
    match = re.fullmatch(r"(\d{4})?(-)?(\d{4})?", text.strip().replace("–", "-"))
    if not match or not (match[1] or match[3]):
        raise argparse.ArgumentTypeError(f"«{text}» er ikke år; skriv 2015-2024, 2015-, -2024 eller 2015")
    first, last = (int(y) if y else None for y in (match[1], match[3]))
    if not match[2]:
        return first, first
    if first and last and first > last:
        raise argparse.ArgumentTypeError(f"«{text}» slutter før det begynner; skriv det første året først")
    return first, last


def count(text: str) -> int:
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"«{text}» er ikke et antall; skriv et helt tall fra 1 til 999999")
    return int(text)


def make_parser() -> argparse.ArgumentParser:
    parser = cli.parser("python -m index", "Søk i rapportene, og mål søket.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="KOMMANDO")

    search = commands.add_parser("search", help="rapporter, tekststykker og sider som svarer på et spørsmål")
    search.add_argument("query", metavar="QUERY", help="spørsmålet, på vanlig norsk")
    search.add_argument("-k", type=count, default=10, metavar="N", help="antall rapporter (ellers 10)")
    search.add_argument("--year", type=years, metavar="2015-2024", help="bare rapporter fra disse årene")
    search.add_argument("--theme", action="append", default=[], metavar="T", help="bare dette temaet (kan gjentas)")
    search.add_argument("--body", action="append", default=[], metavar="B", help="bare denne utføreren (kan gjentas)")
    search.add_argument("--lang", action="append", default=[], metavar="nb|nn|en", help="bare dette språket (kan gjentas)")
    search.add_argument("--source", action="append", default=[], metavar="S", help="bare denne kilden (kan gjentas)")
    search.add_argument("--report", action="append", default=[], metavar="R", help="bare i denne rapporten (kan gjentas)")
    search.add_argument("--verbatim", action="store_true", help="søk etter ordene som de er skrevet, uten å rette skrivefeil")
    _sides(search)
    cli.add_common(search, json=True)

    related = commands.add_parser("related", help="rapporter som ligner på en rapport, med grunnen")
    related.add_argument("report", metavar="REPORT", help="nøkkel, starten på en, filnavn, sti eller rapportnummer")
    related.add_argument("-k", type=count, default=10, metavar="N", help="antall rapporter (ellers 10)")
    cli.add_common(related, json=True)

    evaluate = commands.add_parser("eval", help="mål søket på en mappe i BEIR-format (corpus.jsonl, queries.jsonl, qrels.tsv)")
    evaluate.add_argument("folder", type=Path, metavar="FOLDER")
    evaluate.add_argument("--run", type=Path, metavar="FILE", help="skriv rangeringen hit, i TREC-format")
    evaluate.add_argument("--by", default="", metavar="kind|lang", help="vis også tallene for hver verdi av dette feltet i spørsmålene")
    _sides(evaluate)
    cli.add_common(evaluate, json=True)

    pages = commands.add_parser("eval-pages", help="mål søket på spørsmål til sider i dokumenter (text, file, pages, snippet)")
    pages.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    pages.add_argument("--documents", type=Path, required=True, metavar="FOLDER", help="mappa med dokumentene")
    cli.add_common(pages, json=True)
    return parser


def _sides(parser: argparse.ArgumentParser) -> None:
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--words-only", action="store_const", const=0.0, dest="weight", help="bare ordsøk (laster ingen modell)")
    sides.add_argument("--vectors-only", action="store_const", const=1.0, dest="weight", help="bare vektorsøk")
    sides.add_argument("--weight", type=_weight, metavar="W", help="vektorsøkets del, 0-1 (ellers den i innstillingene)")


def _weight(text: str) -> float:
    try:
        weight = float(text.replace(",", "."))
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise argparse.ArgumentTypeError(f"«{text}» er ikke en vekt; skriv et tall fra 0 til 1")
    return weight


def run(args: argparse.Namespace) -> int:
    from settings import load_settings

    settings = load_settings(args.config, args.store)
    return {"search": _search, "related": _related, "eval": _eval, "eval-pages": _eval_pages}[args.command](args, settings)


def _search(args: argparse.Namespace, settings) -> int:
    if not args.query.strip():
        raise UsageError("Spørsmålet er tomt; skriv det du lurer på.")
    from index.records import Filters
    from index.search import open_index

    index = open_index(settings)
    filters = Filters(
        years=args.year,
        themes=tuple(args.theme),
        bodies=tuple(args.body),
        languages=tuple(args.lang),
        sources=tuple(args.source),
        reports=tuple(index.resolve(name) for name in args.report),
    )
    _check(index.facets(), filters)
    index.warm(args.weight)  # so that took_ms is the search's own time, as in the app, and not the model's loading
    answer = index.search(args.query, args.k, filters, args.weight, args.verbatim)
    if args.json:
        cli.print_json(answer.as_json())
        return 0
    if answer.suggestion:
        told = f"Viser treff for: {answer.suggestion} (søk etter det du skrev med --verbatim)" if answer.corrected else ""
        print(f"{told or f'Mente du: {answer.suggestion}'}\n")
    if answer.no_answer:
        print("Ingen rapport svarer godt på dette." + (" Dette ligger nærmest:\n" if answer.results else ""))
    for number, result in enumerate(answer.results, 1):
        facts = ", ".join(str(fact) for fact in (result.report.body, result.report.year) if fact)
        print(f"{number}. {result.report.title}{f' ({facts})' if facts else ''}   [{result.report.id}]")
        for hit in result.passages[:1]:
            print(f"   s. {hit.page}: {' '.join(hit.text[slice(*hit.best)].split())}")
        if result.why.term:
            print(f"   fordi «{result.why.term}» er fagordet for det du spør om")
    return 0


def _check(facets: dict[str, dict], filters) -> None:
    """UsageError for a theme, body, language or source that no report has."""
    for name, values, what in (
        ("themes", filters.themes, "tema"),
        ("bodies", filters.bodies, "utfører"),
        ("languages", filters.languages, "språk"),
        ("sources", filters.sources, "kilde"),
    ):
        known = {value.casefold(): value for value in facets[name]}
        for value in values:
            if value.casefold() not in known:
                some = ", ".join(f"«{k}»" for k in list(facets[name])[:12]) or "ingen"
                raise UsageError(f"Ingen rapport har «{value}» som {what}; i basen finnes {some}.")


def _related(args: argparse.Namespace, settings) -> int:
    from index.search import open_index

    index = open_index(settings)
    key = index.resolve(args.report)
    found = index.related(key, args.k)
    if args.json:
        cli.print_json({"report": key, "related": [r.as_json() for r in found]})
        return 0
    for number, item in enumerate(found, 1):
        print(f"{number}. {item.report.title}   [{item.report.id}]\n   {item.reason}")
    return 0


def _eval(args: argparse.Namespace, settings) -> int:
    from index.evaluate import evaluate

    figures = evaluate(args.folder, settings, weight=args.weight, run=args.run, progress=cli.progress, by=args.by)
    _print_figures(figures, args.json)
    return 0


def _eval_pages(args: argparse.Namespace, settings) -> int:
    from index.evaluate import apart
    from index.evaluate_pages import evaluate_pages, read_questions
    from index.search import open_index
    from ingest.__main__ import ingest  # the folder is ingested as any other

    questions = read_questions(args.questions)
    if not args.documents.is_dir():
        raise UsageError(f"«{args.documents}» er ingen mappe; oppgi mappa med dokumentene i --documents.")
    layout, own = apart(args.documents, settings)
    for failed in ingest([args.documents], own, layout)["failed"]:
        print(f"index: {failed['path']}: {failed['reason']}", file=sys.stderr)
    _print_figures(evaluate_pages(questions, open_index(own, layout)), args.json)
    return 0


def _print_figures(figures: dict, as_json: bool) -> None:
    if as_json:
        cli.print_json(figures)
        return
    groups = figures.pop("by", {})
    for name, value in figures.items():
        print(f"{name:>14}  {value}")
    for group, values in groups.items():
        print(f"{group:>14}  " + "  ".join(f"{name} {value}" for name, value in values.items()))


if __name__ == "__main__":
    sys.exit(cli.main(run, make_parser()))

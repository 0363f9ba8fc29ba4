"""python -m index search | new | saved | related | overlap | matrix | export | doctor | backup | restore | audit | eval…"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import audit
import cli
from errors import FouError, UnreadableDocument, UsageError
from index import filtering
from index.records import PassageHit, ReportCard
from shown import one_line

if TYPE_CHECKING:
    from index.lists.saved import Checked, Question

FORMATS = ("ris", "bibtex", "csl", "apa", "csv", "xlsx")  # index.references has them; named here so that --help is quick


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
    filtering.add_options(search)
    search.add_argument("--verbatim", action="store_true", help="søk etter ordene som de er skrevet, uten å rette skrivefeil")
    _sides(search)
    cli.add_common(search, json=True)

    new = commands.add_parser("new", help="rapporter som er kommet til siden en dag, de nyeste først")
    new.add_argument("--since", default="30d", metavar="DATE|Nd", help="en dato som 2026-01-31, eller dager som 7d (ellers 30d)")
    cli.add_common(new, json=True)

    _add_saved(commands.add_parser("saved", help="spørsmål som er lagret, og nye rapporter som svarer på dem"))

    related = commands.add_parser("related", help="rapporter som ligner på en rapport, med grunnen")
    related.add_argument("report", metavar="REPORT", help="nøkkel, starten på en, filnavn, sti eller rapportnummer")
    related.add_argument("-k", type=count, default=10, metavar="N", help="antall rapporter (ellers 10)")
    cli.add_common(related, json=True)

    overlap = commands.add_parser("overlap", help="sjekk et utkast til oppdrag mot det som er gjort før")
    overlap.add_argument("draft", metavar="FILE|-", help="utkastet: tekst, PDF eller DOCX; - leser teksten fra standard inn")
    overlap.add_argument("--docx", type=Path, metavar="OUT", help="skriv notatet hit, som Word-dokument")
    cli.add_common(overlap, json=True)

    matrix = commands.add_parser("matrix", help="noen spørsmål mot alle rapporter: det beste tekststykket i hver, eller intet")
    matrix.add_argument("questions", metavar="QUESTIONS.txt|-", help="spørsmålene, ett på hver linje; - for standard inn")
    filtering.add_options(matrix)
    matrix.add_argument("--xlsx", type=Path, metavar="OUT", help="skriv matrisa som Excel-fil")
    matrix.add_argument("--verbatim", action="store_true", help="søk etter ordene som de er skrevet, uten å rette skrivefeil")
    _sides(matrix)
    cli.add_common(matrix, json=True)

    export = commands.add_parser("export", help="rapporter som referanser: RIS, BibTeX, CSL-JSON, APA-liste, CSV eller Excel")
    export.add_argument("ids", nargs="*", metavar="IDS", help="nøkler, starten på dem, filnavn, stier eller rapportnumre")
    export.add_argument("--list", metavar="NAME", help="det som er lagt i denne lista")
    export.add_argument("--format", required=True, choices=FORMATS, help="formatet")
    export.add_argument("--out", type=Path, metavar="FILE", help="skriv hit (ellers til standard ut; xlsx må ha en fil)")
    cli.add_common(export)

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

    doctor = commands.add_parser("doctor", help="sjekk at ingenting i basen er skadet eller borte")
    doctor.add_argument("--repair", action="store_true", help="rett opp det som kan rettes opp")
    cli.add_common(doctor, json=True)

    backup = commands.add_parser("backup", help="ta en sikkerhetskopi av basen, også mens den er i bruk")
    backup.add_argument("file", type=Path, metavar="FILE", help="fila kopien skrives til")
    cli.add_common(backup, json=True)

    restore = commands.add_parser("restore", help="hent basen tilbake fra en sikkerhetskopi, også mens den er i bruk")
    restore.add_argument("file", type=Path, metavar="FILE", help="fila som «backup» skrev")
    cli.add_common(restore, json=True)

    trail = commands.add_parser("audit", help="hvem som har endret hva, og når: henting, innlesing, egne dokumenter, lister")
    trail.add_argument("--since", default="", metavar="DATE|Nd", help="en dato som 2026-01-31, eller dager som 7d (ellers alt)")
    trail.add_argument("--who", default="", metavar="WHO", help="bare det denne har gjort: en e-postadresse, local eller cli")
    cli.add_common(trail, json=True)

    drafts = commands.add_parser("eval-overlap", help="mål sjekken av utkast på en mappe med corpus.jsonl og drafts.jsonl")
    drafts.add_argument("folder", type=Path, metavar="FOLDER")
    cli.add_common(drafts, json=True)
    return parser


def _add_saved(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(dest="step", required=True, metavar="KOMMANDO")
    add = steps.add_parser("add", help="lagre et spørsmål; det basen har nå, regnes som kjent")
    add.add_argument("query", metavar="QUESTION", help="spørsmålet, på vanlig norsk")
    filtering.add_options(add)
    listed = steps.add_parser("list", help="spørsmålene som er lagret")
    remove = steps.add_parser("remove", help="ta bort et spørsmål")
    remove.add_argument("id", type=count, metavar="ID", help="nummeret i «saved list»")
    check = steps.add_parser("check", help="nye rapporter som svarer, siden sist det ble sjekket")
    check.add_argument("ids", type=count, nargs="*", metavar="ID", help="bare disse spørsmålene (ellers alle)")
    check.add_argument("--all", action="store_true", help="vis også spørsmål uten noe nytt")
    check.add_argument("--keep", action="store_true", help="merk dem ikke som sjekket, så det samme kommer igjen neste gang")
    for step in (add, listed, remove, check):
        cli.add_common(step, json=True)


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
    commands = {
        "search": _search,
        "new": _new,
        "saved": _saved,
        "related": _related,
        "overlap": _overlap,
        "matrix": _matrix,
        "export": _export,
        "eval": _eval,
        "eval-pages": _eval_pages,
        "eval-overlap": _eval_overlap,
        "doctor": _doctor,
        "backup": _backup,
        "restore": _restore,
        "audit": _audit,
    }
    return commands[args.command](args, settings)


def _search(args: argparse.Namespace, settings) -> int:
    if not args.query.strip():
        raise UsageError("Spørsmålet er tomt; skriv det du lurer på.")
    from index.search import open_index

    index = open_index(settings)
    filters = filtering.of_options(args, index)
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
        print(f"{number}. {_line(result.report)}")
        for hit in result.passages[:1]:
            print(f"   {_page(hit)}: {hit.sentence}")
        if result.why.term:
            print(f"   fordi «{result.why.term}» er fagordet for det du spør om")
        if result.report.copies:
            print(f"   finnes også i {', '.join(result.report.copies)}")
    return 0


def _new(args: argparse.Namespace, settings) -> int:
    import moments
    from index import news
    from index.layout import Layout

    moment, layout = moments.since(args.since), Layout.of(settings)
    found = news.since(layout, moment)
    if args.json:
        cli.print_json({"since": moment, "reports": news.as_json(layout, found)})
        return 0
    count = f"{len(found)} nye rapporter" if len(found) > 1 else "1 ny rapport" if found else "Ingen nye rapporter"
    print(f"{count} siden {moments.day(moment)}{':' if found else '.'}")
    for card in found:
        print(f"{moments.day(card.seen)}  {_line(card)}{'' if card.fulltext else '   fulltekst mangler'}")
    return 0


def _saved(args: argparse.Namespace, settings) -> int:
    from index.layout import Layout
    from index.lists.saved import Saved
    from index.search import open_index

    saved = Saved.of(Layout.of(settings))
    if args.step == "add":
        index = open_index(settings)
        number = saved.add(index, args.query, filtering.of_options(args, index))
        cli.print_json({"id": number}) if args.json else print(f"Lagret som nummer {number}.")
    elif args.step == "list":
        questions = saved.questions()
        if args.json:
            cli.print_json({"saved": [question.as_json() for question in questions]})
        elif not questions:
            print("Ingen spørsmål er lagret; lagre ett med python -m index saved add «spørsmålet».")
        else:
            for one in questions:
                checked = f"sist sjekket {one.checked[:16]}" if one.checked else "ikke sjekket ennå"
                print(f"{one.id}. {_asked(one)}   lagret {one.at[:16]}, {checked}")
    elif args.step == "remove":
        saved.remove(args.id)
        cli.print_json({"removed": args.id}) if args.json else print(f"Nummer {args.id} er tatt bort.")
    else:
        found = saved.check(open_index(settings), args.ids)
        told = found if args.all else [one for one in found if one.found]
        if args.json:
            cli.print_json({"checked": len(found), "saved": [one.as_json() for one in told]})
        else:
            _print_checked(told, len(found))
        sys.stdout.flush()
        if not args.keep:
            saved.mark(found)  # last, so that nothing is held to be told that was not
    return 0


def _print_checked(told: Sequence[Checked], asked: int) -> None:
    """What a check of saved questions came to: those of `told`, of so many that were `asked`."""
    if not asked:
        print("Ingen spørsmål er lagret; lagre ett med python -m index saved add «spørsmålet».")
    elif not any(one.found for one in told):
        print("Ingen nye rapporter svarer på det som er lagret.")
    for one in told:
        print(f"{one.question.id}. {_asked(one.question)}")
        for found in one.found:
            print(f"   {_line(found.report)}, {100 * found.probability:.0f} % sannsynlig")
            print(f"      {_page(found.passage)}: {found.passage.sentence}")


def _asked(question: Question) -> str:
    narrowed = filtering.described(question.filters)
    return f"{question.question}{f' ({narrowed})' if narrowed else ''}"


def _page(hit: PassageHit) -> str:
    return f"s. {hit.page}" if hit.page else "fulltekst mangler"


def _line(card: ReportCard) -> str:
    facts = ", ".join(str(fact) for fact in (card.body, card.year) if fact)
    return f"{card.title}{f' ({facts})' if facts else ''}   [{card.id}]"


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


def _matrix(args: argparse.Namespace, settings) -> int:
    from index.matrix import matrix, read_questions
    from index.search import open_index

    questions = read_questions(args.questions)
    index = open_index(settings)
    filters = filtering.of_options(args, index)
    found = matrix(index, questions, filters, args.weight, args.verbatim, cli.progress)
    if args.xlsx:
        from index.matrix_sheets import xlsx

        args.xlsx.write_bytes(xlsx(found, index))
    if args.json:
        cli.print_json(found.as_json())
    elif not args.xlsx:
        for question, answered in zip(found.questions, found.answered(), strict=True):
            print(f"{answered:>5} av {len(found.rows)}  {question}")
    return 0


def _export(args: argparse.Namespace, settings) -> int:
    from index.lists import Lists
    from index.lists.again import as_references
    from index.references import exported, references
    from index.search import open_index

    if not args.ids and not args.list:
        raise UsageError("Ingenting å eksportere; oppgi rapporter, eller en liste med --list.")
    if args.format == "xlsx" and not args.out:
        raise UsageError("En Excel-fil kan ikke skrives til skjermen; oppgi en fil med --out.")
    index = open_index(settings)
    found = references(index.snapshot, [index.resolve(name) for name in args.ids])
    if args.list:
        found += as_references(index.snapshot, Lists.of(index.snapshot.layout).get(args.list).items)
    data = exported(found, args.format)
    if args.out:
        args.out.write_bytes(data)
    else:
        print(data.decode("utf-8"), end="")
    return 0


def _overlap(args: argparse.Namespace, settings) -> int:
    from index.note import READ_FIRST, SAYS, of_check
    from index.search import open_index

    draft = _draft(args.draft, settings)
    index = open_index(settings)
    found = index.overlap(draft)
    if args.docx:
        args.docx.write_bytes(of_check(index, found, draft))
    if args.json:
        cli.print_json(found.as_json())
    if args.json or args.docx:
        return 0
    print(f"{SAYS[found.label]} ({100 * found.probability[found.label]:.0f} % sannsynlig). Dette er et råd; les selv:\n")
    for number, (card, _) in enumerate(found.reports[:READ_FIRST], 1):
        print(f"{number}. {_line(card)}")
    for asked in found.questions:
        print(f"\n{'✓' if asked.covered else '–'} {asked.text}")
        for item in asked.evidence:
            print(f"    {item.score:.2f}  {item.report.title}, {_page(item.passage)}: {item.passage.sentence}")
    return 0


def _draft(name: str, settings) -> str:
    """The text of a draft: from standard input, a text file, or a document that can be read as any other."""
    from intake import decoded, text_of

    if name == "-":
        return decoded(sys.stdin.buffer.read())
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"«{path}» er en mappe; oppgi fila med utkastet.")
    if not path.is_file():
        raise UsageError(f"Fant ikke {path}; oppgi fila med utkastet, eller - for å lese det fra standard inn.")
    try:
        return text_of(path, settings)
    except UnreadableDocument as error:
        raise FouError(f"«{path.name}» kan ikke leses ({error}); lagre utkastet som tekst og prøv med den.") from error


def _doctor(args: argparse.Namespace, settings) -> int:
    from index import doctor
    from index.doctor.fault import Cure

    if args.repair:
        from ingest.__main__ import ingest

        with audit.change(settings.folders.store, "repair") as told:
            before, now = doctor.repair(settings, lambda paths: ingest(paths, settings), cli.progress)
            told["sound"] = now.sound
    else:
        before = now = doctor.examine(settings, cli.progress)
    left = {fault.what for fault in now.faults}
    mended = [fault for fault in before.faults if fault.cure is not Cure.NONE and fault.what not in left]
    if args.json:
        told = {"sound": now.sound, "checked": now.checked, "faults": [fault.as_json() for fault in now.faults]}
        cli.print_json(told | {"mended": [fault.as_json() for fault in mended]})
    else:
        for fault in mended:
            print(f"Rettet: {fault.what}")
        for fault in now.faults:
            print(f"{'Feil' if fault.serious else 'Merk'}: {fault.what} {fault.remedy[0].upper()}{fault.remedy[1:]}.")
        names = {"documents": "dokumenter", "passages": "tekststykker", "vectors": "vektorer", "files": "filer"}
        looked = ", ".join(f"{n} {names[name]}" for name, n in now.checked.items())
        print(f"{'Basen er hel' if now.sound else 'Basen er ikke hel'}{f' (sjekket {looked})' if looked else ''}.")
    return 0 if now.sound else 1


def _backup(args: argparse.Namespace, settings) -> int:
    from index.backup import backup
    from index.layout import Layout

    told = backup(Layout.of(settings), args.file)
    if args.json:
        cli.print_json(told)
    else:
        print(f"{told['reports']} rapporter og listene dine er kopiert til {args.file} ({told['bytes'] / 1e6:.0f} MB).")
        print("Dokumentene selv er vanlige filer; ta kopi av mappa med dem også.")
    return 0


def _restore(args: argparse.Namespace, settings) -> int:
    from index.backup import restore
    from index.layout import Layout

    with audit.change(settings.folders.store, "restore") as facts:
        told = restore(Layout.of(settings), args.file)
        facts["reports"] = told["reports"]
    if args.json:
        cli.print_json(told)
    else:
        print(f"Basen er som den var {told['made']}: {told['reports']} rapporter, {told['passages']} tekststykker.")
        if told["lists_set_aside"]:
            print(f"Listene som var her, ligger i {told['lists_set_aside']}.")
    return 0


def _audit(args: argparse.Namespace, settings) -> int:
    import moments

    since = moments.since(args.since)[:19] if args.since else ""  # to the second, as in the trail
    found = list(audit.lines(settings.folders.store, since, args.who))
    if args.json:
        cli.print_json({"changes": found})
        return 0
    for line in found:
        facts = ", ".join(f"{name} {value}" for name, value in line.items() if name not in ("at", "who", "what", "ended"))
        print(one_line(f"{line['at']}  {line.get('who')}  {line.get('what')}{f' ({facts})' if facts else ''}: {line.get('ended')}"))
    if not found:
        print("Ingen endringer er skrevet opp.")
    return 0


def _eval_overlap(args: argparse.Namespace, settings) -> int:
    from index.evaluate_overlap import evaluate_overlap

    _print_figures(evaluate_overlap(args.folder, settings, cli.progress), args.json)
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
    groups = figures.pop("by", {}) | {name: figures.pop(name) for name in ("covered", "as_one_query") if name in figures}
    for name, value in figures.items():
        print(f"{name:>14}  {value}")
    for group, values in groups.items():
        print(f"{group:>14}  " + "  ".join(f"{name} {value}" for name, value in values.items()))


if __name__ == "__main__":
    sys.exit(cli.main(run, make_parser()))

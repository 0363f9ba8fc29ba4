"""Lists and the search log: what is put together is there again, after a restart and after a new reading of the documents."""

import csv
import io
import json
import threading
from dataclasses import replace

import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report
from openpyxl import load_workbook

from errors import FouError, UsageError
from index.layout import Layout
from index.lists import Lists, log, sharing
from index.lists.again import as_references, found_again
from index.lists.log import Log
from index.lists.records import Item, Kept
from index.records import Filters
from index.references import Quote, Reference, exported, references

A = Reference("a-1", "Ål og æsj", ("Kari Ek",), 2019, "Fafo")
B = Reference("b-2", "Bø", ("Ola Ås",), 2022)
C = Reference("c-3", "Cirka", ("Per Øy",), None)


@pytest.fixture
def lists(settings) -> Lists:
    return Lists.of(Layout.of(settings))


def titles(lists: Lists, name: str = "Min") -> list[str]:
    return [item.reference.title for item in lists.get(name).items]


def test_a_list_is_there_again(lists):
    assert lists.names() == []
    first = lists.add("Min  liste", A)
    second = lists.add("min liste", A, Quote("Et «sitat»\nmed linje", 3, 4))
    lists.comment("Min liste", second, "Viktig  ")
    lists.describe("Min liste", "Til kapittel 2")
    assert lists.add("Min liste", A) == first, "what is there already stays as it is"
    again = Lists(lists.path)
    kept = again.get("MIN LISTE")
    assert again.names() == [("Min liste", 2)] and (kept.name, kept.comment) == ("Min liste", "Til kapittel 2")
    assert [item.quote for item in kept.items] == [None, Quote("Et «sitat»\nmed linje", 3, 4)]
    assert kept.items[1].comment == "Viktig" and kept.items[0].reference == A
    (one,) = kept.references()
    assert [(quote.page, quote.comment) for quote in one.quotes] == [(3, "Viktig")]


def test_items_are_moved_sorted_and_removed(lists):
    ids = [lists.add("Min", one) for one in (A, B, C)]
    lists.move("Min", ids[2], 0)
    assert titles(lists) == ["Cirka", "Ål og æsj", "Bø"]
    for by, order in (
        ("title", ["Bø", "Cirka", "Ål og æsj"]),
        ("author", ["Ål og æsj", "Cirka", "Bø"]),
        ("year", ["Bø", "Ål og æsj", "Cirka"]),
        ("added", ["Ål og æsj", "Bø", "Cirka"]),
    ):
        lists.sort("Min", by)
        assert titles(lists) == order
    lists.remove("Min", ids[1])
    assert titles(lists) == ["Ål og æsj", "Cirka"]
    lists.add("Min", B)
    assert titles(lists)[-1] == "Bø"


def test_lists_are_renamed_and_deleted(lists):
    lists.create("En", "om en")
    lists.create("To")
    lists.rename("En", "EN")
    lists.rename("EN", "Tre")
    assert lists.get("tre").comment == "om en"
    lists.delete("to")
    assert [name for name, _ in lists.names()] == ["Tre"]


def test_each_mistake_is_one_sentence_with_its_remedy(lists):
    lists.create("Oppvekst")
    lists.create("Helse")
    number = lists.add("Helse", A)
    for wrong, said in (
        (lambda: lists.create("oppvekst"), "velg et annet navn"),
        (lambda: lists.rename("Helse", "OPPVEKST"), "velg et annet navn"),
        (lambda: lists.create("  "), "må ha et navn"),
        (lambda: lists.add("x" * 200, A), "høyst 120"),
        (lambda: lists.sort("Helse", "farge"), "title"),
    ):
        with pytest.raises(UsageError, match=said):
            wrong()
    with pytest.raises(FouError, match="«Oppvekst»"):
        lists.get("Opvekst")
    with pytest.raises(FouError, match="last lista på nytt"):
        lists.remove("Oppvekst", number)
    assert titles(lists, "Helse") == ["Ål og æsj"]


def test_a_file_that_is_no_list_is_told_and_left(lists):
    lists.path.parent.mkdir(parents=True)
    lists.path.write_bytes(b"noe annet" * 500)
    with pytest.raises(FouError, match="flytt fila vekk"):
        lists.names()
    assert lists.path.read_bytes().startswith(b"noe annet")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(FouError, match="kan ikke åpnes eller skrives"):
        Lists(tmp_path / "store" / "lists.sqlite").names()


def test_many_are_added_in_their_order_each_once(lists):
    lists.add("L", B)
    lists.add_all("L", [A, B, C, A])
    assert titles(lists, "L") == ["Bø", "Ål og æsj", "Cirka"]


def test_many_can_write_at_once(lists):
    def work(number: int) -> None:
        for i in range(5):
            lists.add("Felles", replace(A, key=f"k-{number}-{i}"))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lists.names() == [("Felles", 20)]


def test_a_list_is_shared_as_a_file(lists, tmp_path):
    lists.add("Delt", A, Quote("Sitat «æøå»", 2, 2))
    lists.comment("Delt", lists.add("Delt", B), "Se på denne")
    lists.describe("Delt", "Fra meg")
    text = sharing.written(lists.get("Delt"))
    other = Lists(tmp_path / "annen" / "lists.sqlite")
    assert other.insert(sharing.read(text)) == "Delt" and other.insert(sharing.read(text.encode())) == "Delt (2)"
    mine, theirs = lists.get("Delt"), other.get("Delt (2)")
    assert theirs.comment == "Fra meg"
    assert [(i.reference, i.quote, i.comment, i.added) for i in theirs.items] == [
        (i.reference, i.quote, i.comment, i.added) for i in mine.items
    ]


HEAD = '{"form": "fou-sok liste 1", "name": "x", "comment": "", "items": [%s]}'
ITEM = '{"report": %s, "passage": %s, "comment": "", "added": ""}'
KEY = '{"key": "a", "title": "%s"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"form": "fou-sok liste 1", "name": 3, "items": []}',
        b"\xff\xfe",
        "[" * 200_000,
        HEAD % ITEM % ("[1]", "null"),
        HEAD % ITEM % (KEY % "x", "[1]"),
        HEAD % ITEM % (KEY % r"\ud800", "null"),
    ],
)
def test_a_file_that_is_no_shared_list(text):
    with pytest.raises(FouError, match="ikke en liste fra FoU-søk"):
        sharing.read(text)


def test_a_shared_list_brings_no_address_but_of_the_web_and_no_code(lists):
    evil = replace(A, url="javascript:alert(1)}, x={y", language="x}, evil = {y")
    for one in (evil, replace(evil, url="https://x.no/a b}{")):
        lists.insert(sharing.read(sharing.written(Kept("L", "", "", (Item(0, one, None, "", ""),)))))
    first, second = (lists.get(name).items[0].reference for name in ("L", "L (2)"))
    assert (first.url, second.url) == ("", "https://x.no/a%20b%7D%7B")
    assert "evil = {" not in exported([second], "bibtex").decode()


def test_what_is_said_of_a_report_is_kept_whichever_comes_first(lists):
    lists.add("L", A, Quote("Sitat", 1, 1))
    lists.comment("L", lists.add("L", A), "Les denne")
    (one,) = lists.get("L").references()
    assert one.comment == "Les denne" and [quote.text for quote in one.quotes] == ["Sitat"]


def test_items_are_found_again_after_a_new_reading(lists, writing, opening):
    def put(store, path, name, *texts, **facts):
        store.put(a_report(name, *texts, **facts), path, str(hash(texts)))

    with writing() as store:
        put(store, "corpus/eldre.pdf", "eldre", NATUR, ELDRE, year=2019, body="Fafo")
        put(store, "corpus/skole.pdf", "skole", SKOLE, year=2022)
        put(store, "corpus/natur.pdf", "natur", NATUR, year=2024)
        store.build()
    index = opening()
    eldre, skole, natur = references(index.snapshot, [index.resolve(n) for n in ("eldre", "skole", "natur")])
    lists.add("L", eldre, Quote(ELDRE, 2, 2))
    lists.add("L", skole)
    lists.add("L", natur, Quote("Et avsnitt som ingen lenger har skrevet, om noe helt annet.", 1, 1))
    first = found_again(index.snapshot, lists.get("L").items)
    assert first[0].page == 2 and first[2].passage is None

    with writing() as store:  # a page more, a word repaired; one report in another folder, with another key; one gone
        put(store, "corpus/eldre.pdf", "eldre", SKOLE, NATUR, ELDRE.replace("mangler", "manglar"), year=2020, body="Fafo")
        store.retire("corpus/skole.pdf")
        put(store, "corpus/ks/skole.pdf", "skole", SKOLE, year=2022)
        store.retire("corpus/natur.pdf")
        store.build()
    index = opening()
    eldre, skole, natur = found_again(index.snapshot, Lists(lists.path).get("L").items)
    assert (eldre.page, eldre.report.year) == (3, 2020)
    assert index.passage(eldre.report.id, eldre.passage, "").text.startswith("Rapporten ser på eldreomsorg")
    assert skole.report.path == "corpus/ks/skole.pdf" and natur.report is None
    cited = as_references(index.snapshot, lists.get("L").items)
    assert [(one.title, one.year) for one in cited] == [("Eldre", 2020), ("Skole", 2022), ("Natur", 2024)]
    assert cited[0].quotes[0].text == ELDRE, "what was kept is what is quoted"


def test_the_search_log_tells_what_was_asked_and_kept(lists, settings):
    book = Log.of(Layout.of(settings))
    assert book.searches() == []
    search = book.write("hva virker\nmot fravær", Filters(years=(2015, 2024), themes=("Skole",)), 12, 600)
    book.write("=1+1", Filters(), 0, 600)
    lists.add("L", A, search=search)
    lists.add("M", A, Quote("x", 1, 1), search=search)
    lists.add("L", B, search=search)
    first, second = book.searches()
    assert (first.question, first.hits, first.reports, first.kept) == ("hva virker mot fravær", 12, 600, ("Ål og æsj", "Bø"))
    assert first.filters == Filters(years=(2015, 2024), themes=("Skole",)) and second.kept == ()
    rows = list(csv.DictReader(io.StringIO(log.csv(book.searches(), {}).lstrip("\ufeff")), delimiter=";"))
    assert rows[0]["Filtre"] == "år 2015–2024; tema Skole" and rows[0]["Beholdt"] == "2" and rows[1]["Spørsmål"] == "'=1+1"
    page = load_workbook(io.BytesIO(log.xlsx(book.searches(), {}))).active
    assert [cell.value for cell in page[2]][1:4] == ["hva virker mot fravær", "år 2015–2024; tema Skole", 12]
    book.forget(search)
    assert [one.question for one in book.searches()] == ["=1+1"] and len(lists.get("L").items) == 2
    book.forget()
    assert book.searches() == []
    lists.add("N", C, search=second.id)
    assert lists.get("N").items[0].search is None, "kept from a search that another took out of the log"


def test_what_was_kept_before_the_search_was_logged_counts_too(lists, settings):
    book = Log.of(Layout.of(settings))
    earlier = book.write("noe annet", Filters(), 1, 600)
    kept = [lists.add("L", A), *lists.add_all("L", [B]), lists.add("L", C, search=earlier)]
    book.write("hva virker", Filters(exclude=("ål",)), 3, 600, kept)
    first, second = book.searches()
    assert (first.kept, second.kept) == (("Cirka",), ("Ål og æsj", "Bø"))
    assert "uten rapport Ål og æsj" in log.csv([second], {"ål": "Ål og æsj"}), "by its title, not its key"


def test_neither_building_nor_searching_makes_the_file(lists, index):
    index.search("eldreomsorg")
    assert not lists.path.exists()
    lists.add("L", A)
    assert json.loads(json.dumps(lists.names())) == [["L", 1]]

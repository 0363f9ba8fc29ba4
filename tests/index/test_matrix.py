"""The matrix: every report has its row, each cell is the search's own best passage, and the file tells all of it."""

import io
from dataclasses import replace

import numpy as np
import pytest
from indexed import a_report
from openpyxl import load_workbook

from errors import UsageError
from index.matrix import LEAST, checked, matrix, read_questions
from index.matrix_sheets import excerpt, xlsx
from index.query import parse
from index.ranking import rank
from index.records import Filters, PassageHit
from index.scoring import every_row, nearness
from index.search import open_index

QUESTIONS = ["sykepleiere om natten", "fravær på skolen", "naturregnskap", "regnskap over natur -fravær"]


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_each_cell_is_the_searchs_own_best_passage(index, weight):
    found = matrix(index, QUESTIONS, weight=weight, least=0.0)
    assert {row.report.id for row in found.rows} == {card.id for card in index.cards()}
    for i, question in enumerate(QUESTIONS):
        answer = {r.report.id: r.passages[0] for r in index.search(question, len(index), weight=weight).results}
        for row in found.rows:
            cell, best = row.cells[i], answer.get(row.report.id)
            if best is None or best.score == 0:
                assert cell is None
            else:
                assert replace(cell, score=0) == replace(best, score=0) and cell.score == pytest.approx(best.score, abs=1e-5)


@pytest.mark.parametrize("filters", [Filters(years=(2020, None)), Filters(themes=("Helse",)), Filters(bodies=("NIFU",))])
def test_a_filter_leaves_rows_out_and_changes_no_cell(index, filters):
    every = {row.report.id: row.cells for row in matrix(index, QUESTIONS).rows}
    found = matrix(index, QUESTIONS, filters)
    assert {row.report.id for row in found.rows} == {card.id for card in index.cards(filters)} < set(every)
    assert all(row.cells == every[row.report.id] for row in found.rows)


def test_what_is_only_named_in_a_list_of_references_is_no_evidence(writing, opening):
    with writing() as store:
        report = a_report("skole", "Elevene leser godt i alle fag og trives i klassen.", "Hansen (2018): Naturregnskap for byene.")
        sections = (replace(report.sections[0], path=("Litteratur",)),)
        passages = tuple(replace(p, section="Litteratur" if p.first_page == 2 else "") for p in report.passages)
        store.put(replace(report, sections=sections, passages=passages), "skole.pdf", "1")
        store.put(a_report("natur", "Kommunen fører naturregnskap for alle byggesaker."), "natur.pdf", "1")
        store.build()
    found = {row.report.title: row.cells[0] for row in matrix(opening(), ["naturregnskap"], weight=0.0).rows}
    assert found["Natur"] and found["Skole"] is None


def many(writing, opening):
    """Forty reports of three pages, of words that come back in other company."""
    words = ["skole", "fravær", "eldre", "omsorg", "natur", "regnskap", "bolig", "vann", "helse", "lege", "vei", "plan", "idrett"]
    rng = np.random.default_rng(3)
    with writing() as store:
        for number in range(40):
            pages = [" ".join(rng.choice(words, 14)).capitalize() + "." for _ in range(3)]
            store.put(a_report(f"r{number}", *pages, year=2000 + number % 5), f"corpus/r{number}.pdf", "1")
        store.build()
    return opening()


def test_candidates_of_a_search_have_its_scores_and_the_rest_lie_on_its_scale(writing, opening):
    index = many(writing, opening)
    snapshot = index.snapshot
    for question in ("eldre omsorg", "vann -skole", "regnskap over natur"):
        query, vector = parse(question), index.vector(parse(question).text)
        allowed = snapshot.allowed(Filters(years=(2001, 2004)), query)
        (near,) = nearness(snapshot, [vector])
        scores = every_row(snapshot, query, vector, near, index.bridge(0.5), allowed, 0.5, 10)
        few = rank(snapshot, query, vector, index.bridge(0.5), 5, allowed, 0.5, 10).reports
        assert few
        for found in few:
            assert scores[list(found.rows)] == pytest.approx(found.scores, abs=1e-5)
        assert scores.min() >= 0 and scores.max() <= 1 and not scores[~allowed].any()


def test_the_nearest_sentence_is_the_same_for_all_rows_at_once(writing, opening):
    with writing() as store:
        long = "Eldre bor hjemme lenge i kommunen. Skolen har for mange elever nå. Naturen tar skade av nye veier."
        store.put(a_report("a", "Kort tekst.", long, "Kort."), "a.pdf", "1")
        store.put(a_report("b", long.replace("Eldre", "Unge"), "Kort."), "b.pdf", "1")
        store.build()
    index = opening()
    vectors = np.stack([index.vector(text) for text in ("skolen har elever", "veier i naturen")])
    rows = np.arange(len(index.snapshot.passages))
    found = index.snapshot.sentences.nearest_of_all(vectors)
    assert np.allclose(found, [index.snapshot.sentences.nearest(v, rows) for v in vectors], atol=1e-6)
    assert (found == -1).sum() == 6


def test_a_cell_is_empty_where_nothing_answers(index):
    found = matrix(index, ["sykepleiere om natten", "fravær på skolen"])
    cells = {row.report.title: row.cells for row in found.rows}
    assert cells["Skole"][0] is None and cells["Skole"][1].page == 1 and cells["Skole"][1].score >= LEAST
    assert cells["Naturregnskap"] == (None, None) and cells["Natt og dag i hjemmetjenesten"][0].page == 3
    assert [row.strength for row in found.rows] == sorted((row.strength for row in found.rows), reverse=True)
    assert found.answered() == [sum(c[i] is not None for c in cells.values()) for i in (0, 1)]


def test_counts_and_json(index):
    found = matrix(index, ["sykepleiere om natten", "fravær på skolen"])
    told = found.as_json()
    assert told["questions"] == ["sykepleiere om natten", "fravær på skolen"] and len(told["reports"]) == 5
    assert told["counts"] == {"year": {"2019": 1, "2022": 1, "2024": 3}, "theme": {"Helse": 2, "Klima": 1, "Skole": 1, "": 1}}
    assert told["answered"]["theme"]["Skole"] == [0, 1] and told["answered"]["year"]["2022"] == [0, 1]
    assert all(len(row["cells"]) == 2 for row in told["reports"])
    filled = [cell for row in told["reports"] for cell in row["cells"] if cell]
    assert filled and all(set(cell) == {"page", "passage", "strength"} and 0 < cell["strength"] <= 1 for cell in filled)
    assert len(told["answer_probability"]) == 2


def test_a_question_is_respelt_as_in_the_search_unless_it_is_asked_verbatim(index):
    assert matrix(index, ["sykepleeire om natten"]).understood == ("sykepleiere om natten",)
    assert matrix(index, ["sykepleeire om natten"], verbatim=True).understood == ("sykepleeire om natten",)


def test_a_matrix_of_no_reports(index):
    found = matrix(index, ["natur"], Filters(years=(1900, 1901)))
    assert found.rows == () and found.answered() == [0] and found.as_json()["counts"] == {"year": {}, "theme": {}}
    assert load_workbook(io.BytesIO(xlsx(found, index))).sheetnames == ["Matrise", "Antall", "Metode"]


def test_a_matrix_of_an_empty_base(writing, opening):
    with writing() as store:
        store.build()
    found = matrix(opening(), ["natur", "skole"])
    assert found.rows == () and found.answered() == [0, 0]


def test_progress_is_told(index):
    from contextlib import contextmanager

    told = []

    @contextmanager
    def progress(total, label):
        told.append(total)
        yield told.append

    matrix(index, ["natur", "skole"], progress=progress)
    assert told == [10, 5, 5]


def test_xlsx_holds_the_matrix_the_counts_and_the_method(index, settings, encoder):
    index = open_index(replace(settings, root=settings.folders.store.parent), model=encoder)
    file = index.settings.root / "corpus" / "ks" / "skole.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF")
    filters = Filters(years=(2019, 2024))
    found = matrix(index, ["sykepleiere om natten", "=fravær på skolen"], filters)
    book = load_workbook(io.BytesIO(xlsx(found, index)))
    page = book["Matrise"]
    assert page["E1"].value == "sykepleiere om natten" and page["H1"].value == "'=fravær på skolen"
    assert [cell.value for cell in page[2]] == ["Rapport", "År", "Utfører", "Temaer"] + ["Utdrag", "Side", "Styrke"] * 2
    assert page.max_row == 2 + 5 and page.auto_filter.ref == "A2:J7"
    rows = {row[0].value: row for row in page.iter_rows(min_row=3)}
    assert rows["Skole"][4].value is None and rows["Skole"][7].value.startswith("Skolefravær øker")
    assert rows["Skole"][8].value == 1 and rows["Skole"][8].hyperlink.target == f"{file.as_uri()}#page=1"
    assert rows["Skole"][9].value >= LEAST
    eldre = rows["Natt og dag i hjemmetjenesten"]
    assert eldre[5].value == 3 and eldre[5].hyperlink is None, "its file is gone"
    counts = [[cell.value for cell in row] for row in book["Antall"].iter_rows(min_row=2)]
    assert counts[0][:3] == ["Alle", None, 5] and ["År", 2022, 1, 0, 1] in counts and counts[-1][:3] == ["Tema", "Uten tema", 1]
    method = {row[0].value: row[1].value for row in book["Metode"].iter_rows(min_row=2)}
    assert (method["Filtre"], method["Rapporter i basen"], method["Spørsmål 1"]) == ("år 2019–2024", 5, "sykepleiere om natten")
    assert method["Laget"][:4] == str(found.made.year) and "0,60" in method["Styrke"]
    linked = load_workbook(io.BytesIO(xlsx(found, index, lambda card, page: f"https://fou.no/?rapport={card.id}&side={page}")))
    links = [cell.hyperlink.target for row in linked["Matrise"].iter_rows() for cell in row if cell.hyperlink]
    assert links and all(link.startswith("https://fou.no/?rapport=") for link in links)


def test_an_excerpt_has_the_best_sentence_and_its_neighbours():
    text = " ".join(f"Setning nummer {i} står her." for i in range(60))
    start = text.index("Setning nummer 40")
    said = excerpt(PassageHit(1, text, 1, 1, "", 1.0, (start, start + 27), ()))
    assert "Setning nummer 40 står her." in said and len(said) < 420 and said.startswith("… ") and said.endswith(" …")
    assert excerpt(PassageHit(1, "Kort\ntekst.", 1, 1, "", 1.0, (0, 4), ())) == "Kort tekst."


def test_questions_are_read_from_a_file(tmp_path):
    path = tmp_path / "spm.txt"
    path.write_bytes("\ufeffHva  virker?\r\n\r\n  Hva koster det? \nHva virker?\n".encode())
    assert read_questions(str(path)) == ["Hva virker?", "Hva koster det?"]
    with pytest.raises(UsageError, match="ett på hver linje"):
        checked([" ", ""])
    with pytest.raises(UsageError, match="ett spørsmål på hver linje"):
        read_questions(str(tmp_path / "nei.txt"))
    path.write_bytes("å".encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        read_questions(str(path))

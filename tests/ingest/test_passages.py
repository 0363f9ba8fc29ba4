"""Passages: whole sentences, of about the wished length, never across a section, each with its place."""

from ingest.passages import cut, passages
from ingest.report import Paragraph, Project, RawSpan, Section, Traced

SENTENCE = "Kommunene har fått flere oppgaver de siste årene, og det merkes på budsjettet."  # 13 words


def paragraph(text: str, page: int = 1, kind: str = "text") -> Paragraph:
    return Paragraph(Traced.of_page(text, page), kind)


def lengths(texts) -> list[int]:
    return [len(t.text.split()) for t in texts]


def test_runs_are_between_the_least_and_the_most_words_and_of_whole_sentences():
    found = list(cut([paragraph(" ".join([SENTENCE] * 60))], 120, 180))
    assert all(120 <= n <= 180 for n in lengths(found)[:-1]) and sum(lengths(found)) == 60 * 13
    assert all(t.text.startswith("Kommunene") and t.text.endswith("budsjettet.") for t in found)


def test_a_run_prefers_to_end_with_its_paragraph():
    found = list(cut([paragraph(" ".join([SENTENCE] * 10)), paragraph(" ".join([SENTENCE] * 10))], 120, 180))
    assert lengths(found) == [130, 130]


def test_a_short_rest_joins_the_run_before():
    found = list(cut([paragraph(" ".join([SENTENCE] * 13)), paragraph(SENTENCE)], 120, 180))
    assert lengths(found) == [14 * 13]


def test_nothing_runs_across_sections():
    sections = [Section((name,), 1, (paragraph(SENTENCE),)) for name in ("1 Mål", "2 Tiltak")]
    assert [(p.section, p.text.text) for p in passages(sections, [], 120, 180)] == [("1 Mål", SENTENCE), ("2 Tiltak", SENTENCE)]


def test_an_endless_sentence_is_cut_at_a_comma():
    text = ", ".join(["og så kom det en ting til"] * 60) + "."
    found = list(cut([paragraph(text)], 120, 180))
    assert all(n <= 180 for n in lengths(found)) and found[0].text.endswith(",")
    assert " ".join(t.text for t in found) == text


def test_items_and_rows_stand_on_lines_of_their_own():
    (found,) = cut([paragraph("Tiltak:"), paragraph("• ringe hjem", kind="item"), paragraph("2019 | 14", kind="row")], 120, 180)
    assert found.text == "Tiltak:\n• ringe hjem\n2019 | 14"


def test_a_passage_over_two_pages_knows_both_and_its_characters():
    text = Traced.join([Traced.of_page("Første del av", 4), Traced.of_page("setningen her.", 5)])
    (found,) = passages([Section((), 4, (Paragraph(text),))], [], 1, 180)
    assert (found.first_page, found.last_page) == (4, 5)
    assert found.text.spans() == (RawSpan(4, 0, 13), RawSpan(5, 0, 14))


def test_passages_of_a_project_say_so():
    project = Project("Skolefravær", "Oppvekst", (paragraph(SENTENCE),), ("Oppvekst",))
    (found,) = passages([], [project], 120, 180)
    assert found.project == 0 and found.section == "Oppvekst"

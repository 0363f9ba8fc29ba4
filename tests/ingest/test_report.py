"""Traced text: every character knows the raw characters it stands for."""

import pytest

from ingest.report import Edit, RawSpan, Traced

RAW = "for & kunne\nutlgse inno-\nvasjon"
EDITS = (Edit(4, 5, "&", "å", "ocr"), Edit(12, 18, "utlgse", "utløse", "ocr"))


def page() -> Traced:
    return Traced.of_page(RAW, 3, EDITS)


def test_the_repaired_text_is_the_raw_one_with_its_edits():
    assert page().text == "for å kunne\nutløse inno-\nvasjon"


def test_every_character_maps_to_the_raw_character_it_came_from():
    text = page()
    for i, letter in enumerate(text.text):
        ((number, start, end),) = text.spans(i, i + 1)
        assert number == 3 and end == start + 1
        if RAW[start:end] != letter:
            assert any(edit.start <= start < edit.end for edit in EDITS)


def test_an_edit_of_another_length_is_mapped_as_a_whole():
    text = Traced.of_page("vaere sa", 1, (Edit(0, 5, "vaere", "være", "ocr"), Edit(6, 8, "sa", "så", "ocr")))
    assert text.text == "være så"
    assert text.spans(0, 2) == (RawSpan(1, 0, 5),)
    assert text.spans(5, 7) == (RawSpan(1, 6, 8),)


def test_a_part_keeps_its_place():
    text = page()
    assert text[12:18].text == "utløse" and text[12:18].spans() == (RawSpan(3, 12, 18),)
    assert text[14:16].spans() == (RawSpan(3, 14, 16),)
    assert not text[5:5]


def test_lines_joined_across_pages_keep_both_places():
    left, right = Traced.of_page("kommunal inno-", 1), Traced.of_page("vasjon", 2)
    joined = Traced.join([left[:13], right], "")
    assert joined.text == "kommunal innovasjon"
    assert joined.spans(9, 19) == (RawSpan(1, 9, 13), RawSpan(2, 0, 6))
    assert (joined.first_page, joined.last_page) == (1, 2)


def test_glue_between_lines_of_a_page_stands_for_the_line_break():
    text = page()
    joined = Traced.join([text[0:11], text[12:18]])
    assert joined.text == "for å kunne utløse"
    assert joined.spans() == (RawSpan(3, 0, 18),)
    assert len(joined.pieces) == 1  # nothing to remember where all maps one to one


def test_what_lies_between_two_parts_is_not_marked_with_them():
    text = Traced.of_page("før\n1 En fotnote her.\netter", 1)
    assert Traced.join([text[0:3], text[-5:]]).spans() == (RawSpan(1, 0, 3), RawSpan(1, 22, 27))


def test_edits_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="does not fit"):
        Traced.of_page("abc", 1, (Edit(0, 1, "x", "y", "ocr"),))
    with pytest.raises(ValueError, match="does not fit"):
        Traced.of_page("abc", 1, (Edit(1, 2, "b", "x", "ocr"), Edit(0, 1, "a", "y", "ocr")))

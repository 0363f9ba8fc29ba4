"""Sentence ends in Norwegian text."""

import re
from itertools import pairwise

import pytest

from cases_of import cases_of
from ingest.sentences import sentences


def cut(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("expected", cases_of("sentences"), ids=lambda case: case[0][:50])
def test_cases(expected):
    assert cut(" ".join(expected)) == expected


@pytest.mark.parametrize("glue", ["\n", "  ", " \n ", "\n\n"])
def test_white_space_belongs_to_no_sentence(glue):
    text = f"\t Først dette.{glue}Så det. "
    assert cut(text) == ["Først dette.", "Så det."]


def test_a_line_break_ends_no_sentence_and_a_blank_line_does():
    assert cut("Kommunen skal\nsvare innen\n1. mars.") == ["Kommunen skal\nsvare innen\n1. mars."]
    assert cut("Bakgrunn\n\nKommunen skal svare.") == ["Bakgrunn", "Kommunen skal svare."]


@pytest.mark.parametrize("text", ["", "  \n ", "...", "Ett ord", "§ 3", "?!", "A. B. C.", "1. 2. 3."])
def test_nothing_is_lost(text):
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert re.sub(r"\s", "", "".join(text[a:b] for a, b in spans)) == re.sub(r"\s", "", text)


def test_known_sentences_of_two_treebanks(shared):
    """Four in five of these ends are plain; a fault in the parameters or the rules shows here."""
    for name in ("ud_bokmaal.nb.txt", "ud_nynorsk.nn.txt"):
        lines = [x for x in (shared / "text" / name).read_text("utf-8").splitlines() if re.search(r"\w[.]$", x)][:600]
        ends, found, text = set(), set(), ""
        for line in lines:
            text += (" " if text else "") + line
            ends.add(len(text))
        found = {end for _, end in sentences(text)}
        assert len(found & ends) / len(ends) > 0.98
        assert len(found & ends) / len(found) > 0.98

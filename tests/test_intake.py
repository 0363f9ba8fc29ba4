"""A draft that is handed over by hand says the same pasted, as a text file and as a Word document."""

from __future__ import annotations

import docx
import pytest

from errors import UnreadableDocument
from index.asks import asks
from intake import decoded, text_of

DRAFT = """Arkiv og bosetting
Formål
Oppdraget skal undersøke hvordan kommunene skaffer boliger til flyktninger.
Hva koster svømmehaller i drift?
Spørsmål
Hvordan rekrutteres fastleger?
Hva koster vikarer?"""


@pytest.fixture
def as_text(tmp_path):
    path = tmp_path / "utkast.txt"
    path.write_text(DRAFT, "utf-8")
    return path


@pytest.fixture
def as_word(tmp_path):
    document = docx.Document()
    for line in DRAFT.split("\n"):
        if len(line) < 35:  # headings, as people set them; questions among them
            document.add_heading(line, 1)
        else:
            document.add_paragraph(line)
    document.save(tmp_path / "utkast.docx")
    return tmp_path / "utkast.docx"


def test_all_that_is_asked_is_there_however_it_was_handed_over(as_text, as_word, settings):
    pasted = [ask.text for ask in asks(DRAFT)]
    assert len(pasted) == 4 and "Hvordan rekrutteres fastleger?" in pasted
    for path in (as_text, as_word):
        assert [ask.text for ask in asks(text_of(path, settings))] == pasted
    assert text_of(as_text, settings) == DRAFT


def test_what_is_piped_in_is_read_whatever_it_was_written_in():
    assert decoded("Går på".encode("latin-1")) == decoded("Går på".encode()) == "Går på"
    with pytest.raises(UnreadableDocument):
        decoded(b"\x00\x01\x02\x03" * 50)

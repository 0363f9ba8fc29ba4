"""Which language a text is in."""

import pytest

from ingest.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kommunen har ikke nok folk til å gjøre det den skal, og det blir ikke bedre av å vente.", "nb"),
        ("Kommunen har ikkje nok folk til å gjere det han skal, og det blir ikkje betre av å vente.", "nn"),
        ("The municipality has too few people to do what it should, and waiting will not help.", "en"),
        ("Kommunen har ikke nok folk til at gøre det, den skal, og det bliver ikke bedre af at vente på noget andet.", "da"),
        ("Kommunen har inte nog med folk för att göra det den ska, och det blir inte bättre av att vänta.", "sv"),
        ("Vi SPØR HVORFOR INGEN SVARER: hvem skal gjøre jobben når ingen vil?", "nb"),
        ("Elevane fekk velje sjølve, og dei fleste ville heim.", "nn"),
        ("Rapport 12/2019", ""),
        ("3.1 | 45 | 67,2 | 98", ""),
        ("", ""),
    ],
)
def test_languages(text, expected):
    assert language(text) == expected


def test_names_and_addresses_tell_nothing():
    assert language("Oslo Bergen Molde www.the-and-of.com post@and.the.no") == ""


@pytest.mark.slow
def test_bokmaal_and_nynorsk_paragraphs(shared):
    for name, expected in (("ud_bokmaal.nb.txt", "nb"), ("ud_nynorsk.nn.txt", "nn")):
        lines = [x for x in (shared / "text" / name).read_text("utf-8").splitlines() if len(x.split()) > 15]
        assert sum(language(x) == expected for x in lines) / len(lines) >= 0.98

"""Which pages are read anew, and which reading is kept: by what their repaired words are worth."""

import pytest

from ingest.report import Page, Traced, Word
from ingest.reread import better, notices, wanted, worth
from settings import Ocr, Settings

SOUND = "Kommunen ønsker å følge opp alle lærlingene gjennom hele året, og de ansatte håper at støtten blir værende."
ODD = "Kxmmvnen øvqker z fxlqe oqp aqle læwlvngqne gjxnnwm hqle årvt, oq dq anwqtte hwpqr zt stxtqen bqir væqende."


def page(text: str, number: int = 1) -> Page:
    return Page(number, text, words=(Word(0, 1, (0, 0, 1, 1)),) if text else (), traced=Traced.of_page(text, number))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (SOUND, 0.99, 1),
        (ODD, 0, 0.3),
        ("\ufffd\ufffd\ufffd\ufffd og \ufffd\ufffd\ufffd i \ufffd\ufffd\ufffd", 0, 0.4),
        ("\ue012\ue013\ue014\ue001" * 20, 0, 0),
        ("\uf0b7 Kommunen ønsker støtte\n\uf0b7 Lærlingene håper", 0.99, 1),
        ("", 1, 1),
        ("12 345 67 %", 1, 1),
    ],
)
def test_worth_is_the_share_of_sound_words(text, low, high):
    assert low <= worth(text).share <= high


def test_pages_are_wanted_that_are_pictures_and_have_no_words_or_ruined_ones():
    pages = [page(text, n) for n, text in enumerate([SOUND, ODD, "", ODD, "Kxmmvnen øvqker", "\ue012\ue013\ue014" * 20], 1)]
    assert wanted(pages, {1, 2, 3, 6}, 0.8) == [2, 3, 6]
    assert wanted(pages, set(), 0.8) == []
    assert wanted(pages, {1, 2, 3}, 0.0) == [3]


def test_the_better_reading_has_more_sound_words_and_loses_none():
    assert better(page(SOUND), page(ODD)) and not better(page(ODD), page(SOUND))
    assert not better(page(ODD), page(ODD))
    assert not better(page("hele"), page(f"{ODD} {SOUND}"))
    assert better(page("x"), page("")) and not better(page(""), page(""))


def test_a_stamp_over_a_scan_is_not_its_text_but_the_title_on_a_photograph_is():
    stamp, cover = page("Mottatt 12.03.2019 Arkivet"), page("Læring på tvers av kommuner")
    assert wanted([stamp], {1}, 0.8) == [1]
    assert better(page(f"{stamp.text} {SOUND} {ODD[:20]} {SOUND}"), stamp)
    assert not better(page("Læring pa tvers av kommuner"), cover)


def test_lines_in_the_margins_of_a_scan_are_not_its_text():
    from ingest import ocr

    text = "Dokumentet er elektronisk godkjent og har ingen signatur. " * 3
    found = page(text)
    words = tuple(Word(i, i + 1, (50, 20 if i % 2 else 820, 90, 30 if i % 2 else 830)) for i in range(20))
    stamped = Page(1, text, words=words, height=842, traced=found.traced)
    amid = Page(1, text, words=tuple(w._replace(box=(50, 400, 90, 410)) for w in words), height=842, traced=found.traced)
    assert wanted([stamped], {1}, 0.8) == [1] and wanted([amid], {1}, 0.8) == []
    assert better(page(f"{SOUND} {SOUND} {SOUND} {SOUND} {SOUND} {text}"), stamped)
    settings = Settings(ocr=Ocr(enabled=False))
    told = list(notices({1: stamped}, {}, settings))
    assert len(told) == 1 and "bare topp- eller bunntekst" in told[0] and ocr.remedy(settings, told)
    assert list(notices({1: amid}, {}, settings)) == []

"""Repair: cases as data (damaged -> right, sound -> untouched), and what must hold for every row of edits."""

import json
import time
from pathlib import Path

import pytest

from ingest.repair import repair
from ingest.repair.edits import apply, compose
from ingest.report import Edit, Traced

CASES = Path(__file__).parent.parent / "cases"


def cases(name: str) -> list:
    rows = json.loads((CASES / f"repair_{name}.json").read_text(encoding="utf-8"))
    marks = [[pytest.mark.xfail(reason=r["xfail"], strict=True)] if "xfail" in r else [] for r in rows]
    return [pytest.param(r["raw"], r.get("text", r["raw"]), id=r["name"], marks=m) for r, m in zip(rows, marks, strict=False)]


def repaired(raw: str) -> str:
    return Traced.of_page(raw, 1, repair([raw])[0].edits).text


@pytest.mark.parametrize(("raw", "text"), [c for name in ("encoding", "codepage", "ocr") for c in cases(name)])
def test_damaged_is_put_right(raw: str, text: str) -> None:
    assert repaired(raw) == text


@pytest.mark.parametrize(("raw", "text"), cases("sound"))
def test_sound_is_left_alone(raw: str, text: str) -> None:
    found = repair([raw])[0]
    assert found.edits == ()
    assert 0.0 <= found.quality <= 1.0


@pytest.mark.parametrize(
    ("raw", "text"),
    [c for name in ("encoding", "codepage", "ocr") for c in cases(name) if not c.marks and c.values[0] != c.values[1]],
)
def test_edits_keep_lines_and_order(raw: str, text: str) -> None:
    edits = repair([raw])[0].edits
    assert edits
    at = 0
    for edit in edits:
        assert at <= edit.start <= edit.end
        assert raw[edit.start : edit.end] == edit.before != edit.after
        assert "\n" not in edit.before + edit.after
        assert edit.why in ("encoding", "codepage", "ocr")
        assert 0.5 <= edit.confidence <= 1.0
        at = edit.end


@pytest.mark.parametrize(("raw", "text"), [c for c in cases("ocr") if not c.marks])
def test_repaired_text_is_left_alone(raw: str, text: str) -> None:
    assert repair([text])[0].edits == ()


def last_of(*pages: str) -> str:
    """The last page of a document, repaired."""
    return apply(pages[-1], repair(pages)[-1].edits)


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (
            "Kommunen mgter stgrre gkonomiske krav. Det bgr gjgres fgr sommeren, og de sgker nye Igsninger pa det.",
            "Strammen i bygget",
        ),
        (
            "Kommunen mater starre akonomiske krav. Det bar gjares far sommeren, og de saker nye lasninger pa det.",
            "Strømmen i bygget",
        ),
    ],
)
def test_what_is_doubtful_is_settled_by_how_the_document_lost_its_letters(how: str, text: str) -> None:
    assert last_of(*[how] * 4, "Strammen i bygget er dyr na.").startswith(text)


def test_a_short_page_is_in_the_norwegian_of_the_others() -> None:
    nynorsk = "Eg veit ikkje kva dei vil gjere, men det er viktig a fa fram korleis kommunane ikkje har lgyve til dette."
    assert last_of(*[nynorsk] * 4, "Da kom svaret pa brevet fra styret.") == "Då kom svaret på brevet frå styret."
    bokmål = "Jeg vet ikke hva de vil gjgre, men det er viktig a fa fram hvordan kommunene ikke har rom til dette."
    assert last_of(*[bokmål] * 4, "Da kom svaret pa brevet fra styret.") == "Da kom svaret på brevet fra styret."


def test_a_nynorsk_page_among_many_in_bokmål_is_in_nynorsk() -> None:
    bokmål = "Jeg vet ikke hva de vil gjgre, men det er viktig a fa fram hvordan kommunene ikke har rom til dette."
    nynorsk = "Fra 2019 vart ordninga endra, og da fekk bygdene fra Hardanger stgtte til arbeidet."
    assert last_of(*[bokmål] * 60, nynorsk).startswith("Frå 2019 vart ordninga endra, og då fekk bygdene frå Hardanger støtte")


def test_a_word_that_kept_its_letters_elsewhere_in_the_document_is_known() -> None:
    page = "Det gjelder Gronvag, og det ma gjgres na."
    assert last_of("Prosjektet ledes av Grønvåg.", page) == "Det gjelder Grønvåg, og det må gjøres nå."
    assert "Grønvåg" not in last_of("Prosjektet ledes av Hansen.", page)


def test_a_language_that_is_known_is_followed() -> None:
    raw = "Brev fra kommunen pa nytt"
    texts = [Traced.of_page(raw, 1, repair([raw], language)[0].edits).text for language in ("nb", "nn")]
    assert texts == ["Brev fra kommunen på nytt", "Brev frå kommunen på nytt"]


@pytest.mark.parametrize("run", ["kommune" * 1000, "kommune" * 8, "kommune-" * 2000, "aGVsbG8gd29ybGQ" * 2000, "A1/b-" * 3000])
def test_long_runs_without_a_gap_are_passed_over_quickly(run: str) -> None:
    start = time.process_time()
    assert last_of(f"Det ma ogsa gjgres. {run} pa sikt.") == f"Det må også gjøres. {run} på sikt."
    assert time.process_time() - start < 3


def test_quality_tells_damaged_from_sound() -> None:
    sound, damaged = "Det er viktig å få økonomien på plass når vi må.", "Det er viktig a fa gkonomien pa plass nar vi ma."
    assert repair([sound])[0].quality == 1.0
    assert repair([damaged])[0].quality < 0.6
    assert repair([""])[0].quality == 1.0


def test_two_kinds_of_damage_on_one_word_are_one_edit() -> None:
    raw = "Vi ma ﬁnne stgrre Igsninger pa omradet, og konﬂiktlgsning er ngdvendig."
    edits = repair([raw])[0].edits
    assert Traced.of_page(raw, 1, edits).text == "Vi må finne større løsninger på området, og konfliktløsning er nødvendig."
    assert [e.why for e in edits if "ﬂ" in e.before] == ["ocr"]


def test_compose_is_one_after_the_other() -> None:
    raw = "abcdef ghij"
    first = [Edit(1, 3, "bc", "X", "encoding"), Edit(7, 8, "g", "GG", "encoding")]
    between = apply(raw, first)
    second = [Edit(0, 3, "aXd", "-", "ocr", 0.9), Edit(between.index("j"), between.index("j") + 1, "j", "", "ocr")]
    both = compose(raw, first, second)
    assert apply(raw, both) == apply(between, second)
    assert [raw[e.start : e.end] for e in both] == [e.before for e in both]


def test_same_text_same_edits() -> None:
    raw = "Det er viktig a fa gkonomien pa plass nar vi ma."
    assert repair([raw]) == repair([raw])


def test_shared_seeds(shared: Path) -> None:
    """The programme plan is nearly without damaged words after repair; the sound seeds stay as they are."""
    for path in sorted((shared / "seeds").glob("*.txt")):
        raw = path.read_text(encoding="utf-8")
        edits = repair([raw])[0].edits
        if not path.name.startswith("001"):
            assert all(e.why == "encoding" for e in edits), path.name
            continue
        text = apply(raw, edits)
        assert text.count("\n") == raw.count("\n")
        words = text.replace(".", " ").replace(",", " ").split()
        for left in ("pa", "utlgse", "Igsninger", "gkt", "@kt", "naeringsliv", "giennom", "&"):
            allowed = 5 if left == "&" else 0  # "Hanson, S. & …" in the references
            assert words.count(left) <= allowed, left
        assert "Measuring Public Innovation in the Nordic Countries" in text
        assert "Leading Public Sector Innovation: Co-creating for a Better Society" in text

"""Repair: cases as data (damaged -> right, sound -> untouched), and what must hold for every row of edits."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.repair import repair
from ingest.repair.edits import apply, compose
from ingest.report import Edit, Traced

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


def cases(name: str) -> list:
    rows = json.loads((CASES / f"repair_{name}.json").read_text(encoding="utf-8"))
    marks = [[pytest.mark.xfail(reason=r["xfail"], strict=True)] if "xfail" in r else [] for r in rows]
    return [pytest.param(r["raw"], r.get("text", r["raw"]), id=r["name"], marks=m) for r, m in zip(rows, marks, strict=True)]


def repaired(raw: str) -> str:
    return Traced.of_page(raw, 1, repair([raw])[0].edits).text


@pytest.mark.parametrize(("raw", "text"), [c for name in ("encoding", "codepage", "ocr") for c in cases(name)])
def test_damaged_is_put_right(raw: str, text: str) -> None:
    assert repaired(raw) == text


@pytest.mark.parametrize(("raw", "text"), cases("sound"))
def test_sound_is_left_alone(raw: str, text: str) -> None:
    assert repair([raw])[0].edits == ()


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


def test_same_text_same_edits_in_every_process() -> None:
    code = (
        "import json, sys; from ingest.repair import repair;"
        "print([r.edits for r in repair([row['raw'] for row in json.load(open(sys.argv[1], encoding='utf-8'))])])"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code, str(CASES / "repair_ocr.json")],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] and b"Edit(" in told[0]


def test_shared_seeds(shared: Path) -> None:
    """The programme plan is without damaged words after repair; the sound seeds stay as they are."""
    seeds = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").glob("*.txt"))}
    assert seeds.keys() >= {"000", "001", "003", "004"}
    raw = seeds.pop("001")
    text = last_of(raw)
    assert text.count("\n") == raw.count("\n")
    words = re.findall(r"[\w@]+|[&|]", text)
    for left in ("pa", "utlgse", "Igsninger", "gkt", "@kt", "naeringsliv", "giennom", "|"):
        assert left not in words
    assert not re.findall(r"(?<!\S)[|3&](?=\s+[a-zæøå])", text)
    assert words.count("&") == 3  # "Hanson, S. & …" in the references
    assert "Skal vi klare å løse klimaproblemene" in text
    assert "Measuring Public Innovation in the Nordic Countries" in text
    assert "Leading Public Sector Innovation: Co-creating for a Better Society" in text
    for name, sound in seeds.items():
        assert all(e.why == "encoding" for e in repair([sound])[0].edits), name


@pytest.mark.slow
def test_figures_of_damaged_text(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bench.repair import ours, rows

    monkeypatch.syspath_prepend(str(shared / "eval" / "ocr"))
    from score import score

    dev = [(row, ours(row["ocr"])) for row in rows(shared / "eval" / "ocr" / "dev.jsonl")]

    def figures(wanted: Callable[[dict], bool] = lambda _: True) -> dict[str, float]:
        return score([(row["clean"], row["ocr"], text) for row, text in dev if wanted(row)])

    found = figures()
    assert found["letters_restored"] >= 0.965
    assert found["cer_reduction"] >= 0.87
    assert found["harm_per_1000"] <= 1.5
    for language in ("nb", "nn"):
        assert figures(lambda row, language=language: row["lang"] == language)["letters_restored"] >= 0.955
    assert figures(lambda row: row["oe_as_g"] >= 0.7)["letters_restored"] >= 0.98


def test_harm_to_sound_text(shared: Path) -> None:
    from bench.repair import harm, ours, rows

    sound = rows(shared / "eval" / "ocr" / "clean_dev.jsonl")
    foreign = [row["text"] for row in sound if row["lang"] in ("en", "da", "sv")]
    special = [row["text"] for row in sound if row["kind"] == "special"]
    assert foreign and special and harm(ours, foreign) == harm(ours, special) == 0
    assert harm(ours, [row["text"] for row in sound]) <= 0.3

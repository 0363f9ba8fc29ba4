"""Reads a sample report's source: front matter and a small subset of Markdown (see ../README.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

KEYS = {
    "title", "subtitle", "language", "commissioner", "body", "authors", "year", "number", "isbn", "layout", "wear",
}  # fmt: skip
_ITEM = re.compile(r"(-|\d+\.)\s+(.*)", re.S)
_NOTE = re.compile(r"\[\^(\w+)\]:\s*(.*)", re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of running text. `kind`: "head", "text", "item", "quote", "caption", "table" or "break"."""

    kind: str
    text: str = ""
    level: int = 0  # of a heading, 1..3
    label: str = ""  # of a list item: "•" or "1."
    rows: tuple[tuple[str, ...], ...] = ()  # of a table; the first row is its head


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    facts: dict[str, str]
    blocks: tuple[Block, ...]
    notes: dict[str, str]  # footnotes by their label

    def fact(self, key: str) -> str:
        return self.facts.get(key, "")


def read(path: Path) -> Source:
    """The source at `path`. ValueError names the file and what is wrong in it."""
    head, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    facts = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if key.strip() not in KEYS or not colon:
            raise ValueError(f"{path.name}: unknown front matter «{line}»; allowed: {', '.join(sorted(KEYS))}")
        facts[key.strip()] = value.strip()
    blocks: list[Block] = []
    notes: dict[str, str] = {}
    for part in re.split(r"\n\s*\n", body.strip()):
        if note := _NOTE.match(part):
            notes[note[1]] = _flat(note[2])
        else:
            blocks += _blocks(part)
    used = {label for b in blocks for label in re.findall(r"\[\^(\w+)\]", b.text)}
    if used != set(notes):
        raise ValueError(f"{path.name}: footnotes {sorted(used ^ set(notes))} lack their text or their mark")
    return Source(path.stem, facts, tuple(blocks), notes)


def _blocks(part: str) -> list[Block]:
    if part.strip() == "---":
        return [Block("break")]
    if head := re.fullmatch(r"(#+)\s+(.*)", part):
        return [Block("head", head[2], level=len(head[1]))]
    if part.startswith("|"):
        rows = [tuple(c.strip() for c in line.strip("| ").split("|")) for line in part.splitlines()]
        return [Block("table", rows=tuple(r for r in rows if set("".join(r)) - set("-: ")))]
    if part.startswith(">"):
        return [Block("quote", _flat(part.replace("\n>", "\n")[1:]))]
    if _ITEM.match(part):
        items = re.split(r"\n(?=-\s|\d+\.\s)", part)
        pairs = [_ITEM.match(item) for item in items]
        return [Block("item", _flat(p[2]), label="•" if p[1] == "-" else p[1]) for p in pairs if p]
    return [Block("caption" if re.match(r"Tabell \d", part) else "text", _flat(part))]


def _flat(text: str) -> str:
    return " ".join(text.split())

"""Sets a source as pages: columns, headings, lists, tables, footnotes, running heads. Gives marks, draws nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from press.lines import FACES, Line, Run, broken, font, width, words
from press.source import Block, Source

WIDTH, HEIGHT = 595.0, 842.0  # A4 in points
GREY = (0.35, 0.35, 0.35)
MARK = {"nb": "Eksempelrapport – ikke et ekte FoU-prosjekt", "nn": "Eksempelrapport – ikkje eit ekte FoU-prosjekt"}
LABELS = {"nb": ("Oppdragsgiver", "Utført av", "Rapport"), "nn": ("Oppdragsgjevar", "Utført av", "Rapport")}


class Text(NamedTuple):
    x: float
    y: float  # baseline
    text: str
    font: str
    size: float
    colour: tuple[float, float, float]


class Rule(NamedTuple):
    """A filled rectangle: a line under a heading, a table's stripe."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: tuple[float, float, float]


@dataclass(slots=True)
class Sheet:
    """One page's marks, in reading order."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(slots=True)
class Flow:
    """Where the next line goes. `look` is the layout's table in layouts.toml."""

    source: Source
    look: dict
    divide: Callable[[str], list[int]]
    sheets: list[Sheet] = field(default_factory=list)
    column: int = 0
    y: float = 0.0
    top: float = 0.0  # of the columns on this page
    notes: list[tuple[Run, list[Line]]] = field(default_factory=list)  # waiting for the foot of this column
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def measure(self) -> float:
        n, gutter = self.look["columns"], 20.0
        return (WIDTH - self.look["left"] - self.look["right"] - gutter * (n - 1)) / n

    @property
    def left(self) -> float:
        return self.look["left"] + self.column * (self.measure + 20.0)

    @property
    def colour(self) -> tuple[float, float, float]:
        return tuple(self.look["colour"])

    def foot(self, extra: list[list[Line]] | None = None) -> float:
        """The lowest y for text, above the notes of this column (and `extra` ones)."""
        lines = sum(len(note) for _, note in self.notes) + sum(len(note) for note in extra or [])
        room = lines * self.look["size"] * 0.95 + 12 if lines else 0
        return HEIGHT - self.look["bottom"] - room

    def page(self) -> None:
        self.sheets.append(Sheet())
        self.column, self.y, self.top = 0, self.look["top"], self.look["top"]

    def next_column(self) -> None:
        self.put_notes()
        if self.column + 1 < self.look["columns"]:
            self.column, self.y = self.column + 1, self.top
        else:
            self.page()

    def put_notes(self) -> None:
        if not self.notes:
            return
        step = self.look["size"] * 0.95
        y = self.foot() + 8
        self.sheets[-1].rules.append(Rule(self.left, y - 3, self.left + 70, y - 2.4, GREY))
        for number, lines in self.notes:
            for i, line in enumerate(lines):
                y += step
                if not i:
                    self.put_word((number,), self.left, y, GREY)
                self.put_line(line, self.left + 9, y, self.measure - 9, GREY, justify=False)
        self.notes = []

    def put_word(self, word, x: float, y: float, colour, space: bool = False) -> None:
        for i, run in enumerate(word):
            text = run.text + (" " if space and i == len(word) - 1 else "")
            self.sheets[-1].texts.append(Text(x, y - run.rise, text, run.font, run.size, colour))
            x += run.width

    def put_line(self, line: Line, x: float, y: float, measure: float, colour, justify: bool) -> None:
        size = line.words[0][0].size
        gap = font(line.words[0][0].font).text_length(" ", size)
        if justify and not line.last and len(line.words) > 1:
            gap = (measure - sum(width(w) for w in line.words)) / (len(line.words) - 1)
        for i, word in enumerate(line.words):
            self.put_word(word, x, y, colour, space=i + 1 < len(line.words))
            x += width(word) + gap

    def paragraph(self, items, size: float, leading: float, *, before=0.0, after=0.0, indent=0.0, label="",
                  colour=(0, 0, 0), justify=False, divide=None, keep=1) -> None:  # fmt: skip
        """Sets words as lines; `keep` lines' room (with what follows a heading) must be left, or a column is turned."""
        gap = font(items[0][0].font).text_length(" ", size)
        lines = list(broken(items, self.measure - indent, gap, divide))
        self.y += before if self.y > self.top else 0
        for i, line in enumerate(lines):
            fresh = [self.note_lines(n) for n in line.notes]
            need = leading * (keep if not i else 2 if i == len(lines) - 2 else 1)
            if self.y + need > self.foot([note for _, note in fresh]):
                self.next_column()
            self.notes += fresh
            self.y += leading
            if label and not i:
                mark = Run(label, FACES[self.look["text"]][""], size)
                self.put_word((mark,), self.left + indent - 14, self.y, colour, space=True)
            self.put_line(line, self.left + indent, self.y, self.measure - indent, colour, justify)
        self.y += after

    def note_lines(self, label: str) -> tuple[Run, list[Line]]:
        size = self.look["size"] * 0.8
        face = self.look["text"]
        number = Run(str(self.numbers[label]), FACES[face][""], size * 0.75, size * 0.25)
        items = words(self.source.notes[label], face, size)
        return number, list(broken(items, self.measure - 9, font(FACES[face][""]).text_length(" ", size), None))

    def block(self, block: Block, after: Block) -> None:
        """Sets one block; `after` is the one that follows: headings stay with their text, captions with their table."""
        look, size = self.look, self.look["size"]
        body = {"justify": look["justify"], "divide": self.divide if look["hyphenate"] else None}
        if block.kind == "break":
            self.put_notes()
            self.page()
        elif block.kind == "head":
            grade = size * (1.5, 1.22, 1.06)[block.level - 1]
            items = words(block.text, look["head"], grade, "b")
            self.paragraph(items, grade, grade * 1.2, before=size * (1.5, 1.2, 1.0)[block.level - 1],
                           after=size * 0.3, colour=self.colour, keep=7 if after.kind == "head" else 4)  # fmt: skip
        elif block.kind == "table":
            self.table(block.rows)
        elif block.kind == "caption":
            items = words(block.text, look["head"], size * 0.9, "b")
            self.paragraph(
                items,
                size * 0.9,
                size * 1.2,
                before=size * 0.6,
                after=size * 0.3,
                keep=3 + math.ceil(sum(self.grid(after.rows)[2]) / (size * 1.2)),
            )
        elif block.kind == "item":
            items = words(block.text, look["text"], size, numbers=self.numbers)
            self.paragraph(items, size, look["leading"], indent=18, label=block.label,
                           after=size * (0.25 if after.kind == "item" else 0.6), divide=body["divide"])  # fmt: skip
        elif block.kind == "quote":
            items = words(block.text, look["text"], size, "i", self.numbers)
            self.paragraph(items, size, look["leading"], indent=18, after=size * 0.6, keep=2)
        else:
            items = words(block.text, look["text"], size, numbers=self.numbers)
            self.paragraph(items, size, look["leading"], after=size * 0.6, keep=2, **body)

    def grid(self, rows: tuple[tuple[str, ...], ...]) -> tuple[list[float], list[list[list[Line]]], list[float]]:
        """A table's column widths, cells as lines, row heights."""
        size = self.look["size"] * 0.88
        face = self.look["head"]
        cells = [[words(c, face, size, "b" if not r else "") for c in row] for r, row in enumerate(rows)]
        natural = [max(sum(width(w) + size * 0.28 for w in row[i]) for row in cells) for i in range(len(rows[0]))]
        spare = self.measure - 12 * len(natural)
        widths = _shared(natural, spare)
        gap = font(FACES[face][""]).text_length(" ", size)
        laid = [[list(broken(c, w, gap, None)) for c, w in zip(row, widths, strict=True)] for row in cells]
        heights = [max(len(c) for c in row) * size * 1.25 + 5 for row in laid]
        return widths, laid, heights

    def table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        size = self.look["size"] * 0.88
        widths, laid, heights = self.grid(rows)
        if self.y + sum(heights) > self.foot():
            self.next_column()
        for r, (row, height) in enumerate(zip(laid, heights, strict=True)):
            if not r or r % 2 == 0:
                shade = tuple(1 - (1 - c) * (0.22 if not r else 0.07) for c in self.colour)
                self.sheets[-1].rules.append(Rule(self.left, self.y + 2, self.left + self.measure,
                                                  self.y + 2 + height, shade))  # fmt: skip
            x = self.left + 5
            for cell, w in zip(row, widths, strict=True):
                for i, line in enumerate(cell):
                    self.put_line(line, x, self.y + size * 1.25 * (i + 1) + 2, w, (0, 0, 0), justify=False)
                x += w + 12
            self.y += height
        self.sheets[-1].rules.append(Rule(self.left, self.y + 2, self.left + self.measure, self.y + 2.7, self.colour))
        self.y += self.look["size"] * 1.1

    def title(self) -> None:
        """Title, subtitle and facts over the whole width; on a page of their own where the layout has a cover."""
        look, fact = self.look, self.source.fact
        columns, self.look = look["columns"], {**look, "columns": 1}
        if look["cover"]:
            self.sheets[-1].rules.append(Rule(0, 0, WIDTH, 150, self.colour))
            self.y = 240
        big = 26 if look["cover"] else 20
        self.paragraph(words(fact("title"), look["head"], big, "b"), big, big * 1.2, colour=self.colour)
        if fact("subtitle"):
            self.paragraph(words(fact("subtitle"), look["head"], 13), 13, 17, before=10 if look["cover"] else 4)
        labels = LABELS[fact("language")]
        facts = [f"{label}: {fact(key)}" for label, key in zip(labels[:2], ("commissioner", "body"), strict=True) if fact(key)]
        facts += [f"{labels[2]} {fact('number')}"] if fact("number") else []
        facts += [fact("year")] + ([f"ISBN {fact('isbn')}"] if fact("isbn") else [])
        if fact("authors"):
            facts.insert(2, ("Forfattarar: " if fact("language") == "nn" else "Forfattere: ") + fact("authors"))
        size = 11 if look["cover"] else 9.5
        if look["cover"]:
            self.y = max(self.y + 30, 400)
            for line in facts:
                self.paragraph(words(line, look["head"], size), size, size * 1.6)
        else:
            self.paragraph(words(" · ".join(facts), look["head"], size), size, size * 1.4, before=6, colour=GREY)
            self.sheets[-1].rules.append(Rule(look["left"], self.y + 7, WIDTH - look["right"], self.y + 8, self.colour))
            self.y += 16
        self.look = {**self.look, "columns": columns}
        self.top = self.y
        if look["cover"]:
            self.page()


def _shared(natural: list[float], room: float) -> list[float]:
    """Column widths: narrow columns get what they need, the wide ones share what is left."""
    if sum(natural) <= room:
        return [w + (room - sum(natural)) / len(natural) for w in natural]
    fair, widths = room / len(natural), list(natural)
    wide = [i for i, w in enumerate(natural) if w > fair]
    left = room - sum(w for i, w in enumerate(natural) if i not in wide)
    for i in wide:
        widths[i] = left * natural[i] / sum(natural[j] for j in wide)
    return widths


def sheets(source: Source, look: dict, divide: Callable[[str], list[int]]) -> list[Sheet]:
    """The pages of `source` in the layout `look`."""
    flow = Flow(source, look, divide)
    flow.numbers = {label: i + 1 for i, label in enumerate(source.notes)}
    flow.page()
    flow.title()
    for block, after in zip(source.blocks, (*source.blocks[1:], Block("")), strict=True):
        flow.block(block, after)
    flow.put_notes()
    for number, sheet in enumerate(flow.sheets, 1):
        _running(flow, sheet, number, len(flow.sheets))
    return flow.sheets


def _running(flow: Flow, sheet: Sheet, number: int, pages: int) -> None:
    """Header before the text, footer after it; each has a left, a middle and a right part."""
    look, facts = flow.look, flow.source.facts
    values = {**facts, "mark": MARK[facts["language"]], "page": number, "pages": pages}
    for key, y in (("header", 40.0), ("footer", HEIGHT - 32.0)):
        marks = []
        for i, template in enumerate(look[key]):
            run = Run(template.format_map(values), FACES[look["head"]][""], 8.0)
            x = (look["left"], (WIDTH - run.width) / 2, WIDTH - look["right"] - run.width)[i]
            colour = (1, 1, 1) if look["cover"] and number == 1 and key == "header" else GREY
            marks += [Text(x, y, run.text, run.font, run.size, colour)] if run.text else []
        sheet.texts[:] = marks + sheet.texts if key == "header" else sheet.texts + marks

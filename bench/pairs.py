"""What the encoder is trained on: texts with the questions and wordings that belong to them.

Three kinds, all the project's own or found in running text, none of them from an evaluation folder:
questions written for concepts of the sector (bench/questions/*.toml and reports.jsonl, with the wordings of
index/vocabulary), questions written for real paragraphs (bench/questions/paragraphs.jsonl names file and line of the running text), and weak pairs of that
text: headings with what stands under them, a sentence with its paragraph or with what follows, a question made of
a sentence with its text, bokmål with nynorsk.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LAW = 1000  # lines of running law that lie close: about one law
ASIDE = 20  # one group in so many is kept aside from training: what it is measured on
HEADING = re.compile(r"(?:§|Art(?:ikkel)?\.?|Kapittel)\s*[\d\- a-z]*\d[\d\-a-z ]*\.?\s+(?=[A-ZÆØÅ])")


class Group(NamedTuple):
    """Texts that say the same matter, and what may be asked for it. `near` names texts that lie close: its field or file;
    `about` the concept, where it is of one."""

    texts: tuple[str, ...]
    queries: tuple[str, ...]
    near: str
    about: str = ""


def concepts() -> list[Group]:
    """One group a concept: its reports in several forms, its questions, and its wordings."""
    wordings: dict[str, dict] = {}
    for path in sorted((ROOT / "index" / "vocabulary").glob("*.toml")):
        for concept in tomllib.loads(path.read_text("utf-8"))["concept"]:
            wordings[concept["id"]] = concept
    groups = []
    for path in sorted((ROOT / "bench" / "questions").glob("*.toml")):
        for asked in tomllib.loads(path.read_text("utf-8"))["concept"]:
            known = wordings.get(asked["id"], {})
            title, passage = asked["title"], asked["passage"]
            excerpt = " ".join(passage.split()[:22])
            official = known.get("official", []) + known.get("official_nn", [])
            texts = [f"{title} {passage}", title, passage, f"{title} {excerpt}"]
            if official:
                texts.append(", ".join(official))
            queries = asked["questions"] + asked.get("nn", []) + asked.get("en", [])
            for kind in ("everyday", "everyday_nn", "english", "official", "official_nn"):
                queries += known.get(kind, [])
            groups.append(Group(tuple(texts), tuple(dict.fromkeys(queries)), path.stem, asked["id"]))
    return groups


def reports() -> list[Group]:
    """A second report for each concept, as a catalogue shows it: title and the beginning of the summary."""
    fields = {
        concept["id"]: path.stem
        for path in sorted((ROOT / "index" / "vocabulary").glob("*.toml"))
        for concept in tomllib.loads(path.read_text("utf-8"))["concept"]
    }
    groups = []
    for row in map(json.loads, (ROOT / "bench" / "questions" / "reports.jsonl").read_text("utf-8").splitlines()):
        texts = (f"{row['title']} {row['excerpt']}", row["title"], row["excerpt"])
        queries = (*row["lay"], row["scoped"], row["nn"], row["en"], *row["key"])
        groups.append(Group(texts, queries, fields.get(row["id"], ""), row["id"]))
    return groups


def titles(groups: Sequence[Group]) -> list[Group]:
    """Of concepts and reports: the title, as what is asked, with what the report says."""
    return [Group((said,), (title,), group.near, group.about) for group in groups for _, title, said in [group.texts[:3]]]


def paragraphs(text: Path) -> list[Group]:
    """Real paragraphs with the questions written for them."""
    lines: dict[str, list[str]] = {}
    groups = []
    for row in map(json.loads, (ROOT / "bench" / "questions" / "paragraphs.jsonl").read_text("utf-8").splitlines()):
        name, number = row["source"].split(":")
        if name not in lines:
            lines[name] = (text / f"{name}.txt").read_text("utf-8").split("\n")
        queries = (*row["lay"], row["full"], row["nn"], row["en"], row["key"])
        groups.append(Group((lines[name][int(number) - 1],), queries, name))
    return groups


def headings(text: Path, skip: Aside, count: int, seed: int = 1) -> Iterator[Group]:
    """Headings of laws with the paragraph under them; what is set aside is left out."""
    rng = random.Random(seed)
    found = []
    for name in ("lover_forskrifter_nb.nb", "lover_forskrifter_nn.nn"):
        lines = (text / f"{name}.txt").read_text("utf-8").split("\n")
        for number, (heading, body) in enumerate(zip(lines, lines[1:], strict=False)):
            match = HEADING.match(heading)
            if match and 15 <= len(body.split()) <= 150 and not HEADING.match(body):
                words = heading[match.end() :]
                if 2 <= len(words.split()) <= 14 and not skip.asks(words) and not skip.holds(body):
                    found.append(Group((body,), (words,), f"{name}:{number // LAW}"))
    rng.shuffle(found)
    yield from found[:count]


def sentences(text: Path, skip: Aside, count: int, seed: int = 2) -> Iterator[Group]:
    """A sentence with what stands beside it in its paragraph."""
    from ingest.sentences import sentences as split

    rng = random.Random(seed)
    names = ("digdir_aarsrapporter.nb", "pdf_partiprogram_2025.nb", "pdf_partiprogram_2025.nn", "lover_forskrifter_nb.nb",
             "lover_forskrifter_nn.nn", "fri_kultur.nb", "debian_handbook.nb", "pdf_rapporter_standarder.nb")  # fmt: skip
    for name in names:
        lines = (text / f"{name}.txt").read_text("utf-8").split("\n")
        rng.shuffle(lines)
        left = count // len(names)
        for line in lines:
            if not 45 <= len(line.split()) <= 170 or "\ufffd" in line or skip.holds(line):
                continue
            spans = [(a, b) for a, b in split(line) if 6 <= len(line[a:b].split()) <= 40]
            if len(spans) < 3:
                continue
            a, b = rng.choice(spans)
            yield Group((" ".join((line[:a] + line[b:]).split()),), (line[a:b],), name)
            left -= 1
            if not left:
                break


def varieties(text: Path, count: int, seed: int = 3) -> Iterator[Group]:
    """Sentences in bokmål with the same in nynorsk, from two files that run side by side but for gaps."""
    rng = random.Random(seed)
    nb = (text / "parallel_news_nb.nb.txt").read_text("utf-8").split("\n")
    nn = (text / "parallel_news_nn.nn.txt").read_text("utf-8").split("\n")
    found, at = [], 0
    for line in nb:
        best, where = 0.0, at
        words = set(line.split())
        for i in range(at, min(at + 30, len(nn))):
            other = set(nn[i].split())
            share = len(words & other) / (1 + min(len(words), len(other)))
            if share > best:
                best, where = share, i
        if best > 0.45:
            if best < 0.85 and len(line.split()) >= 8:
                found.append((line, nn[where]))
            at = where + 1
    rng.shuffle(found)
    for one, other in found[:count]:
        yield Group((one,), (other,), "varieties") if rng.random() < 0.5 else Group((other,), (one,), "varieties")


def leads(text: Path, skip: Aside, count: int, seed: int = 4) -> Iterator[Group]:
    """A sentence or two of running news and blogs with what follows them."""
    rng = random.Random(seed)
    for name in ("narc_ndt_nb.nb", "narc_ndt_nn.nn"):
        lines = (text / f"{name}.txt").read_text("utf-8").split("\n")
        left = count // 2
        for at in rng.sample(range(0, len(lines) - 8), len(lines) - 8):
            first = 1 if len(lines[at].split()) >= 14 else 2
            lead = " ".join(lines[at : at + first])
            body = " ".join(lines[at + first : at + first + rng.randint(3, 6)])
            if not 10 <= len(lead.split()) <= 50 or not 30 <= len(body.split()) <= 160 or skip.holds(body):
                continue
            yield Group((joined(body),), (joined(lead),), name)
            left -= 1
            if not left:
                break


def clozes(text: Path, skip: Aside, count: int, seed: int = 5) -> Iterator[Group]:
    """Questions of a sort with the text that answers: a sentence of it without a name or a number, after the word that
    asks for such (cloze questions, Lewis et al., arXiv 1906.04980)."""
    rng = random.Random(seed)
    asks = {"nb": ("Når", "Hvor mange", "Hvem", "Hva", "Hvor"), "nn": ("Når", "Kor mange", "Kven", "Kva", "Kor")}
    for name, (when, many, *others) in ((f"narc_ndt_{form}.{form}", asks[form]) for form in asks):
        lines = (text / f"{name}.txt").read_text("utf-8").split("\n")
        left = count // 2
        for at in rng.sample(range(0, len(lines) - 8), len(lines) - 8):
            window = lines[at : at + rng.randint(4, 7)]
            words = rng.choice(window).split()
            gaps = [i for i, word in enumerate(words) if i and (word[0].isupper() or word[0].isdecimal())]
            if not 7 <= len(words) <= 22 or not gaps or not 40 <= sum(len(line.split()) for line in window) <= 160:
                continue
            gap = rng.choice(gaps)
            year = re.fullmatch(r"(1[5-9]|20)\d\d", words[gap])
            asked = when if year else many if words[gap][0].isdecimal() else rng.choice(others)
            rest = [word for i, word in enumerate(words) if i != gap and word not in {"-", "«", "»", ".", ":"}][:14]
            rest[0] = rest[0].lower()
            body = joined(" ".join(window))
            if skip.holds(body):
                continue
            yield Group((body,), (joined(f"{asked} {' '.join(rest)} ?"),), name)
            left -= 1
            if not left:
                break


def joined(tokens: str) -> str:
    """Text whose punctuation stands between spaces, as it is written."""
    return re.sub(r"(?<=[«(]) | (?=[.,:;?!»)])", "", tokens)


def folded(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


class Aside:
    """What search is measured on: its questions, titles and texts. The weak pairs hold none of it."""

    def __init__(self, evaluation: Path, documents: Path) -> None:
        import pymupdf

        rows = [json.loads(r) for path in evaluation.rglob("*.jsonl") for r in path.read_text("utf-8").splitlines()]
        self._short = {folded(row.get(key) or "") for row in rows for key in ("title", "text")}
        texts = [str(row.get(key) or "") for row in rows for key in ("title", "text", "clean")]
        for path in sorted(documents.glob("*.pdf")):
            with pymupdf.open(path) as document:
                texts += [page.get_text() for page in document]
        self._all = "".join(map(folded, texts))

    def asks(self, text: str) -> bool:
        return folded(text) in self._short

    def holds(self, text: str) -> bool:
        """Whether its beginning, middle or end stands there."""
        whole = folded(text)
        return any(whole[at : at + 40] in self._all for at in (0, max(0, len(whole) // 2 - 20), max(0, len(whole) - 40)))


def weak(text: Path, skip: Aside, counts: Sequence[int] = (4000, 3000, 2000, 3000, 3000)) -> list[Group]:
    return [
        *headings(text, skip, counts[0]),
        *sentences(text, skip, counts[1]),
        *varieties(text, counts[2]),
        *leads(text, skip, counts[3]),
        *clozes(text, skip, counts[4]),
    ]

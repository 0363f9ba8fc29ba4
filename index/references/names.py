"""Names as a reference needs them: surname and given names of a person, the bodies in a line, the order of the alphabet."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

PARTICLES = frozenset(
    ("von", "van", "de", "der", "den", "del", "della", "di", "da", "du", "la", "le", "af", "av", "al", "el", "ter", "zu")
)
"""Small words that belong to the surname that follows."""

BODIES = re.compile(
    r"\b(?:AS|ASA|A/S|ANS|DA|SA|KF|IKS|HF|RHF|Inc|Ltd)\b\.?|\d|&|"
    r"(?i:institutt|universitet|høgskole|høyskole|høgskule|senter|forskning|forsking|analyse|kommune|direktorat|departement|"
    r"stiftelse|rådgivning|consulting|economics|advokat|forbund|selskap|research)",
)
"""What no person is called, but bodies are."""

_KIND = (
    r"(?:prosjekt|oppdrags|forsknings|senior|hoved|hovud|med|første|fyrste)?"
    r"(?:leder|leiar|ansvarlig|ansvarleg|medarbeider|medarbeidar|forfatter|forfattar|forsker|forskar|rådgiver|rådgjevar|"
    r"amanuensis|redaktør)|stipendiat|professor|prof\.|dr\.|kvalitetssikrer|kvalitetssikrar|project (?:manager|leader)|editor"
)
_ROLE = re.compile(
    rf"[\s,]*(?:\((?:{_KIND}|red|eds?)\b[^()]*\)|,\s*(?:(?:{_KIND})(?:\s+I{{1,3}})?|(?:red|eds?)\.))$", re.IGNORECASE
)
"""What someone did for the report, or is, behind the name: «(prosjektleder)», «, red.», «, forsker II»."""

_TITLE = re.compile(rf"(?:{_KIND}):?\s+(?=\S+\s)", re.IGNORECASE)  # in front of a name of two words at least
_ASIDE = re.compile(r"\s*\([^()]*\)$")
_SUFFIX = re.compile(r",?\s+((?:[JjSs]r|JR|SR)\b\.?|III?|IV)(?=,|$)")

_TOGETHER = re.compile(r",?\s+(?:i samarbeid med|saman med|sammen med|in (?:cooperation|collaboration) with)\s+|\s*;\s*", re.I)
_ALPHABET = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y", "ð": "d", "þ": "th", "ß": "ss"})


class Name(NamedTuple):
    """A person's surname and given names, and «Jr.» or the like; of a body only `family`, which is its whole name."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        return ", ".join(filter(None, self))

    @property
    def initials(self) -> str:
        """Jan-Erik Maria -> J.-E. M."""
        parts = ["-".join(f"{half[0]}." for half in part.split("-") if half) for part in self.given.split()]
        return " ".join(part.upper() for part in parts if part)


def name(text: str) -> Name:
    """«Kari von Ek», «von Ek, Kari», «Kari von Ek (prosjektleder)» -> Name("von Ek", "Kari"); a body, or a name of one word,
    is kept whole."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    while (bare := _ROLE.sub("", text)) and bare != text:
        text = bare
    bare = _ASIDE.sub("", text)  # where someone works; behind the name of a body it is another name of it
    if _is_body(bare) or " " not in bare:
        return Name(text)
    match = _TITLE.match(bare)
    text = bare[match.end() :] if match else bare
    suffix = match[1] if (match := _SUFFIX.search(text)) else ""
    before, comma, after = _SUFFIX.sub("", text, count=1).partition(", ")
    if comma:
        return Name(text) if "," in after else Name(before, after, suffix)
    words = before.split()
    if len(words) < 2 or any(word[0].islower() and word not in PARTICLES for word in words) or words[0] in PARTICLES:
        return Name(text)
    first = next((i for i, word in enumerate(words[1:-1], 1) if word in PARTICLES), len(words) - 1)
    return Name(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _is_body(text: str) -> bool:
    """Does the text have what bodies have in their names, or is it one that the register knows, and nothing more?"""
    from ingest.metadata.bodies import bodies_in

    if BODIES.search(text):
        return True
    rest = text
    for found in reversed(bodies_in(text)):
        rest = rest[: found.start] + rest[found.end :]
    return rest != text and not re.search(r"[^\W_]", re.sub(r"\b(?:og|and|ved|v)\b", "", rest))


def bodies(text: str) -> tuple[str, ...]:
    """The bodies that a line names. Parted only where it says «i samarbeid med» or has a semicolon, for «og» and commas
    stand in names too («Fürst og Høverstad», «Universitetet i Oslo, Institutt for statsvitenskap»)."""
    return tuple(part.strip() for part in _TOGETHER.split(" ".join(text.split())) if part.strip(" ,"))


def alphabetical(text: str) -> str:
    """What to sort by, in the Norwegian order: æ, ø, å last, aa as å, accents as without."""
    text = unicodedata.normalize("NFC", text).casefold()  # «Å» may be written as an A and a ring
    text = re.sub(r"[^\w\s]", "", text).replace("aa", "å").translate(_ALPHABET)
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

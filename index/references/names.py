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

_TOGETHER = re.compile(r",?\s+(?:i samarbeid med|saman med|sammen med|in (?:cooperation|collaboration) with)\s+|\s*;\s*", re.I)
_ALPHABET = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y", "ð": "d", "þ": "th", "ß": "ss"})


class Name(NamedTuple):
    """A person's surname and given names; of a body only `family`, which is its whole name."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def initials(self) -> str:
        """Jan-Erik Maria -> J.-E. M."""
        parts = ["-".join(f"{half[0]}." for half in part.split("-") if half) for part in self.given.split()]
        return " ".join(part.upper() for part in parts if part)


def name(text: str) -> Name:
    """«Kari von Ek», «von Ek, Kari» -> Name("von Ek", "Kari"); a body, or a name of one word, is kept whole."""
    text = " ".join(text.split())
    if BODIES.search(text):
        return Name(text)
    before, comma, after = text.partition(", ")
    if comma:
        return Name(text) if "," in after else Name(before, after)
    words = text.split()
    if len(words) < 2 or any(word[0].islower() and word not in PARTICLES for word in words) or words[0] in PARTICLES:
        return Name(text)
    first = next((i for i, word in enumerate(words[1:-1], 1) if word in PARTICLES), len(words) - 1)
    return Name(" ".join(words[first:]), " ".join(words[:first]))


def bodies(text: str) -> tuple[str, ...]:
    """The bodies that a line names. Parted only where it says «i samarbeid med» or has a semicolon, for «og» and commas
    stand in names too («Fürst og Høverstad», «Universitetet i Oslo, Institutt for statsvitenskap»)."""
    return tuple(part.strip() for part in _TOGETHER.split(" ".join(text.split())) if part.strip(" ,"))


def alphabetical(text: str) -> str:
    """What to sort by, in the Norwegian order: æ, ø, å last, aa as å, accents as without."""
    text = re.sub(r"[^\w\s]", "", text.casefold()).replace("aa", "å").translate(_ALPHABET)
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

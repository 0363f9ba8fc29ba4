"""How a word may come to be written otherwise: what each slip of the hand costs (a noisy channel, in nats)."""

from __future__ import annotations

from functools import lru_cache

SAME = 0.0
KEYBOARD = 1.0  # æ, ø, å in the letters that any keyboard has: ae, oe, aa
STRIPPED = 1.3  # the same with one letter: a or e for æ, o for ø, a for å
DOUBLED = 3.0  # a letter too many or too few of those that stand side by side
SWAPPED = 3.5  # two neighbours change places
MISSING = 4.3  # a letter left out
ADDED = 4.8  # a letter that shouldn't be there
WRONG = 5.0  # one letter for another
LIKE = 3.8  # one for another that sounds alike, or is its neighbour on the keyboard
FIRST = 2.5  # an error in the first letter is rarer by so much

_STRIPPED = {("a", "æ"), ("e", "æ"), ("o", "ø"), ("a", "å"), ("ö", "ø"), ("ä", "æ"), ("e", "ø")}
_DIGRAPHS = {"ae": "æ", "oe": "ø", "aa": "å"}
_ALIKE = ("ei", "oå", "eæ", "yi", "dt", "gk", "bp", "vf", "sc", "ck", "uo", "øy", "ao", "sz")
_ROWS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")
_PLAIN = str.maketrans("æøåäöéèêóòôü", "aoaaoeeeooou")


def plain(word: str) -> str:
    """A casefolded word in the letters that any keyboard has: æ, å and ae, aa become a, ø and oe become o."""
    for pair in _DIGRAPHS:
        word = word.replace(pair, pair[0])
    return word.translate(_PLAIN)


@lru_cache(maxsize=20_000)
def cost_of_writing(written: str, meant: str) -> float:
    """The least that it costs to write `meant` as `written`: Damerau's edits (optimal string alignment), each with its cost."""
    rows = [[0.0] * (len(meant) + 1) for _ in range(len(written) + 1)]
    for i in range(len(written) + 1):
        for j in range(len(meant) + 1):
            if i or j:
                rows[i][j] = _step(written, meant, i, j, rows)
    return rows[-1][-1]


def _step(written: str, meant: str, i: int, j: int, rows: list[list[float]]) -> float:
    """The least cost of writing the first j letters meant as the first i written."""
    found = []
    first = FIRST if i <= 1 and j <= 1 else 0.0
    if i and j:
        found.append(rows[i - 1][j - 1] + _letter(written[i - 1], meant[j - 1], first))
    if i:
        twice = i > 1 and written[i - 1] == written[i - 2]
        found.append(rows[i - 1][j] + (DOUBLED if twice else ADDED) + first)
    if j:
        once = j > 1 and meant[j - 1] == meant[j - 2]
        found.append(rows[i][j - 1] + (DOUBLED if once else MISSING) + first)
    if i > 1 and j and _DIGRAPHS.get(written[i - 2 : i]) == meant[j - 1]:
        found.append(rows[i - 2][j - 1] + KEYBOARD)
    if i > 1 and j > 1 and written[i - 1] == meant[j - 2] and written[i - 2] == meant[j - 1]:
        found.append(rows[i - 2][j - 2] + SWAPPED + (FIRST if i == 2 else 0.0))
    return min(found)


def _letter(written: str, meant: str, first: float) -> float:
    if written == meant:
        return SAME
    if (written, meant) in _STRIPPED:
        return STRIPPED
    return (LIKE if _near(written, meant) else WRONG) + first


@lru_cache(maxsize=2_000)
def _near(one: str, other: str) -> bool:
    if any(one in pair and other in pair for pair in _ALIKE):
        return True
    return any(one in row and other in row and abs(row.index(one) - row.index(other)) == 1 for row in _ROWS)

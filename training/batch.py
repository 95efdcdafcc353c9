"""Several taught lists of one size as tensors, with the guidance of every head."""
from dataclasses import dataclass

import torch

from model import HEADS, SECOND

NAMES = list(HEADS)
UNASKED = -100               # cross entropy leaves these targets out


@dataclass
class Batch:
    prefix: torch.Tensor         # shared by all lists
    ids: torch.Tensor            # list x position, after the prefix
    tail: int                    # the last layer is needed from this column on
    rows: torch.Tensor           # where outputs are predicted, as rows of the tail, and what they should be
    targets: torch.Tensor
    guides: list                 # per layer: (flat index, its weight, its target's number, the number's head), or None


def collate(examples, prefix, pad):
    start, length = len(prefix), max(len(e.ids) for e in examples) - 1 - len(prefix)
    ids = torch.full((len(examples), length), pad)
    tail = min(e.output for e in examples) - 1 - start
    rows, targets, guides = [], [], [([], [], [], []) for _ in range(1 + max(layer for layer, _ in HEADS.values()))]
    for b, e in enumerate(examples):
        ids[b, :len(e.ids) - 1 - start] = torch.tensor(e.ids[start:-1])
        rows += [b * (length - tail) + i - 1 - start - tail for i in range(e.output, len(e.ids))]
        targets += [UNASKED if i in e.unasked else e.ids[i] for i in range(e.output, len(e.ids))]
        add_guides(guides, e, b, start, length, tail)
    tensors = [(torch.tensor(i), torch.tensor(w), torch.tensor(n), torch.tensor(h)) for i, w, n, h in guides]
    return Batch(torch.tensor([prefix]), ids, tail, torch.tensor(rows), torch.tensor(targets), tensors)


def add_guides(guides, example, b, start, length, tail):
    heads = 1 + max(head for _, head in HEADS.values())
    for name, (layer, head) in HEADS.items():
        indices, weights, numbers, kinds = guides[layer]
        skip = tail if layer == len(guides) - 1 else 0
        for position, keys, shares in example.guide.get(SECOND.get(name, name), ()):
            column = position - start - skip
            if column < 0 or position - start >= length:
                continue
            row = ((b * heads + head) * (length - skip) + column) * (start + length)
            indices += [row + key for key in keys]
            weights += shares or [-1.0] * len(keys)
            numbers += [len(kinds)] * len(keys)
            kinds.append(NAMES.index(name))


def guidance(attentions, guides):
    """Mean loss per head: -log of the attention on the wanted keys, or cross entropy where they have shares."""
    losses, kinds = [], []
    for attention, (index, weight, number, kind) in zip(attentions, guides):
        seen = attention.reshape(-1).index_select(0, index.to(attention.device))
        weight, number = weight.to(seen.device), number.to(seen.device)
        zero = torch.zeros(len(kind), device=seen.device)
        among = zero.index_add(0, number, seen * (weight < 0))
        total = zero.index_add(0, number, weight.clamp(min=0))
        shares = weight.clamp(min=0) / total[number].clamp(min=1e-9)
        crossed = zero.index_add(0, number, -shares * (seen + 1e-30).log() + torch.where(shares > 0, shares * (shares + 1e-12).log(), 0 * shares))
        losses.append(torch.where(total > 0, crossed, -(among + 1e-30).log()))
        kinds.append(kind.to(seen.device))
    losses, kinds = torch.cat(losses), torch.cat(kinds)
    zero = torch.zeros(len(NAMES), device=losses.device)
    return zero.index_add(0, kinds, losses) / zero.index_add(0, kinds, torch.ones_like(losses)).clamp(min=1)


def run(model, batch):
    """(logits at the predicted places, guidance loss per head)."""
    _, cache, _ = model(batch.prefix)
    hidden, _, attentions = model(batch.ids, cache, batch.tail)
    return model.logits(hidden.reshape(-1, hidden.shape[-1])[batch.rows]), guidance(attentions, batch.guides)

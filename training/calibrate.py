"""Between the stages: fits the output rows of the 21 grades, all else fixed. A convex problem that gradient steps on the whole network
leave half solved: the grade's share is there in the last layer, but neighbouring grades are hard to tell apart.

    python3 calibrate.py [--lists 300] [--device cpu] [--seed 1]
Reads work/sft.pt (its moving average) and writes work/sft-final.pt.
"""
import argparse
import random

import torch
import torch.nn.functional as F

import corpus
import data
import lexicon as lexicons
import model as network
import tokenizer as tokenizers
from trace import Teacher

STEPS, RATE = 400, 0.02


@torch.no_grad()
def states(model, teacher, maker, lists, rng):
    """Last-layer states of every output position, what should follow, and how much the other tokens claim there."""
    grades = torch.tensor(teacher.grade_tokens)
    kept = []
    for _ in range(lists):
        taught = data.example(maker, teacher, rng.choice([8, 14, 20, 20, 20]), rng.randint(8, 40), rng, drilled=0)[1]
        hidden = model(torch.tensor([taught.ids[:-1]], device=model.embedding.device), tail=taught.output - 1)[0][0].cpu()
        logits = hidden @ model.output.cpu().T
        wanted = torch.tensor(taught.ids[taught.output:])
        place = (wanted[:, None] == grades).float()
        target = torch.where(place.sum(1) > 0, place.argmax(1), torch.full_like(wanted, len(grades)))
        logits[:, grades] = -1e9
        kept.append((hidden, target, logits.logsumexp(1)))
    return [torch.cat(parts) for parts in zip(*kept)]


def fit(rows, hidden, target, others):
    rows = rows.clone().requires_grad_()
    optimise = torch.optim.Adam([rows], lr=RATE)
    for step in range(STEPS):
        for group in optimise.param_groups:
            group["lr"] = RATE * (1 - step / STEPS)
        loss = F.cross_entropy(torch.cat([hidden @ rows.T, others[:, None]], 1), target)
        optimise.zero_grad()
        loss.backward()
        optimise.step()
        if step % 100 == 0 or step == STEPS - 1:
            print(f"{step} loss {loss.item():.4f}", flush=True)
    return rows.detach()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=300)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    pieces = tokenizers.load()
    words = lexicons.load(pieces)
    teacher, training = Teacher(pieces, words), corpus.load()[0]
    model, saved = network.load(corpus.WORK / "sft.pt")
    model.load_state_dict(saved["average"])
    model = model.to(arguments.device)
    maker = data.ListMaker(training, data.vocabulary(pieces, words, training))
    found = states(model, teacher, maker, arguments.lists, random.Random(arguments.seed))
    grades = torch.tensor(teacher.grade_tokens)
    fitted = fit(model.output.detach().cpu()[grades], *found)
    with torch.no_grad():
        model.output[grades] = fitted.to(model.output.device)
    network.save(corpus.WORK / "sft-final.pt", model.cpu(), step=saved["step"], seen=saved["seen"])


if __name__ == "__main__":
    main()

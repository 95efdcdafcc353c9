"""Stage 2, GRPO as in the paper: 8 rollouts of one window, rewarded by the multi-view ranking reward, each judged against its group.

    python3 rl.py [--minutes 10] [--device cpu] [--seed 0]
Starts from work/sft-final.pt, writes work/rl-final.pt; resumes from work/rl.pt.
"""
import argparse
import random
import time

import torch
import torch.nn.functional as F

import corpus
import data
import decode
import lexicon as lexicons
import model as network
import tokenizer as tokenizers
from reward import reward
from trace import Teacher, longest_output

ROLLOUTS, TEMPERATURE = 8, 1.0
RATE, STAY = 1e-5, 0.02      # learning rate; weight of the divergence from the first stage
WORDS = (8, 25)              # per passage: short ones, so that many windows fit into the time
REPORT, SAVE, PAUSE = 10, 120, 60


def gold(ranking, taught):
    """The true passage first, the others as the teacher has them."""
    return sorted(taught.order, key=lambda p: p not in ranking.relevant)


def likelihood(model, prompt, rollouts):
    """Log-probabilities of every written token under the model, with a mask of what was written."""
    longest = max(map(len, rollouts))
    device = model.embedding.device
    ids = torch.tensor([prompt[-1:] + r + [0] * (longest - len(r)) for r in rollouts], device=device)
    mask = torch.tensor([[1.0] * len(r) + [0.0] * (longest - len(r)) for r in rollouts], device=device)
    _, cache, _ = model(torch.tensor([prompt[:-1]], device=device))
    hidden, _, _ = model(ids[:, :-1], cache)
    return F.log_softmax(model.logits(hidden) / TEMPERATURE, -1).gather(-1, ids[:, 1:, None])[..., 0], mask


def step(model, first, optimise, teacher, maker, rng):
    """One group: (mean reward, best reward, whether anything was learnt)."""
    ranking = maker.make(rng.randint(10, 20), rng.randint(*WORDS), rng)
    taught = teacher.build(ranking.query, ranking.passages)
    prompt = taught.ids[:taught.output]
    written = decode.generate(model, prompt, teacher.tokenizer.end, longest_output(len(ranking.passages)), ROLLOUTS, TEMPERATURE)
    ideal = gold(ranking, taught)
    rewards = torch.tensor([reward(teacher.tokenizer.decode(w), ideal, ranking.relevant) for w in written])
    if rewards.std() < 1e-4:
        return rewards.mean().item(), rewards.max().item(), False
    advantage = ((rewards - rewards.mean()) / (rewards.std() + 1e-4)).to(model.embedding.device)
    now, mask = likelihood(model, prompt, written)
    with torch.no_grad():
        before, _ = likelihood(first, prompt, written)
    ratio = before - now
    divergence = ratio.exp() - ratio - 1
    # one step per group, so the policy ratio is 1 and its gradient that of the log-probability
    loss = ((-advantage[:, None] * (now - now.detach()).exp() + STAY * divergence) * mask).sum() / mask.sum()
    optimise.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimise.step()
    return rewards.mean().item(), rewards.max().item(), True


def train(arguments):
    pieces = tokenizers.load()
    teacher = Teacher(pieces, lexicons.load(pieces))
    maker = data.ListMaker(corpus.load()[0])
    first = network.load(corpus.WORK / "sft-final.pt")[0].to(arguments.device)
    checkpoint = corpus.WORK / "rl.pt"
    model, saved = network.load(checkpoint if checkpoint.exists() else corpus.WORK / "sft-final.pt")
    model = model.to(arguments.device)
    optimise = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    spent, count = saved.get("spent", 0.0), saved.get("step", 0) if "spent" in saved else 0
    torch.manual_seed(arguments.seed + count)
    rng, total, last_save, history = random.Random(arguments.seed + count), arguments.minutes * 60, time.monotonic(), []
    while spent < total:
        began = time.monotonic()
        history.append(step(model, first, optimise, teacher, maker, rng))
        count += 1
        spent += min(PAUSE, time.monotonic() - began)
        if count % REPORT == 0:
            recent = history[-50:]
            print(f"{count} {spent:.0f}s reward, mean of 50 groups: {sum(r[0] for r in recent) / len(recent):.3f} "
                  f"best of {ROLLOUTS}: {sum(r[1] for r in recent) / len(recent):.3f} groups that differ: {sum(r[2] for r in recent)}", flush=True)
        if time.monotonic() - last_save > SAVE:
            network.save(checkpoint, model, spent=spent, step=count)
            last_save = time.monotonic()
    network.save(corpus.WORK / "rl-final.pt", model.cpu(), spent=spent, step=count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args())

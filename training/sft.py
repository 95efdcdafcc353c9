"""Stage 1, cold start: learns the teacher's traces, short passages first.

    python3 sft.py [--minutes 60] [--device cpu] [--seed 0] [--processes 1] [--workers 0]
Resumes from work/sft.pt if it is there. The schedule follows the time spent, so any number of minutes gives a whole run.
"""
import argparse
import math
import random
import time

import torch
import torch.nn.functional as F

import batch as batches
import corpus
import data
import decode
import lexicon as lexicons
import model as network
import parallel
import protocol
import tokenizer as tokenizers
from initialise import initialise
from stream import Stream
from trace import Teacher

RATE, WARM_UP, GUIDE = 2e-3, 20, 0.3
# share of the rate: what is drafted moves less
SLOW = {"embedding": 0.1, "output": 0.3, "blocks.2.gate_up": 0.03, "blocks.2.down": 0.1, "qkv": 0.15, "attention_norm": 0.15,
        "hidden_norm": 0.15, "out": 0.3, "gate_up": 0.3, "down": 0.3}
TOKENS = {"cpu": 2600, "cuda": 60_000}       # per step
AVERAGE = 0.99                               # the shipped weights are a moving average
REPORT, SAVE = 20, 120                       # steps, seconds
PAUSE = 30                                   # a step that took longer was suspended; no more is counted
STRENGTH = torch.tensor([{"match": 3.0, "score": 6.0, "evidence": 2.0, "link": 2.0, "same": 2.0, "lower": 2.0, "pred": 2.0}.get(h, 1.0)
                         for h in batches.NAMES])


def to(batch, device):
    for name in ("prefix", "ids", "rows", "targets"):
        setattr(batch, name, getattr(batch, name).to(device))
    return batch


def optimiser(model):
    groups = {}
    for name, parameter in model.named_parameters():
        share = next((share for part, share in SLOW.items() if f".{part}." in f".{name}."), 1.0)
        groups.setdefault(share, []).append(parameter)
    return torch.optim.AdamW([{"params": p, "share": share} for share, p in groups.items()], lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)


def accuracy(predicted, targets, teacher):
    """Share of right tokens by kind."""
    labels, grades = set(teacher.labels), set(teacher.grade_tokens)
    kinds, inside = [], False
    for token in targets.tolist():
        if token == batches.UNASKED:
            kinds.append("unasked")
            continue
        inside = token == teacher.answer or inside and token != teacher.tokenizer.end
        word = teacher.lexicon.weight[token] > 0
        kinds.append(("order" if inside else "label") if token in labels else "grade" if token in grades else "word" if word else "form")
    right = (predicted == targets).tolist()
    scores = {}
    for kind in ("form", "label", "word", "grade", "order"):
        marks = [r for r, k in zip(right, kinds) if k == kind]
        scores[kind] = sum(marks) / max(1, len(marks))
    return scores


def free_running(model, teacher, maker, count, length, lists, seed=5):
    """(share of valid permutations, nDCG@10 of the model and of the teacher) on held-out lists."""
    rng, valid, score, taught = random.Random(seed), 0, 0.0, 0.0
    for _ in range(lists):
        ranking = maker.make(count, length, rng)
        good, order = protocol.permutation(decode.answer(model, teacher, ranking.query, ranking.passages), count)
        valid += good
        score += data.ndcg(order, ranking.relevant)
        taught += data.ndcg(teacher.build(ranking.query, ranking.passages).order, ranking.relevant)
    return valid / lists, score / lists, taught / lists


def train(rank, arguments):
    pieces = tokenizers.load()
    words = lexicons.load(pieces)
    teacher = Teacher(pieces, words)
    training, held_out = corpus.load()
    checkpoint = corpus.WORK / "sft.pt"
    torch.manual_seed(arguments.seed)
    if checkpoint.exists():
        model, saved = network.load(checkpoint)
    else:
        model, saved = initialise(pieces, words, teacher, network.Shape(len(pieces)), arguments.seed), {"spent": 0.0, "step": 0, "seen": 0}
    model = model.to(arguments.device)
    parameters = list(model.parameters())
    optimise = optimiser(model)
    if "optimiser" in saved:
        optimise.load_state_dict(saved["optimiser"])
    spent, step, seen = saved["spent"], saved["step"], saved["seen"]
    average = {k: v.to(arguments.device).clone() for k, v in saved.get("average", model.state_dict()).items()}
    maker = data.ListMaker(training, data.vocabulary(pieces, words, training))
    stream = Stream(maker, teacher, TOKENS[arguments.device], f"{arguments.seed} {step} {rank}")
    stream.fraction.value = spent / (arguments.minutes * 60)
    taught = stream.read(arguments.workers)
    total, last_save = arguments.minutes * 60, time.monotonic()
    strength = STRENGTH.to(arguments.device)
    if rank == 0:
        print(f"{sum(p.numel() for p in parameters)} parameters, {arguments.processes} processes", flush=True)
    while spent < total:
        began = time.monotonic()
        stream.fraction.value = fraction = spent / total
        batch = to(next(taught), arguments.device)
        rate = RATE * min(1, (step + 1) / WARM_UP, (1 + math.cos(math.pi * fraction)) / 2)
        for group in optimise.param_groups:
            group["lr"] = rate * group["share"]
        logits, guide = batches.run(model, batch)
        loss = F.cross_entropy(logits, batch.targets)
        optimise.zero_grad(set_to_none=True)
        (loss + GUIDE * min(1, (1 - fraction) / 0.1) * (guide * strength).sum()).backward()
        took = parallel.share(parameters, time.monotonic() - began)
        torch.nn.utils.clip_grad_norm_(parameters, 2.0)
        optimise.step()
        keep = AVERAGE if fraction > 0.3 else 0.0
        for name, value in model.state_dict().items():
            average[name].mul_(keep).add_(value, alpha=1 - keep)
        step, seen = step + 1, seen + batch.ids.numel() * arguments.processes
        spent += min(PAUSE, took)
        if rank > 0:
            continue
        if step % REPORT == 0:
            scores = accuracy(logits.argmax(-1), batch.targets, teacher)
            print(f"{step} {spent:.0f}s {seen / 1e6:.2f}M {tuple(batch.ids.shape)} rate={rate:.1e} loss={loss.item():.3f} | "
                  + " ".join(f"{k}={v:.3f}" for k, v in scores.items()) + " | "
                  + " ".join(f"{k}={v:.2f}" for k, v in zip(batches.NAMES, guide.tolist())), flush=True)
        if time.monotonic() - last_save > SAVE or spent >= total:
            network.save(checkpoint.with_suffix(".new"), model, average=average, optimiser=optimise.state_dict(), spent=spent, step=step, seen=seen)
            checkpoint.with_suffix(".new").rename(checkpoint)
            last_save = time.monotonic()
    if rank > 0:
        return
    model.load_state_dict(average)
    network.save(corpus.WORK / "sft-final.pt", model.cpu(), seen=seen, step=step)
    judge = data.ListMaker(held_out)
    for count, length in ((5, 20), (20, 20), (20, 40)):
        print(f"free running, {count} x {length} words: valid, nDCG@10, teacher's nDCG@10 =", free_running(model, teacher, judge, count, length, 20))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--device", choices=list(TOKENS), default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1, help="that train (CPU)")
    parser.add_argument("--workers", type=int, default=0, help="that draw lists beside the training (GPU)")
    arguments = parser.parse_args()
    parallel.run(train, arguments.processes, arguments)


if __name__ == "__main__":
    main()

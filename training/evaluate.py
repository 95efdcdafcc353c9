"""Measures a GGUF in llama.cpp, unconstrained and greedy, on windows of text that training never saw.

    python3 evaluate.py ../models/reasonrank-tiny.gguf [--lists 50] [--hundred 20] [--threads 1] [--write]
--hundred also ranks so many lists of 100 candidates, random and with 30 hard ones, in sliding windows of 20 by 10.
--write also writes each set to work/eval/ as queries, corpus, TREC run and qrels for `reasonrank eval`.
"""
import argparse
import collections
import json
import math
import random
import re
import time

import corpus
import data
import protocol
import tokenizer as tokenizers
from llama import Llama
from trace import longest_output

COUNT, WORDS = 20, 40
# name -> (query, hard negatives of 19)
SETS = {"questions": ("question", 0), "questions, hard": ("question", 10), "key words": ("keywords", 0), "key words, hard": ("keywords", 10),
        "inflected": ("inflected", 0), "inflected, hard": ("inflected", 10)}


def lists(documents, name, count, seed=11):
    kind, hard = SETS[name]
    maker, rng = data.ListMaker(documents), random.Random(f"{seed} {name}")
    while count:
        ranking = maker.make(COUNT, WORDS, rng, kind, hard)
        if ranking.query.strip():
            count -= 1
            yield ranking


class Bm25:
    """Okapi BM25 as Lucene computes it (k1 0.9, b 0.4), lower-cased words, no stemming."""

    def __init__(self, texts):
        self.documents, self.seen = len(texts), collections.Counter()
        for text in texts:
            self.seen.update(set(data.words(text)))

    def order(self, query, passages):
        bags = [collections.Counter(data.words(p)) for p in passages]
        average = sum(bag.total() for bag in bags) / len(bags) or 1
        weigh = lambda w: math.log(1 + (self.documents - self.seen[w] + 0.5) / (self.seen[w] + 0.5))
        part = lambda bag, w: bag[w] / (bag[w] + 0.9 * (0.6 + 0.4 * bag.total() / average))
        scores = [sum(weigh(w) * part(bag, w) for w in data.words(query)) for bag in bags]
        return sorted(range(len(passages)), key=lambda i: (-scores[i], i))


def evidence(text, passages):
    """(lines with real evidence, lines with evidence): every word named for a passage must stand in it."""
    real = named = 0
    for number, words in re.findall(r"^\[(\d+)\](.*): \d+%$", text, re.M):
        pieces = re.findall(r"[^\W\d_]+", words.lower())
        if pieces and 0 < int(number) <= len(passages):
            named += 1
            real += all(piece in passages[int(number) - 1].lower() for piece in pieces)
    return real, named


class Tally:
    def __init__(self):
        self.ndcg, self.first, self.reciprocal = 0.0, 0, 0.0

    def add(self, order, relevant):
        self.ndcg += data.ndcg(order, relevant)
        self.first += order[0] in relevant
        self.reciprocal += 1 / (1 + min(order.index(r) for r in relevant))

    def line(self, count):
        return f"nDCG@10 {self.ndcg / count:.3f}  top-1 {self.first / count:.3f}  MRR {self.reciprocal / count:.3f}"


class Judge:
    """One model in llama.cpp, and what was seen of its answers."""

    def __init__(self, path, threads, pieces):
        self.llama, self.pieces = Llama(path, threads=threads), pieces
        self.windows = self.valid = self.tokens = self.real = self.named = 0
        self.seconds = []

    def order(self, query, passages):
        query, passages = protocol.clean(query), [protocol.clean(p) for p in passages]
        began = time.monotonic()
        written = self.llama.generate(self.pieces.encode(protocol.prompt(query, passages), control=True), self.pieces.end, longest_output(len(passages)))
        self.seconds.append(time.monotonic() - began)
        text = self.pieces.decode(written)
        good, order = protocol.permutation(text, len(passages))
        real, named = evidence(text, passages)
        self.windows, self.valid, self.tokens = self.windows + 1, self.valid + good, self.tokens + len(written)
        self.real, self.named = self.real + real, self.named + named
        return order

    def summary(self):
        n = self.windows
        return (f"valid permutations {self.valid / n:.3f}, real evidence {self.real}/{self.named} = {self.real / max(1, self.named):.3f}, "
                f"{self.tokens / n:.0f} tokens, median {sorted(self.seconds)[n // 2]:.2f} s a window")


def measure(judge, rankings, bm25):
    given, first, model = Tally(), Tally(), Tally()
    for ranking in rankings:
        given.add(list(range(COUNT)), ranking.relevant)
        first.add(bm25.order(ranking.query, ranking.passages), ranking.relevant)
        model.add(judge.order(ranking.query, ranking.passages), ranking.relevant)
    n = len(rankings)
    print(f"  as given: {given.line(n)}\n  BM25:     {first.line(n)}\n  model:    {model.line(n)}\n  {judge.summary()}", flush=True)


def slide(judge, query, passages, window=COUNT, stride=COUNT // 2):
    """The order of many passages: windows from the back to the front, each starting from what the one before left."""
    order, end = list(range(len(passages))), len(passages)
    while True:
        start = max(0, end - window)
        part = order[start:end]
        order[start:end] = [part[i] for i in judge.order(query, [passages[i] for i in part])]
        if start == 0:
            return order
        end -= stride


def hundreds(documents, count, hard, seed=17):
    """Lists of 100 candidates, so many of them hard, the relevant one anywhere; half of the queries key words."""
    maker, rng = data.ListMaker(documents), random.Random(f"{seed} {hard}")
    return [maker.make(100, WORDS, rng, rng.choice(["keywords", "question"]), hard) for _ in range(count)]


def measure_hundred(judge, rankings, bm25):
    place = lambda order, ranking: 1 + min(order.index(r) for r in ranking.relevant)
    first = [place(bm25.order(ranking.query, ranking.passages), ranking) for ranking in rankings]
    places = [place(slide(judge, ranking.query, ranking.passages), ranking) for ranking in rankings]
    share = lambda found: sum(p <= 3 for p in found) / len(found)
    print(f"  relevant in the top 3 in {share(places):.3f} (BM25 {share(first):.3f}), places {sorted(places)}\n  {judge.summary()}", flush=True)


def write(name, rankings):
    """BEIR-style collection and TREC files; the run is the shuffled order."""
    folder = corpus.WORK / "eval" / re.sub(r"\W+", "-", name)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "queries.jsonl", "w") as queries, open(folder / "corpus.jsonl", "w") as texts, \
            open(folder / "run.trec", "w") as run, open(folder / "qrels.trec", "w") as qrels:
        for q, ranking in enumerate(rankings):
            queries.write(json.dumps({"_id": f"q{q}", "text": ranking.query}) + "\n")
            for p, passage in enumerate(ranking.passages):
                texts.write(json.dumps({"_id": f"q{q}p{p}", "text": passage}) + "\n")
                run.write(f"q{q} Q0 q{q}p{p} {p + 1} {len(ranking.passages) - p} shuffled\n")
            for p in ranking.relevant:
                qrels.write(f"q{q} 0 q{q}p{p} 1\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--lists", type=int, default=50)
    parser.add_argument("--hundred", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    training, held_out = corpus.load()
    bm25, pieces = Bm25([long for _, long in training[:20_000]]), tokenizers.load()
    for name in SETS:
        rankings = list(lists(held_out, name, arguments.lists))
        print(f"{name} ({arguments.lists} windows of {COUNT} x {WORDS} words)")
        measure(Judge(arguments.model, arguments.threads, pieces), rankings, bm25)
        if arguments.write:
            write(name, rankings)
    for hard in (0, 30) if arguments.hundred else ():
        print(f"100 candidates, {hard} hard ({arguments.hundred} lists, windows of 20 by 10)")
        rankings = hundreds(held_out, arguments.hundred, hard)
        measure_hundred(Judge(arguments.model, arguments.threads, pieces), rankings, bm25)
        if arguments.write:
            write(f"hundred, {hard} hard", rankings)


if __name__ == "__main__":
    main()

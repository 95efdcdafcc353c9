"""The paper's reward (arXiv 2508.07050): NDCG@10 + 0.2 Recall@10 + 0.1 RBO; 0 for a wrong id set, -1 without the tags."""
import protocol
from data import ndcg

DEPTH, RECALL, OVERLAP = 10, 0.2, 0.1


def recall(order, relevant, depth=DEPTH):
    return sum(p in relevant for p in order[:depth]) / len(relevant)


def overlap(order, ideal):
    """Rank-biased overlap with p = 1, as the reference computes it: the mean share of common items over all depths."""
    return sum(len(set(order[:d]) & set(ideal[:d])) / d for d in range(1, len(ideal) + 1)) / len(ideal)


def reward(text, ideal, relevant):
    """`ideal`: the gold order of all passages from 0; `relevant`: the passages that belong to the query."""
    ids = protocol.answer_ids(text)
    if ids is None:
        return -1.0
    if sorted(ids) != list(range(1, len(ideal) + 1)):
        return 0.0
    order = [i - 1 for i in ids]
    return ndcg(order, relevant) + RECALL * recall(order, relevant) + OVERLAP * overlap(order, ideal)

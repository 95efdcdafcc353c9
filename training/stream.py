"""The batches of stage 1, easy ones first, drawn by processes beside the training where that is fast."""
import random

import torch
from torch.multiprocessing import Value
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import batch as batches
import data
import protocol


DRILLS, DRILL_WORDS = 0.3, (3, 6)      # share of the batches, and the length of their passages: many lists to sort for few tokens


def sizes(fraction, rng):
    """(passages, words per passage) of the next batch: mostly full windows, passages growing over the first 45% of the run."""
    longest = 5 + 40 * min(1, fraction / 0.45)
    count = rng.randint(2, protocol.WINDOW) if rng.random() < 0.4 else rng.randint(14, protocol.WINDOW)
    count = 1 if rng.random() < 0.01 else count
    return count, rng.randint(4, int(longest)) if rng.random() < 0.7 else int(longest)


def draw(maker, teacher, fraction, tokens, rng):
    """Lists of one size, up to so many tokens with their padding."""
    count, length = sizes(fraction, rng)
    drilled = data.DRILLED
    if rng.random() < DRILLS:
        length, drilled = rng.randint(*DRILL_WORDS), 1
    examples, longest = [], 0
    while True:
        taught = data.example(maker, teacher, count, length, rng, drilled)[1]
        longest = max(longest, len(taught.ids))
        if examples and longest * (len(examples) + 1) > tokens:
            return batches.collate(examples, teacher.prefixes[count], 0)
        examples.append(taught)


class Stream(IterableDataset):
    """Endless batches; `fraction`, the share of the run that is over, may be set while it is read."""

    def __init__(self, maker, teacher, tokens, seed):
        self.maker, self.teacher, self.tokens, self.seed = maker, teacher, tokens, seed
        self.fraction = Value("d", 0.0)

    def __iter__(self):
        worker = get_worker_info()
        rng = random.Random(f"{self.seed} {worker.id if worker else 0}")
        while True:
            yield draw(self.maker, self.teacher, self.fraction.value, self.tokens, rng)

    def read(self, workers):
        torch.multiprocessing.set_sharing_strategy("file_system")      # a batch is many small tensors, each a descriptor otherwise
        return iter(DataLoader(self, batch_size=None, num_workers=workers))

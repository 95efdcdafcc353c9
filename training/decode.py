"""Writes answers with the PyTorch model: greedily or by sampling, several at once from one prompt."""
import torch

from trace import longest_output


@torch.no_grad()
def generate(model, prompt, end, limit, copies=1, temperature=0.0, generator=None):
    """`copies` continuations of one prompt, each a list of ids up to and including `end` (or cut at `limit`)."""
    device = model.embedding.device
    hidden, cache, _ = model(torch.tensor([prompt], device=device))
    cache = [(k.expand(copies, -1, -1, -1), v.expand(copies, -1, -1, -1)) for k, v in cache]
    hidden = hidden[:, -1].expand(copies, -1)
    written, done = [[] for _ in range(copies)], [False] * copies
    for _ in range(limit):
        logits = model.logits(hidden)
        if temperature:
            chosen = torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator)
        else:
            chosen = logits.argmax(-1, keepdim=True)
        for row, token in enumerate(chosen[:, 0].tolist()):
            if not done[row]:
                written[row].append(token)
                done[row] = token == end
        if all(done):
            break
        hidden, cache, _ = model(chosen, cache)
        hidden = hidden[:, -1]
    return written


def answer(model, teacher, query, passages):
    """The model's greedy text for one window."""
    ids, _, _ = teacher.read(query, passages)
    return teacher.tokenizer.decode(generate(model, ids, teacher.tokenizer.end, longest_output(len(passages)))[0])

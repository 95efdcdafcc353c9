"""A Qwen2-shaped causal language model whose attention heads can be told where to look while it is small and untrained."""
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


# head name -> (layer, head); what each looks for is in trace.py
HEADS = {"section": (0, 0), "previous": (0, 1), "piece": (0, 2), "zone": (0, 3),
         "match": (1, 0), "repeat": (1, 1), "pred": (1, 2), "own": (1, 3),
         "score": (2, 0), "link": (2, 1), "next": (2, 2),
         "evidence": (3, 0), "evidence again": (3, 1), "same": (3, 2), "lower": (3, 3)}
SECOND = {"evidence again": "evidence"}


@dataclass
class Shape:
    vocabulary: int
    width: int = 256
    layers: int = 4
    heads: int = 4
    hidden: int = 256
    rope_base: float = 1e14      # most rotary pairs hardly turn within 4,096 tokens, so they can carry content
    epsilon: float = 1e-6
    context: int = 4096

    @property
    def head_size(self):
        return self.width // self.heads


def normalise(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        d, h = shape.width, shape.hidden
        self.shape = shape
        self.attention_norm, self.hidden_norm = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d, bias=False)
        self.gate_up = nn.Linear(d, 2 * h, bias=False)
        self.down = nn.Linear(h, d, bias=False)

    def forward(self, x, cos, sin, mask, past=None, tail=0):
        """(output, (keys, values), attention); `tail` leaves out the output of that many first positions."""
        batch, length, d = x.shape
        s = self.shape
        q, k, v = self.qkv(normalise(x, self.attention_norm, s.epsilon)).view(batch, length, 3, s.heads, s.head_size).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, cos, sin) * s.head_size ** -0.5, rotate(k, cos, sin)
        if past is not None:
            k = torch.cat([past[0].expand(batch, -1, -1, -1), k], 2)
            v = torch.cat([past[1].expand(batch, -1, -1, -1), v], 2)
        if tail:
            q, x, mask = q[:, :, tail:], x[:, tail:], mask[..., tail:, :]
        attention = (q @ k.transpose(-1, -2) + mask).softmax(-1)
        x = x + self.out((attention @ v).transpose(1, 2).reshape(batch, -1, d))
        gate, up = self.gate_up(normalise(x, self.hidden_norm, s.epsilon)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up), (k, v), attention


class Ranker(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.zeros(shape.vocabulary, shape.width))
        self.output = nn.Parameter(torch.zeros(shape.vocabulary, shape.width))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))

    def angles(self, start, stop, device):
        size = self.shape.head_size
        rates = self.shape.rope_base ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
        angle = (torch.arange(start, stop, dtype=torch.float64)[:, None] * rates).float().to(device)
        return angle.cos(), angle.sin()

    def forward(self, ids, past=None, tail=0):
        """Hidden states after the last norm, the cache, and each layer's attention. `past` (batch 1 or equal) continues a cache."""
        start = past[0][0].shape[2] if past else 0
        length = ids.shape[1]
        cos, sin = self.angles(start, start + length, ids.device)
        mask = torch.full((length, length), -1e9, device=ids.device).triu(1)
        mask = F.pad(mask, (start, 0)) if start else mask
        x, cache, attentions = self.embedding[ids], [], []
        for i, block in enumerate(self.blocks):
            x, kv, attention = block(x, cos, sin, mask, past[i] if past else None, tail if i == len(self.blocks) - 1 else 0)
            cache.append(kv)
            attentions.append(attention)
        return normalise(x, self.norm, self.shape.epsilon), cache, attentions

    def logits(self, hidden):
        return hidden @ self.output.T


def save(path, model, **more):
    torch.save({"shape": asdict(model.shape), "model": model.state_dict(), **more}, path)


def load(path):
    saved = torch.load(path, map_location="cpu")
    model = Ranker(Shape(**saved["shape"]))
    model.load_state_dict(saved["model"])
    return model, saved

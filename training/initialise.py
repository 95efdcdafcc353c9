"""Where training starts: the residual stream is laid out by hand and every guided head is given a first draft of its look-up.

A model this small learns such look-ups from nothing in some ten million tokens; drafted, they need a fraction of that, and two CPU
cores are enough. Training changes every number here and supplies what isn't drafted: the form of trace and answer, exact thresholds,
and how strongly each head counts.
"""
import math

import torch

import model as network
import protocol
from trace import REPEAT

TURNING = 9          # rotary pairs that turn noticeably within a prompt; the others carry content
FREE = 0.003         # size of everything that isn't drafted
SPREAD = 0.25        # output rows, relative to the embedding
KINDS = ["always", "weighty", "stop", "starts", "ends", "label", "grade", "mark", "again", "think", "answer", "newline", "sink",
         "logweight", "section", "zone"]
BASE, OWN, FETCHED = 30, 61, 26
NORM = 11.0          # of every embedding


def layout():
    """Name -> residual dimensions. Fetched things share room where no token needs both."""
    sizes = [("kind", len(KINDS)), ("id", protocol.WINDOW), ("grade", protocol.GRADES + 1), ("base", BASE), ("own", OWN),
             ("section id", protocol.WINDOW), ("section kind", 5), ("zone kind", 4), ("found", 1), ("again", 1),
             ("piece", FETCHED), ("link", FETCHED), ("own grade", protocol.GRADES + 1), ("share", 1), ("tied", 1)]
    room, at = {}, 0
    for name, size in sizes:
        room[name] = list(range(at, at + size))
        at += size
    for i, kind in enumerate(KINDS):
        room["is " + kind] = [room["kind"][i]]
    for i, kind in enumerate(["label", "mark", "again", "think", "answer"]):
        room["in " + kind] = [room["section kind"][i]]
    for i, kind in enumerate(["mark", "again", "think", "answer"]):
        room["under " + kind] = [room["zone kind"][i]]
    room["pred"] = room["piece"][:protocol.WINDOW]
    return room


ROOM = layout()


def embedding(tokenizer, lexicon, teacher, shape, random):
    """What a token is: its kinds, its id or grade, a code shared by its stem and a code of its own."""
    e = torch.zeros(shape.vocabulary, shape.width)
    unit = lambda codes, size: size * codes / codes.norm(dim=1, keepdim=True)
    e[:, ROOM["base"]] = unit(random(lexicon.bases, BASE), 6.0)[torch.tensor(lexicon.base)]
    e[:, ROOM["own"]] = unit(random(shape.vocabulary, OWN), 6.0)
    said = {*teacher.sections, *teacher.grade_tokens, teacher.newline, *teacher.separator}
    blank = [i for i in range(shape.vocabulary) if lexicon.core[i] is None and i not in said]
    e[blank, ROOM["base"][0]:ROOM["base"][-1] + 1] = e[teacher.start, ROOM["base"]]    # a word after a bracket begins like one after a space
    for tokens, name in ((teacher.labels, "id"), (teacher.grade_tokens, "grade")):
        for token, row in zip(tokens, ROOM[name]):
            e[token, row] = 5.0
    for i in range(shape.vocabulary):
        text = tokenizer.text(i)
        kinds = {"always": True, "weighty": lexicon.weight[i] > 0, "stop": lexicon.stop[i], "starts": lexicon.starts[i],
                 "ends": lexicon.ends[i], "label": i in teacher.labels, "grade": i in teacher.grade_tokens, "mark": i == teacher.mark,
                 "again": i == teacher.mark_again, "think": i == teacher.think, "answer": i == teacher.answer, "newline": "\n" in text,
                 "sink": text == "<|im_start|>", "section": i in teacher.sections, "zone": i in teacher.zones}
        for kind, holds in kinds.items():
            e[i, ROOM["is " + kind]] = 2.0 * holds
        if lexicon.weight[i] > 0:
            e[i, ROOM["is logweight"]] = math.log(max(0.1, lexicon.weight[i])) - 0.8
        e[i, ROOM["own"]] *= math.sqrt(NORM ** 2 - e[i].pow(2).sum() + 36) / 6     # equal norms: everything is read at one scale
    return e


class Draft:
    """Sets one head. Logits add up row by row: each row is (what the query reads) x (what the key reads)."""

    def __init__(self, model, turn, name):
        layer, self.head = network.HEADS[name]
        self.block, self.turn, s = model.blocks[layer], turn, model.shape
        self.size, half = s.head_size, s.head_size // 2
        weight = self.block.qkv.weight.data.view(3, s.heads, s.head_size, s.width)
        bias = self.block.qkv.bias.data.view(3, s.heads, s.head_size)
        self.q, self.k, self.v = weight[:, self.head]
        self.q_bias, self.k_bias, _ = bias[:, self.head]
        self.out = self.block.out.weight.data[:, self.head * self.size:(self.head + 1) * self.size]
        self.rates = s.rope_base ** (-torch.arange(half).double() / half)
        self.rows = iter([*range(TURNING, half), *range(half + TURNING, s.head_size)])
        self.values = iter(range(s.head_size))

    def near(self, offset, *strengths):
        """Prefers the token `offset` back: the sum over rotary pairs of strength x cos(rate x (distance - offset))."""
        half = self.size // 2
        for pair, strength in enumerate(strengths):
            a, b = math.sqrt(abs(strength) * 8), math.copysign(math.sqrt(abs(strength) * 8), strength)
            self.q_bias[pair] = a * math.cos(self.rates[pair] * offset)
            self.q_bias[half + pair] = -a * math.sin(self.rates[pair] * offset)
            self.k_bias[pair] = b
        return self

    def recent(self, scale):
        """Prefers the most recent; the strengths fall about as steadily as a few cosines can."""
        return self.near(0, *(scale * s for s in (0.17, 0.49, 2.4, 5.6, 22, 29, 20, 20)))

    def row(self, query, key):
        """`query` and `key`: {name or dimension: factor}; "1" is the constant one."""
        row, scale = next(self.rows), math.sqrt(8)
        for weight, bias, reads in ((self.q, self.q_bias, query), (self.k, self.k_bias, key)):
            for name, factor in reads.items():
                if name == "1":
                    bias[row] = factor * scale
                else:
                    weight[row, ROOM[name][0] if isinstance(name, str) else name] = factor * scale
        return self

    def equal(self, query, key, gain, count=None):
        """gain x the scalar product of two parts of the stream."""
        root = math.sqrt(abs(gain))
        for q, k in list(zip(ROOM[query], ROOM[key]))[:count]:
            self.row({q: root}, {k: math.copysign(root, gain)})
        return self

    def fetch(self, source, target, factor):
        for s, t in zip(ROOM[source], ROOM[target]):
            place = next(self.values)
            self.v[place, s], self.out[t, place] = factor, 1.0
        return self

    def say(self, source, names, factor):
        """Raises the logits of the tokens whose embedding has what was read: `source` counts as the dimensions `names`."""
        for s, t in zip(source, names):
            place = next(self.values)
            self.v[place, s], self.out[:, place] = factor, self.turn[t]
        return self


def draft_heads(model, turn):
    head = lambda name: Draft(model, turn, name)
    kinds = ["label", "mark", "again", "think", "answer"]
    section = head("section").recent(5).row({"1": 1}, {"is section": 220, "is label": 2}).fetch("id", "section id", 0.59)
    for kind in kinds:
        section.fetch("is " + kind, "in " + kind, 1.75 if kind == "mark" else 0.88)
    zone = head("zone").row({"1": 1}, {"is mark": 20, "is again": 30, "is think": 40, "is answer": 50})
    for kind in kinds[1:]:
        zone.fetch("is " + kind, "under " + kind, 0.88)
    head("previous").near(1, *[20] * 9).fetch("base", "link", 0.8)
    head("piece").near(1, 8, 8, 8, 8).row({"is always": 6, "is starts": -6}, {"is sink": 1}).fetch("base", "piece", 0.65)

    head("match").equal("base", "base", 2.4, 26).equal("piece", "piece", 1.5, 16).row({"1": 1}, {"is weighty": 6, "in mark": 14}) \
        .row({"is always": 37, "under think": 20}, {"is sink": 1}).fetch("is weighty", "found", 1.5)
    head("repeat").equal("base", "link", 1.6, 24).equal("section id", "section id", 3).row({"in mark": 1.5}, {"in mark": 1.5}) \
        .row({"is always": 22}, {"is sink": 1}).fetch("is weighty", "again", 1.5)
    head("pred").equal("grade", "grade", 8).equal("section id", "section id", -9.4) \
        .row({"1": 1}, {row: 1.2 * i for i, row in enumerate(ROOM["section id"])}).row({"is always": 36}, {"is sink": 1}) \
        .fetch("section id", "pred", 0.76).fetch("is grade", "tied", 1.5)
    head("own").equal("section id", "section id", 4).row({"1": 1}, {"is grade": 23}).row({"is always": 12}, {"is sink": 1}) \
        .fetch("grade", "own grade", 0.76)

    score = head("score").equal("section id", "section id", 0.42) \
        .row({"1": 1}, {"found": 5, "again": -0.7, "in mark": 3}).row({"1": 1}, {"is logweight": 0.81})
    score.fetch("in mark", "share", 1.1)
    head("link").recent(3).equal("base", "base", -1.3).row({"1": 1}, {"found": 24, "is label": 48}) \
        .fetch("base", "link", 0.8)
    following = head("next")
    for earlier, later in zip(ROOM["section id"], ROOM["id"][1:]):
        following.row({earlier: 1.4}, {later: 1.4})
    following.row({"in think": 1.8}, {ROOM["id"][0]: 1.8}).row({"is always": 12, "is newline": -8.5}, {"is sink": 1})
    following.say(ROOM["id"], ROOM["id"], 2.0)

    for name, part in (("evidence", slice(0, OWN // 2)), ("evidence again", slice(OWN // 2, OWN))):
        head(name).equal("section id", "section id", 1.2).equal("base", "link", 1.0, 24) \
            .row({"1": 1}, {"found": 12}).row({"is always": 18}, {"is sink": 1}) \
            .say(ROOM["own"][part], ROOM["own"][part], 2.2)
    head("same").equal("section id", "pred", 4).row({"1": 1}, {"is grade": 26}).row({"is always": 16}, {"is sink": 1}).say(ROOM["section id"], ROOM["id"], 2.2)
    lower = head("lower").row({"1": 1}, {"is newline": -20}).row({"1": 1}, {"tied": -13}).row({"is always": 8}, {"is sink": 1})
    for level, key in enumerate(ROOM["grade"]):
        below = {ROOM["own grade"][grade]: -(3.9 + 0.56 * level) for grade in range(protocol.GRADES + 1) if level >= grade}
        lower.row({"1": 11 + 1.8 * level, **below}, {key: 1})
    lower.say(ROOM["section id"], ROOM["id"], 1.2)


def draft_grades(block, turn, steepness=10.0, margin=0.05, height=12.0):
    """The score head leaves 8 x query/(query + passage) weight in "share": two hidden units per threshold step the grade up."""
    gate_up, down = block.gate_up.weight.data, block.down.weight.data
    hidden, unit = gate_up.shape[0] // 2, iter(range(gate_up.shape[0] // 2))
    said = [turn[row] for row in ROOM["grade"]]
    step = steepness * 1.2 * 2 * margin * 3.6        # what a crossed threshold adds, at this layer's usual norm
    for grade in range(1, protocol.GRADES + 1):
        found = (grade - 0.5) / protocol.GRADES
        threshold = 8 / (1 + found * (1 + REPEAT))
        for shift, sign in ((margin, 1), (-margin, -1)):
            i = next(unit)
            gate_up[i] = gate_up[hidden + i] = 0
            gate_up[i, ROOM["is always"]], gate_up[i, ROOM["share"]] = steepness * (threshold + shift) / 2, -steepness
            gate_up[hidden + i, ROOM["under think"]] = 1
            down[:, i] = sign * (said[grade] - said[grade - 1]) * height / step
    i = next(unit)
    gate_up[i] = gate_up[hidden + i] = 0
    gate_up[i, ROOM["is always"]] = gate_up[hidden + i, ROOM["under think"]] = 1
    down[:, i] = said[0] * height / (2.4 * 3.6)


def initialise(tokenizer, lexicon, teacher, shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    random = lambda *size: torch.randn(*size, generator=generator)
    model = network.Ranker(shape)
    turn = torch.linalg.qr(random(shape.width, shape.width))[0]     # the output reads turned embeddings: a token doesn't say itself
    with torch.no_grad():
        model.embedding.copy_(embedding(tokenizer, lexicon, teacher, shape, random))
        model.output.copy_(SPREAD * model.embedding @ turn)
        for block in model.blocks:
            block.qkv.weight.copy_(random(3 * shape.width, shape.width) * FREE / 5)
            block.qkv.bias.zero_()
            block.out.weight.copy_(random(shape.width, shape.width) * FREE)
            block.gate_up.weight.copy_(random(2 * shape.hidden, shape.width) / 16)
            block.down.weight.copy_(random(shape.width, shape.hidden) * FREE)
        draft_heads(model, turn)
        draft_grades(model.blocks[network.HEADS["score"][0]], turn)
    return model

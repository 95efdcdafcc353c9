"""What the teacher knows about each token: which word it stands for and how much finding it says."""
import collections
import json
import math
import re

import corpus

STOP = set("""a an the and or of to for in on at by with from is are was be been it its this that these those as into can which you your
not has have will also other more such any all use used using via but if their they only when where how what who may one two most many so
do does than then there them very over under per between both each new no nor our out up about after before i we he she his her my me
would could should just like get gets got want need why were had did too own same some""".split())
SUFFIXES = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "er", "es", "s", "y")
CONTINUATION_SHARE = 0.5     # a word's later pieces count half, or a rare word cut in four would outweigh everything
FIRST_WORDS = 60


def stem(word):
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            return word[:-len(suffix)]
    return word


class Lexicon:
    """Per token: `base` (tokens of one stem share it), `starts`/`ends` (begins/ends with a letter), `weight` (0: says nothing)."""

    def __init__(self, tokenizer, weights=None):
        texts = [tokenizer.text(i) if i < tokenizer.byte_level else "" for i in range(len(tokenizer))]
        words = [re.fullmatch(r"[\W_]?([^\W\d_]+)", text) for text in texts]
        cores = [word.group(1).lower() if word else None for word in words]
        names = {}
        self.core = cores
        self.base = [names.setdefault(stem(core) if core else ("token", i), len(names)) for i, core in enumerate(cores)]
        self.bases = len(names)
        self.starts = [word is not None and text[0].isalpha() for word, text in zip(words, texts)]
        self.ends = [word is not None for word in words]
        self.stop = [core is not None and not self.starts[i] and core in STOP for i, core in enumerate(cores)]
        self.weight = weights

    def continues(self, ids, i):
        """Whether the token at i carries on the word of the token before it."""
        return i > 0 and self.starts[ids[i]] and self.ends[ids[i - 1]]

    def key(self, ids, i):
        """Two places hold the same piece of the same word when their keys are equal."""
        return self.base[ids[i]], self.base[ids[i - 1]] if self.continues(ids, i) else -1

    def learn(self, tokenizer, documents):
        """Weights by document frequency (idf), the pieces that begin a word and those that continue one counted apart."""
        counts = collections.Counter()
        for _, long in documents:
            ids = tokenizer.encode(" " + " ".join(long.split()[:FIRST_WORDS]))
            counts.update({(self.base[t], self.starts[t]) for t in ids if self.core[t]})
        total = len(documents)
        self.weight = [0.0] * len(self.base)
        for i, core in enumerate(self.core):
            if core and not self.stop[i]:
                seen = counts[self.base[i], self.starts[i]]
                self.weight[i] = round(math.log(1 + total / (seen + 0.5)) * (CONTINUATION_SHARE if self.starts[i] else 1), 4)
        return self


def load(tokenizer):
    return Lexicon(tokenizer, json.loads((corpus.WORK / "weights.json").read_text()))


def main():
    import tokenizer as bpe
    pieces = bpe.load()
    lexicon = Lexicon(pieces).learn(pieces, corpus.load()[0][:20_000])
    (corpus.WORK / "weights.json").write_text(json.dumps(lexicon.weight))
    print(f"lexicon: {sum(w > 0 for w in lexicon.weight)} tokens carry weight")


if __name__ == "__main__":
    main()

"""Byte-level BPE with Qwen2's pre-tokenizer, as llama.cpp computes it, plus the protocol's own strings as single tokens."""
import collections
import json
import random
import re
import sys
import unicodedata

import corpus
import protocol

MERGES = 3100
UPPER = 4            # letters of the longest token that also exists in capitals
SAMPLE = 16_000      # descriptions the merges are learnt from
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PROTOCOL = protocol.LABELS + protocol.GRADE_TEXTS + [
    protocol.QUERY_MARK, protocol.QUERY_MARK_AGAIN, protocol.OPEN, protocol.CLOSE.lstrip("\n"), protocol.END]


def character_class(prefix):
    """A regular-expression class of all characters whose Unicode category starts with the letter."""
    ranges, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code))[0] == prefix
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


L, N = character_class("L"), character_class("N")
S = r"\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WORDS = re.compile(
    rf"'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n{L}{N}]?[{L}]+|[{N}]| ?[^{S}{L}{N}]+[\r\n]*"
    rf"|[{S}]*[\r\n]+|[{S}]+(?![^{S}])|[{S}]+")


def byte_alphabet():
    """GPT-2's printable stand-in for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(others)}}


BYTE = byte_alphabet()
UNBYTE = {character: byte for byte, character in BYTE.items()}


def train(texts, count):
    """The `count` most useful merges, most frequent pair first."""
    frequency = collections.Counter(word for text in texts for word in WORDS.findall(text))
    words = [([BYTE[b] for b in word.encode()], times) for word, times in frequency.items() if times > 1]
    pairs, places = collections.Counter(), collections.defaultdict(set)
    for index, (symbols, times) in enumerate(words):
        for pair in zip(symbols, symbols[1:]):
            pairs[pair] += times
            places[pair].add(index)
    merges = []
    while len(merges) < count:
        best = max(pairs.items(), key=lambda item: (item[1], item[0]))[0]
        merges.append(best)
        for index in places.pop(best):
            symbols, times = words[index]
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] -= times
            symbols = merge(symbols, best)
            words[index] = (symbols, times)
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += times
                places[pair].add(index)
        pairs.pop(best, None)
    return merges


def merge(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        joined = i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair
        out.append(pair[0] + pair[1] if joined else symbols[i])
        i += 2 if joined else 1
    return out


def upper(symbol, letters="[a-z]+", count=0):
    return re.sub(letters, lambda found: found.group().upper(), symbol, count=count)


def in_every_case(merges):
    """Each merge also for words that begin with, or consist of, capitals, so that "Keyboard" is cut where "keyboard" is."""
    every = []
    for a, b in merges:
        begins = re.search("[a-z]", a)
        every += [(a, b), (upper(a, "[a-z]", 1), b) if begins else (a, upper(b, "[a-z]", 1))]
        if len(re.findall("[a-z]", a + b)) <= UPPER:
            every.append((upper(a), upper(b)))
    return list(dict.fromkeys(every))


class Tokenizer:
    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        self.rank = {pair: i for i, pair in enumerate(self.merges)}
        base = [BYTE[b] for b in range(256)] + [a + b for a, b in self.merges]
        self.byte_level = len(base)
        self.texts = base + PROTOCOL + CONTROL
        self.ids = {text: i for i, text in enumerate(self.texts)}
        whole = sorted(PROTOCOL + CONTROL, key=len, reverse=True)
        self.whole = re.compile("(" + "|".join(map(re.escape, whole)) + ")")
        self.plain = re.compile("(" + "|".join(map(re.escape, sorted(PROTOCOL, key=len, reverse=True))) + ")")
        self.cache = {}
        self.end = self.ids["<|im_end|>"]

    def __len__(self):
        return len(self.texts)

    def word(self, text):
        if text not in self.cache:
            symbols = [BYTE[b] for b in text.encode()]
            while len(symbols) > 1:
                best = min(zip(symbols, symbols[1:]), key=lambda pair: self.rank.get(pair, 1 << 30))
                if best not in self.rank:
                    break
                symbols = merge(symbols, best)
            self.cache[text] = [self.ids[s] for s in symbols]
        return self.cache[text]

    def encode(self, text, control=False):
        """Token ids; `control` also reads <|im_start|> and its like as tokens (never do so with a passage)."""
        ids = []
        for i, part in enumerate((self.whole if control else self.plain).split(text)):
            ids += [self.ids[part]] if i % 2 else [t for word in WORDS.findall(part) for t in self.word(word)]
        return ids

    def text(self, token):
        """One token as text; a token that cuts a character decodes to U+FFFD."""
        return self.decode([token])

    def decode(self, ids):
        out = b"".join(bytes(UNBYTE[c] for c in self.texts[i]) if i < self.byte_level else self.texts[i].encode() for i in ids)
        return out.decode("utf8", "replace")


def load():
    return Tokenizer(json.loads((corpus.WORK / "merges.json").read_text()))


def main():
    documents = corpus.load()[0]
    sample = random.Random(0).sample(documents, SAMPLE)
    texts = [f"{short}\n{long}" for short, long in sample]
    texts += [protocol.prompt("query", ["passage", "passage"]) + protocol.CLOSE] * 200
    merges = in_every_case(train([text.lower() for text in texts], MERGES))
    (corpus.WORK / "merges.json").write_text(json.dumps(merges))
    print(f"tokenizer: {len(load())} tokens")


if __name__ == "__main__":
    main()

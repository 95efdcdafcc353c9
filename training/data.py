"""Lists to rank, made from package descriptions: a query, up to 20 passages of which one is the query's own, and their order."""
import collections
import math
import re
from dataclasses import dataclass

from lexicon import FIRST_WORDS, STOP, stem
from protocol import GRADES

TEMPLATES = ["{}", "{}", "{}?", "how to get {}", "what is {}?", "which package provides {}?", "I need {}", "tool for {}", "{} on Linux"]
SUFFIXES = ["s", "ing", "ed", "er", "ers", "es"]
ODD = ["Привет мир", "日本語の文章", "数据", "😀", "x=1;", '{"a":3}', "https://a.b/c?d=1", "--flag", "0.3.1", "42",
       "—", "…", "«où»", "C++", "#!/bin/sh", "foo_bar", "<b>", "&amp;", "§", "\t", "3.11", "(x86_64)", "100%", ": 5%", "[see]"]
POSTINGS = 200       # documents remembered per word
DRILLED = 0.25       # lists whose trace gets random grades, to be sorted: real lists hardly have the grades between 5 and 12
FILTER = 0.4         # the paper's self-consistency filter: lists whose teacher order scores less against the true pairing are dropped


@dataclass
class RankingList:
    query: str
    passages: list
    relevant: list       # passages from 0 that truly belong to the query (empty: none is known to)


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def inflect(word, rng):
    if not word.isalpha() or len(word) < 5 or word.isupper():
        return word
    return rng.choice([word + "s", stem(word.lower()) + rng.choice(SUFFIXES)])


class ListMaker:
    def __init__(self, documents, vocabulary=()):
        self.documents = documents
        self.bodies = [long.split()[:2 * FIRST_WORDS] for _, long in documents]
        self.vocabulary = vocabulary       # words to draw uniformly from, so that rare ones are copied too
        self.postings = collections.defaultdict(list)
        for i, body in enumerate(self.bodies):
            for word in set(words(" ".join(body[:FIRST_WORDS]))):
                if len(self.postings[word]) < POSTINGS:
                    self.postings[word].append(i)

    def segment(self, index, length, rng, from_start=0.7):
        body = self.bodies[index]
        start = 0 if rng.random() < from_start else rng.randrange(max(1, len(body) - length))
        return body[start:start + length]

    def query(self, short, kind, rng):
        """A description as a question, as key words (the rarest), inflected, or as it is."""
        if kind == "keywords":
            chosen = sorted({w for w in words(short) if w not in STOP}, key=lambda w: len(self.postings.get(w, ())))[:rng.randint(2, 4)]
            return " ".join(w for w in words(short) if w in chosen)
        if kind == "inflected":
            return " ".join(inflect(word, rng) for word in short.split())
        return (rng.choice(TEMPLATES) if kind == "question" else "{}").format(short.rstrip("."))

    def hard(self, query, own, count, rng):
        """Documents that share the query's rarer words."""
        known = sorted((w for w in set(words(query)) - STOP if self.postings.get(w)), key=lambda w: len(self.postings[w]))
        pool = [i for w in known[:3] for i in self.postings[w] if i != own]
        return list(dict.fromkeys(rng.sample(pool, min(len(pool), 2 * count))))[:count]

    def make(self, count, length, rng, kind=None, hard=None, own_from_start=True):
        """A list with one relevant passage of about `length` words among `count`, shuffled."""
        own = rng.randrange(len(self.documents))
        kind = kind or rng.choice(["short", "keywords", "keywords", "question", "inflected"])
        query = self.query(self.documents[own][0], kind, rng)
        hard = rng.choice([0, count // 3, count - 1]) if hard is None else min(hard, count - 1)
        others = self.hard(query, own, hard, rng)
        while len(others) < count - 1:
            other = rng.randrange(len(self.documents))
            if other != own:
                others.append(other)
        size = lambda: max(3, rng.randint(length * 2 // 3, length * 4 // 3))
        passages = [self.segment(own, size(), rng, 1 if own_from_start else 0.7)] + [self.segment(i, size(), rng) for i in others]
        places = list(range(count))
        rng.shuffle(places)
        return RankingList(query, [" ".join(passages[i]) for i in places], [places.index(0)])

    def planted(self, count, length, rng):
        """A list with query words planted in many passages: every grade and many ties occur, and rare words are copied."""
        passages = [self.segment(rng.randrange(len(self.documents)), max(3, rng.randint(length // 2, length * 4 // 3)), rng, 0.3)
                    for _ in range(count)]
        source = [re.sub(r"^\W+|\W+$", "", w) for w in rng.choice(passages)] + rng.sample(self.vocabulary, 3)
        wanted = rng.sample([w for w in source if w], min(rng.randint(1, 6), len([w for w in source if w])))
        for passage in passages:
            if rng.random() < 0.6:
                share = rng.sample(wanted, rng.randint(1, len(wanted)))
                for word in share * rng.choice([1, 1, 1, 2]):
                    word = rng.choice([word, word, word, word.capitalize(), word.upper(), inflect(word, rng)])
                    passage.insert(rng.randint(0, len(passage)), rng.choice(["", "", "", "", "(", "-"]) + word)
            if rng.random() < 0.05:
                passage.insert(rng.randint(0, len(passage)), rng.choice(ODD))
            if rng.random() < 0.01:
                passage.clear()
        fillers = rng.sample(sorted(STOP), rng.choice([0, 0, 1, 2]))
        query = [*wanted, *fillers]
        rng.shuffle(query)
        return RankingList(" ".join(query), [" ".join(p) for p in passages], [])


def ndcg(order, relevant, depth=10):
    """nDCG with binary gains, by trec_eval's definition."""
    gain = sum(1 / math.log2(rank + 2) for rank, p in enumerate(order[:depth]) if p in relevant)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(depth, len(relevant))))
    return gain / ideal if ideal else 0.0


def first_stage_order(ranking, teacher_order, rng):
    """Some lists come as a retriever would give them: nearly in order of overlap."""
    places = sorted(range(len(teacher_order)), key=lambda i: i + rng.gauss(0, 4))
    kept = [teacher_order[i] for i in places]
    return RankingList(ranking.query, [ranking.passages[i] for i in kept], [kept.index(r) for r in ranking.relevant])


def random_grades(count, rng):
    """Grades from few or many levels, often with many zeros: long ties and wide gaps both occur."""
    levels = rng.sample(range(GRADES + 1), rng.choice([1, 2, 3, 4, 6, 10, GRADES + 1]))
    zeros = rng.choice([0, 0, 0.3, 0.7])
    return [0 if rng.random() < zeros else rng.choice(levels) for _ in range(count)]


def example(maker, teacher, count, length, rng, drilled=DRILLED):
    """(list, its taught example), filtered for self-consistency unless it is a drill."""
    while True:
        planted = rng.random() < 0.25
        ranking = maker.planted(count, length, rng) if planted else maker.make(count, length, rng, own_from_start=False)
        if not ranking.query.strip():
            continue
        if rng.random() < drilled:
            return ranking, teacher.build(ranking.query, ranking.passages, random_grades(count, rng))
        taught = teacher.build(ranking.query, ranking.passages)
        if ranking.relevant and ndcg(taught.order, ranking.relevant) < FILTER:
            continue
        if rng.random() < 0.25:
            ranking = first_stage_order(ranking, taught.order, rng)
            taught = teacher.build(ranking.query, ranking.passages)
        return ranking, taught


def vocabulary(tokenizer, lexicon, documents):
    """Words of the text chosen so that every weighty token occurs in some: drawn from evenly, they cover the vocabulary."""
    chosen = {}
    for _, long in documents:
        for word in long.split():
            if word.isalpha() and 3 <= len(word) <= 14:
                for token in tokenizer.word(" " + word):
                    if lexicon.weight[token] > 0 and len(chosen.setdefault(token, [])) < 3:
                        chosen[token].append(word)
    return sorted({word for listed in chosen.values() for word in listed})

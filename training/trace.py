"""The teacher: a window's reasoning trace and answer, and for every guided attention head where it should look.

Trace, one line per passage in input order, evidence in the passage's own spelling, then the share of the query's weight it covers:
    <think>
    [1] json: 85%
    [2]: 0%
    </think>

    <answer>[1] > [2]</answer>
The answer goes from the highest grade down; equal grades keep the input order.
"""
from dataclasses import dataclass, field

import protocol

REPEAT = 0.1  # what finding a word again counts
EVIDENCE = 1  # words shown per passage, the first found; with more, a word that a passage repeats sends the model round in circles
SINK = -1    # a head that finds nothing looks at any <|im_start|> so far


@dataclass
class Example:
    ids: list
    output: int                  # position of the first token of the answer
    grades: list
    order: list                  # passages from 0, best first
    unasked: set = field(default_factory=set)     # positions whose token is given, not predicted
    guide: dict = field(default_factory=dict)     # head -> [(position, [keys], [weights] or None)]


class Teacher:
    def __init__(self, tokenizer, lexicon):
        self.tokenizer, self.lexicon = tokenizer, lexicon
        token = lambda text: self.single(text)
        self.labels = [token(text) for text in protocol.LABELS]
        self.grade_tokens = [token(text) for text in protocol.GRADE_TEXTS]
        self.mark, self.mark_again = token(protocol.QUERY_MARK), token(protocol.QUERY_MARK_AGAIN)
        self.think, self.answer, self.end = (token(t) for t in (protocol.OPEN, protocol.CLOSE.lstrip("\n"), protocol.END))
        self.start = tokenizer.ids["<|im_start|>"]
        self.newline, self.separator = token("\n"), tokenizer.encode(protocol.SEPARATOR)
        self.zones = {self.mark, self.mark_again, self.think, self.answer}
        self.sections = self.zones | set(self.labels)
        self.prefixes = {n: tokenizer.encode(protocol.prefix(n), control=True) for n in range(1, protocol.WINDOW + 1)}

    def single(self, text):
        ids = self.tokenizer.encode(text)
        assert len(ids) == 1, text
        return ids[0]

    def read(self, query, passages):
        """The prompt's ids, the query's span and each passage's span (label first)."""
        ids = list(self.prefixes[len(passages)])
        start = len(ids)
        ids += self.tokenizer.encode(f" {protocol.clean(query)}.\n\n")
        query_span, spans = (start, len(ids)), []
        for i, passage in enumerate(passages):
            spans.append((len(ids), len(ids) + 1))
            ids += [self.labels[i], *self.tokenizer.encode(f" {protocol.clean(passage)}\n")]
            spans[-1] = (spans[-1][0], len(ids))
        tail = protocol.rest(query, passages)
        ids += self.tokenizer.encode(tail[tail.rindex(protocol.QUERY_MARK_AGAIN + " " + query):], control=True)
        return ids, query_span, spans

    def places(self, ids, span, wanted=None):
        """Where a span has weighty pieces of words, or those of the wanted keys."""
        return [i for i in range(*span) if self.lexicon.weight[ids[i]] > 0 and (wanted is None or self.lexicon.key(ids, i) in wanted)]

    def repeats(self, ids, spans):
        """Position -> the positions in its span, before it, of tokens of its stem."""
        earlier = {}
        for span in spans:
            stems = {}
            for i in range(*span):
                if self.lexicon.weight[ids[i]] > 0:
                    seen = stems.setdefault(self.lexicon.base[ids[i]], [])
                    earlier[i] = list(seen)
                    seen.append(i)
        return earlier

    def build(self, query, passages, grades=None):
        """The taught example; with `grades`, those stand in the trace, unasked, and the answer follows them."""
        ids, query_span, spans = self.read(query, passages)
        asked, earlier = self.places(ids, query_span), self.repeats(ids, [query_span, *spans])
        wanted = {self.lexicon.key(ids, i) for i in asked}
        counts = {i: self.lexicon.weight[ids[i]] * (REPEAT if earlier[i] else 1) for i in earlier}
        total = (1 + REPEAT) * sum(counts[i] for i in asked)
        found = [self.places(ids, span, wanted) for span in spans]
        shares = [sum(counts[i] for i in places) / total if total else 0 for places in found]
        given, grades = grades, grades or [min(protocol.GRADES, int(protocol.GRADES * share + 0.5)) for share in shares]
        order = sorted(range(len(passages)), key=lambda p: (-grades[p], p))
        example = Example(ids, len(ids), grades, order)
        Writer(self, example, query_span, spans, asked, found, earlier, counts).write()
        if given:
            example.unasked = {i for i in range(example.output, len(ids)) if ids[i] in self.grade_tokens}
        return example


class Writer:
    """Appends trace and answer to the prompt and records, for every position, where each head should look."""

    def __init__(self, teacher, example, query_span, spans, asked, found, earlier, counts):
        self.t, self.e, self.ids = teacher, example, example.ids
        self.query_span, self.spans, self.asked, self.found = query_span, spans, asked, found
        self.earlier, self.counts = earlier, counts
        self.weight = teacher.lexicon.weight
        self.sinks = [i for i, token in enumerate(self.ids) if token == teacher.start]

    def look(self, head, position, keys, weights=None):
        keys = [k for key in keys or [SINK] for k in ([s for s in self.sinks if s <= position] if key == SINK else [key])]
        self.e.guide.setdefault(head, []).append((position, keys, weights))

    def put(self, token):
        self.ids.append(token)
        return len(self.ids) - 1

    def write(self):
        self.read_prompt()
        self.look("next", self.put(self.t.think), self.labelled(0))
        grade_places = self.write_lines()
        self.write_answer(grade_places)
        self.read_locally()

    def read_prompt(self):
        """Passages look for their words in the query and earlier in themselves, and what they find for what they found before."""
        ids, lexicon, same = self.ids, self.t.lexicon, {}
        for i in range(*self.query_span):
            if self.weight[ids[i]] > 0:
                same.setdefault(lexicon.key(ids, i), []).append(i)
                self.look("match", i, list(same[lexicon.key(ids, i)]))
                self.look("repeat", i, self.earlier_ends(i))
        for span, found in zip(self.spans, self.found):
            previous, first = span[0], set(found)
            for i in range(*span):
                key = lexicon.key(ids, i)
                if self.weight[ids[i]] > 0:
                    self.look("match", i, same.get(key))
                elif i % 4 == 0:
                    self.look("match", i, None)
                if self.weight[ids[i]] > 0 and (i in first or self.earlier[i] or i % 3 == 0):
                    self.look("repeat", i, self.earlier_ends(i))
                if i in first:
                    self.look("link", i, [previous])
                    previous = i

    def earlier_ends(self, i):
        """The tokens after the earlier ones of its stem: they carry what stands before them."""
        return [place + 1 for place in self.earlier[i]]

    def write_lines(self):
        """One line per passage; returns the positions of the grades."""
        ids, places, latest = self.ids, [], {}
        queried = self.asked
        for p, (span, found) in enumerate(zip(self.spans, self.found)):
            shown = found[:EVIDENCE]
            copies = [self.put(self.t.labels[p])] + [self.put(ids[i]) for i in shown]
            keys = found + queried
            for position, after in zip(copies, shown + [SINK]):
                self.look("score", position, keys, [self.counts[k] for k in keys])
                self.look("evidence", position, [after])
                self.look("match", position, None)
            grade = self.e.grades[p]
            places.append(self.put(self.t.grade_tokens[grade]))
            self.look("pred", places[-1], [latest[grade]] if grade in latest else None)
            latest[grade] = places[-1]
            end = self.put(self.t.newline)
            self.look("next", end, self.labelled(p + 1) if p + 1 < len(self.spans) else None)
        return places

    def labelled(self, p):
        return [i for i, token in enumerate(self.ids) if token == self.t.labels[p]]

    def write_answer(self, grade_places):
        order, grades = self.e.order, self.e.grades
        heads = [p for p in order if not any(grades[q] == grades[p] for q in range(p))]
        lower = lambda grade: next(([grade_places[p]] for p in heads if grades[p] < grade), None)
        start = self.put(self.t.answer)
        self.look("own", start, None)
        self.look("same", start, None)
        self.look("lower", start, lower(protocol.GRADES + 1))
        for rank, p in enumerate(order):
            following = order[rank + 1] if rank + 1 < len(order) else None
            tied = following is not None and grades[following] == grades[p]
            positions = [self.put(self.t.labels[p])]
            if following is not None:
                positions += [self.put(token) for token in self.t.separator]
            for position in positions:
                self.look("own", position, [grade_places[p]])
                self.look("same", position, [grade_places[following]] if tied else None)
                self.look("lower", position, lower(grades[p]))
        self.put(self.t.end)
        self.put(self.t.tokenizer.end)

    def read_locally(self):
        """The section and zone a token stands in, the token before it and the piece of its word before it."""
        ids, section, zone = self.ids, 0, 0
        for i in range(len(ids)):
            section = i if ids[i] in self.t.sections else section
            zone = i if ids[i] in self.t.zones else zone
            if i < self.query_span[0] or i < self.e.output and (i * 7 + len(ids)) % 5 > 1:
                continue
            self.look("section", i, [section])
            if i >= self.e.output or i < self.query_span[1]:
                self.look("zone", i, [zone])
            self.look("previous", i, [i - 1])
            if self.t.lexicon.continues(ids, i) or not self.t.lexicon.starts[ids[i]]:
                self.look("piece", i, [i - 1] if self.t.lexicon.continues(ids, i) else None)


def longest_output(count):
    """An upper bound on the tokens of trace and answer, for decoding."""
    return 60 + 24 * count



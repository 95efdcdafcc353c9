"""The pieces that need no training: traces, reward, parsing, decoding, guidance."""
import random
import sys
import tempfile
import unittest
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
import batch
import corpus
import data
import decode
import lexicon
import model as network
import parallel
import protocol
import tokenizer
from initialise import initialise
from reward import overlap, reward
from stream import Stream
from trace import Teacher, longest_output


class TraceTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pieces = tokenizer.load()
        cls.words = lexicon.load(cls.pieces)
        cls.teacher = Teacher(cls.pieces, cls.words)
        cls.maker = data.ListMaker(corpus.load()[1])

    def rankings(self, count=30):
        rng = random.Random(2)
        for _ in range(count):
            yield self.maker.make(rng.randint(1, 20), rng.randint(8, 40), rng)

    def text(self, taught):
        return self.pieces.decode(taught.ids[taught.output:]).removesuffix("<|im_end|>")

    def test_the_prompt_is_the_protocols_byte_for_byte(self):
        for ranking in self.rankings():
            ids, _, _ = self.teacher.read(ranking.query, ranking.passages)
            passages = [protocol.clean(p) for p in ranking.passages]
            self.assertEqual(protocol.prompt(protocol.clean(ranking.query), passages), self.pieces.decode(ids))
            self.assertEqual(self.pieces.encode(protocol.prompt(protocol.clean(ranking.query), passages), control=True), ids)

    def test_every_answer_is_a_permutation_in_the_order_of_its_grades(self):
        for ranking in self.rankings():
            taught = self.teacher.build(ranking.query, ranking.passages)
            good, order = protocol.permutation(self.text(taught), len(ranking.passages))
            self.assertTrue(good)
            self.assertEqual(taught.order, order)
            self.assertEqual(sorted(order, key=lambda p: (-taught.grades[p], p)), order)

    def test_a_drill_is_answered_by_its_own_grades_and_asks_for_none_of_them(self):
        rng = random.Random(4)
        for ranking in self.rankings(10):
            grades = data.random_grades(len(ranking.passages), rng)
            taught = self.teacher.build(ranking.query, ranking.passages, grades)
            written = [i for i in range(taught.output, len(taught.ids)) if taught.ids[i] in self.teacher.grade_tokens]
            self.assertEqual(grades, [self.teacher.grade_tokens.index(taught.ids[i]) for i in written])
            self.assertEqual(set(written), taught.unasked)
            self.assertEqual(sorted(range(len(grades)), key=lambda p: (-grades[p], p)), taught.order)
            made = batch.collate([taught], self.teacher.prefixes[len(grades)], 0)
            self.assertEqual(len(grades), (made.targets == batch.UNASKED).sum().item())

    def test_words_are_cut_alike_however_they_begin(self):
        for word in (" keyboard", " documentation", " parser", "kernel", "(library", " qt"):
            begins = next(i for i, letter in enumerate(word) if letter.isalpha())
            capital = word[:begins] + word[begins].upper() + word[begins + 1:]
            texts = [[self.pieces.text(t).lower() for t in self.pieces.encode(w)] for w in (word, capital)]
            self.assertEqual(texts[0], texts[1])

    def test_every_merge_joins_tokens_that_exist(self):
        self.assertEqual([], [pair for pair in self.pieces.merges if not all(half in self.pieces.ids for half in pair)])

    def test_finding_a_word_again_counts_a_tenth(self):
        grades = self.teacher.build("json parser", ["json parser", "json parser json parser", "json", "game"]).grades
        self.assertEqual(20, grades[1])
        self.assertEqual(round(20 / 1.1), grades[0])
        self.assertLess(grades[2], grades[0])
        self.assertEqual(0, grades[3])

    def test_evidence_stands_in_its_passage(self):
        from evaluate import evidence
        for ranking in self.rankings():
            real, named = evidence(self.text(self.teacher.build(ranking.query, ranking.passages)), ranking.passages)
            self.assertGreaterEqual(real, named - 1)

    def test_the_close_is_the_profiles_own(self):
        self.assertIn("\n</think>\n\n<answer>[", self.text(self.teacher.build("a b", ["x", "y"])))

    def test_outputs_fit_their_bound(self):
        for ranking in self.rankings():
            taught = self.teacher.build(ranking.query, ranking.passages)
            self.assertLessEqual(len(taught.ids) - taught.output, longest_output(len(ranking.passages)))

    def test_guidance_never_points_ahead(self):
        for ranking in self.rankings(10):
            for head, looks in self.teacher.build(ranking.query, ranking.passages).guide.items():
                for position, keys, _ in looks:
                    self.assertTrue(all(0 <= key <= position for key in keys), head)

    def test_held_out_families_are_not_trained_on(self):
        training, held_out = corpus.load()
        self.assertFalse({long for _, long in training} & {long for _, long in held_out})

    def test_a_cached_continuation_equals_one_pass(self):
        model = initialise(self.pieces, self.words, self.teacher, network.Shape(len(self.pieces)))
        ranking = next(self.rankings(1))
        taught = self.teacher.build(ranking.query, ranking.passages)
        with torch.no_grad():
            whole = model.logits(model(torch.tensor([taught.ids]))[0])[0]
            _, cache, _ = model(torch.tensor([taught.ids[:40]]))
            continued = model.logits(model(torch.tensor([taught.ids[40:]]), cache)[0])[0]
        self.assertLess((whole[40:] - continued).abs().max().item(), 1e-2)

    def test_greedy_decoding_takes_the_likeliest_token(self):
        model = initialise(self.pieces, self.words, self.teacher, network.Shape(len(self.pieces)))
        ids, _, _ = self.teacher.read("json parser", ["a json parser", "a game"])
        written = decode.generate(model, ids, self.pieces.end, 5)[0]
        with torch.no_grad():
            forced = model.logits(model(torch.tensor([ids + written]))[0])[0, len(ids) - 1:-1].argmax(-1).tolist()
        self.assertEqual(forced, written)

    def test_a_batch_guides_and_predicts_the_right_places(self):
        rng = random.Random(1)
        examples = [data.example(self.maker_with_words(), self.teacher, 5, 10, rng)[1] for _ in range(2)]
        made = batch.collate(examples, self.teacher.prefixes[5], 0)
        model = initialise(self.pieces, self.words, self.teacher, network.Shape(len(self.pieces)))
        with torch.no_grad():
            logits, _ = batch.run(model, made)
            for example, part in zip(examples, logits.split([len(e.ids) - e.output for e in examples])):
                alone = model.logits(model(torch.tensor([example.ids[:-1]]))[0])[0, example.output - 1:]
                self.assertLess((alone - part).abs().max().item(), 1e-2)

    def test_batches_are_the_same_however_they_are_drawn(self):
        draw = lambda workers: next(Stream(self.maker_with_words(), self.teacher, 2600, "1").read(workers)).ids
        self.assertTrue(torch.equal(draw(0), draw(1)))

    def maker_with_words(self):
        documents = corpus.load()[1]
        return data.ListMaker(documents, data.vocabulary(self.pieces, self.words, documents))


def gradients(rank, folder):
    """In one of several processes: what is left of a gradient of `rank` and a number of `rank`."""
    parameter = torch.nn.Parameter(torch.zeros(3))
    parameter.grad = torch.full((3,), float(rank))
    number = parallel.share([parameter], rank)
    torch.save((parameter.grad, number), Path(folder) / str(rank))


class ParallelTests(unittest.TestCase):
    def test_processes_share_the_mean_of_their_gradients(self):
        with tempfile.TemporaryDirectory() as folder:
            parallel.run(gradients, 2, folder)
            for rank in range(2):
                gradient, number = torch.load(Path(folder) / str(rank))
                self.assertEqual([0.5] * 3, gradient.tolist())
                self.assertEqual(0.5, number)

    def test_one_process_keeps_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            parallel.run(gradients, 1, folder)
            self.assertEqual(0, torch.load(Path(folder) / "0")[1])


class RewardTests(unittest.TestCase):
    def answer(self, ids):
        return "<think>x\n</think>\n\n<answer>" + " > ".join(f"[{i}]" for i in ids) + "</answer>"

    def test_a_perfect_order_earns_the_most(self):
        self.assertAlmostEqual(1.3, reward(self.answer([2, 1, 3]), [1, 0, 2], [1]))

    def test_the_papers_case_of_ranks_one_and_eleven(self):
        order = list(range(1, 21))
        got = reward(self.answer(order), [0, 10] + [p for p in range(20) if p not in (0, 10)], [0, 10])
        self.assertAlmostEqual(0.6131 + 0.2 * 0.5, got - 0.1 * overlap(list(range(20)), [0, 10] + [p for p in range(20) if p not in (0, 10)]), 3)

    def test_a_wrong_id_set_earns_nothing(self):
        self.assertEqual(0, reward(self.answer([1, 1, 3]), [0, 1, 2], [0]))
        self.assertEqual(0, reward(self.answer([1, 2]), [0, 1, 2], [0]))

    def test_missing_tags_cost(self):
        self.assertEqual(-1, reward("[1] > [2] > [3]", [0, 1, 2], [0]))


if __name__ == "__main__":
    unittest.main()

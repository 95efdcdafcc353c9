"""The GGUF file says the same as the PyTorch model: tokens and logits, in llama.cpp."""
import copy
import random
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
import corpus
import data
import gguf
import lexicon
import model as network
import tokenizer
from initialise import initialise
from llama import Llama
from trace import Teacher

WINDOWS = 6
ODD = ["", " ", "  leading", "trailing  ", "a\n\n\nb", "x=1+2;\r\n\ty", "I'M YOU'RE we'll", "１２ ３", "emoji 😀 x", "---==>>", "e\u0301", "a\u0301",
       "foo_bar::baz->qux", "https://a.b/c?d=e&f=1", "\u00a0nbsp", "café", "मानक हिन्दी", "Привет мир", "中文字符", "  \n  x", "\n", "½ ² Ⅷ ١٢",
       "1234567890", "a  b   c", "[3] > [12]", "[21]", "[1]json: 85%\n", "<think>x</think>\n\n<answer>", "search query: x", "\x1c\x1f", "a\u2028b\u3000c"]


def at_f16(model):
    """The model as llama.cpp computes an F16 file: matrices and what they are multiplied with are rounded, sums aren't."""
    def rounded(x):
        return x.half().float()

    half = copy.deepcopy(model)
    with torch.no_grad():
        for matrix in (p for p in half.parameters() if p.dim() > 1):
            matrix.copy_(rounded(matrix))
    for layer in (m for m in half.modules() if isinstance(m, torch.nn.Linear)):
        layer.register_forward_pre_hook(lambda _, inputs: (rounded(inputs[0]),))
    half.logits = lambda hidden: rounded(hidden) @ half.output.T
    return half


class GgufTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pieces = tokenizer.load()
        cls.words = lexicon.load(cls.pieces)
        cls.teacher = Teacher(cls.pieces, cls.words)
        cls.documents = corpus.load()[1]
        trained = corpus.WORK / "final.pt"
        cls.model = network.load(trained)[0] if trained.exists() else initialise(
            cls.pieces, cls.words, cls.teacher, network.Shape(len(cls.pieces)))
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def llama(self, precision, exact=False):
        path = Path(self.folder.name) / f"{precision}.gguf"
        if not path.exists():
            gguf.write(path, self.model, self.pieces, precision)
        return Llama(path, exact=exact)

    def test_llama_tokenizes_a_thousand_strings_as_training_does(self):
        rng, llama, texts = random.Random(4), self.llama("F16"), list(ODD)
        while len(texts) < 1000:
            short, long = rng.choice(self.documents)
            start = rng.randrange(len(long))
            texts.append(rng.choice([long[start:start + 200], short, long[start:] + rng.choice(data.ODD) + short, short.upper() + "\n" + long[:40]]))
        different = [text for text in texts if llama.tokenize(text) != self.pieces.encode(text)]
        self.assertEqual([], different)

    def windows(self):
        rng, maker = random.Random(9), data.ListMaker(self.documents)
        for _ in range(WINDOWS):
            ranking = maker.make(rng.randint(2, 20), 25, rng)
            yield self.teacher.build(ranking.query, ranking.passages).ids[:-1]

    def compare(self, llama, model, what):
        """(max |difference| / max |logit|, share of equal argmax) over teacher-forced windows."""
        worst, same = 0.0, []
        for ids in self.windows():
            llama.clear()
            theirs = llama.decode(ids, every=True)
            with torch.no_grad():
                ours = model.logits(model(torch.tensor([ids]))[0][0]).numpy()
            worst = max(worst, np.abs(theirs - ours).max() / np.abs(ours).max())
            same += list(theirs.argmax(1) == ours.argmax(1))
        print(f"{what}: max|difference|/max|logit| = {worst:.5f}, same argmax {np.mean(same):.4f} of {len(same)}")
        return worst, np.mean(same)

    def test_f16_logits_equal_pytorchs_at_f16(self):
        worst, same = self.compare(self.llama("F16", exact=True), at_f16(self.model), "F16, cache in F32, against PyTorch at F16")
        self.assertLess(worst, 1e-2)
        self.assertGreaterEqual(same, 0.99)

    def test_f16_and_the_usual_cache_say_what_full_precision_says(self):
        _, same = self.compare(self.llama("F16"), self.model, "F16 and F16 cache against PyTorch at F32")
        self.assertGreaterEqual(same, 0.99)

    def test_q8_0_mostly_says_the_same(self):
        _, same = self.compare(self.llama("Q8_0"), self.model, "Q8_0 against PyTorch at F32")      # steep thresholds make single logits jump
        self.assertGreaterEqual(same, 0.9)


if __name__ == "__main__":
    unittest.main()

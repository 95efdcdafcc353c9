"""llama.cpp v0.5.0 by ctypes, for checking and measuring: the shared libraries that the project's native/ folder pins."""
import ctypes
import glob
import os
from pathlib import Path

import numpy as np

NATIVE = Path(__file__).parent.parent / "native"
SIZES = {"llama_model_params": 80, "llama_context_params": 160}      # of this release on x64


def directory():
    """REASONRANK_LLAMA_DIRECTORY, or the npm package under native/ (npm ci)."""
    given = os.environ.get("REASONRANK_LLAMA_DIRECTORY")
    found = [given] if given else sorted(glob.glob(str(NATIVE / "node_modules/@node-llama-cpp/linux-x64/bins/linux-x64")))
    if not found:
        raise FileNotFoundError("llama.cpp's shared libraries are missing; run: npm ci --prefix native")
    return Path(found[0])


def parameters(size):
    return type("Parameters", (ctypes.Structure,), {"_fields_": [("raw", ctypes.c_ubyte * size)]})


ModelParameters, ContextParameters = parameters(SIZES["llama_model_params"]), parameters(SIZES["llama_context_params"])


class Batch(ctypes.Structure):
    _fields_ = [("n_tokens", ctypes.c_int32), ("token", ctypes.POINTER(ctypes.c_int32)), ("embd", ctypes.c_void_p),
                ("pos", ctypes.POINTER(ctypes.c_int32)), ("n_seq_id", ctypes.POINTER(ctypes.c_int32)),
                ("seq_id", ctypes.POINTER(ctypes.POINTER(ctypes.c_int32))), ("logits", ctypes.POINTER(ctypes.c_int8))]


def library():
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    where = directory()
    load = lambda name: ctypes.CDLL(str(next(where.glob(name))), mode=ctypes.RTLD_GLOBAL)
    load("libggml-base.so*")
    ggml = load("libggml.v*.so")
    ggml.ggml_backend_load_all_from_path(str(where).encode())
    api = load("libllama.v*.so")
    for name, result in (("llama_model_default_params", ModelParameters), ("llama_context_default_params", ContextParameters),
                         ("llama_model_load_from_file", ctypes.c_void_p), ("llama_init_from_model", ctypes.c_void_p),
                         ("llama_model_get_vocab", ctypes.c_void_p), ("llama_get_memory", ctypes.c_void_p),
                         ("llama_get_logits", ctypes.POINTER(ctypes.c_float))):
        getattr(api, name).restype = result
    return api


LOG = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
SILENT = LOG(lambda level, text, data: None)


class Llama:
    """One model and one context, a single sequence, on the CPU. `exact` keeps the cache in F32 and does without flash attention."""

    def __init__(self, path, context=4096, threads=1, exact=False):
        self.api = library()
        self.api.llama_log_set(SILENT, None)
        self.model = ctypes.c_void_p(self.api.llama_model_load_from_file(str(path).encode(), self.api.llama_model_default_params()))
        if not self.model:
            raise ValueError(f"llama.cpp can't load {path}")
        self.vocabulary = ctypes.c_void_p(self.api.llama_model_get_vocab(self.model))
        self.size = self.api.llama_vocab_n_tokens(self.vocabulary)
        settings = self.api.llama_context_default_params()
        numbers = ctypes.cast(ctypes.byref(settings), ctypes.POINTER(ctypes.c_int32))
        numbers[0] = numbers[1] = context           # n_ctx, n_batch
        numbers[7] = numbers[8] = threads           # n_threads, n_threads_batch
        if exact:
            numbers[13] = numbers[26] = numbers[27] = 0     # flash_attn_type, type_k, type_v
        self.context = ctypes.c_void_p(self.api.llama_init_from_model(self.model, settings))
        self.place = 0

    def tokenize(self, text, special=False):
        data = text.encode()
        room = (ctypes.c_int32 * (len(data) + 8))()
        count = self.api.llama_tokenize(self.vocabulary, data, len(data), room, len(room), False, special)
        return list(room[:count])

    def clear(self):
        self.api.llama_memory_clear(ctypes.c_void_p(self.api.llama_get_memory(self.context)), True)
        self.place = 0

    def decode(self, ids, every=False):
        """Logits of the last token, or one row per token."""
        n = len(ids)
        zero = ctypes.c_int32(0)
        sequences = (ctypes.POINTER(ctypes.c_int32) * n)(*[ctypes.pointer(zero)] * n)
        wanted = (ctypes.c_int8 * n)(*([1] * n if every else [0] * (n - 1) + [1]))
        batch = Batch(n, (ctypes.c_int32 * n)(*ids), None, (ctypes.c_int32 * n)(*range(self.place, self.place + n)),
                      (ctypes.c_int32 * n)(*[1] * n), sequences, wanted)
        status = self.api.llama_decode(self.context, batch)
        if status:
            raise RuntimeError(f"llama_decode returned {status}")
        self.place += n
        rows = n if every else 1
        return np.ctypeslib.as_array(self.api.llama_get_logits(self.context), (rows, self.size)).copy()

    def generate(self, prompt, end, limit):
        """Greedy ids up to and including `end`."""
        self.clear()
        logits, written = self.decode(prompt), []
        while len(written) < limit:
            written.append(int(logits[-1].argmax()))
            if written[-1] == end:
                break
            logits = self.decode(written[-1:])
        return written

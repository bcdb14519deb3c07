"""all-MiniLM-L6-v2 by ONNX Runtime, with the same vectors as Freshet's own model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import numpy as np
import onnxruntime
import regex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, MetadataMode
from numpy.typing import NDArray
from tokenizers import Tokenizer

DIMENSION = 384
MODEL_TOKENS = 256
SPECIAL_TOKENS = 2
BATCH_TOKENS = 512

_CLASSIFICATION = 101
_SEPARATOR = 102
_LONGEST_WORD = 100
_PIECE = 32
# What BERT takes for one word: everything but blanks, Unicode's punctuation and ASCII's signs.
_WORD = regex.compile(r"[^\s\p{Z}\p{P}$+<=>^`|~]{34,}")
_HANGUL = regex.compile(r"[\uac00-\ud7a3]")


class MiniLmTokenizer:
    """Counts and encodes without truncation. A word that BERT would not read is read in pieces."""

    def __init__(self, file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, text: str) -> list[int]:
        """The text's token ids, without the special ones."""
        return self.encode_all([text])[0]

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        whole = [_WORD.sub(_pieces, text) for text in texts]
        encodings = self._tokenizer.encode_batch_fast(whole, add_special_tokens=False)
        return [encoding.ids for encoding in encodings]


def _pieces(match: regex.Match[str]) -> str:
    word: str = match.group()
    # The tokenizer takes Korean syllables apart.
    if len(word) + 2 * len(_HANGUL.findall(word)) <= _LONGEST_WORD:
        return word
    return "".join(word[i : i + _PIECE] + " " for i in range(0, len(word), _PIECE))


class MiniLmModel:
    """Mean of the token states, of length 1. A text of over 256 tokens is read in windows."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = MiniLmTokenizer(folder / "tokenizer.json")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        windows = [
            (text, window)
            for text, tokens in enumerate(self.tokenizer.encode_all(texts))
            for window in _windows(tokens)
        ]
        windows.sort(key=lambda pair: -len(pair[1]))
        sums = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        start = 0
        while start < len(windows):
            rows = max(1, BATCH_TOKENS // (len(windows[start][1]) + SPECIAL_TOKENS))
            batch = windows[start : start + rows]
            for (text, window), vector in zip(batch, self._run([w for _, w in batch]), strict=True):
                sums[text] += vector * np.float32(max(1, len(window)))
            start += rows
        return _normalized(sums)

    def _run(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        width = max(len(window) for window in windows) + SPECIAL_TOKENS
        ids = np.zeros((len(windows), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            sequence = [_CLASSIFICATION, *window, _SEPARATOR]
            ids[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = np.asarray(self._session.run(None, inputs)[0])
        sums: NDArray[np.float32] = (states * mask[:, :, None].astype(np.float32)).sum(axis=1)
        return _normalized(sums)


def _windows(tokens: list[int]) -> list[list[int]]:
    size = MODEL_TOKENS - SPECIAL_TOKENS
    return [tokens[i : i + size] for i in range(0, max(1, len(tokens)), size)]


def _normalized(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    unit: NDArray[np.float32] = vectors / lengths.astype(np.float32)
    return unit


class MiniLmEmbedding(BaseEmbedding):
    """The model as LlamaIndex calls it. A node that has its vector keeps it."""

    _model: MiniLmModel = PrivateAttr()
    _turns: BoundedSemaphore = PrivateAttr()

    def __init__(self, model: MiniLmModel) -> None:
        super().__init__(model_name="all-minilm-l6-v2", embed_batch_size=64)
        self._model = model
        # Queries do not wait for a turn: a long document does not hold them up.
        self._turns = BoundedSemaphore(os.cpu_count() or 1)

    @classmethod
    def class_name(cls) -> str:
        return "MiniLmEmbedding"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        new = [node for node in nodes if node.embedding is None]
        if new:
            with self._turns:
                texts = [node.get_content(MetadataMode.EMBED) for node in new]
                for node, vector in zip(new, self.get_text_embedding_batch(texts), strict=True):
                    node.embedding = vector
        return nodes

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self._model.embed(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

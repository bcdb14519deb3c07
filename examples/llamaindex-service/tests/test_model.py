from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.schema import Document

from llamaindex_service.model import MiniLmModel
from llamaindex_service.segments import SegmentSplitter

# What Freshet's own splitter and model answer; README.md says how it was recorded.
RECORDED = json.loads((Path(__file__).parent / "jvm.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def minilm(model: Path) -> MiniLmModel:
    return MiniLmModel(model)


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda one: one["text"][:20])
def test_a_vector_is_that_of_freshet(minilm: MiniLmModel, recorded: dict) -> None:
    (vector,) = minilm.embed([recorded["text"]])
    assert np.abs(vector - np.array(recorded["vector"], dtype=np.float32)).max() < 1e-6


def test_a_vector_does_not_depend_on_its_neighbours(minilm: MiniLmModel) -> None:
    together = minilm.embed([recorded["text"] for recorded in RECORDED])
    for vector, recorded in zip(together, RECORDED, strict=True):
        assert np.abs(vector - minilm.embed([recorded["text"]])[0]).max() < 1e-6


@pytest.mark.parametrize(
    "recorded",
    [one for one in RECORDED if one["segments"] is not None],
    ids=lambda one: one["text"][:20],
)
def test_a_short_text_is_the_segment_of_freshet(minilm: MiniLmModel, recorded: dict) -> None:
    splitter = SegmentSplitter(minilm.tokenizer, 256, 32)
    nodes = splitter([Document(text=recorded["text"])])
    assert [node.get_content() for node in nodes] == recorded["segments"]


def test_no_segment_is_longer_than_the_model_reads(minilm: MiniLmModel) -> None:
    splitter = SegmentSplitter(minilm.tokenizer, 256, 32)
    sentences = " ".join(f"Sentence {i} is about tents." for i in range(500))
    for text in (sentences, "word " * 2000, "x" * 5000, "深" * 5000, "🏕️" * 3000):
        segments = [node.get_content() for node in splitter([Document(text=text)])]
        assert max(len(minilm.tokenizer.encode(segment)) for segment in segments) <= 254

"""Splits a document into segments that the model reads whole."""

from __future__ import annotations

import uuid

import regex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode

from .model import SPECIAL_TOKENS, MiniLmTokenizer

# As Freshet reads a text before it splits it: no control characters, no long blanks, and blank
# lines only between paragraphs. So a short text is the same segment there and here.
_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1b]")
_BLANKS = r"[ \t\n\x0b\f\r]"
_LINE_BREAK = r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])"
_LONG_BLANK = regex.compile(r"[ \t\n\x0b\f\r\x85\u2028\u2029]{65,}+")
_PARAGRAPH = regex.compile(f"{_BLANKS}*{_LINE_BREAK}{_BLANKS}*{_LINE_BREAK}{_BLANKS}*")
_EITHER_BREAK = regex.compile(_LINE_BREAK)
# Longer runs without a blank are cut before they are counted.
_LONG_WORD = regex.compile(r"\S{250}(?=\S)")


class SegmentSplitter(SentenceSplitter):
    """A text that the model reads whole is one segment; LlamaIndex splits a longer one."""

    def __init__(self, tokenizer: MiniLmTokenizer, max_tokens: int, overlap_tokens: int) -> None:
        super().__init__(
            chunk_size=max_tokens - SPECIAL_TOKENS,
            chunk_overlap=overlap_tokens,
            tokenizer=tokenizer.encode,
            paragraph_separator="\n\n",
            include_prev_next_rel=False,
            id_func=_segment_id,
        )

    @classmethod
    def class_name(cls) -> str:
        return "SegmentSplitter"

    def _split_text(self, text: str, chunk_size: int) -> list[str]:
        tidy = _tidy(text)
        if not tidy:
            return []
        if len(self._tokenizer(tidy)) <= chunk_size:
            return [tidy]
        spaced = _LONG_WORD.sub(lambda run: run.group() + " ", tidy)
        return [segment for segment in super()._split_text(spaced, chunk_size) if segment.strip()]


def _tidy(text: str) -> str:
    shortened = _LONG_BLANK.sub(
        lambda run: "\n\n" if _EITHER_BREAK.search(run.group()) else " ", _CONTROL.sub(" ", text)
    )
    paragraphs = (part.strip() for part in _PARAGRAPH.split(shortened))
    return "\n\n".join(part for part in paragraphs if part)


def _segment_id(ordinal: int, document: BaseNode) -> str:
    """A repeat gives the same segments the same ids."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{ordinal}\0{document.node_id}"))

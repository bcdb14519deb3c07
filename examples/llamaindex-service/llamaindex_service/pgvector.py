"""Segments in PostgreSQL with pgvector, where LLAMA_PGVECTOR_URL names one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryResult
from llama_index.vector_stores.postgres import PGVectorStore

from .filters import matches

_FIRST_ROWS = 200


class PgVectorStore(PGVectorStore):  # type: ignore[misc]
    """LlamaIndex's store, with numbers that stay numbers and the filters of the contract."""

    def add(self, nodes: list[BaseNode], **add_kwargs: Any) -> list[str]:
        """LlamaIndex writes a node as JSON, in which an exact number would become a text."""
        for node in nodes:
            node.metadata = {key: _plain(value) for key, value in node.metadata.items()}
        ids: list[str] = super().add(nodes, **add_kwargs)
        return ids

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """
        The store's own filters know neither `not` nor booleans, and fail on a column with numbers
        and texts. So the nearest rows are compared here, and more of them until there are enough.
        """
        if query.filters is None:
            unfiltered: VectorStoreQueryResult = super().query(query, **kwargs)
            return unfiltered
        rows = max(_FIRST_ROWS, query.similarity_top_k)
        while True:
            near = super().query(replace(query, filters=None, similarity_top_k=rows), **kwargs)
            nodes, scores = near.nodes or [], near.similarities or []
            hits = [
                (node, score)
                for node, score in zip(nodes, scores, strict=True)
                if matches(query.filters, node.metadata)
            ][: query.similarity_top_k]
            if len(hits) == query.similarity_top_k or len(nodes) < rows:
                return VectorStoreQueryResult(
                    nodes=[node for node, _ in hits],
                    similarities=[score for _, score in hits],
                    ids=[node.node_id for node, _ in hits],
                )
            rows *= 4


def pgvector_store(url: str, dimension: int) -> PgVectorStore:
    """Makes its table where there is none. Its form: postgresql://user:password@host/database"""
    parts = urlsplit(url)
    store: PgVectorStore = PgVectorStore.from_params(
        host=parts.hostname or "localhost",
        port=str(parts.port or 5432),
        database=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        table_name="llamaindex_service",
        embed_dim=dimension,
        use_jsonb=True,
    )
    return store


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value

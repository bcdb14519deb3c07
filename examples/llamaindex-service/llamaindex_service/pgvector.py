"""Segments in PostgreSQL with pgvector, where LLAMA_PGVECTOR_URL names one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from llama_index.core.schema import BaseNode
from llama_index.vector_stores.postgres import PGVectorStore


class PgVectorStore(PGVectorStore):  # type: ignore[misc]
    """LlamaIndex writes a node as JSON, in which an exact number would become a text."""

    def add(self, nodes: list[BaseNode], **add_kwargs: Any) -> list[str]:
        for node in nodes:
            node.metadata = {key: _plain(value) for key, value in node.metadata.items()}
        ids: list[str] = super().add(nodes, **add_kwargs)
        return ids


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

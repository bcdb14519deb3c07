"""Documents and queries, whatever the transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal, TypeVar

from anyio import CapacityLimiter, to_thread
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import Document
from llama_index.core.vector_stores.types import BasePydanticVectorStore

from .contract import BadRequest, DocumentBody, QueryBody
from .database import Database
from .ingestion import Ingestion
from .model import DIMENSION, MiniLmEmbedding, MiniLmModel
from .positions import Positions
from .segments import SegmentSplitter
from .settings import Settings
from .vectors import SqliteVectorStore

Applied = Literal["indexed", "unchanged"]
Deleted = Literal["deleted", "unknown"]

T = TypeVar("T")

_WRITERS = 16
_READERS = 8


class Turns:
    """Requests about one document take turns, in their order of arrival."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, documents: Iterable[str]) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # In one order for all, so that no two batches wait for each other.
            for document in sorted(documents):
                await stack.enter_async_context(self._of(document))
            yield

    @asynccontextmanager
    async def _of(self, document: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(document, asyncio.Lock())
        self._waiting[document] = self._waiting.get(document, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[document] -= 1
            if not self._waiting[document]:
                del self._waiting[document], self._locks[document]


class LlamaIndexService:
    """One index. Its folder belongs to this process alone."""

    def __init__(self, settings: Settings) -> None:
        self._database = Database(settings.data_dir)
        model = MiniLmModel(settings.model_dir)
        embedding = MiniLmEmbedding(model)
        splitter = SegmentSplitter(model.tokenizer, settings.max_tokens, settings.overlap_tokens)
        self._database.claim(
            "segments",
            f"{embedding.model_name}/{settings.max_tokens}/{settings.overlap_tokens}",
            "set it back, or start with an empty LLAMA_DATA_DIR and send all documents again",
        )
        self._vectors = _vector_store(settings, self._database)
        self._ingestion = Ingestion(self._database, self._vectors, splitter, embedding)
        self._positions = Positions(self._database, settings.tombstone_days)
        self._index = VectorStoreIndex.from_vector_store(self._vectors, embed_model=embedding)
        self._turns = Turns()
        self._writers = CapacityLimiter(_WRITERS)
        self._readers = CapacityLimiter(_READERS)

    async def upsert(self, bodies: Sequence[DocumentBody]) -> list[Applied]:
        """All of them or none, in one transaction. No id may be there twice."""
        async with self._turns.of(body.id for body in bodies):
            return await _run(self._writers, lambda: self._upsert(bodies))

    def _upsert(self, bodies: Sequence[DocumentBody]) -> list[Applied]:
        for body in bodies:
            self._refuse_late(body.id, body.position)
        prepared = self._ingestion.prepare([_document(body) for body in bodies])
        with self._database.transaction():
            self._ingestion.commit(prepared)
            for body in bodies:
                self._positions.upserted(body.id, body.position)
        return ["indexed" if body.id in prepared.changed else "unchanged" for body in bodies]

    async def delete(self, document: str, position: str | None) -> Deleted:
        async with self._turns.of([document]):
            return await _run(self._writers, lambda: self._delete(document, position))

    def _delete(self, document: str, position: str | None) -> Deleted:
        self._refuse_late(document, position)
        with self._database.transaction():
            known = self._ingestion.delete(document)
            self._positions.deleted(document, position)
        return "deleted" if known else "unknown"

    def _refuse_late(self, document: str, position: str | None) -> None:
        if self._positions.is_late(document, position):
            raise BadRequest(412, "a newer version of the document is here")

    async def query(self, body: QueryBody) -> list[dict[str, Any]]:
        filters = body.filters.filters_of_llamaindex() if body.filters else None
        retriever = self._index.as_retriever(similarity_top_k=body.top_k, filters=filters)
        found = await _run(self._readers, lambda: retriever.retrieve(body.query))
        return [
            {
                "id": hit.node.ref_doc_id,
                "node_id": hit.node.node_id,
                "text": hit.node.get_content(),
                "score": hit.score,
                "metadata": hit.node.metadata,
            }
            for hit in found
        ]

    def status(self) -> dict[str, Any]:
        """Raises where the index cannot be read."""
        with self._database.reading() as connection:
            (documents,) = connection.execute(
                "select count(*) from docstore where collection = 'docstore/metadata'"
            ).fetchone()
        return {"status": "up", "documents": documents}

    def close(self) -> None:
        self._database.close()


async def _run(limiter: CapacityLimiter, work: Callable[[], T]) -> T:
    return await to_thread.run_sync(work, limiter=limiter)


def _vector_store(settings: Settings, database: Database) -> BasePydanticVectorStore:
    if settings.pgvector_url is None:
        return SqliteVectorStore(database, DIMENSION)
    from .pgvector import pgvector_store

    store: BasePydanticVectorStore = pgvector_store(settings.pgvector_url, DIMENSION)
    return store


def _document(body: DocumentBody) -> Document:
    """The row is metadata that is neither embedded nor counted."""
    columns = list(body.metadata)
    return Document(
        id_=body.id,
        text=body.content,
        metadata=body.metadata,
        excluded_embed_metadata_keys=columns,
        excluded_llm_metadata_keys=columns,
    )

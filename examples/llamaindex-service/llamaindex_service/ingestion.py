"""LlamaIndex's ingestion pipeline over stores that show nothing of a document before all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.schema import BaseNode, Document, TransformComponent
from llama_index.core.storage.docstore.keyval_docstore import KVDocumentStore
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    VectorStoreQuery,
    VectorStoreQueryResult,
)

from .database import Database
from .docstore import StagedKVStore
from .model import MiniLmEmbedding
from .segments import SegmentSplitter
from .vectors import SqliteVectorStore


class KeepVectors(TransformComponent):
    """A segment whose text its document had before keeps its vector."""

    _store: SqliteVectorStore = PrivateAttr()

    def __init__(self, store: SqliteVectorStore) -> None:
        super().__init__()
        self._store = store

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        known = self._store.known_vectors({str(node.ref_doc_id) for node in nodes})
        for node in nodes:
            node.embedding = known.get((str(node.ref_doc_id), node.get_content()))
        return nodes


class StagedVectorStore(BasePydanticVectorStore):
    """Keeps what the pipeline adds until it is committed."""

    stores_text: bool = True
    _nodes: list[BaseNode] = PrivateAttr(default_factory=list)

    @property
    def client(self) -> None:
        return None

    @property
    def nodes(self) -> list[BaseNode]:
        return list(self._nodes)

    def add(self, nodes: Sequence[BaseNode], **add_kwargs: Any) -> list[str]:
        self._nodes.extend(nodes)
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Nothing yet: a commit replaces all segments of a document."""

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        raise NotImplementedError("what is not committed is not searched")


class Ingestion:
    """Brings documents into the index and out of it. Callers see to it that no two calls are about
    one document at once."""

    def __init__(
        self,
        database: Database,
        vectors: BasePydanticVectorStore,
        splitter: SegmentSplitter,
        embedding: MiniLmEmbedding,
    ) -> None:
        self._database = database
        self._vectors = vectors
        keeping = [KeepVectors(vectors)] if isinstance(vectors, SqliteVectorStore) else []
        self._transformations: list[TransformComponent] = [splitter, *keeping, embedding]

    def prepare(self, documents: Sequence[Document]) -> Prepared:
        """Compares, splits and embeds. It takes as long as the texts need, and changes nothing."""
        entries = StagedKVStore(self._database)
        docstore = KVDocumentStore(entries)
        changed = {
            document.node_id
            for document in documents
            if docstore.get_document_hash(document.node_id) != document.hash
        }
        staged = StagedVectorStore()
        IngestionPipeline(
            transformations=self._transformations,
            docstore=docstore,
            vector_store=staged,
            docstore_strategy=DocstoreStrategy.UPSERTS,
            disable_cache=True,
        ).run(documents=list(documents), store_doc_text=False)
        return Prepared(changed, staged.nodes, entries)

    def commit(self, prepared: Prepared) -> None:
        """Puts the new segments in the place of the old ones; part of the caller's transaction."""
        for document in prepared.changed:
            self._vectors.delete(document)
        if prepared.nodes:
            self._vectors.add(prepared.nodes)
        prepared.entries.commit()

    def delete(self, document: str) -> bool:
        """Part of the caller's transaction. Answers whether the document was there."""
        entries = StagedKVStore(self._database)
        docstore = KVDocumentStore(entries)
        known = docstore.get_document_hash(document) is not None
        docstore.delete_document(document, raise_error=False)
        self._vectors.delete(document)
        entries.commit()
        return known


@dataclass(frozen=True)
class Prepared:
    """What a commit writes."""

    changed: set[str]
    nodes: list[BaseNode]
    entries: StagedKVStore

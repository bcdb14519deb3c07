"""A vector store for LlamaIndex: segments in SQLite, their vectors in memory too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import (
    BaseNode,
    MetadataMode,
    NodeRelationship,
    RelatedNodeInfo,
    TextNode,
)
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    VectorStoreQuery,
    VectorStoreQueryResult,
)
from numpy.typing import NDArray

from . import exactjson
from .database import Database
from .filters import matches

_PAGE = 256


class Matrix:
    """Vectors by segment; a place that is free is used again."""

    def __init__(self, dimension: int) -> None:
        self._rows = np.zeros((1024, dimension), dtype=np.float32)
        self._ids: list[str | None] = []
        self._places: dict[str, int] = {}
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._places)

    def put(self, segment: str, vector: NDArray[np.float32]) -> None:
        place = self._places.get(segment)
        if place is None:
            place = self._free.pop() if self._free else len(self._ids)
            if place == len(self._ids):
                self._ids.append(None)
            if place == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._ids[place] = segment
            self._places[segment] = place
        self._rows[place] = vector

    def remove(self, segment: str) -> None:
        place = self._places.pop(segment, None)
        if place is not None:
            self._ids[place] = None
            self._free.append(place)

    def nearest(self, query: NDArray[np.float32]) -> Iterator[list[tuple[str, float]]]:
        """All segments in pages, best first. A vector has length 1: the product is the cosine."""
        scores = self._rows[: len(self._ids)] @ query
        scores[self._free] = -np.inf
        live = len(self._places)
        if not live:
            return
        # Equal scores keep one order, so that pages neither repeat nor leave out.
        order = _best(scores, min(_PAGE, live))
        for start in range(0, live, _PAGE):
            if start == _PAGE:
                order = np.argsort(-scores, kind="stable")
            page = order[start : min(start + _PAGE, live)]
            yield [(str(self._ids[place]), float(scores[place])) for place in page]


def _best(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """The places of the best scores, as a stable sort of all of them begins."""
    if count >= len(scores):
        return np.argsort(-scores, kind="stable")[:count]
    limit = np.partition(scores, len(scores) - count)[len(scores) - count]
    candidates = np.flatnonzero(scores >= limit)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:count]


class SqliteVectorStore(BasePydanticVectorStore):
    """Compares a query with every vector: exact, and about 50 ms for 100,000 segments."""

    stores_text: bool = True
    is_embedding_query: bool = True
    flat_metadata: bool = False
    _database: Database = PrivateAttr()
    _matrix: Matrix = PrivateAttr()

    def __init__(self, database: Database, dimension: int) -> None:
        super().__init__(stores_text=True)
        self._database = database
        self._matrix = Matrix(dimension)
        with database.reading() as connection:
            for segment, vector in connection.execute("select id, vector from segment"):
                self._matrix.put(segment, np.frombuffer(vector, dtype=np.float32))

    @classmethod
    def class_name(cls) -> str:
        return "SqliteVectorStore"

    @property
    def client(self) -> Database:
        return self._database

    def add(self, nodes: Sequence[BaseNode], **add_kwargs: Any) -> list[str]:
        ordinals: dict[str, int] = {}
        with self._database.transaction() as connection:
            for node in nodes:
                document = node.ref_doc_id or node.node_id
                ordinal = ordinals.get(document, 0)
                ordinals[document] = ordinal + 1
                vector = np.asarray(node.get_embedding(), dtype=np.float32)
                connection.execute(
                    "insert or replace into segment values (?, ?, ?, ?, ?, ?)",
                    (
                        node.node_id,
                        document,
                        ordinal,
                        node.get_content(MetadataMode.NONE),
                        exactjson.dumps(node.metadata),
                        vector.tobytes(),
                    ),
                )
                self._database.after_commit(partial(self._matrix.put, node.node_id, vector))
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        with self._database.transaction() as connection:
            gone = connection.execute(
                "delete from segment where document = ? returning id", (ref_doc_id,)
            ).fetchall()
            for (segment,) in gone:
                self._database.after_commit(partial(self._matrix.remove, segment))

    def known_vectors(self, documents: Iterable[str]) -> dict[tuple[str, str], list[float]]:
        """The vectors of the documents' segments, by document and text."""
        known: dict[tuple[str, str], list[float]] = {}
        with self._database.reading() as connection:
            for document in documents:
                for text, vector in connection.execute(
                    "select text, vector from segment where document = ?", (document,)
                ):
                    known[document, text] = np.frombuffer(vector, dtype=np.float32).tolist()
        return known

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        wanted = query.similarity_top_k
        vector = np.asarray(query.query_embedding, dtype=np.float32)
        nodes: list[TextNode] = []
        scores: list[float] = []
        # Scores and texts are of one moment: no document is seen half replaced.
        with self._database.reading():
            for page in self._matrix.nearest(vector):
                rows = self._rows([segment for segment, _ in page])
                for segment, score in page:
                    document, text, json = rows[segment]
                    metadata = exactjson.loads(json)
                    if matches(query.filters, metadata):
                        nodes.append(_node(segment, document, text, metadata))
                        scores.append(score)
                    if len(nodes) == wanted:
                        break
                if len(nodes) == wanted:
                    break
        return VectorStoreQueryResult(
            nodes=nodes, similarities=scores, ids=[node.node_id for node in nodes]
        )

    def _rows(self, segments: list[str]) -> dict[str, tuple[str, str, str]]:
        places = ",".join("?" * len(segments))
        with self._database.reading() as connection:
            found = connection.execute(
                f"select id, document, text, metadata from segment where id in ({places})", segments
            )
            return {segment: (document, text, json) for segment, document, text, json in found}


def _node(segment: str, document: str, text: str, metadata: dict[str, Any]) -> TextNode:
    source = RelatedNodeInfo(node_id=document)
    return TextNode(
        id_=segment,
        text=text,
        metadata=metadata,
        relationships={NodeRelationship.SOURCE: source},
    )

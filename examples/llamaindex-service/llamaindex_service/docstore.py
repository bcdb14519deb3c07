"""LlamaIndex's key-value store, which its document store is built on, in SQLite."""

from __future__ import annotations

from typing import Any

from llama_index.core.storage.kvstore.types import DEFAULT_COLLECTION, BaseKVStore

from . import exactjson
from .database import Database


class StagedKVStore(BaseKVStore):
    """Reads what is stored, and keeps what one request writes until it is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._staged: dict[tuple[str, str], dict[str, Any] | None] = {}

    def put(self, key: str, val: dict[str, Any], collection: str = DEFAULT_COLLECTION) -> None:
        self._staged[collection, key] = val

    def put_all(
        self,
        kv_pairs: list[tuple[str, dict[str, Any]]],
        collection: str = DEFAULT_COLLECTION,
        batch_size: int = 1,
    ) -> None:
        for key, value in kv_pairs:
            self.put(key, value, collection)

    def get(self, key: str, collection: str = DEFAULT_COLLECTION) -> dict[str, Any] | None:
        if (collection, key) in self._staged:
            return self._staged[collection, key]
        with self._database.reading() as connection:
            row = connection.execute(
                "select value from docstore where collection = ? and key = ?", (collection, key)
            ).fetchone()
        return exactjson.loads(row[0]) if row else None

    def get_all(self, collection: str = DEFAULT_COLLECTION) -> dict[str, dict[str, Any]]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "select key, value from docstore where collection = ?", (collection,)
            ).fetchall()
        values = {key: exactjson.loads(value) for key, value in rows}
        for (where, key), value in self._staged.items():
            if where == collection:
                values.pop(key, None)
                if value is not None:
                    values[key] = value
        return values

    def delete(self, key: str, collection: str = DEFAULT_COLLECTION) -> bool:
        known = self.get(key, collection) is not None
        if known:
            self._staged[collection, key] = None
        return known

    def commit(self) -> None:
        """Writes what was staged, in the transaction that is open."""
        with self._database.transaction() as connection:
            for (collection, key), value in self._staged.items():
                if value is None:
                    connection.execute(
                        "delete from docstore where collection = ? and key = ?", (collection, key)
                    )
                else:
                    connection.execute(
                        "insert or replace into docstore values (?, ?, ?)",
                        (collection, key, exactjson.dumps(value)),
                    )
        self._staged.clear()

    async def aput(
        self, key: str, val: dict[str, Any], collection: str = DEFAULT_COLLECTION
    ) -> None:
        self.put(key, val, collection)

    async def aget(self, key: str, collection: str = DEFAULT_COLLECTION) -> dict[str, Any] | None:
        return self.get(key, collection)

    async def aget_all(self, collection: str = DEFAULT_COLLECTION) -> dict[str, dict[str, Any]]:
        return self.get_all(collection)

    async def adelete(self, key: str, collection: str = DEFAULT_COLLECTION) -> bool:
        return self.delete(key, collection)

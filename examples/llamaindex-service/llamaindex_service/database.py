"""One SQLite file holds segments, document hashes and positions, and changes them together."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

_TABLES = """
create table if not exists note (name text primary key, value text not null) without rowid;
create table if not exists docstore (
  collection text not null, key text not null, value text not null,
  primary key (collection, key)) without rowid;
create table if not exists segment (
  id text primary key, document text not null, ordinal integer not null, text text not null,
  metadata text not null, vector blob not null);
create index if not exists segment_document on segment (document, ordinal);
create table if not exists position (
  document text primary key, position text not null, deleted_at real) without rowid;
create index if not exists tombstone on position (deleted_at) where deleted_at is not null;
"""


class Database:
    """
    Every change is one transaction that is on the disk before it is confirmed. SQLite's own log
    makes a killed process harmless: the next one finds all of a transaction or nothing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._single = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._single, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(f"another process uses LLAMA_DATA_DIR={folder}") from None
        self._lock = RLock()
        self._depth = 0
        self._after: list[Callable[[], None]] = []
        self._connection = sqlite3.connect(
            folder / "index.sqlite", check_same_thread=False, isolation_level=None
        )
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=full")
        self._connection.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Nobody else reads or writes meanwhile; one inside another is part of it."""
        with self._lock:
            if self._depth:
                yield self._connection
                return
            self._depth += 1
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
                after = self._after
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                after = []
                raise
            finally:
                self._depth -= 1
                self._after = []
            for action in after:
                action()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Nobody writes meanwhile."""
        with self._lock:
            yield self._connection

    def after_commit(self, action: Callable[[], None]) -> None:
        """Runs the action once the transaction is committed, before anybody else reads."""
        self._after.append(action)

    def claim(self, name: str, value: str, remedy: str) -> None:
        """Remembers a fact of the whole index, or refuses to start where it is another one."""
        with self.transaction() as connection:
            connection.execute("insert or ignore into note values (?, ?)", (name, value))
            (stored,) = connection.execute(
                "select value from note where name = ?", (name,)
            ).fetchone()
        if stored != value:
            raise SystemExit(f"the index was made with {name} {stored}, not {value}; {remedy}")

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            os.close(self._single)

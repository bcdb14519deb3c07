"""Which version of each document is the newest one, deleted documents included."""

from __future__ import annotations

import time
from collections.abc import Callable

from .database import Database

_DAY = 24 * 60 * 60


class Positions:
    """
    A position is a text of ASCII characters; of two, the greater one, byte by byte, is newer. A
    request without one counts as the newest, and leaves what is remembered.
    """

    def __init__(
        self, database: Database, tombstone_days: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._patience = tombstone_days * _DAY
        self._clock = clock

    def is_late(self, document: str, position: str | None) -> bool:
        """Whether a newer version was applied. The same one again is not late: it is repeated."""
        if position is None:
            return False
        with self._database.reading() as connection:
            row = connection.execute(
                "select position from position where document = ?", (document,)
            ).fetchone()
        return row is not None and position < row[0]

    def upserted(self, document: str, position: str | None) -> None:
        self._write(document, position, None)

    def deleted(self, document: str, position: str | None) -> None:
        """Remembers the deletion, so that a late upsert does not bring the document back."""
        now = self._clock()
        self._write(document, position, now)
        with self._database.transaction() as connection:
            connection.execute("delete from position where deleted_at < ?", (now - self._patience,))

    def _write(self, document: str, position: str | None, deleted_at: float | None) -> None:
        with self._database.transaction() as connection:
            if position is None:
                connection.execute(
                    "update position set deleted_at = ? where document = ?", (deleted_at, document)
                )
            else:
                connection.execute(
                    "insert or replace into position values (?, ?, ?)",
                    (document, position, deleted_at),
                )

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from conftest import ROOT, Service

Start = Callable[[], Service]


def test_all_that_was_confirmed_survives_a_kill(start: Start) -> None:
    service = start()
    confirmed: dict[str, str | None] = {}
    sent: dict[str, str | None] = {}
    stop = threading.Event()

    def write(worker: int) -> None:
        for i in range(10_000):
            if stop.is_set():
                return
            id = f"{worker}/{i % 15}"
            position = f"{i:08}"
            text = None if i % 7 == 6 else f"version {i} of {id}"
            sent[id] = text
            try:
                if text is None:
                    service.delete(id, position)
                else:
                    service.upsert(id, text, {"i": i}, position)
            except (OSError, ValueError):
                return
            confirmed[id] = text

    for round in range(3):
        workers = [threading.Thread(target=write, args=(10 * round + n,)) for n in range(4)]
        for worker in workers:
            worker.start()
        time.sleep(1.5)
        service.kill()
        stop.set()
        for worker in workers:
            worker.join()
        stop.clear()
        service.start()
        found = {hit["id"]: hit["text"] for hit in service.query("version", 10_000)}
        for id, text in confirmed.items():
            # What was under way may be there or not.
            assert found.get(id) in (text, sent[id]), id
        assert set(found) <= set(sent)
    assert len(confirmed) > 50


def test_positions_and_tombstones_survive_a_kill(start: Start) -> None:
    service = start()
    service.upsert("1", "new", position="5")
    service.upsert("2", "new", position="5")
    service.delete("2", position="6")
    service.kill()
    service.start()
    assert service.upsert("1", "late", position="4").status == 412
    assert service.upsert("2", "late", position="5").status == 412
    assert [hit["text"] for hit in service.query("new")] == ["new"]


def test_an_unchanged_document_is_known_after_a_restart(start: Start) -> None:
    service = start()
    service.upsert("1", "a tent", {"price": 12.3})
    service.stop()
    service.start()
    assert service.upsert("1", "a tent", {"price": 12.3}).body == {"status": "unchanged"}


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("LLAMA_PORT", "0", "another process uses LLAMA_DATA_DIR"),
        ("LLAMA_MODEL_DIR", "/nowhere", "extract-model"),
        ("LLAMA_MAX_TOKENS", "many", "is not a number"),
    ],
)
def test_a_start_that_cannot_be_says_why(
    start: Start, variable: str, value: str, reason: str
) -> None:
    assert reason in failed_start({**start()._environment, variable: value})


def test_an_index_of_other_segments_is_refused(start: Start) -> None:
    service = start()
    service.stop()
    assert "send all documents again" in failed_start(
        {**service._environment, "LLAMA_MAX_TOKENS": "128"}
    )


def failed_start(environment: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "llamaindex_service"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    return ended.stderr

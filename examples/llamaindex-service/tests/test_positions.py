from __future__ import annotations

import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Service

_NUMBERS = itertools.count(1)


@pytest.fixture
def id() -> str:
    """One that no other test has left a tombstone of."""
    return f"document {next(_NUMBERS)}"


def test_a_late_upsert_does_not_win(service: Service, id: str) -> None:
    service.upsert(id, "new", position="2")
    assert service.upsert(id, "old", position="1").status == 412
    assert service.text(id) == "new"


def test_a_late_delete_does_not_win(service: Service, id: str) -> None:
    service.upsert(id, "new", position="2")
    assert service.delete(id, position="1").status == 412
    assert service.text(id) == "new"


def test_a_late_upsert_does_not_bring_a_deleted_document_back(service: Service, id: str) -> None:
    service.upsert(id, "old", position="1")
    service.delete(id, position="3")
    assert service.upsert(id, "late", position="2").status == 412
    assert service.text(id) is None
    service.upsert(id, "again", position="4")
    assert service.text(id) == "again"


def test_a_delete_that_overtakes_the_upsert_wins(service: Service, id: str) -> None:
    assert service.delete(id, position="2").status == 404
    service.upsert(id, "late", position="1")
    assert service.text(id) is None


def test_an_unchanged_document_takes_the_newer_position(service: Service, id: str) -> None:
    service.upsert(id, "same", position="1")
    assert service.upsert(id, "same", position="3").body == {"status": "unchanged"}
    assert service.upsert(id, "late", position="2").status == 412


def test_the_same_position_again_is_a_repeat(service: Service, id: str) -> None:
    service.upsert(id, "one", position="1")
    service.upsert(id, "two", position="1")
    assert service.text(id) == "two"


def test_a_request_without_a_position_is_the_newest(service: Service, id: str) -> None:
    service.upsert(id, "old", position="5")
    service.upsert(id, "new")
    assert service.text(id) == "new"
    service.delete(id)
    assert service.text(id) is None
    assert service.upsert(id, "late", position="4").status == 412


def test_positions_count_in_a_batch_too(service: Service, id: str) -> None:
    service.upsert(id, "new", position="2")
    documents = [
        {"id": id, "content": "late", "metadata": {}, "position": "1"},
        {"id": f"{id} b", "content": "first", "metadata": {}, "position": "1"},
    ]
    answer = service.call("POST", "/upsert-batch", {"documents": documents})
    assert answer.status == 412
    assert service.text(id) == "new"
    assert service.text(f"{id} b") is None
    documents[0]["position"] = "3"
    assert service.call("POST", "/upsert-batch", {"documents": documents}).status == 200
    assert service.text(id) == "late"


@pytest.mark.parametrize("position", ["", "a b", "x" * 201])
def test_a_position_that_is_none_is_refused(service: Service, id: str, position: str) -> None:
    assert service.upsert(id, "a tent", position=position).status == 400


def test_the_newest_wins_in_any_order(service: Service, id: str) -> None:
    changes = [f"{i:03}" for i in range(60)]
    random.Random(7).shuffle(changes)

    def change(position: str) -> None:
        if int(position) % 3 == 1 and position != "059":
            service.delete(id, position)
        else:
            service.upsert(id, f"version {position}", position=position)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, changes))
    assert service.text(id) == "version 059"


def test_without_positions_the_request_that_came_last_wins(service: Service, id: str) -> None:
    long = "The first version has much to say about the weather. " * 200
    slow = threading.Thread(target=service.upsert, args=(id, long))
    slow.start()
    time.sleep(0.15)
    service.upsert(id, "the second version")
    slow.join()
    assert service.text(id) == "the second version"

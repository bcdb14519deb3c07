from __future__ import annotations

from typing import Any

import pytest
from conftest import Service

ROWS: dict[str, dict[str, Any]] = {
    "red": {"color": "red", "price": 12.3, "active": True, "tags": ["a", "b"], "n": None},
    "blue": {"color": "blue", "price": 9, "active": False, "tags": [], "big": 2**53},
    "mixed": {"color": 7, "price": "dear", "tags": ["b", 1], "big": 2**53 + 1},
    "bare": {},
}


def one(key: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"key": key, "operator": operator, "value": value}


def group(condition: str, *filters: dict[str, Any]) -> dict[str, Any]:
    return {"condition": condition, "filters": list(filters)}


CASES = [
    ("red", one("color", "==", "red")),
    ("blue mixed bare", one("color", "!=", "red")),
    ("red blue", one("price", ">=", 9.0)),
    ("blue", one("price", "<", 12.3)),
    ("red", one("price", "==", 12.30)),
    ("mixed", one("price", ">", "a")),
    ("red", one("active", "==", True)),
    ("", one("active", "==", 1)),
    ("blue mixed bare", one("active", "!=", True)),
    ("red blue", one("color", "in", ["red", "blue"])),
    ("mixed bare", one("color", "nin", ["red", "blue"])),
    ("red mixed", one("tags", "contains", "b")),
    ("mixed", one("tags", "contains", 1)),
    ("", one("tags", "contains", True)),
    ("", one("color", "contains", "re")),
    ("blue bare", one("tags", "is_empty")),
    ("red mixed", group("not", one("tags", "is_empty"))),
    ("red blue mixed bare", one("n", "is_empty")),
    ("mixed", one("big", ">", 2**53)),
    ("red blue", group("or", one("color", "==", "red"), one("color", "==", "blue"))),
    ("red", group("and", one("color", ">", "a"), group("not", one("price", "<", 10)))),
    ("", one("no such key", "<", 1)),
]


@pytest.mark.parametrize(("expected", "filter"), CASES)
def test_a_filter_leaves_in_what_it_holds_for(
    service: Service, expected: str, filter: dict[str, Any]
) -> None:
    for id, metadata in ROWS.items():
        service.upsert(id, "a tent", metadata)
    filters = filter if "filters" in filter else group("and", filter)
    found = {hit["id"] for hit in service.query("tent", filters=filters)}
    assert found == set(expected.split())


def test_a_filter_reaches_what_is_far_from_the_query(service: Service) -> None:
    documents = [{"id": str(i), "content": f"a tent {i}", "metadata": {"n": i}} for i in range(200)]
    documents[150]["content"] = "accounting rules of 1954"
    service.call("POST", "/upsert-batch", {"documents": documents})
    hits = service.query("tent", 5, group("and", one("n", "==", 150)))
    assert [hit["id"] for hit in hits] == ["150"]

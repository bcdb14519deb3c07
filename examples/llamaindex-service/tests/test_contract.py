from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Service

HOSTILE_IDS = [
    "public.products/42",
    "a/b,c\\,d",
    "ключ/鍵/🔑",
    "with space+plus%2F?query#fragment&a=b;c",
    "..",
    ".",
    "../../etc/passwd",
    "//",
    "line\nbreak\n",
    "tab\tnul\0",
    " ",
    '"quoted"',
    "'; drop table segment; --",
    "x" * 2000,
]


def test_an_upsert_is_found_and_a_delete_is_not(service: Service) -> None:
    assert service.upsert("1", "Title: Tent\n\nFor two").body == {"status": "indexed"}
    (hit,) = service.query("camping")
    assert hit["id"] == "1"
    assert hit["text"] == "Title: Tent\n\nFor two"
    assert 0.3 < hit["score"] <= 1
    assert service.delete("1").status == 200
    assert service.query("camping") == []


def test_a_repeated_call_does_the_same(service: Service) -> None:
    assert service.upsert("1", "a tent", {"a": 1}).body == {"status": "indexed"}
    assert service.upsert("1", "a tent", {"a": 1}).body == {"status": "unchanged"}
    assert service.upsert("1", "a stove", {"a": 1}).body == {"status": "indexed"}
    assert [hit["text"] for hit in service.query("camping")] == ["a stove"]
    assert service.delete("1").status == 200
    assert service.delete("1").status == 404
    assert service.upsert("1", "a stove", {"a": 1}).body == {"status": "indexed"}


@pytest.mark.parametrize("id", HOSTILE_IDS)
def test_any_text_is_an_id(service: Service, id: str) -> None:
    service.upsert(id, "a tent")
    assert [hit["id"] for hit in service.query("tent")] == [id]
    assert service.delete(id).status == 200
    assert service.query("tent") == []


def test_metadata_comes_back_as_it_was_sent(service: Service) -> None:
    row = (
        b'{"price":12.30,"big":123456789012345678901234567890.125,"n":null,"t":true,'
        b'"tags":["a",{"b":[1.50]}],"doc_id":"mine","_node_content":"x","text":"y","":"z"}'
    )
    body = b'{"id":"1","content":"a tent","metadata":' + row + b"}"
    assert service.call("POST", "/upsert", body).status == 200
    (hit,) = service.query("tent")
    assert hit["metadata"] == json.loads(row)
    exact = {"key": "big", "operator": ">", "value": 1}
    assert len(service.query("tent", filters={"condition": "and", "filters": [exact]})) == 1


def test_metadata_is_not_embedded(service: Service) -> None:
    service.upsert("1", "a tent")
    service.upsert("2", "a tent", {"note": "bicycle repair and insurance " * 500})
    scores = [hit["score"] for hit in service.query("bicycle")]
    assert scores[0] == scores[1]


def test_new_metadata_alone_is_seen(service: Service) -> None:
    service.upsert("1", "a tent", {"price": 1})
    assert service.upsert("1", "a tent", {"price": 2}).body == {"status": "indexed"}
    assert [hit["metadata"] for hit in service.query("tent")] == [{"price": 2}]


@pytest.mark.parametrize("content", ["", "   \n\t", "\0\1"])
def test_a_blank_document_is_taken_and_has_nothing_to_find(service: Service, content: str) -> None:
    service.upsert("1", "a tent")
    assert service.upsert("1", content).status == 200
    assert service.query("tent") == []
    assert service.delete("1").status == 200


def test_a_long_document_is_split_and_found_by_its_end(service: Service) -> None:
    filler = " ".join(f"Sentence {i} is about the weather in a far country." for i in range(200))
    service.upsert("1", f"Title: Report\n\n{filler}\n\nThe octopus paints with its arms.")
    service.upsert("2", "A bicycle.")
    best = service.query("octopus painting")[0]
    assert best["id"] == "1"
    assert "octopus" in best["text"]
    service.upsert("1", "short")
    assert sorted(hit["text"] for hit in service.query("octopus")) == ["A bicycle.", "short"]


@pytest.mark.parametrize(
    "content", ["x" * 3_000, "深" * 1_000, "a1b2 " * 300, "\n" * 300_000, "a. " * 500]
)
def test_a_text_that_is_hard_to_split_is_taken(service: Service, content: str) -> None:
    assert service.upsert("1", content).status == 200


def test_a_batch_does_what_single_calls_do(service: Service) -> None:
    service.upsert("2", "a stove")
    documents = [
        {"id": "1", "content": "a tent", "metadata": {"a": 1}},
        {"id": "2", "content": "a stove", "metadata": {}},
        {"id": "3", "content": "a bicycle", "metadata": {}},
    ]
    answer = service.call("POST", "/upsert-batch", {"documents": documents})
    assert answer.body == {
        "results": [
            {"id": "1", "status": "indexed"},
            {"id": "2", "status": "unchanged"},
            {"id": "3", "status": "indexed"},
        ]
    }
    assert [hit["id"] for hit in service.query("tent")] == ["1", "2", "3"]


def test_the_root_says_what_the_service_can(service: Service) -> None:
    body = service.call("GET", "/").body
    assert {"query", "filters", "position", "upsert-batch"} <= set(body["capabilities"])
    assert body["most_documents"] == 256


def test_health_counts_documents(service: Service) -> None:
    service.upsert("1", "a tent")
    assert service.call("GET", "/health").body == {"status": "up", "documents": 1}


def test_top_k_limits_the_hits(service: Service) -> None:
    for i in range(100):
        service.upsert(str(i), f"tent number {i}")
    assert len(service.query("tent", 3)) == 3
    hits = service.query("tent", 1000)
    assert len({hit["id"] for hit in hits}) == 100
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


BAD = [
    ("/upsert", b"", 400),
    ("/upsert", b"{", 400),
    ("/upsert", b"\xff\xfe", 400),
    ("/upsert", b"[" * 100_000, 400),
    ("/upsert", b'{"id":"1","content":"","metadata":{"a":NaN}}', 400),
    ("/upsert", b"[]", 422),
    ("/upsert", b'{"id":1,"content":"","metadata":{}}', 422),
    ("/upsert", b'{"id":"","content":"","metadata":{}}', 422),
    ("/upsert", b'{"id":"1","metadata":{}}', 422),
    ("/upsert", b'{"id":"1","content":null,"metadata":{}}', 422),
    ("/upsert", b'{"id":"1","content":"","metadata":null}', 422),
    ("/upsert", b'{"id":"1","content":"\\ud800","metadata":{}}', 422),
    ("/upsert", b'{"id":"1","content":"","metadata":{"a":"\\udfff"}}', 422),
    ("/upsert", b'{"id":"1","content":"","metadata":{},"position":""}', 422),
    ("/upsert", b" " * 1_000_001, 413),
    ("/upsert-batch", b'{"documents":[]}', 422),
    (
        "/upsert-batch",
        b'{"documents":[{"id":"1","content":"","metadata":{}},'
        b'{"id":"1","content":"","metadata":{}}]}',
        422,
    ),
    ("/query", b"{}", 422),
    ("/query", b'{"query":"a","top_k":0}', 422),
    ("/query", b'{"query":"a","top_k":100000000}', 422),
    ("/query", b'{"query":"a","top_k":"3"}', 422),
    ("/query", b'{"query":"a","filters":{"filters":[]}}', 422),
    ("/query", b'{"query":"a","filters":{"filters":[{"key":"a","operator":"~","value":1}]}}', 422),
    ("/query", b'{"query":"a","filters":{"filters":[{"key":"a","operator":"in","value":1}]}}', 422),
]


@pytest.mark.parametrize(("path", "body", "status"), BAD)
def test_bad_input_is_refused_with_a_reason(
    service: Service, path: str, body: bytes, status: int
) -> None:
    answer = service.call("POST", path, body)
    assert (answer.status, bool(answer.body["detail"])) == (status, True)
    assert service.call("GET", "/health").body["documents"] == 0


def test_a_reason_names_no_value(service: Service) -> None:
    answer = service.call("POST", "/upsert", {"id": "1", "content": ["secret"], "metadata": {}})
    assert answer.status == 422
    assert "content" in answer.body["detail"]
    assert "secret" not in str(answer.body)


def test_a_field_that_is_not_known_is_ignored(service: Service) -> None:
    body = {"id": "1", "content": "a tent", "metadata": {}, "later": 1}
    assert service.call("POST", "/upsert", body).status == 200


def test_concurrent_upserts_of_many_documents_are_all_there(service: Service) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda i: service.upsert(str(i % 40), f"tent {i}"), range(200))
    assert {answer.status for answer in answers} == {200}
    hits = service.query("tent", 1000)
    assert sorted(int(hit["id"]) for hit in hits) == list(range(40))


def test_a_search_never_misses_a_document_that_is_replaced(service: Service) -> None:
    service.upsert("1", "tent 0")
    with ThreadPoolExecutor(2) as pool:
        writes = [pool.submit(service.upsert, "1", f"tent {i}") for i in range(60)]
        while not all(write.done() for write in writes):
            assert [hit["id"] for hit in service.query("tent")] == ["1"]

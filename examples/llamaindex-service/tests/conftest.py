"""A running service, as its own process, and what Freshet would send to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Answer:
    status: int
    body: Any


class Service:
    def __init__(self, model: Path, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.ids: set[str] = set()
        self._environment = {
            **os.environ,
            "LLAMA_MODEL_DIR": str(model),
            "LLAMA_DATA_DIR": str(data),
            "LLAMA_PORT": str(self.port),
            "LLAMA_MAX_BODY_BYTES": "1000000",
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "llamaindex_service"], cwd=ROOT, env=self._environment
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.call("GET", "/health").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the service does not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        position: str | None = None,
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Freshet-Position": position} if position is not None else {}
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        finally:
            connection.close()

    def upsert(
        self, id: str, content: str, metadata: Any = None, position: str | None = None
    ) -> Answer:
        self.ids.add(id)
        body = {"id": id, "content": content, "metadata": metadata or {}}
        return self.call("POST", "/upsert", body, position)

    def delete(self, id: str, position: str | None = None) -> Answer:
        return self.call("DELETE", f"/delete/{quote(id, safe='')}", position=position)

    def query(self, text: str, top_k: int = 10, filters: Any = None) -> list[dict[str, Any]]:
        body = {"query": text, "top_k": top_k}
        if filters:
            body["filters"] = filters
        answer = self.call("POST", "/query", body)
        assert answer.status == 200, answer
        results: list[dict[str, Any]] = answer.body["results"]
        return results

    def text(self, id: str) -> str | None:
        """What a search finds of the document."""
        texts = [hit["text"] for hit in self.query("anything", 10_000) if hit["id"] == id]
        return "\n".join(texts) or None


@pytest.fixture(scope="session")
def model() -> Path:
    folder = Path(os.environ.get("LLAMA_MODEL_DIR") or ROOT / "model")
    if not (folder / "model.onnx").is_file():
        subprocess.run([sys.executable, ROOT / "scripts/extract-model", folder], check=True)
    return folder.resolve()


@pytest.fixture
def start(model: Path, tmp_path: Path) -> Iterator[Callable[[], Service]]:
    started: list[Service] = []

    def starts() -> Service:
        started.append(Service(model, tmp_path / f"data-{len(started)}"))
        return started[-1]

    yield starts
    for service in started:
        service.kill()


@pytest.fixture(scope="session")
def shared(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(model, tmp_path_factory.mktemp("shared"))
    yield running
    assert running.stop() in (0, -signal.SIGTERM)


@pytest.fixture
def service(shared: Service) -> Service:
    """A service without documents. Tombstones stay."""
    found = {hit["id"] for hit in shared.query("anything", 10_000)}
    for id in shared.ids | found:
        shared.delete(id)
    shared.ids.clear()
    return shared

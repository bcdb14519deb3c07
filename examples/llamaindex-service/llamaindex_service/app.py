"""The HTTP contract."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from . import __version__, exactjson
from .contract import (
    MOST_DOCUMENTS,
    BadRequest,
    BatchBody,
    DocumentBody,
    QueryBody,
    check_position,
    parse,
)
from .service import LlamaIndexService
from .settings import Settings

LOG = logging.getLogger("llamaindex_service")
POSITION_HEADER = "Freshet-Position"


class _Anything(Convertor[str]):
    """Takes slashes and line breaks; the convertor `path` takes no line breaks."""

    regex = r"[\s\S]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("anything", _Anything())


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings.of()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = LlamaIndexService(settings)
        yield
        app.state.service.close()

    app = FastAPI(title="LlamaIndex service", version=__version__, lifespan=lifespan)

    def service(request: Request) -> LlamaIndexService:
        running: LlamaIndexService = request.app.state.service
        return running

    async def body(request: Request) -> bytes:
        received = bytearray()
        async for chunk in request.stream():
            received += chunk
            if len(received) > settings.max_body_bytes:
                raise BadRequest(413, f"the body has more than {settings.max_body_bytes} bytes")
        return bytes(received)

    @app.exception_handler(BadRequest)
    async def refuse(request: Request, error: BadRequest) -> Response:
        LOG.warning("%s %s: %s", request.method, request.scope["route"].path, error.reason)
        return _json({"detail": error.reason}, error.status)

    @app.get("/")
    async def capabilities() -> Response:
        return _json(
            {
                "service": "llamaindex-service",
                "version": __version__,
                "capabilities": ["query", "filters", "position", "upsert-batch"],
                "most_documents": MOST_DOCUMENTS,
            }
        )

    @app.get("/health")
    async def health(request: Request) -> Response:
        try:
            return _json(service(request).status())
        except Exception:
            LOG.exception("the index cannot be read")
            return _json({"status": "down", "detail": "the index cannot be read"}, 503)

    @app.post("/upsert")
    async def upsert(request: Request) -> Response:
        document = parse(await body(request), DocumentBody)
        header = check_position(request.headers.get(POSITION_HEADER))
        document.position = header or document.position
        (applied,) = await service(request).upsert([document])
        return _json({"status": applied})

    @app.post("/upsert-batch")
    async def upsert_batch(request: Request) -> Response:
        documents = parse(await body(request), BatchBody).documents
        ids = [document.id for document in documents]
        if len(set(ids)) < len(ids):
            raise BadRequest(422, "documents: an id is there twice")
        applied = await service(request).upsert(documents)
        results = [{"id": id, "status": status} for id, status in zip(ids, applied, strict=True)]
        return _json({"results": results})

    @app.delete("/delete/{id:anything}")
    async def delete(request: Request, id: str) -> Response:
        position = check_position(request.headers.get(POSITION_HEADER))
        deleted = await service(request).delete(id, position)
        return _json({"status": deleted}, 404 if deleted == "unknown" else 200)

    @app.post("/query")
    async def query(request: Request) -> Response:
        asked = parse(await body(request), QueryBody)
        return _json({"results": await service(request).query(asked)})

    return app


def _json(value: Any, status: int = 200) -> Response:
    return Response(exactjson.dumps(value), status, media_type="application/json")

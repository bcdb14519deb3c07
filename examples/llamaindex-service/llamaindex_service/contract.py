"""The bodies that the service takes, and what it says about others."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
)
from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from . import exactjson
from .filters import SUPPORTED

MOST_DOCUMENTS = 256
MOST_HITS = 10_000
MOST_FILTERS = 10_000
POSITION = re.compile(r"[\x21-\x7e]{1,200}")

T = TypeVar("T", bound=BaseModel)

_LISTS = (FilterOperator.IN, FilterOperator.NIN)


class BadRequest(Exception):
    """A request that will never be taken. The reason names no value of the document."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class DocumentBody(BaseModel):
    """Unknown fields are ignored: a newer client may send more."""

    id: Annotated[StrictStr, Field(min_length=1)]
    content: StrictStr
    metadata: dict[str, Any]
    position: Annotated[StrictStr, Field(pattern=POSITION)] | None = None


class BatchBody(BaseModel):
    documents: Annotated[list[DocumentBody], Field(min_length=1, max_length=MOST_DOCUMENTS)]


class FilterBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: StrictStr
    operator: FilterOperator = FilterOperator.EQ
    value: Any = None


class FiltersBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    condition: Literal["and", "or", "not"] = "and"
    filters: Annotated[list[FilterBody | FiltersBody], Field(min_length=1)]

    def filters_of_llamaindex(self) -> MetadataFilters:
        parts = [
            part.filters_of_llamaindex() if isinstance(part, FiltersBody) else _filter(part)
            for part in self.filters
        ]
        return MetadataFilters(filters=parts, condition=FilterCondition(self.condition))


class QueryBody(BaseModel):
    query: Annotated[StrictStr, Field(min_length=1)]
    top_k: Annotated[int, Field(ge=1, le=MOST_HITS, strict=True)] = 10
    filters: FiltersBody | None = None


def _filter(part: FilterBody) -> MetadataFilter:
    if part.operator not in SUPPORTED:
        raise BadRequest(422, f"filters: the operator {part.operator.value} is not supported")
    if (part.operator in _LISTS) != isinstance(part.value, list):
        raise BadRequest(422, f"filters: the operator {part.operator.value} takes no such value")
    # LlamaIndex's own validation takes neither booleans nor exact numbers.
    return MetadataFilter.model_construct(key=part.key, operator=part.operator, value=part.value)


def parse(body: bytes, form: type[T]) -> T:
    """Reads a body, or says which field is wrong, and why."""
    try:
        value = exactjson.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRequest(400, "the body is not UTF-8") from None
    except RecursionError:
        raise BadRequest(400, "the body is nested too deeply") from None
    except ValueError:
        raise BadRequest(400, "the body is not JSON") from None
    try:
        parsed = form.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRequest(422, f"{where}: {first['msg']}" if where else first["msg"]) from None
    try:
        exactjson.dumps(value).encode("utf-8")
    except UnicodeEncodeError:
        raise BadRequest(422, "a text has half of a surrogate pair") from None
    return parsed


def check_position(position: str | None) -> str | None:
    if position is not None and not POSITION.fullmatch(position):
        raise BadRequest(400, "Freshet-Position is not 1 to 200 visible ASCII characters")
    return position

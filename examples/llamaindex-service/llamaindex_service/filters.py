"""LlamaIndex's MetadataFilters as a database compares: types never mix, nothing throws."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
)

SUPPORTED = (
    FilterOperator.EQ,
    FilterOperator.NE,
    FilterOperator.GT,
    FilterOperator.GTE,
    FilterOperator.LT,
    FilterOperator.LTE,
    FilterOperator.IN,
    FilterOperator.NIN,
    FilterOperator.CONTAINS,
    FilterOperator.IS_EMPTY,
)


def matches(filters: MetadataFilters | None, metadata: Mapping[str, Any]) -> bool:
    """Nested filters and booleans too, which LlamaIndex's own function does not take."""
    if filters is None or not filters.filters:
        return True
    parts = (
        matches(part, metadata) if isinstance(part, MetadataFilters) else _matches(part, metadata)
        for part in filters.filters
    )
    if filters.condition == FilterCondition.OR:
        return any(parts)
    if filters.condition == FilterCondition.NOT:
        return not any(parts)
    return all(parts)


def _matches(one: MetadataFilter, metadata: Mapping[str, Any]) -> bool:
    stored, operator, value = metadata.get(one.key), one.operator, one.value
    if operator == FilterOperator.IS_EMPTY:
        return stored is None or stored == []
    if operator == FilterOperator.NE:
        return stored is None or not _same(stored, value)
    if operator == FilterOperator.NIN:
        return stored is None or not any(_same(stored, each) for each in _list(value))
    if stored is None:
        return False
    if operator == FilterOperator.EQ:
        return _same(stored, value)
    if operator == FilterOperator.IN:
        return any(_same(stored, each) for each in _list(value))
    if operator == FilterOperator.CONTAINS:
        return isinstance(stored, list) and any(_same(each, value) for each in stored)
    if _kind(stored) != _kind(value) or _kind(stored) not in (str, Decimal):
        return False
    if operator == FilterOperator.GT:
        return bool(stored > value)
    if operator == FilterOperator.GTE:
        return bool(stored >= value)
    if operator == FilterOperator.LT:
        return bool(stored < value)
    return bool(stored <= value)


def _same(stored: Any, value: Any) -> bool:
    return _kind(stored) == _kind(value) and bool(stored == value)


def _kind(value: Any) -> type:
    """True is not 1; 1, 1.0 and 1.00 are one number."""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return Decimal if is_number else type(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

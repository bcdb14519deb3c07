"""JSON whose numbers keep every digit: 12.30 stays 12.30."""

from __future__ import annotations

from typing import Any

import simplejson


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def loads(text: str | bytes) -> Any:
    return simplejson.loads(text, use_decimal=True, parse_constant=_refuse)


def dumps(value: Any) -> str:
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, separators=(",", ":"))

"""What the environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Each field is an environment variable; README.md lists them."""

    model_dir: Path
    data_dir: Path
    pgvector_url: str | None = None
    max_tokens: int = 256
    overlap_tokens: int = 32
    max_body_bytes: int = 96 * 1024 * 1024
    tombstone_days: int = 30

    def __post_init__(self) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            if not (self.model_dir / name).is_file():
                raise SystemExit(
                    f"LLAMA_MODEL_DIR={self.model_dir} has no {name}; make it with"
                    f" scripts/extract-model {self.model_dir}"
                )
        if not 32 <= self.max_tokens <= 256:
            raise SystemExit(f"LLAMA_MAX_TOKENS={self.max_tokens}: use 32 to 256")
        if not 0 <= self.overlap_tokens <= self.max_tokens // 2:
            raise SystemExit(
                f"LLAMA_OVERLAP_TOKENS={self.overlap_tokens}: use 0 to {self.max_tokens // 2}"
            )

    @staticmethod
    def of(environment: Mapping[str, str] = os.environ) -> Settings:
        def number(name: str, default: int) -> int:
            text = environment.get(name) or str(default)
            if not text.isascii() or not text.isdigit():
                raise SystemExit(f"{name}={text} is not a number")
            return int(text)

        return Settings(
            model_dir=Path(environment.get("LLAMA_MODEL_DIR") or "model"),
            data_dir=Path(environment.get("LLAMA_DATA_DIR") or "data"),
            pgvector_url=environment.get("LLAMA_PGVECTOR_URL") or None,
            max_tokens=number("LLAMA_MAX_TOKENS", Settings.max_tokens),
            overlap_tokens=number("LLAMA_OVERLAP_TOKENS", Settings.overlap_tokens),
            max_body_bytes=number("LLAMA_MAX_BODY_BYTES", Settings.max_body_bytes),
            tombstone_days=number("LLAMA_TOMBSTONE_DAYS", Settings.tombstone_days),
        )

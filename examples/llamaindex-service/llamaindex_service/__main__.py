"""`python -m llamaindex_service` serves one index."""

from __future__ import annotations

import logging
import os

import uvicorn

from .app import create_app

# Longer than a Java client keeps an idle connection (20 minutes): else a request may be sent on one
# that is being closed here, and fail.
_KEEP_ALIVE_SECONDS = 21 * 60


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    uvicorn.run(
        create_app(),
        host=os.environ.get("LLAMA_HOST") or "127.0.0.1",
        port=int(os.environ.get("LLAMA_PORT") or "8000"),
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        log_level="warning",
    )


if __name__ == "__main__":
    main()

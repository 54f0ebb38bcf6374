"""The extra `connectors`: what it brings is imported where it is used, and never calls home."""

from __future__ import annotations

import os
from importlib.util import find_spec

from keepwell.errors import RequestRefused

_NEEDED = ("dlt", "sqlalchemy", "cryptography", "requests")
MISSING = "connectors need the extra `connectors`: install it with `pip install 'keepwell[connectors]'` and start again"


def is_installed() -> bool:
    return all(find_spec(name) is not None for name in _NEEDED)


def require_extra() -> None:
    """Raises RequestRefused where the extra is not installed."""
    if not is_installed():
        raise RequestRefused(MISSING)


def quiet_dlt() -> None:
    """Before the first import of dlt: no telemetry, no log of its own."""
    require_extra()
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")

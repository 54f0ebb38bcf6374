"""The stages of whoever sees all accounts are counted anew when an account moved, and else once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import StageChange
from keepwell.apps.health.scored import latest_run

SECONDS = 60.0
_found: dict[Hashable, tuple[float, Any]] = {}
_counting = Lock()


def kept(count: Callable[[], Any]) -> Any:
    """What `count` gave for the same run, definitions and moves, at most a minute ago; one process counts once."""
    key = _key()
    with _counting:
        at, found = _found.get(key, (-SECONDS, None))
        if time.monotonic() - at > SECONDS or found is None:
            at, found = time.monotonic(), count()
            _found.clear()
            _found[key] = at, found
        return found


kept.cache_clear = _found.clear  # type: ignore[attr-defined]  # as functions have that remember


def _key() -> Hashable:
    run, version = latest_run(), current_version()
    moved = StageChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    return run and run.pk, version and version.number, moved

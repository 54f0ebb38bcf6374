"""What the web server calls: events take a way of their own, everything else is Django's."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from keepwell.apps.usage.ingestion.application import Ingestion, Limits
from keepwell.server.settings import ENVIRONMENT
from keepwell.server.turns import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.server.settings")
pages = get_wsgi_application()
ingestion = Ingestion(ENVIRONMENT.public_url, Limits(ENVIRONMENT.inbox_limit, ENVIRONMENT.key_rate))
_at_once = Turns(4)
"""Pages of a process: each may hold a connection and half a gigabyte, and the other threads are for events."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request."""
    if ingestion.holds(environ["PATH_INFO"]):
        return ingestion(environ, start_response)
    with _at_once:
        return pages(environ, start_response)


def _settle() -> None:
    """Loads all pages, and spares looking for garbage among what stays: a fifth of a page's time went into that."""
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


_settle()

"""Guessing: whoever asks for too many links that open nothing is told so for a while, whatever they ask for.

Counted in PostgreSQL over all web processes; the address is kept as a keyed hash, and for the window alone.
"""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest

from keepwell.apps.rest.models import Window
from keepwell.apps.surveys.tokens import keyed_hash

SECONDS = 600
MISSES = 60
_PREFIX = "survey:"
_TABLE = Window._meta.db_table
_NOTE = f"""
insert into {_TABLE} as kept (caller, started, used) values (%s, %s, 1)
on conflict (caller) do update set started = excluded.started,
  used = case when kept.started = excluded.started then kept.used + 1 else 1 end
"""


def is_guessing(request: HttpRequest) -> bool:
    """Whether an address missed too often in this window."""
    found = Window.objects.filter(caller=_caller(request), started=_started()).values_list("used", flat=True).first()
    return (found or 0) >= MISSES


def note_miss(request: HttpRequest) -> None:
    """One link that opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [_caller(request), _started()])


def _caller(request: HttpRequest) -> str:
    """Behind the proxies that the installation names (KEEPWELL_PROXIES)."""
    try:
        address = get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # what the proxy says is no address
        address = ""
    return f"{_PREFIX}{keyed_hash('caller', address)[:30]}"


def _started() -> int:
    now = int(time.time())
    return now - now % SECONDS


def forget_old() -> None:
    """Windows that have ended."""
    Window.objects.filter(caller__startswith=_PREFIX, started__lt=_started()).delete()

"""Guessing: whoever asks for too many links that open nothing is told so for a while, whatever they ask for.

Counted in PostgreSQL over all web processes; the address is kept as a keyed hash, and for the window alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest

from keepwell.apps.rest.models import Window
from keepwell.apps.ui.outside.links import Links

SECONDS = 600
MISSES = 60
_TABLE = Window._meta.db_table
_NOTE = f"""
insert into {_TABLE} as kept (caller, started, used) values (%s, %s, %s)
on conflict (caller) do update set started = excluded.started,
  used = case when kept.started = excluded.started then kept.used + excluded.used else excluded.used end
"""


@dataclass(frozen=True)
class Guessing:
    """`name`: what stands before the counts of one kind of pages."""

    name: str
    links: Links

    def is_guessing(self, request: HttpRequest) -> bool:
        """Whether an address missed too often in this window."""
        found = Window.objects.filter(caller=self._caller(request), started=_started())
        return (found.values_list("used", flat=True).first() or 0) >= MISSES

    def note_miss(self, request: HttpRequest, *, was_known: bool = False) -> None:
        """One link that opens nothing. One that was known and has ended is no guess; the same is done for it, and
        nothing is counted, so that nobody can tell the two apart."""
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [self._caller(request), _started(), 0 if was_known else 1])

    def forget_old(self) -> None:
        """Windows that have ended."""
        Window.objects.filter(caller__startswith=f"{self.name}:", started__lt=_started()).delete()

    def _caller(self, request: HttpRequest) -> str:
        """Behind the proxies that the installation names (KEEPWELL_PROXIES)."""
        try:
            address = get_adapter(request).get_client_ip(request)
        except PermissionDenied:  # what the proxy says is no address
            address = ""
        return f"{self.name}:{self.links.keyed_hash('caller', address)[:30]}"


def _started() -> int:
    now = int(time.time())
    return now - now % SECONDS

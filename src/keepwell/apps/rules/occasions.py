"""Moments are noted in the transaction of what happened; rules look at them soon after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from keepwell.apps.access.asking import ask_once
from keepwell.apps.rules.models import Occasion

JOB = "rules:occasions"
Hearer = Callable[[str, Sequence[tuple[str, str, str]]], None]
"""Takes the kind of a trigger, and moments as (name, account, key)."""

_HEARERS: list[Hearer] = []


def note_occasions(kind: str, found: Iterable[tuple[str, str, str]]) -> int:
    """Moments of one kind, each (name, account, key): the same key is noted once. Returns how many are new."""
    rows = [
        Occasion(kind=kind, name=name, account_id=account, key=f"{kind}:{key}"[:300]) for name, account, key in found
    ]
    before = set(Occasion.objects.filter(key__in=[one.key for one in rows]).values_list("key", flat=True))
    new = [one for one in rows if one.key not in before]
    Occasion.objects.bulk_create(new, batch_size=2000, ignore_conflicts=True)
    tell_hearers(kind, [(one.name, one.account_id, one.key.removeprefix(f"{kind}:")) for one in new])
    if new:
        transaction.on_commit(ask_to_look, robust=True)
    return len(new)


def register_hearer(hearer: Hearer) -> None:
    """Apps above that wait for the same moments as rules."""
    _HEARERS.append(hearer)


def tell_hearers(kind: str, moments: Sequence[tuple[str, str, str]]) -> None:
    """Moments that are new, in the transaction that notes them. Of loads there is no account."""
    for hearer in _HEARERS if moments else ():
        hearer(kind, moments)


def forget_old(now: datetime) -> None:
    """Those that were seen a quarter ago: their keys come again no more."""
    Occasion.objects.filter(seen_at__lt=now - timedelta(days=90)).delete()


def ask_to_look() -> None:
    """Every minute rules look by themselves."""
    ask_once(JOB, timestamp=0)

"""Messages are taken once: those whose id came in the last thirty days are left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from keepwell.apps.usage.draining.messages import Taken

KEPT_DAYS = 30
_DELETED_AT_ONCE = 50_000


def unseen(messages: Sequence[Taken]) -> list[Taken]:
    """Those that are not in the lake."""
    known = _known([one.hash for one in messages])
    return [one for one in messages if one.hash not in known] if known else list(messages)


def _known(hashes: Sequence[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select id from usage_seen where id = any(%s)", [list(hashes)])
        return {row[0] for row in cursor.fetchall()}


def note(hashes: Collection[UUID], day: date) -> None:
    """Doing it again changes nothing. Runs inside the transaction that deletes their rows from the inbox."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table if not exists usage_noting (id uuid) on commit delete rows; truncate usage_noting"
        )
        with cursor.copy("copy usage_noting (id) from stdin (format binary)") as copy:
            copy.set_types(["uuid"])
            for one in sorted(hashes):  # in the order of the index: neighbours share pages
                copy.write_row((one,))
        cursor.execute("insert into usage_seen (id, day) select id, %s from usage_noting on conflict do nothing", [day])


def forget(today: date) -> int:
    """Deletes ids that are older than resends are, some at a time; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from usage_seen where ctid = any(array(select ctid from usage_seen where day < %s limit %s))",
            [today - timedelta(days=KEPT_DAYS), _DELETED_AT_ONCE],
        )
        return int(cursor.rowcount)

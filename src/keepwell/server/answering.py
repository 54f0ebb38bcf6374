"""Whether the installation lives: for supervisors and load balancers, as JSON."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from keepwell.apps.access.middleware import open_to_all


@open_to_all
def alive(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "alive"})


@open_to_all
def ready(request: HttpRequest) -> JsonResponse:
    """Database, worker and lake answer: 200, or 503 and what does not."""
    checks = {"database": _database(), "worker": _worker(), "lake": _lake()}
    good = all(one["ok"] for one in checks.values())
    return JsonResponse({"status": "ready" if good else "not ready", **checks}, status=200 if good else 503)


def _database() -> dict[str, object]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return {"ok": True}
    except DatabaseError as error:
        return {"ok": False, "why": str(error).strip().splitlines()[0]}


def _worker() -> dict[str, object]:
    from keepwell.apps.health.workers import live_workers

    try:
        workers = live_workers()
        return {"ok": workers > 0, **({} if workers else {"why": "no worker runs; start one with `keepwell worker`"})}
    except DatabaseError as error:
        return {"ok": False, "why": str(error).strip().splitlines()[0]}


def _lake() -> dict[str, object]:
    from keepwell.apps.health.place import data_dir

    folder = data_dir() / "lake"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        next(folder.iterdir(), None)
        return {"ok": True}
    except OSError as error:
        return {"ok": False, "why": f"{folder}: {error.strerror}"}

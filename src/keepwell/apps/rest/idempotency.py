"""A POST with an Idempotency-Key is done once: what it did and its answer are committed together, or neither is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from keepwell.apps.rest.models import KeptAnswer
from keepwell.apps.rest.problems import problem
from keepwell.apps.rest.streaming import is_streamed

KEPT = timedelta(hours=24)
LONGEST = 200
HEADER = "Idempotency-Key"


def once(request: HttpRequest, caller: str, key: str, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """The answer, or the one that was kept. A call that was refused changed nothing, so it may be sent anew.

    A second call with the key waits until the first is over.
    """
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        return problem(422, f"an {HEADER} has 1 to {LONGEST} printable characters", [_place("give another key")])
    with transaction.atomic():
        KeptAnswer.objects.filter(made_at__lt=timezone.now() - KEPT).delete()
        mark = _fingerprint(request)
        kept, is_new = KeptAnswer.objects.get_or_create(caller=caller, key=key, defaults={"fingerprint": mark})
        if not is_new:
            return _again(kept, mark)
        response = answer(request)
        if 200 <= response.status_code < 300:
            _keep(kept, response)
        else:
            transaction.set_rollback(True)
    return response


def _keep(kept: KeptAnswer, response: HttpResponse) -> None:
    """An answer that must not be stored, such as a token's secret, is told once; only that it was given is kept."""
    kept.status, kept.content_type = response.status_code, response.get("Content-Type", "")
    if "no-store" in response.get("Cache-Control", ""):
        kept.status = 409
    else:
        kept.body = response.content
    kept.save()


def _again(kept: KeptAnswer, mark: str) -> HttpResponse:
    if kept.fingerprint != mark:
        words = f"this {HEADER} was used for another request; take a new key for a new request"
        return problem(422, words, [_place("used for another request")], kind="key-reused")
    if kept.status == 409:
        return problem(409, "this was done already, and its answer holds a secret that is told once")
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    response["Idempotent-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    """Of a file that is read piece by piece its length stands for it."""
    body = request.headers.get("Content-Length", "").encode() if is_streamed(request) else request.body
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).hexdigest()


def _place(message: str) -> dict[str, str]:
    return {"place": f"header.{HEADER}", "message": message}

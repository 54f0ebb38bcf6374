"""A page of one's own product asks whether whoever uses it is to be asked.

Who asks shows with a signature of the product's server that it is this user: a user id alone is no secret, and the
answer is a link that speaks for a person. Every refusal looks like somebody who is not asked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.apps.customers.models import Person
from keepwell.apps.surveys.queries import personal_address
from keepwell.apps.surveys.respondents import limits
from keepwell.apps.surveys.respondents.answers import public
from keepwell.apps.surveys.whom.one import asked_now
from keepwell.apps.usage.models import IdKind, SourcePerson, WriteKey

_LONGEST = 4000


@public
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Plain text with JSON in it, so that browsers need not ask beforehand: {writeKey, user, signature}."""
    sent = _read(request)
    key = WriteKey.objects.filter(key=str(sent.get("writeKey", ""))[:60], revoked_at=None).first()
    origin = request.headers.get("Origin", "")
    if key is None or (origin and origin not in key.origins):
        return JsonResponse({"link": None})
    response = JsonResponse({"link": _link(request, key, sent)})
    if origin:
        response["Access-Control-Allow-Origin"] = origin
        response["Vary"] = "Origin"
    return response


def secret_of(key: WriteKey) -> str:
    """With this the product's server signs user ids; shown to those who configure, and known to nobody's browser."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"keepwell: in product:{key.key}".encode(), hashlib.sha256
    ).hexdigest()


def signature_of(key: WriteKey, user: str) -> str:
    """HMAC-SHA256 of the user id, in hexadecimal digits."""
    return hmac.new(secret_of(key).encode(), user.encode(), hashlib.sha256).hexdigest()


def _link(request: HttpRequest, key: WriteKey, sent: dict[str, Any]) -> str | None:
    user, signature = str(sent.get("user", ""))[:500], str(sent.get("signature", ""))[:100]
    if limits.is_guessing(request):
        return None
    if not user or not hmac.compare_digest(signature_of(key, user).encode(), signature.encode()):
        limits.note_miss(request)
        return None
    person = _person(user)
    invitation = asked_now(person, timezone.now()) if person is not None else None
    return personal_address(invitation) if invitation is not None else None


def _person(user: str) -> Person | None:
    """Whoever events of this user id are of, as far as customers know them."""
    keys = SourcePerson.objects.filter(kind=IdKind.USER, source_id=user).values_list("key", flat=True)
    found = Person.objects.select_related("merged_into", "personal").filter(pk__in=keys).first()
    return found.merged_into or found if found is not None else None


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body[:_LONGEST])
    except (ValueError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}

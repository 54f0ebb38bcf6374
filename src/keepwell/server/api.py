"""The API: everything the pages do, for programs. Each app brings a router; tokens say for whom a program acts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.access.tokens import person_of
from keepwell.apps.scorecards.api import router as definitions
from keepwell.errors import InputError


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Person | None:  # noqa: ARG002 - ninja's signature
        return person_of(token)


api = NinjaAPI(title="Keepwell API", version="1", auth=Token(), docs_url=None)
api.add_router("", definitions)


def _problem(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    """An error as problem+json (RFC 9457)."""
    response = api.create_response(request, {"title": title, "detail": detail, "status": status}, status=status)
    response["Content-Type"] = "application/problem+json"
    return response


@api.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return _problem(request, 403, "Not allowed", str(error))


@api.exception_handler(NotVisible)
def _not_visible(request: HttpRequest, _: NotVisible) -> HttpResponse:
    return _problem(request, 404, "Not found", "there is no such thing, or it is not yours to see")


@api.exception_handler(InputError)
def _refused(request: HttpRequest, error: InputError) -> HttpResponse:
    return _problem(request, 422, "Refused", str(error))

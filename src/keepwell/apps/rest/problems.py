"""Errors as problem+json (RFC 9457): what is wrong, where it stands, what is allowed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from keepwell.apps.access.actors import Forbidden, NotVisible
from keepwell.definitions.issues import Issue
from keepwell.errors import InputError

log = logging.getLogger("keepwell.api")
CONTENT_TYPE = "application/problem+json"


class NotYet(Exception):
    """The answer is being worked out: who asks again in a moment gets it."""


_TITLES = {
    400: ("bad-request", "The request cannot be read"),
    401: ("not-signed-in", "Say who you are"),
    403: ("forbidden", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("wrong-method", "This address does not take this method"),
    409: ("conflict", "It does not fit what stands"),
    412: ("outdated", "Somebody else was quicker"),
    413: ("too-large", "The request is too large"),
    422: ("refused", "Refused"),
    428: ("no-precondition", "Say what your change is based on"),
    429: ("too-many", "Too many calls"),
    500: ("fault", "A fault of Keepwell"),
    503: ("database-gone", "The database does not answer"),
}
_DETAILS = {
    401: "send 'Authorization: Bearer TOKEN' with a token that works, or the session of a browser",
    404: "there is no such thing, or it is not yours to see",
    500: "it was logged; nothing was changed",
    503: "try again in a few seconds",
}


def problem(
    status: int, detail: str = "", errors: Iterable[dict[str, Any]] = (), *, kind: str = "", **more: Any
) -> HttpResponse:
    """`errors`: {place, message} each. `kind` is the last part of the type, by which programs tell problems apart."""
    usual, title = _TITLES.get(status, (f"status-{status}", "Refused"))
    said = {
        "type": f"urn:keepwell:problem:{kind or usual}", "title": title, "status": status,
        "detail": detail or _DETAILS.get(status, title), "errors": list(errors), **more,
    }  # fmt: skip
    response = HttpResponse(json.dumps(said, default=str), status=status, content_type=CONTENT_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Keepwell"'
    if status == 503:
        response["Retry-After"] = "5"
    return response


def of_exception(error: Exception) -> HttpResponse:
    """The answer to what an endpoint raised. What nobody foresaw is logged, and nothing of it is told."""
    if isinstance(error, ValidationError):
        return problem(422, "the request does not fit the schema", map(_validation, error.errors), kind="validation")
    if isinstance(error, AuthenticationError):
        return problem(401)
    if isinstance(error, HttpError):
        return problem(error.status_code, str(error))
    if isinstance(error, Forbidden):
        return problem(403, str(error))
    if isinstance(error, NotVisible | Http404):
        return problem(404)
    if isinstance(error, InputError):
        return _refused(error)
    if isinstance(error, NotYet):
        return problem(503, str(error), kind="not-yet", title="Not yet")
    if isinstance(error, DataError):
        return problem(422, "a value is larger than can be kept, or holds characters that are no text")
    if isinstance(error, OperationalError | InterfaceError):
        return problem(503)
    log.error("a call of the API failed", exc_info=error)
    return problem(500)


def register(api: NinjaAPI) -> None:
    """Every exception of every endpoint becomes a problem."""
    kinds = (ValidationError, HttpError, Forbidden, NotVisible, Http404, InputError, Exception)
    for kind in kinds:
        api.add_exception_handler(kind, _answer)


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(error, Exception)
    return of_exception(error)


def as_problem(response: HttpResponse) -> HttpResponse:
    """An error that did not come from an endpoint, as a problem; its headers stay."""
    if response.status_code < 400 or response["Content-Type"].startswith(CONTENT_TYPE):
        return response
    if response["Content-Type"].startswith("application/json"):
        said = json.loads(response.content)
        kind = _TITLES.get(response.status_code, ("refused", ""))[0]
        response.content = json.dumps({"type": f"urn:keepwell:problem:{kind}", **said}).encode()
        response["Content-Type"] = CONTENT_TYPE
        return response
    found = problem(response.status_code)
    for name, value in response.items():
        if name.lower() not in ("content-type", "content-length"):
            found[name] = value
    return found


def _validation(error: dict[str, Any]) -> dict[str, Any]:
    return {"place": ".".join(map(str, error["loc"])), "message": str(error["msg"])}


def _refused(error: InputError) -> HttpResponse:
    theirs = getattr(error, "theirs", None)
    if theirs is not None:  # outdated: what stands now comes along
        return problem(412, str(error), files=dict(theirs))
    if by_account := getattr(error, "problems_of", None):
        errors = [{"place": f"accounts.{name}", "message": words} for name, words in by_account.items()]
        return problem(422, "nothing was taken: some rows cannot be", errors, kind="rows")
    if any(isinstance(one, Issue) for one in error.problems):
        return problem(422, "the definitions are refused", map(_issue, error.problems), kind="definitions")
    place = getattr(error, "field", None) or ""
    errors = [getattr(one, "placed", None) or {"place": place, "message": str(one)} for one in error.problems]
    several = f"{len(errors)} things are wrong; nothing was changed" if len(errors) > 1 else str(error)
    return problem(422, several, errors)


def _issue(one: object) -> dict[str, Any]:
    if not isinstance(one, Issue):
        return {"place": "", "message": str(one)}
    line = f":{one.line}" if one.line else ""
    return {"place": f"{one.file}{line}", "message": one.message, "path": one.path}

"""What every call of the API goes through: who calls, how often, whether it was answered before; errors as problems."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from keepwell.apps.rest import idempotency, limits
from keepwell.apps.rest.authentication import identified
from keepwell.apps.rest.problems import as_problem, problem
from keepwell.apps.rest.streaming import is_streamed

_ZERO = (b"\x00", b"\\u0000")


class ApiCalls:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        try:
            return as_problem(_unreadable(request) or self._answer(request))
        except (OperationalError, InterfaceError):
            return problem(503)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        caller = identified(request)
        request.caller = caller  # type: ignore[attr-defined]
        if caller is None or not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        rate = limits.count(caller.key)
        response = _too_many(rate) if rate.exceeded else self._once(request, caller.key)
        limits.tell(response, rate)
        return response

    def _once(self, request: HttpRequest, caller: str) -> HttpResponse:
        key = request.headers.get(idempotency.HEADER)
        if request.method != "POST" or key is None:
            return self.get_response(request)
        return idempotency.once(request, caller, key, self.get_response)


def _too_many(rate: limits.Rate) -> HttpResponse:
    response = problem(429, f"{rate.limit} calls a minute are allowed; wait {rate.reset} seconds")
    response["Retry-After"] = str(rate.reset)
    return response


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """A request that no endpoint could read: too large, or with zero characters, which the database does not keep."""
    if is_streamed(request):
        return None
    try:
        body = request.body
    except RequestDataTooBig:
        return problem(413, "at most 20 MB at once; send fewer rows")
    except UnreadablePostError:
        return problem(400, "the request ended before its body did")
    zero = any(one in body for one in _ZERO)
    if zero or "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return problem(422, "zero characters are no text", [{"place": "body" if zero else "query", "message": "zero"}])
    return None

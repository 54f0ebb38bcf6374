"""A page of usage: its frame at once, what it shows when it is worked out; refusals stand where they belong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import NotVisible, actor_of
from keepwell.apps.adoption import counting
from keepwell.apps.adoption.asking import Asked, Choice, NothingSaysWho, Scope, asked_of, choose, scoped
from keepwell.apps.adoption.counting import StillCounting, waiting
from keepwell.apps.adoption.tables import TABLES, file_of
from keepwell.apps.adoption.words import SAYS
from keepwell.errors import FieldRefused, KeepwellError

Answer = Callable[[Scope, Choice, HttpRequest], Mapping[str, Any]]
SEGMENT = "segment"


@dataclass(frozen=True)
class Report:
    """`choices`: what the form offers, by field, the first as what counts unless chosen. `answer`: what it shows."""

    name: str
    title: str
    answer: Answer
    choices: Mapping[str, tuple[object, ...]]
    words: Mapping[str, str]

    def view(self, request: HttpRequest) -> HttpResponse:
        """The frame; asked for by htmx, what it shows; asked for a file, one of its tables."""
        given = {name: request.GET.get(name, "").strip() for name in request.GET}
        choice = choose(given, **self.choices)
        try:
            asked = asked_of(actor_of(request), segment=given.get(SEGMENT, ""), account=given.get("account", ""))
        except NothingSaysWho:
            return render(request, "adoption/nothing.html", {"report": self})
        except FieldRefused as refused:
            found = Choice(choice.chosen, {**choice.errors, refused.field: str(refused)})
            return self._frame(request, asked_of(actor_of(request)), found)
        if choice.errors:
            return self._frame(request, asked, choice)
        if given.get("format") == "csv":
            return self._file(request, asked, choice, given.get("table", ""))
        return (self._inside if request.headers.get("HX-Request") else self._frame)(request, asked, choice)

    def _frame(self, request: HttpRequest, asked: Asked, choice: Choice) -> HttpResponse:
        context = {
            "report": self, "asked": asked, "fields": self._fields(choice), "errors": choice.errors,
            "segments": sorted(asked.project.segments), "segment": request.GET.get(SEGMENT, ""),
            "address": request.get_full_path(), "more": self._more(request),
        }  # fmt: skip
        return render(request, "adoption/frame.html", context, status=422 if choice.errors else 200)

    def _inside(self, request: HttpRequest, asked: Asked, choice: Choice) -> HttpResponse:
        address = request.get_full_path()
        try:
            with waiting(counting.OF_PAGES):
                scope = scoped(asked)
                if not scope.accounts:
                    return render(request, "adoption/_nobody.html", {"scope": scope})
                found = self.answer(scope, choice, request)
        except StillCounting as still:
            return render(request, "adoption/_counting.html", {"counting": still, "address": address})
        except KeepwellError as error:
            context = {"error": error, "address": address}
            return render(request, "adoption/_failed.html", context, status=422)
        shown = {**found, "scope": scope, "choice": choice.chosen, "csv": _csv_of(request), "says": SAYS}
        return render(request, f"adoption/{self.name}.html", shown)

    def _file(self, request: HttpRequest, asked: Asked, choice: Choice, name: str) -> HttpResponse:
        build = TABLES[self.name].get(name)
        if build is None:
            raise NotVisible
        try:
            with waiting(counting.OF_FILES):
                scope = scoped(asked)
                return file_of(name, build(scope, choice, request.GET), scope, choice)
        except (StillCounting, KeepwellError) as error:
            status = 503 if isinstance(error, StillCounting) else 422
            return HttpResponse(f"{error}\n", status=status, content_type="text/plain; charset=utf-8")

    def _fields(self, choice: Choice) -> list[dict[str, Any]]:
        return [
            {"name": name, "label": self.words.get(name, name), "error": choice.errors.get(name, ""),
             "options": [(str(value), self.words.get(f"{name}:{value}", str(value)), str(value) == choice[name])
                         for value in values]}
            for name, values in self.choices.items()
        ]  # fmt: skip

    def _more(self, request: HttpRequest) -> dict[str, list[str]]:
        """What the form carries along that is no choice of its own."""
        return {name: request.GET.getlist(name) for name in ("account", "event", "step") if request.GET.get(name)}


def _csv_of(request: HttpRequest) -> str:
    """The address of the tables' files, which ends where the name of one goes."""
    query = request.GET.copy()
    for name in ("format", "table"):
        query.pop(name, None)
    return f"?{query.urlencode()}&format=csv&table=".replace("?&", "?")

"""A page of usage: its frame at once, what it shows when it is worked out; refusals stand where they belong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.adoption.asking import Choice, NothingSaysWho, Scope, choose, scope_of
from keepwell.apps.customers.refusals import FieldRefused
from keepwell.errors import KeepwellError

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
        """The frame; asked for by htmx, what it shows."""
        given = {name: request.GET.get(name, "").strip() for name in request.GET}
        choice = choose(given, **self.choices)
        inside = bool(request.headers.get("HX-Request"))
        try:
            scope = scope_of(actor_of(request), segment=given.get(SEGMENT, ""), account=given.get("account", ""))
        except NothingSaysWho:
            return render(request, "adoption/nothing.html", {"report": self})
        except FieldRefused as refused:
            found = Choice(choice.chosen, {**choice.errors, refused.field: str(refused)})
            scope = scope_of(actor_of(request))
            return self._frame(request, scope, found)
        if not inside or choice.errors:
            return self._frame(request, scope, choice)
        return self._inside(request, scope, choice)

    def _frame(self, request: HttpRequest, scope: Scope, choice: Choice) -> HttpResponse:
        context = {
            "report": self, "scope": scope, "fields": self._fields(choice), "errors": choice.errors,
            "segments": sorted(scope.project.segments), "segment": request.GET.get(SEGMENT, ""),
            "address": request.get_full_path(), "more": self._more(request),
        }  # fmt: skip
        return render(request, "adoption/frame.html", context, status=422 if choice.errors else 200)

    def _inside(self, request: HttpRequest, scope: Scope, choice: Choice) -> HttpResponse:
        if not scope.accounts:
            return render(request, "adoption/_nobody.html", {"scope": scope})
        try:
            found = {**self.answer(scope, choice, request), "scope": scope, "choice": choice.chosen}
        except KeepwellError as error:
            return render(request, "adoption/_failed.html", {"error": error}, status=422)
        return render(request, f"adoption/{self.name}.html", found)

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

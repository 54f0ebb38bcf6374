"""Pages of all entries of a kind: those in force and those of a draft, where entries come, go and are changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing.operations import draft_to_edit
from keepwell.apps.configuration.editing.pages import Editor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.definitions.project import Project
from keepwell.errors import InputError


@dataclass(frozen=True)
class Listed:
    """What a list is made of. `draft`: None for what is in force."""

    editor: Editor
    actor: Person
    draft: Draft | None
    files: Files

    @cached_property
    def project(self) -> Project | None:
        """The definitions, where they are valid."""
        return checked(self.files)[0] if self.files else None

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Name, title, what each says, and how much there is to mend in it."""
        return self.editor.rows(self.files, checked(self.files)[1] if self.files else ())


@dataclass(frozen=True)
class Listing:
    """`template`: extends configuration/editing/list.html; `heading`, `noun` and `example` are its words. `beside`:
    more for it, at least its `rows`. `asked`: what is done with a draft on a POST, and where to go then, where that is
    more than what the editor does."""

    editor: Editor
    template: str
    heading: str
    example: str
    beside: Callable[[Listed], dict[str, Any]]
    noun: str = ""
    asked: Callable[[HttpRequest, Draft], HttpResponse] | None = None

    def in_force(self, request: HttpRequest) -> HttpResponse:
        """Those in force. POST: a change, in a draft of one's own."""
        actor, version = configurator(request), queries.current_version()
        listed = Listed(self.editor, actor, None, version.files if version else {})
        return self._answered(request, listed, lambda: draft_to_edit(actor, self.editor.form))

    def of_draft(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """Those of a draft. POST: a change of one of them, named by `do`."""
        actor, draft = configurator(request), queries.draft(draft_id)
        return self._answered(request, Listed(self.editor, actor, draft, draft.files), lambda: draft)

    def _answered(self, request: HttpRequest, listed: Listed, draft: Callable[[], Draft]) -> HttpResponse:
        if request.method != "POST":
            return self._shown(request, listed)
        try:
            return (self.asked or self.editor.asked)(request, draft())
        except InputError as refused:
            return self._shown(request, listed, str(refused))

    def _shown(self, request: HttpRequest, listed: Listed, refusal: str = "") -> HttpResponse:
        entries, adding = self.editor.form.entries, request.POST.get("do") == "add"
        context = {
            "draft": listed.draft,
            "heading": self.heading,
            "noun": self.noun or entries.noun,
            "example": self.example,
            "to_entry": f"edit_{entries.noun}",
            "to_draft": f"draft_{entries.kind}",
            "drafts": [] if listed.draft else self._drafts(),
            "current": queries.current_version(),
            "refusal": refusal if adding else "",
            "problem": "" if adding else refusal,
            "title": request.POST.get("title", ""),
            **self.beside(listed),
        }
        return render(request, self.template, context, status=422 if refusal else 200)

    def _drafts(self) -> list[Draft]:
        """Drafts that were begun here."""
        return [one for one in queries.drafts() if one.name.startswith(self.editor.form.draft)]

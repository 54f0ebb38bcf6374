"""Configure › Advocacy: the kinds of activity, the rules that find candidates, and the editor of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.advocacy.editing.form import CANDIDATES_FORM, KIND_FORM
from keepwell.apps.advocacy.editing.page import candidates_page, kind_page
from keepwell.apps.advocacy.editing.telling import candidate_words, kind_words
from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing.operations import draft_to_edit
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.editing.naming import names_for, summary
from keepwell.definitions.advocacy import DEFAULT_ACTIVITIES, DEFAULT_CANDIDATES
from keepwell.definitions.advocacy_names import ACCOUNTS, PEOPLE
from keepwell.definitions.base import Documented
from keepwell.definitions.names import listed
from keepwell.errors import InputError


@dataclass(frozen=True)
class Listing:
    """The page of all entries of a kind: `defaults` come with Keepwell, `say` tells one in a sentence."""

    editor: Editor
    heading: str
    noun: str
    example: str
    about: str
    defaults: Mapping[str, Documented]
    say: Callable[[Any], str]

    def in_force(self, request: HttpRequest) -> HttpResponse:
        """Those in force. POST: a change, in a draft of one's own."""
        actor, version = configurator(request), queries.current_version()
        if request.method == "POST":
            try:
                return self.editor.asked(request, draft_to_edit(actor, self.editor.form))
            except InputError as refused:
                return self._listed(request, version.files if version else {}, None, str(refused))
        return self._listed(request, version.files if version else {}, None)

    def of_draft(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """Those of a draft. POST: one of them comes or goes, named by `do`."""
        configurator(request)
        draft = queries.draft(draft_id)
        if request.method == "POST":
            try:
                return self.editor.asked(request, draft)
            except InputError as refused:
                return self._listed(request, draft.files, draft, str(refused))
        return self._listed(request, draft.files, draft)

    def _listed(self, request: HttpRequest, files: Files, draft: Draft | None, refusal: str = "") -> HttpResponse:
        project, issues = checked(files) if files else (None, ())
        defined = getattr(project, self.editor.form.entries.kind) if project else {}
        rows = self.editor.rows(files, issues)
        written = {row["name"] for row in rows}
        context = {
            "draft": draft, "heading": self.heading, "noun": self.noun, "example": self.example, "about": self.about,
            "edit": f"edit_{self.editor.form.entries.noun}", "to_drafts": f"draft_{self.editor.form.entries.kind}",
            "rows": [{**row, "said": self.say(defined[row["name"]]) if row["name"] in defined else ""} for row in rows],
            "defaults": [(one.title, self.say(one)) for name, one in self.defaults.items() if name not in written],
            "drafts": [one for one in queries.drafts() if draft is None and one.name.startswith("Advocacy")],
            "current": queries.current_version(), "problems": [refusal] if refusal else [],
            "title": request.POST.get("title", ""),
        }  # fmt: skip
        return render(request, "advocacy/kinds/list.html", context, status=422 if refusal else 200)


def _beside(asked: Asked) -> dict[str, Any]:
    found = asked.drafted.advocacy_activities.get(asked.name) if asked.drafted else None
    return {**_names(asked), "sentence": kind_words(found) if found else "", "aside": "Kinds that come with Keepwell"}


def _beside_candidates(asked: Asked) -> dict[str, Any]:
    found = asked.drafted.advocacy_candidates.get(asked.name) if asked.drafted else None
    return {**_names(asked), "sentence": candidate_words(found) if found else "", "aside": "Names that it knows"}


def _names(asked: Asked) -> dict[str, Any]:
    own = {**ACCOUNTS, **PEOPLE}
    names = [{"name": name, "kind": "advocacy", "doc": one.doc, "place": "expression"} for name, one in own.items()]
    return {
        "names": [*names, *names_for(asked.project)], "summary": f"{listed(own, 40)}; {summary(asked.project)}",
        "known": own.items(), "other_name": "What was logged under the old name keeps it, and is worth nothing then. "
        "Another title changes what people read, and nothing else.",
    }  # fmt: skip


KINDS = Listing(
    Editor(KIND_FORM, "advocacy/kinds", kind_page, _beside), "Kinds of activity", "kind", "Plant tour",
    "What customers can do for you, what each is worth, and how often one may be asked.", DEFAULT_ACTIVITIES,
    kind_words,
)  # fmt: skip
CANDIDATES = Listing(
    Editor(CANDIDATES_FORM, "advocacy/candidate_rules", candidates_page, _beside_candidates), "Rules for candidates",
    "rule", "Sponsors of large customers", "Who might become an advocate; whom they find stands under Advocacy.",
    DEFAULT_CANDIDATES, candidate_words,
)  # fmt: skip


def kinds(request: HttpRequest) -> HttpResponse:
    return KINDS.in_force(request)


def kinds_of_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    return KINDS.of_draft(request, draft_id)


def kind(request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
    return KINDS.editor.entry(request, draft_id, name)


def save_kind(request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
    return KINDS.editor.save(request, draft_id, name)


def save_kind_yaml(request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
    return KINDS.editor.save_yaml(request, draft_id, name)


def finders(request: HttpRequest) -> HttpResponse:
    return CANDIDATES.in_force(request)


def finders_of_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    return CANDIDATES.of_draft(request, draft_id)


def finder(request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
    return CANDIDATES.editor.entry(request, draft_id, name)


def save_finder(request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
    return CANDIDATES.editor.save(request, draft_id, name)


def save_finder_yaml(request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
    return CANDIDATES.editor.save_yaml(request, draft_id, name)

"""Pages of an editor: an entry of a draft as form and as YAML, and entries that come and go."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing import operations
from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.form import Form, Typed
from keepwell.apps.configuration.editing.operations import Saved, project_of_draft
from keepwell.apps.configuration.editing.shown import Page, said_of
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.definitions.issues import Issue
from keepwell.definitions.project import Project
from keepwell.errors import InputError, RequestRefused

_UNSENT = ("csrfmiddlewaretoken", "revision", "do", "rename", "lines")
_UNKNOWN = "load the page again: the revision of the draft is not known"


@dataclass(frozen=True)
class Asked:
    """What the page of an entry is made of. `drafted`: the definitions of the draft, where they are valid."""

    draft: Draft
    name: str
    entry: Document
    issues: Sequence[Issue]
    project: Project
    drafted: Project | None
    typed: Typed | None


@dataclass(frozen=True)
class Editor:
    """`templates`: the folder with editor.html, _editor.html and draft.html. `page`: what it shows of an entry;
    `beside`: more for its template. Addresses are named after the noun of the form: edit_rule, save_rule,
    save_rule_yaml, and after its kind: draft_rules."""

    form: Form
    templates: str
    page: Callable[[Asked], Page]
    beside: Callable[[Asked], dict[str, Any]]

    def entry(self, request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
        configurator(request)
        return self._shown(request, queries.draft(draft_id), name)

    def save(self, request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
        """What was typed is kept at once; `do` then adds, removes or moves a part, or gives another name."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        actor, draft, before = configurator(request), queries.draft(draft_id), 0
        typed = {
            key: str(value) for key, value in request.POST.items() if key not in _UNSENT and not key.startswith("new/")
        }
        do = request.POST.get("do", "")
        try:
            before = int(request.POST.get("revision", ""))
            if do == "rename":
                new = request.POST.get("rename", "").strip()
                return self._moved(
                    request, operations.rename_entry(actor=actor, draft=draft, form=self.form, name=name, new=new)
                )
            saved = operations.save_entry(
                actor=actor, draft=draft, form=self.form, name=name, typed=typed, revision=before, do=do,
                chosen=_chosen(request, do),
            )  # fmt: skip
        except ValueError:
            return self._shown(request, draft, name, 422, refusal=_UNKNOWN)
        except InputError as refused:
            return self._shown(request, queries.draft(draft_id), name, 422, typed=typed, refusal=str(refused),
                               rename=request.POST.get("rename", "") if do == "rename" else "")  # fmt: skip
        kept = {one.field: typed.get(one.field, "") for one in saved.conflicts}
        return self._shown(
            request, saved.draft, name, 409 if saved.conflicts else 200, typed=kept, conflicts=saved.conflicts,
            saved=True, undo=before if saved.draft.revision != before else None, rebuilt=bool(do),
        )  # fmt: skip

    def save_yaml(self, request: HttpRequest, draft_id: int, name: str) -> HttpResponse:
        """The entry as YAML, instead of through the form."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        actor, draft = configurator(request), queries.draft(draft_id)
        lines = request.POST.get("lines", "").replace("\r\n", "\n")
        try:
            revision = int(request.POST.get("revision", ""))
            saved = operations.save_yaml(
                actor=actor, draft=draft, form=self.form, name=name, lines=lines, revision=revision
            )
        except ValueError:
            return self._shown(request, draft, name, 422, refusal=_UNKNOWN)
        except InputError as refused:
            return self._shown(request, queries.draft(draft_id), name, 422, lines=lines, yaml_refusal=str(refused))
        if saved.name != name:
            return self._moved(request, saved)
        return self._shown(request, saved.draft, name, saved=True, rebuilt=True,
                           undo=revision if saved.draft.revision != revision else None)  # fmt: skip

    def asked(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        """An entry that comes or goes, as `do` says, and where to go then."""
        actor, entries = configurator(request), self.form.entries
        do, name = request.POST.get("do", ""), request.POST.get("entry", "")
        if do == "add":
            title = request.POST.get("title", "")
            saved = operations.add_entry(actor=actor, draft=draft, form=self.form, title=title)
        elif do == "edit":
            saved = Saved(draft, name)
        elif do == "copy":
            saved = operations.copy_entry(actor=actor, draft=draft, form=self.form, like=name)
            messages.success(request, f"This is a copy of {name}. It takes effect when the draft is published.")
        elif do == "remove":
            operations.remove_entry(actor=actor, draft=draft, form=self.form, name=name)
            messages.success(request, f"In the draft, {name} is gone. It stands until the draft is published.")
            return redirect(f"draft_{entries.kind}", draft.pk)
        else:
            raise RequestRefused(f"choose what to do with a {entries.noun}: add, edit, copy or remove it")
        return redirect(f"edit_{entries.noun}", saved.draft.pk, saved.name)

    def rows(self, files: Files, issues: Sequence[Issue]) -> list[dict[str, Any]]:
        """The entries of files: name, title, what each says, and how much there is to mend in it."""
        entries, found = self.form.entries, []
        for name in entries.names_in(files):
            entry = entries.entry_in(files, name) or {}
            head = f"{entries.kind}.{name}"
            wrong = sum(one.path == head or one.path.startswith((f"{head}.", f"{head}[")) for one in issues)
            found.append({"name": name, "title": title_of(name, entry), "entry": entry, "wrong": wrong})
        return found

    def _shown(self, request: HttpRequest, draft: Draft, name: str, status: int = 200, **more: Any) -> HttpResponse:
        entries = self.form.entries
        held, path = entries.entry_in(draft.files, name), entries.file_of(draft.files, name)
        if held is None or path is None:
            say(
                request,
                RequestRefused(f"there is no {entries.noun} '{name}' in this draft, or its file cannot be read"),
            )
            return redirect("draft", draft.pk)
        drafted, issues = checked(draft.files)
        asked = Asked(draft, name, held, issues, project_of_draft(draft), drafted, more.pop("typed", None))
        newest, lines = queries.current_version(), entries.text_of(draft.files, name)
        context = {
            "draft": draft,
            "page": self.page(asked),
            "title": title_of(name, held),
            "noun": entries.noun,
            "part": f"{self.templates}/_editor.html",
            "to": self._addresses(draft, name),
            "path": path,
            "lines": lines,
            "rows": min(str(more.get("lines") or lines).count("\n") + 2, 30),
            "outdated": newest is not None and newest.number != draft.base.number,
            "newest": newest,
            **self.beside(asked),
        }
        whole = "_editor.html" if request.headers.get("HX-Request") else "editor.html"
        response = render(request, f"{self.templates}/{whole}", context | more, status=status)
        if more.get("rebuilt"):  # parts stand elsewhere: a morph that moves them is nothing to rely on
            response["HX-Reswap"] = "outerHTML"
        if more.get("saved"):
            response["HX-Trigger"] = json.dumps({"draft-changed": {"revision": draft.revision}})
        return response

    def _addresses(self, draft: Draft, name: str) -> dict[str, str]:
        noun = self.form.entries.noun
        return {
            "here": reverse(f"edit_{noun}", args=[draft.pk, name]),
            "save": reverse(f"save_{noun}", args=[draft.pk, name]),
            "yaml": reverse(f"save_{noun}_yaml", args=[draft.pk, name]),
            "all": reverse(f"draft_{self.form.entries.kind}", args=[draft.pk]),
        }

    def _moved(self, request: HttpRequest, saved: Saved) -> HttpResponse:
        """To the page of the entry under its new name."""
        there = redirect(f"edit_{self.form.entries.noun}", saved.draft.pk, saved.name)
        if not request.headers.get("HX-Request"):
            return there
        response = HttpResponse()
        response["HX-Redirect"] = there["Location"]
        return response


def title_of(name: str, entry: Document) -> str:
    """What pages call an entry as it is written: its title, else its name in words."""
    return said_of(entry, "title") or name.replace("_", " ").capitalize()


def _chosen(request: HttpRequest, do: str) -> str:
    what, _, at = do.partition(":")
    return request.POST.get(f"new/{at or what.removeprefix('add-')}", "")

"""The editor of rules in a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.apps.rules.editing import documents, operations
from keepwell.apps.rules.editing.naming import known_of, names_for, summary
from keepwell.apps.rules.editing.operations import Saved, project_of_draft
from keepwell.apps.rules.editing.page import page_of
from keepwell.apps.rules.performers import action_problems
from keepwell.apps.rules.wording import sentence_of, title_of
from keepwell.definitions.actions import kind_of, parameters_of
from keepwell.definitions.rules import Rule
from keepwell.errors import InputError, RequestRefused

_UNSENT = (
    "csrfmiddlewaretoken",
    "revision",
    "do",
    "new/trigger",
    "new/actions",
    "new/until/actions",
    "rename",
    "lines",
)


def rules_of_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The rules of a draft. POST: one of them comes, goes, or acts no longer, named by `do`."""
    configurator(request)
    draft = queries.draft(draft_id)
    if request.method == "POST":
        try:
            return asked(request, draft, str(request.POST.get("do", "")))
        except InputError as refused:
            return _rules(request, draft, str(refused))
    return _rules(request, draft)


def asked(request: HttpRequest, draft: Draft, do: str) -> HttpResponse:
    """One change of the rules of a draft, and where to go then."""
    actor, name = configurator(request), request.POST.get("rule", "")
    if do == "add":
        saved = operations.add_rule(actor=actor, draft=draft, title=request.POST.get("title", ""))
    elif do == "edit":
        saved = Saved(draft, name)
    elif do == "copy":
        saved = operations.copy_rule(actor=actor, draft=draft, like=name)
        messages.success(request, f"This is a copy of {name}. It acts once it is enabled and published.")
    elif do in ("enable", "disable"):
        operations.enable_rule(actor=actor, draft=draft, name=name, enabled=do == "enable")
        messages.success(request, f"In the draft, {name} is {do}d. It takes effect when the draft is published.")
        return redirect("draft_rules", draft.pk)
    elif do == "remove":
        operations.remove_rule(actor=actor, draft=draft, name=name)
        messages.success(request, f"In the draft, {name} is gone. It acts until the draft is published.")
        return redirect("draft_rules", draft.pk)
    else:
        raise RequestRefused("choose what to do: add, edit, copy, enable, disable or remove a rule")
    return redirect("edit_rule", saved.draft.pk, saved.name)


def rule(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """The editor of one rule."""
    configurator(request)
    return _editor(request, queries.draft(draft_id), rule)


@require_POST
def save(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """What was typed is kept at once; `do` then adds, removes or moves a part."""
    actor, draft, before = configurator(request), queries.draft(draft_id), 0
    typed = {name: str(value) for name, value in request.POST.items() if name not in _UNSENT}
    do = request.POST.get("do", "")
    try:
        before = int(request.POST.get("revision", ""))
        if do == "rename":
            new = request.POST.get("rename", "").strip()
            saved = operations.rename_rule(actor=actor, draft=draft, name=rule, new=new)
            return _moved(request, saved)
        saved = operations.save_rule(
            actor=actor, draft=draft, name=rule, typed=typed, revision=before, do=do, chosen=_chosen(request, do)
        )
    except ValueError:
        return _editor(request, draft, rule, 422, refusal="load the page again: the revision of the draft is not known")
    except InputError as refused:
        return _editor(request, queries.draft(draft_id), rule, 422, typed=typed, refusal=str(refused),
                       rename=request.POST.get("rename", "") if do == "rename" else "")  # fmt: skip
    kept = {one.field: typed.get(one.field, "") for one in saved.conflicts}
    return _editor(
        request, saved.draft, rule, 409 if saved.conflicts else 200, typed=kept, conflicts=saved.conflicts, saved=True,
        undo=before if saved.draft.revision != before else None, rebuilt=bool(do),
    )  # fmt: skip


@require_POST
def save_yaml(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """The rule as YAML, instead of through the form."""
    actor, draft = configurator(request), queries.draft(draft_id)
    lines = request.POST.get("lines", "").replace("\r\n", "\n")
    try:
        revision = int(request.POST.get("revision", ""))
        saved = operations.save_yaml(actor=actor, draft=draft, name=rule, lines=lines, revision=revision)
    except ValueError:
        return _editor(request, draft, rule, 422, refusal="load the page again: the revision of the draft is not known")
    except InputError as refused:
        return _editor(request, queries.draft(draft_id), rule, 422, lines=lines, yaml_refusal=str(refused))
    if saved.name != rule:
        return _moved(request, saved)
    return _editor(request, saved.draft, rule, saved=True, rebuilt=True,
                   undo=revision if saved.draft.revision != revision else None)  # fmt: skip


def _chosen(request: HttpRequest, do: str) -> str:
    what, _, at = do.partition(":")
    return request.POST.get("new/trigger" if what == "add-trigger" else f"new/{at}", "")


def _moved(request: HttpRequest, saved: Saved) -> HttpResponse:
    """To the page of the rule under its new name."""
    there = redirect("edit_rule", saved.draft.pk, saved.name)
    if not request.headers.get("HX-Request"):
        return there
    response = HttpResponse()
    response["HX-Redirect"] = there["Location"]
    return response


def _editor(request: HttpRequest, draft: Draft, name: str, status: int = 200, **more: object) -> HttpResponse:
    held, path = documents.rule_in(draft.files, name), documents.file_of(draft.files, name)
    if held is None or path is None:
        say(request, RequestRefused(f"there is no rule '{name}' in this draft, or its file cannot be read"))
        return redirect("draft", draft.pk)
    _, issues = checked(draft.files)
    project, newest = project_of_draft(draft), queries.current_version()
    drafted = project.rules.get(name) if not issues else None
    typed = more.pop("typed", None)
    context: dict[str, object] = {
        "draft": draft,
        "page": page_of(name, held, issues, known_of(project, name), typed),  # type: ignore[arg-type]
        "title": str(held.get("title") or "") or title_of(name, None),
        "sentence": sentence_of(drafted) if drafted else "",
        "problems": action_problems(_actions(drafted)) if drafted else (),
        "path": path,
        "lines": documents.text_of(draft.files, name),
        "names": names_for(project),
        "summary": summary(project),
        "outdated": newest is not None and newest.number != draft.base.number,
        "newest": newest,
    }
    context["rows"] = min(str(more.get("lines") or context["lines"]).count("\n") + 2, 30)
    template = "rules/_editor.html" if request.headers.get("HX-Request") else "rules/editor.html"
    response = render(request, template, context | more, status=status)
    if more.get("rebuilt"):  # parts stand elsewhere: a morph that moves them is nothing to rely on
        response["HX-Reswap"] = "outerHTML"
    if more.get("saved"):
        response["HX-Trigger"] = json.dumps({"draft-changed": {"revision": draft.revision}})
    return response


def _actions(rule: Rule) -> list[tuple[str, Mapping[str, Any]]]:
    every = (*rule.actions, *(rule.until.actions if rule.until else ()))
    return [(kind_of(one), parameters_of(one).model_dump(mode="json")) for one in every]


def _rules(request: HttpRequest, draft: Draft, refusal: str = "") -> HttpResponse:
    _, issues = checked(draft.files)
    rows = [
        {"name": name, "title": held.get("title") or name, "enabled": held.get("enabled", True) is not False,
         "wrong": sum(one.path == f"rules.{name}" or one.path.startswith((f"rules.{name}.", f"rules.{name}["))
                      for one in issues)}
        for name in documents.names_in(draft.files) if (held := documents.rule_in(draft.files, name)) is not None
    ]  # fmt: skip
    context = {"draft": draft, "rows": rows, "refusal": refusal, "title": request.POST.get("title", "")}
    return render(request, "rules/draft.html", context, status=422 if refusal else 200)

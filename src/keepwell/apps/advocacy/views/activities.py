"""Activities: all of them, one, logging and correcting."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.forms import ActivityForm
from keepwell.apps.advocacy.kinds import Kind, every_kind, kinds, title_of
from keepwell.apps.advocacy.models import Activity
from keepwell.apps.advocacy.operations.activities import correct, log, withdraw
from keepwell.apps.advocacy.queries import activities_seen, activity_for, done_of, people_to_choose, whose
from keepwell.apps.customers.queries import account_for
from keepwell.apps.ui.accepting import accepted
from keepwell.definitions.advocacy import AdvocacyActivity
from keepwell.errors import InputError

PAGE = 50
_STANDS = ("happened_on", "title", "text", "link", "site", "rating", "deal", "amount", "result", "decided_on")


@require_GET
def activities(request: HttpRequest) -> HttpResponse:
    """The latest first, of all kinds or one."""
    actor, kind, q = actor_of(request), request.GET.get("kind", ""), request.GET.get("q", "").strip()
    found = activities_seen(actor).order_by("-happened_on", "-pk")
    if kind:
        found = found.filter(kind=kind)
    if q:
        found = found.filter(account__name__icontains=q) | found.filter(title__icontains=q)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": "activities", "page": page, "rows": rows_of(list(page.object_list)), "kind": kind, "q": q,
        "kinds": every_kind().values(), "address": f"?kind={kind}&q={q}", "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/activities.html", context)


def rows_of(found: list[Activity]) -> list[tuple[Activity, str, str, float]]:
    """Each with whose it is, the title of its kind, and what it is worth today."""
    known, day = every_kind(), today()
    left = {one.id: one.left_on(day) for one in done_of(found)}
    titles = {name: one.title for name, one in known.items()}
    return [(one, whose(one), titles.get(one.kind, title_of(one.kind)), left[one.pk]) for one in found]


@require_GET
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """What it was, what it is worth, and how it was corrected."""
    actor = actor_of(request)
    found = activity_for(actor, activity_id)
    ((_, name, title, left),) = rows_of([found])
    (done,) = done_of([found])
    changes = found.changes.exclude(reason="").order_by("-recorded_at", "-pk")
    context = {
        "one": found, "name": name, "kind": title, "left": left, "done": done, "changes": changes,
        "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/activity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, account_id: str) -> HttpResponse:
    """An activity of a customer: its kind is chosen first, since it says which fields there are."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    offered = kinds()
    kind = next((one for one in offered if one.name == request.GET.get("kind")), offered[0] if offered else None)
    if kind is None:
        return render(request, "advocacy/no_kinds.html", {"account": account})
    initial = {"happened_on": today(), "person": request.GET.get("person", "")}
    form = ActivityForm(request.POST or None, kind=kind, people=people_to_choose(account), initial=initial)
    made = accepted(
        form,
        lambda: log(
            actor=actor, kind=kind.name, account_id=account_id, said=form.said(),
            person=form.cleaned_data.get("person"),
        ),
    )  # fmt: skip
    if made is not None:
        messages.success(request, "Logged. The timeline has it, and measures count it.")
        return redirect("advocacy_activity", made.pk)
    context = {"account": account, "form": form, "kinds": offered, "kind": kind, "person": initial["person"]}
    return render(request, "advocacy/log.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def fix(request: HttpRequest, activity_id: int) -> HttpResponse:
    """What it said is kept beside what it says then."""
    actor = actor_of(request)
    found = activity_for(actor, activity_id)
    require(actor, Permission.WRITE)
    kind = every_kind().get(found.kind) or Kind(found.kind, title_of(found.kind), AdvocacyActivity(points=0))
    initial = {name: getattr(found, name) for name in _STANDS}
    form = ActivityForm(request.POST or None, kind=kind, corrects=True, initial=initial)
    made = accepted(
        form,
        lambda: correct(actor=actor, activity_id=found.pk, said=form.said(), reason=form.cleaned_data["reason"]),
    )
    if made is not None:
        messages.success(request, "Corrected.")
        return redirect("advocacy_activity", found.pk)
    context = {"account": found.account, "form": form, "heading": f"Correct: {found.title}"}
    return render(request, "advocacy/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def take_back(request: HttpRequest, activity_id: int) -> HttpResponse:
    """It was logged by mistake."""
    try:
        withdraw(actor=actor_of(request), activity_id=activity_id, reason=request.POST.get("reason", ""))
        messages.success(request, "Taken back. It counts no more.")
    except InputError as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("advocacy_activity", activity_id)

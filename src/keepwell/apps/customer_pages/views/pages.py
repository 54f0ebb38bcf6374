"""The page about the page: what it has, to whom it was sent, and what it showed."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.adoption.titles import titles_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customer_pages import operations
from keepwell.apps.customer_pages.forms import PageForm, SendForm
from keepwell.apps.customer_pages.gathering import gather
from keepwell.apps.customer_pages.outside import showing
from keepwell.apps.customer_pages.queries import links_of, page_of, people_to_send_to, state_of, view_for
from keepwell.apps.customer_pages.words import said
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for
from keepwell.errors import FieldRefused

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, account_id: str) -> HttpResponse:
    """Shows what the page has, and keeps what is changed of it."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    if request.method != "POST":
        return _editor(request, account)
    require(actor, Permission.WRITE)
    form = PageForm(request.POST, features=_features())
    if form.is_valid():
        try:
            operations.prepare(actor=actor, account_id=account_id, chosen=form.chosen())
        except FieldRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, "Saved. What was sent before stays as it was sent.")
            return redirect("customer_page", account_id)
    return _editor(request, account, form=form)


@require_POST
def send(request: HttpRequest, account_id: str) -> HttpResponse:
    """A link to somebody at the account, by mail."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    form = SendForm(request.POST, people=list(people_to_send_to(account)))
    if form.is_valid():
        try:
            operations.send(actor=actor, account_id=account_id, **form.cleaned_data)
        except FieldRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, "The letter with the link goes out now.")
            return redirect("customer_page", account_id)
    return _editor(request, account, sending=form)


@require_POST
def revoke(request: HttpRequest, account_id: str, link_id: int) -> HttpResponse:
    operations.revoke(actor=actor_of(request), account_id=account_id, link_id=link_id)
    messages.success(request, "Taken back: the link opens nothing any more.")
    return redirect("customer_page", account_id)


@require_GET
def preview(request: HttpRequest, account_id: str) -> HttpResponse:
    """The page as it would be sent now; nothing of it is noted as seen."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    found = page_of(account)
    language = showing.language_of(request, "en")
    context = {
        "preview": "Preview: this is what they see as it is saved now.",
        "prepared": said("prepared", language, name="…", sender=actor.name),
    }
    return showing.page(account, found, gather(account, found, language), language, path=request.path, context=context)


@require_GET
def view(request: HttpRequest, account_id: str, view_id: int) -> HttpResponse:
    """What was shown to somebody at a time, figure by figure."""
    found = view_for(actor_of(request), account_id, view_id)
    return render(request, "customer_pages/view.html", {"account": found.link.account, "view": found})


def _editor(
    request: HttpRequest, account: Account, *, form: PageForm | None = None, sending: SendForm | None = None
) -> HttpResponse:
    now, found, people = timezone.now(), page_of(account), list(people_to_send_to(account))
    links = links_of(account).prefetch_related("views")[:SHOWN]
    context = {
        "account": account, "page": found, "form": form or PageForm.of(found, _features()), "people": people,
        "sending": sending or SendForm(people=people), "links": [(one, state_of(one, now)) for one in links],
        "may_write": actor_of(request).may(Permission.WRITE),
    }  # fmt: skip
    failed = form is not None or sending is not None
    return render(request, "customer_pages/edit.html", context, status=422 if failed else 200)


def _features() -> Mapping[str, str]:
    project = current_project()
    return titles_of(project) if project else {}


def _refuse(form: PageForm | SendForm, refused: FieldRefused) -> None:
    visible = refused.field in form.fields and not form.fields[refused.field].widget.is_hidden
    form.add_error(refused.field if visible else None, str(refused))

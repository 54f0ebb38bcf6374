"""API tokens: one's own, and for admins those of everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Person, actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.administration import queries
from keepwell.apps.administration.forms.tokens import TokenForm
from keepwell.apps.administration.operations.tokens import make_token, revoke_token
from keepwell.apps.ui.accepting import is_accepted


@never_cache
def own_tokens(request: HttpRequest) -> HttpResponse:
    """A new token's secret is in the answer that made it, and nowhere else."""
    actor = actor_of(request)
    form = TokenForm(request.POST or None, person=actor)
    secret = _made(actor, form) if request.method == "POST" else ""
    fresh = TokenForm(person=actor) if secret else form
    context = {"tokens": queries.own_tokens(actor.user), "form": fresh, "secret": secret}
    return render(request, "administration/own_tokens.html", context, status=422 if form.errors else 200)


def _made(actor: Person, form: TokenForm) -> str:
    made: list[str] = []

    def make() -> None:
        said = form.cleaned_data
        scopes = [Permission(one) for one in said["scopes"]]
        made.append(make_token(actor=actor, name=said["name"], scopes=scopes, expires_at=form.expires_at())[1])

    return made[0] if is_accepted(form, make) else ""


def all_tokens(request: HttpRequest) -> HttpResponse:
    """Everybody's, for those who administer."""
    return render(request, "administration/all_tokens.html", {"tokens": queries.all_tokens(actor_of(request))})


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    actor = actor_of(request)
    token = revoke_token(actor=actor, token_id=token_id)
    messages.success(request, f"The token {token.name} works no more.")
    return redirect("own_tokens" if token.user_id == actor.user.pk else "all_tokens")

"""How the customer feels by what they write, over time, and what it is about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.sentiment.drawing import option_of
from keepwell.apps.sentiment.queries import Asked, about_topics, judgements, over_time, tally
from keepwell.apps.sentiment.views.voice import texts_with_links

DAYS, LATELY, SHOWN = 365, 90, 5


def view(request: HttpRequest, account: Account) -> HttpResponse:
    actor, project = actor_of(request), current_project()
    found = judgements(actor, Asked(DAYS, account_id=account.pk))
    periods = over_time(found, DAYS)
    lately = tally(judgements(actor, Asked(LATELY, account_id=account.pk)))
    titles = {name: one.title or name.replace("_", " ") for name, one in project.topics.items()} if project else {}
    context = {
        "account": account, "tally": tally(found), "lately": lately, "days": LATELY, "periods": periods[::-1],
        "option": option_of(periods), "topics": about_topics(found), "topic_titles": titles,
        "has_topics": bool(titles), "texts": texts_with_links(list(found[:SHOWN])),
        "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "customer360/panels/sentiment.html", context)


PANEL = Panel("sentiment", "What they say", view)

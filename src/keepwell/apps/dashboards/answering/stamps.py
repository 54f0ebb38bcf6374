"""What tells whether records have changed since they were read, without reading them again."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from django.db import connection
from django.db.models import Model

from keepwell.apps.access.models import User
from keepwell.apps.advocacy import models as advocacy
from keepwell.apps.cockpit import models as cockpit
from keepwell.apps.customers import models as customers
from keepwell.apps.health import models as health
from keepwell.apps.rules import models as rules
from keepwell.apps.sentiment import models as sentiment
from keepwell.apps.surveys import models as surveys
from keepwell.apps.timeline import models as timeline

_MODELS: Mapping[str, tuple[type[Model], ...]] = {
    "keepwell.entries": (health.Entry,),
    "keepwell.overrides": (health.AccountOverride,),
    "keepwell.pins": (health.Pin,),
    "keepwell.calls_to_action": (cockpit.CallToAction,),
    "keepwell.tasks": (cockpit.Task, cockpit.PlaybookRun, cockpit.CallToAction, User),
    "keepwell.timeline": (timeline.TimelineEntry, timeline.EntryType),
    "keepwell.stages": (customers.StageChange,),
    "keepwell.milestones": (rules.Milestone,),
    "keepwell.treatments": (rules.Treatment,),
    "keepwell.responses": (surveys.Response, customers.Person),
    "keepwell.invitations": (surveys.Invitation, customers.Person),
    "keepwell.advocacy": (advocacy.Activity, advocacy.ActivityChange),
    "keepwell.advocacy_requests": (advocacy.RequestStep, advocacy.Request),
    "keepwell.sentiments": (sentiment.Judgement,),
    "keepwell.text_topics": (sentiment.Judgement,),
}
"""What the rows of each ledger are made of."""

_OF_ACCOUNTS: tuple[type[Model], ...] = (
    customers.Account, customers.StageChange, User, cockpit.CallToAction, advocacy.Request, rules.Milestone,
)  # fmt: skip
"""What stages, owners and counts of work of accounts are made of (`apps.rules.standing.records`)."""


def stamp_of_accounts() -> Hashable:
    """Changes with whatever records say of accounts."""
    return tuple(_of_table(one._meta.db_table) for one in _OF_ACCOUNTS)


def stamp_of(ledger: str) -> Hashable | None:
    """The number of rows of each table and the sum of the transactions that wrote them; None where nobody knows what
    the ledger is made of. Every row that is added, changed or deleted changes it, also by a transaction that began long
    ago and ends now."""
    models = _MODELS.get(ledger)
    return None if models is None else tuple(_of_table(one._meta.db_table) for one in models)


def _of_table(table: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table)
        cursor.execute(f"select count(*), coalesce(sum(xmin::text::bigint), 0) from {name}")
        rows, newest = cursor.fetchone()
    return int(rows), int(newest)

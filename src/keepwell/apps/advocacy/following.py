"""What advocacy keeps of an account moves with it when it is merged; what rules ask about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count

from keepwell.apps.advocacy.models import Activity, Advocate, Request, RequestStep
from keepwell.apps.advocacy.words import COUNTING
from keepwell.apps.customers.following import register_follower, rows_of
from keepwell.apps.rules.standing.records import register_count


def register() -> None:
    register_follower(rows_of("advocates", Advocate, staying=_advocates_at_both))
    register_follower(rows_of("advocacy activities", Activity))
    register_follower(rows_of("advocacy requests", Request))
    register_follower(rows_of("steps of advocacy requests", RequestStep))
    register_count("open_requests", open_requests)


def open_requests(accounts: Collection[str] | None) -> Mapping[str, float]:
    """How many requests wait for people of an account; accounts with none are left out."""
    waiting = Request.objects.filter(status__in=COUNTING, account__isnull=False)
    if accounts is not None:
        waiting = waiting.filter(account_id__in=accounts)
    counted = waiting.order_by().values_list("account_id").annotate(requests=Count("pk"))
    return {account: float(requests) for account, requests in counted}


def _advocates_at_both(account: str, into: str) -> Collection[int]:
    """A whole account that is an advocate stays where the other is one too."""
    if not Advocate.objects.filter(account=into, person=None).exists():
        return []
    return list(Advocate.objects.filter(account=account, person=None).values_list("pk", flat=True))

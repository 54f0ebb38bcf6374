"""Keeps what is at risk beside each open call, so that lists are read in its order: as `ordering.at_risk` says it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from keepwell.apps.cockpit.ordering import NEAR_DAYS, UNKNOWN_SCORE
from keepwell.apps.health.dating import dates

_RENEW = """
with valued as (
  select c.id, coalesce(a.arr, 0) * (100 - coalesce(h.score, %(unknown)s)) / 100
         * case when a.renews_on - %(today)s between 0 and %(near)s
                then 2 - (a.renews_on - %(today)s) / %(near)s::float else 1 end as at_risk
  from cockpit_calltoaction c
  join customers_account a on a.id = c.account_id
  left join health_currenthealth h on h.account_id = c.account_id
  where c.status <> 'closed' and (%(accounts)s::text[] is null or c.account_id = any(%(accounts)s))
)
update cockpit_calltoaction c set at_risk = valued.at_risk
from valued where valued.id = c.id and c.at_risk is distinct from valued.at_risk
"""


def renew_values(accounts: Collection[str] | None = None) -> int:
    """Of the open calls of some accounts, or of all. Returns how many have another value than before."""
    given: dict[str, Any] = {"unknown": UNKNOWN_SCORE, "near": NEAR_DAYS, "today": dates().shown,
             "accounts": None if accounts is None else list(accounts)}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, given)
        return int(cursor.rowcount)

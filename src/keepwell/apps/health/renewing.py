"""After a change of a ledger: a few accounts are scored again at once, many by a worker."""

from __future__ import annotations

from collections.abc import Sequence

from keepwell.apps.health.rescoring import rescore

AT_ONCE = 200


def count_at_once(account_ids: Sequence[str]) -> None:
    """In the transaction of the change: shown health follows with it, or a job is asked for with it."""
    from keepwell.apps.health.jobs import rescore as job

    accounts = sorted(set(account_ids))
    if len(accounts) <= AT_ONCE:
        rescore(accounts)
    else:
        job.defer(account_ids=accounts)

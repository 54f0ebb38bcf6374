"""Which segments accounts are in, by values and scores; between runs those of accounts that were scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepwell.apps.customers.models import Account
from keepwell.definitions.project import Project
from keepwell.engine.entities import Entities
from keepwell.engine.scores import EntityScores
from keepwell.engine.values import Values

Members = Mapping[str, Sequence[str]]
"""The segments of each account that is in any, by its id."""


def segments_of(project: Project, values: Values, scores: EntityScores) -> Members:
    """`scores`: of the accounts of `values`, for conditions that name what rests on scores."""
    if not project.segments:
        return {}
    accounts = values.accounts
    entities = Entities(project, accounts, values.as_of)
    for name in scores.metrics.column_names:
        if name not in accounts.metrics.column_names:
            entities.add(name, scores.metrics[name].combine_chunks())
    evaluated = entities.evaluate(project.segments, where="segment '{}'")
    members: dict[str, list[str]] = {}
    ids = accounts.ids.to_pylist()
    for name in sorted(project.segments):
        for row in evaluated.truth(name).nonzero()[0]:
            members.setdefault(ids[row], []).append(name)
    return members


def move(accounts: Sequence[str], members: Members) -> None:
    """Accounts into the segments that they are in now, and out of all others."""
    moved = []
    for account in Account.objects.filter(pk__in=accounts).only("segments"):
        now = list(members.get(account.pk, ()))
        if account.segments != now:
            account.segments = now
            moved.append(account)
    Account.objects.bulk_update(moved, ["segments"], batch_size=500)

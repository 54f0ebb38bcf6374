"""Events of the product that rules wait for, noted as they come in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from functools import lru_cache

import pyarrow as pa

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_number, version
from keepwell.apps.customers.models import Account, SourceId, SourceIdState
from keepwell.apps.rules.occasions import note_occasions
from keepwell.definitions.project import Project
from keepwell.engine.rules.events import started_by_events


def hear(number: int, events: pa.Table) -> None:
    """The events of a batch: for each rule that waits for one of them, the accounts that it happened in."""
    project = _waiting()
    if project is None or not events.num_rows:
        return
    started = started_by_events(project, events, _today())
    by_rule = {rule: ids.to_pylist() for rule, ids in (started.rules or {}).items() if ids is not None}
    meant = accounts_meant({one for ids in by_rule.values() for one in ids})
    found = [
        (rule, meant[one], f"{number}/{rule}/{one}") for rule, ids in by_rule.items() for one in ids if one in meant
    ]
    note_occasions("event", found)


def accounts_meant(ids: Collection[str]) -> dict[str, str]:
    """The account that each id of the source means: itself, the one it was merged into, or the one it was linked to."""
    linked = SourceId.objects.filter(source_id__in=ids, state=SourceIdState.LINKED, account__isnull=False)
    own = Account.objects.filter(pk__in=ids).values_list("pk", "merged_into_id")
    return dict(linked.values_list("source_id", "account_id")) | {pk: merged or pk for pk, merged in own}


def _waiting() -> Project | None:
    """The definitions in force; None where no rule of theirs waits for events."""
    number = current_number()
    return None if number is None else _with_events(number)


@lru_cache(maxsize=2)
def _with_events(number: int) -> Project | None:
    project = project_of(version(number).files)
    waits = any(rule.enabled and rule.triggers("event") for rule in project.rules.values())
    return project if waits else None


def _today() -> date:
    return datetime.now(UTC).date()

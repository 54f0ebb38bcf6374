"""What is known of one account by the names that rules and texts use, as it is now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.standing.table import of_accounts
from keepwell.engine.rules.needs import needs_of_names


def values_of(account_id: str, names: Collection[str]) -> dict[str, Any]:
    """By name, those that are known; nothing before the first run, and for an account that no run scored."""
    run, project = latest_run(), current_project()
    if run is None or project is None or not names:
        return {}
    needs = needs_of_names(project, names)
    for _, table in of_accounts(run, {account_id}, needs, timezone.now()):
        return {name: table[name][0].as_py() for name in names if name in table.column_names and table.num_rows}
    return {}

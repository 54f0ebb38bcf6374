"""Accounts as audiences see them: the table that rules look at, with what the audiences name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pyarrow as pa

from keepwell.apps.customers.models import Account
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.news import everybody_now
from keepwell.apps.rules.standing.drafted import with_attributes
from keepwell.apps.rules.standing.table import of_accounts
from keepwell.definitions.project import Project
from keepwell.definitions.survey_names import audiences
from keepwell.engine.rules.needs import needs_of_expressions
from keepwell.errors import RequestRefused


def accounts_table(
    project: Project, names: Collection[str], now: datetime, only: Collection[str] | None = None
) -> pa.Table:
    """A row an account, of some alone where they are given. Raises RequestRefused where an audience asks for scores
    or facts and nothing was scored yet."""
    asked = [one for path, _, one in audiences(project) if path[1] in names]
    if not asked:
        found = Account.objects.filter(in_population=True)
        chosen = found.filter(pk__in=only) if only is not None else found
        return pa.table({"account_id": pa.array([*chosen.order_by("pk").values_list("pk", flat=True)], pa.string())})
    run = latest_run()
    if run is None:
        raise RequestRefused("the audience is an expression over accounts, and nothing was scored yet: start a run")
    needs = needs_of_expressions(project, asked)
    if only is None:
        table = everybody_now(run, project, now, needs)
    else:
        parts = [table for _, table in of_accounts(run, only, needs, now)]
        empty = pa.table({"account_id": pa.array([], pa.string())})
        table = pa.concat_tables(parts, promote_options="permissive") if parts else empty
    return with_attributes(project, run, table, needs)

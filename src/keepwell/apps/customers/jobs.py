"""Jobs of customers: what was decided here and is not in the lake yet."""

from __future__ import annotations

from procrastinate import Blueprint

blueprint = Blueprint()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="write lake", queueing_lock="customers.lake", lock="customers.lake")
def write_lake(timestamp: int = 0) -> None:
    """What a process left that died after its commit, and what the lake refused before. `timestamp`: not used."""
    from keepwell.apps.customers.lake_writes import write_waiting

    write_waiting()


@blueprint.periodic(cron="35 * * * *")
@blueprint.task(name="look for ids", queue="builds", queueing_lock="customers.ids", lock="customers.ids")
def look_for_ids(timestamp: int = 0) -> None:
    """Ids in rows of datasets that lead to no account. `timestamp`: not used."""
    from keepwell.apps.customers.unresolved import look

    look()

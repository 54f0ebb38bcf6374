"""Advocacy is counted once its datasets and metrics stand in the definitions."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.definitions.advocacy import REQUESTS_TABLE, TABLE
from keepwell.engine.advocacy.facts import DATASETS, METRICS
from keepwell.errors import RequestRefused

FILE = "advocacy.yaml"
NOTE = "Advocacy can be measured: its datasets and metrics"


def is_counted() -> bool:
    """Whether a dataset reads activities."""
    project = current_project()
    return project is not None and any(one.table == TABLE for one in project.datasets.values())


def add_measures(*, actor: Actor) -> Version:
    """Publishes datasets and metrics as a change of their own. Raises Forbidden, RequestRefused."""
    require(actor, Permission.CONFIGURE)
    newest, project = current_version(), current_project()
    if newest is None or project is None:
        raise RequestRefused("nothing is published yet: publish definitions with your accounts first")
    tables = {one.table for one in project.datasets.values()}
    if tables & {TABLE, REQUESTS_TABLE}:
        raise RequestRefused("the definitions read advocacy already; change them under Configure › Definitions")
    path = next(one for one in (FILE, *(f"advocacy-{n}.yaml" for n in range(2, 100))) if one not in newest.files)
    return publish(actor=actor, files={**newest.files, path: DATASETS + METRICS}, note=NOTE, base=newest.number)

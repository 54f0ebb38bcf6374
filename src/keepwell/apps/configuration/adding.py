"""Definitions that come with Keepwell are published into a project in a file of their own."""

from __future__ import annotations

from collections.abc import Collection

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused


def is_read(*tables: str) -> bool:
    """Whether a dataset in force reads one of these tables."""
    project = current_project()
    return project is not None and bool(_tables_of(project) & {*tables})


def add_measures(*, actor: Actor, about: str, name: str, text: str, tables: Collection[str], note: str) -> Version:
    """Publishes datasets that read `tables`, and their metrics, as a change of their own, in a file of this name or
    the next that is free. `about`: what they are, in words. Raises Forbidden, RequestRefused."""
    require(actor, Permission.CONFIGURE)
    newest, project = current_version(), current_project()
    if newest is None or project is None:
        raise RequestRefused("nothing is published yet: publish definitions with your accounts first")
    if is_read(*tables):
        raise RequestRefused(f"the definitions read {about} already; change them under Configure › Definitions")
    free = (f"{name}.yaml", *(f"{name}-{n}.yaml" for n in range(2, 100)))
    path = next(one for one in free if one not in newest.files)
    return publish(actor=actor, files={**newest.files, path: text}, note=note, base=newest.number)


def _tables_of(project: Project) -> set[str | None]:
    return {one.table for one in project.datasets.values()}

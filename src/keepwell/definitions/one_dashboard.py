"""One dashboard that stands outside of a project's files, checked against the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from keepwell.definitions.binding import add_column_issues
from keepwell.definitions.dashboard_references import check_dashboards
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.issues import Issue, Issues
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.project import Project
from keepwell.definitions.wording import add_validation_issues


def parse_dashboard(name: str, document: Mapping[str, Any]) -> tuple[Dashboard | None, tuple[Issue, ...]]:
    """A dashboard from plain values of YAML, or all that is wrong with how it is written."""
    issues, data = Issues(), as_tuples(document)
    try:
        return Dashboard.model_validate(data), ()
    except ValidationError as error:
        add_validation_issues(issues, KINDS["dashboards"], name, data, error)
        return None, tuple(sorted(set(issues.found)))


def issues_of(project: Project, name: str, dashboard: Dashboard) -> tuple[Issue, ...]:
    """What it names that the project does not have, as far as that can be known without its data."""
    issues = Issues()
    alone = replace(project, dashboards={name: dashboard})
    names = {kind: frozenset(getattr(project, kind)) for kind in KINDS}
    check_dashboards(alone, names, issues)
    if not issues.found:  # types are worth a look once every name leads somewhere
        add_column_issues(alone, {}, issues)
    return tuple(sorted(set(issues.found)))


def as_tuples(value: Any) -> Any:
    """Lists as the language has them."""
    if isinstance(value, dict):
        return {str(key): as_tuples(inner) for key, inner in value.items()}
    return tuple(as_tuples(inner) for inner in value) if isinstance(value, list | tuple) else value

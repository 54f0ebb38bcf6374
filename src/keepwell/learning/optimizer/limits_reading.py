"""Reads limits.yaml as definitions are read: strict, with every error naming file and line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from keepwell.definitions.issues import Issue, Issues, Path, Place
from keepwell.definitions.kinds import Kind
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.wording import add_validation_issues
from keepwell.definitions.yaml_source import Refused, YamlFile
from keepwell.errors import DefinitionsRefused
from keepwell.learning.optimizer.limits import Limits

_KIND = Kind("limits", "limits", Limits)
_ROOT: Path = ("limits", "")


def load_limits(file: FilePath, project: Project, scorecard: str) -> Limits:
    """The limits of `file`, for one card of `project`. Raises DefinitionsRefused with every issue."""
    try:
        source = YamlFile(file, str(file))
    except Refused as refused:
        raise DefinitionsRefused(refused.issue) from None
    places = {(*_ROOT, *path): Place(source.name, line) for path, line in source.lines.items()}
    issues = Issues({_ROOT: Place(source.name, 1), **places}, list(source.issues))
    limits = _validated(source, issues)
    if limits is not None:
        _check_names(limits, project, scorecard, issues)
    issues.found = [_without_root(issue) for issue in issues.found]
    issues.refuse_if_any()
    assert limits is not None
    return limits


def limits_of(data: Mapping[str, Any], project: Project, scorecard: str) -> Limits:
    """The same of plain values that come from a form or a program. Raises DefinitionsRefused with every issue."""
    issues, held = Issues({_ROOT: Place("limits", 0)}), _as_read(data)
    try:
        limits: Limits | None = Limits.model_validate(held)
    except ValidationError as error:
        limits = None
        add_validation_issues(issues, _KIND, "", held, error)
    if limits is not None:
        _check_names(limits, project, scorecard, issues)
    issues.found = [_without_root(issue) for issue in issues.found]
    issues.refuse_if_any()
    assert limits is not None
    return limits


def _as_read(value: Any) -> Any:
    """Lists as they are read from a file."""
    if isinstance(value, Mapping):
        return {str(key): _as_read(one) for key, one in value.items()}
    return tuple(map(_as_read, value)) if isinstance(value, list | tuple) else value


def _validated(source: YamlFile, issues: Issues) -> Limits | None:
    data = {} if source.data is None else source.data
    if not isinstance(data, dict):
        issues.found.append(Issue(source.name, 1, "", "limits are a map, such as most_measures: 8"))
        return None
    try:
        return Limits.model_validate(data)
    except ValidationError as error:
        add_validation_issues(issues, _KIND, "", data, error)
        return None


def _check_names(limits: Limits, project: Project, scorecard: str, issues: Issues) -> None:
    card = project.scorecards[scorecard]
    measures = card.measures
    either = {*measures, *project.metrics}
    _known(issues, ("fixed",), limits.fixed, "measure of the card", measures)
    _known(issues, ("weights",), limits.weights, "measure of the card or metric", either)
    _known(issues, ("groups",), limits.groups, "group of the card", card.groups)
    _known(issues, ("direction",), limits.direction, "measure of the card or metric", either)
    _known(issues, ("leave_out",), limits.leave_out, "measure of the card or metric", either)
    if not isinstance(limits.additions, bool):
        _known(issues, ("additions",), limits.additions, "metric", project.metrics)
    if limits.features is not None and limits.features.dataset not in project.datasets:
        message = unknown("dataset", limits.features.dataset, project.datasets)
        issues.add((*_ROOT, "features", "dataset"), message)
    for name in limits.groups:
        if name in card.groups and set(card.groups[name].measures) <= set(limits.leave_out):
            issues.add((*_ROOT, "groups", name), f"every measure of the group '{name}' is left out")


def _known(issues: Issues, at: Path, names: Collection[str], what: str, known: Collection[str]) -> None:
    for index, name in enumerate(names):
        if name not in known:
            step = name if at in (("weights",), ("groups",), ("direction",)) else index
            issues.add((*_ROOT, *at, step), unknown(what, name, known))


def _without_root(issue: object) -> Issue:
    """The path as it stands in the file."""
    assert isinstance(issue, Issue)
    path = issue.path.removeprefix("limits").removeprefix(".").removeprefix(".")
    return replace(issue, path=path)

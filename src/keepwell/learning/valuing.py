"""Values at many dates, a few at a time: built from facts, or read from where an earlier run kept them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, runtime_checkable

from keepwell.definitions.dependencies import closure, references
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.definitions.versions import Versions
from keepwell.engine.building.build import build_values
from keepwell.engine.building.needs import attributes_for
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import moment
from keepwell.engine.storing import read_values, write_values
from keepwell.engine.values import Values
from keepwell.errors import RequestRefused

DATES_AT_ONCE = 24
"""So many dates are built together: they share passes over the facts, and their values fit in memory."""
_ROLES = ("accounts", "relationships", "entries", "overrides", "pins")


@runtime_checkable
class TellsVersion(Protocol):
    """A source of facts that knows when its data change."""

    def version(self, names: Collection[str]) -> str | None:
        """A text that changes whenever the data of these datasets do; None where that cannot be told."""


@dataclass(frozen=True)
class DatedValues:
    """Values of a project at any date, each as it was known at the end of that date.

    With `folder` they are kept there, below a name made of all definitions and data that they rest on: other cards over
    the same metrics find them, and changed data do not.
    """

    project: Project
    source: FactSource
    folder: Path | None = None

    def at(self, dates: Sequence[date]) -> Iterator[Values]:
        """The values of each date, in order. Raises as `build_values` does."""
        for start in range(0, len(dates), DATES_AT_ONCE):
            some = dates[start : start + DATES_AT_ONCE]
            if self.folder is None:
                yield from self._built(some)
                continue
            place = self.place()
            place.mkdir(parents=True, exist_ok=True)
            for values in self._built([day for day in some if not _file(place, day).exists()]):
                write_values(values, _file(place, values.as_of))
            for day in some:
                yield read_values(_file(place, day))

    def place(self) -> Path:
        """The folder of these values below `folder`, which must be given."""
        assert self.folder is not None
        return self.folder / values_version(self.project, self.source)

    def _built(self, dates: Sequence[date]) -> list[Values]:
        zone = self.project.settings.time_zone
        return build_values(self.project, self.source, [moment(day, zone) for day in dates]) if dates else []


def refuse_untold(project: Project, source: FactSource) -> None:
    """Raises RequestRefused where values cannot be kept: nothing would tell that they are out of date."""
    if data_version(project, source) is None:
        raise RequestRefused(
            "values can be kept for data in files alone: nothing tells whether tables of a warehouse have changed "
            "since; leave out --values"
        )


def values_version(project: Project, source: FactSource) -> str:
    """A hash of all that values rest on: metrics, datasets of accounts and ledgers, attributes that are read, data."""
    versions = Versions(project)
    content = {
        "zone": project.settings.time_zone,
        "metrics": {name: versions.of("metrics", name) for name in project.metrics},
        "datasets": {name: versions.of("datasets", name) for name in _with_roles(project)},
        "accounts": _attributes(project, source, "account"),
        "relationships": _attributes(project, source, "relationship"),
        "cards": sorted({card.entity_kind for card in project.scorecards.values()}),
        "data": data_version(project, source),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def data_version(project: Project, source: FactSource) -> str | None:
    """Which state of the data values are made from; None where the source cannot tell."""
    named = [("metrics", name) for name in project.metrics] + [("datasets", name) for name in _with_roles(project)]
    reached = {one for node in named for one in closure(node, lambda other: references(project, other))}
    return (
        source.version({name for kind, name in reached if kind == "datasets"})
        if isinstance(source, TellsVersion)
        else None
    )


def _with_roles(project: Project) -> set[str]:
    return {name for role in _ROLES for name in project.all_with_role(role)}  # type: ignore[arg-type]


def _attributes(project: Project, source: FactSource, kind: EntityKind) -> list[str]:
    found = project.with_role("accounts" if kind == "account" else "relationships")
    return sorted(attributes_for(project, kind, source.table(found[0]).columns)) if found else []


def _file(place: Path, day: date) -> Path:
    return place / f"{day}.arrow"

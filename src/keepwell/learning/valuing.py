"""Values at many dates, a few at a time: built from facts, or read from where an earlier run kept them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.definitions.versions import Versions
from keepwell.engine.building.build import build_values
from keepwell.engine.building.needs import attributes_for
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import moment
from keepwell.engine.storing import read_values, write_values
from keepwell.engine.values import Values

DATES_AT_ONCE = 24
"""So many dates are built together: they share passes over the facts, and their values fit in memory."""


@dataclass(frozen=True)
class DatedValues:
    """Values of a project at any date, each as it was known at the end of that date.

    With `folder` they are kept there, below a name made of all definitions that they rest on, so that other cards over
    the same metrics find them; new facts are not noticed, so the folder is for one state of the data.
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


def values_version(project: Project, source: FactSource) -> str:
    """A hash of all that values rest on: metrics, datasets of accounts and ledgers, attributes that are read."""
    versions = Versions(project)
    roles = ("accounts", "relationships", "entries", "overrides", "pins")
    datasets = {name for role in roles for name in project.all_with_role(role)}  # type: ignore[arg-type]
    content = {
        "zone": project.settings.time_zone,
        "metrics": {name: versions.of("metrics", name) for name in project.metrics},
        "datasets": {name: versions.of("datasets", name) for name in datasets},
        "accounts": _attributes(project, source, "account"),
        "relationships": _attributes(project, source, "relationship"),
        "cards": sorted({card.entity_kind for card in project.scorecards.values()}),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _attributes(project: Project, source: FactSource, kind: EntityKind) -> list[str]:
    found = project.with_role("accounts" if kind == "account" else "relationships")
    return sorted(attributes_for(project, kind, source.table(found[0]).columns)) if found else []


def _file(place: Path, day: date) -> Path:
    return place / f"{day}.arrow"

"""What a draft would do to the whole portfolio, from the values of the last run: nothing is read, only re-scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.models import Run
from keepwell.apps.health.place import data_dir
from keepwell.apps.health.scored import state_of
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.explain.changes import Comparison
from keepwell.engine.explain.diff import compare
from keepwell.engine.explain.states import State
from keepwell.engine.score import score_values
from keepwell.engine.storing import read_values
from keepwell.engine.values import Values
from keepwell.errors import DataRefused

MOST = 50
"""Movers that a page names."""
_ROLES = ("accounts", "relationships", "entries", "overrides", "pins")


@dataclass(frozen=True)
class Missing:
    """Values that must be built before a draft can be scored. `why`: what it has that the last run did not compute."""

    key: str
    why: tuple[str, ...]


def effect(old: State, new: State, actor: Actor) -> Comparison:
    """Counts of everybody, movers among the accounts that the actor sees."""
    limited = actor.user is not None and actor.user.reach != Reach.ALL
    among = frozenset(visible(actor).values_list("pk", flat=True)) if limited else None
    return compare(old, new, most=MOST, among=among)


def draft_state(run: Run, files: Files) -> State | Missing:
    """The draft scored over the run's values, or over values built for it; or what is missing for that.

    Raises DefinitionsRefused for files that are not valid.
    """
    project, before = project_of(files), state_of(run)
    if not lacking(before.project, project):
        try:
            return _scored(run.pk, "", Versions(project).project, project, before.values)
        except DataRefused as refused:  # an attribute that no definition read so far
            why: tuple[str, ...] = tuple(str(one) for one in refused.problems)
    else:
        why = tuple(lacking(before.project, project))
    key = values_key(run, project)
    path = built_path(key)
    if path.exists():
        return _scored(run.pk, key, Versions(project).project, project, _values(path))
    return Missing(key, why)


def lacking(old: Project, new: Project) -> list[str]:
    """What scoring `new` needs that values built for `old` do not hold."""
    return list(_lacking(old, new))


def _lacking(old: Project, new: Project) -> Iterator[str]:
    before, after = Versions(old), Versions(new)
    for name in new.metrics:
        if name not in old.metrics or before.of("metrics", name) != after.of("metrics", name):
            yield f"metric {name} is {'new' if name not in old.metrics else 'another one'}"
    for role in _ROLES:
        was, now = old.all_with_role(role), new.all_with_role(role)  # type: ignore[arg-type]
        if {name: before.of("datasets", name) for name in was} != {name: after.of("datasets", name) for name in now}:
            yield f"the {role} are read in another way"
    if old.settings.time_zone != new.settings.time_zone:
        yield "the time zone is another one"
    if {card.entity_kind for card in new.scorecards.values()} - {card.entity_kind for card in old.scorecards.values()}:
        yield "relationships are scored for the first time"


def values_key(run: Run, project: Project) -> str:
    """A name made of all that a project's values at the run's date rest on."""
    versions = Versions(project)
    content = [
        run.pk,
        project.settings.time_zone,
        sorted(versions.of("metrics", name) for name in project.metrics),
        sorted(versions.of("datasets", name) for name in project.datasets),
        sorted(versions.of("segments", name) for name in project.segments),
        sorted(str(card.applies_to) for card in project.scorecards.values()),
        sorted(str(one.when) for card in project.scorecards.values() for one in card.overrides),
        sorted(str(one.score) for card in project.scorecards.values() for one in card.measures.values()
               if hasattr(one.score, "percentile")),
        sorted({card.entity_kind for card in project.scorecards.values()}),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def built_path(key: str) -> Path:
    """The file of values that were built for drafts."""
    return data_dir() / "values" / f"draft-{key}.values"


@lru_cache(maxsize=2)
def _values(path: Path) -> Values:
    return read_values(path)


_last: dict[tuple[int, str, str], State] = {}


def _scored(run: int, key: str, digest: str, project: Project, values: Values) -> State:
    """The state that was asked for last is kept: pages ask for its effect, then for its movers."""
    found = _last.get((run, key, digest))
    if found is None:
        found = State(project, values, score_values(project, values))
        _last.clear()
        _last[run, key, digest] = found
    return found

"""What publishing files would do: what they change, what changed meanwhile on the server, whom it would move."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.differences import Changed, FileDifference, changed_definitions, file_differences
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.projects import Files, checked, project_of
from keepwell.apps.configuration.queries import current_version, version
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.scorecards.preview import Missing, draft_state, effect
from keepwell.definitions.issues import Issue
from keepwell.engine.explain.changes import Comparison
from keepwell.errors import InputError, RequestRefused


@dataclass(frozen=True)
class Plan:
    """`definitions`, `files`: what would change. `theirs`: files that were published since `base`; `both`: files that
    this and they change. `effect`: over the portfolio of the last run; None with the reason in `no_effect`."""

    newest: Version | None
    base: int | None
    issues: tuple[Issue, ...]
    definitions: tuple[Changed, ...]
    files: tuple[FileDifference, ...]
    theirs: tuple[FileDifference, ...]
    both: tuple[str, ...]
    effect: Comparison | None
    no_effect: str


def plan(actor: Actor, files: Files, base: int | None) -> Plan:
    """Raises Forbidden, and NotVisible for a base that was never published."""
    require(actor, Permission.CONFIGURE)
    newest, project_issues = current_version(), checked(files)
    project, issues = project_issues
    old = newest.files if newest else {}
    begun = version(base) if base is not None else newest
    theirs = file_differences(begun.files, old) if begun else ()
    mine = {one.path for one in file_differences(begun.files if begun else {}, files)}
    before = project_of(newest.files) if newest else None
    found, why = _effect(actor, files) if project is not None else (None, "the definitions are refused")
    return Plan(
        newest=newest,
        base=base,
        issues=issues,
        definitions=changed_definitions(before, project) if project else (),
        files=file_differences(old, files),
        theirs=theirs,
        both=tuple(one.path for one in theirs if one.path in mine),
        effect=found,
        no_effect=why,
    )


def apply(actor: Actor, files: Files, note: str, base: int | None) -> Version:
    """Publishes files that come from elsewhere. Raises RequestRefused without a base where something else stands: what
    was changed on the server would be lost unseen."""
    newest = current_version()
    if newest is not None and base is None and newest.files != dict(files):
        raise RequestRefused(
            f"version {newest.number} of {newest.author_name} is in force, and nothing says that these definitions "
            f"were begun from it; look at the plan, then give --base {newest.number}"
        )
    return publish(actor=actor, files=files, note=note, base=base)


def _effect(actor: Actor, files: Files) -> tuple[Comparison | None, str]:
    run = latest_run()
    if run is None:
        return None, "nothing was scored yet"
    try:
        new = draft_state(run, files)
    except InputError as refused:
        return None, str(refused)
    if isinstance(new, Missing):
        return None, f"the last run did not compute what it needs: {'; '.join(new.why)}"
    return effect(state_of(run), new, actor), ""

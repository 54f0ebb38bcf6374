"""Which dashboards there are for somebody: published ones, their own, and ones to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.dashboards.models import Favourite
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.project import Project
from keepwell.definitions.starting_dashboards import starting_dashboards

Source = Literal["published", "own", "starting", "draft"]


@dataclass(frozen=True)
class Shown:
    """A dashboard as one person sees it. `key`: in its address. `digest`: of the definitions by which it is read.

    `may_edit`: whether this person may change it where it stands; anybody may make a copy of their own.
    """

    key: str
    name: str
    dashboard: Dashboard
    project: Project
    digest: str
    source: Source
    favourite: bool = False
    may_edit: bool = False
    owner: str = ""

    @property
    def title(self) -> str:
        return self.dashboard.title or self.name.replace("_", " ").capitalize()


Keeper = Callable[[Actor, Project, str], Iterable[Shown]]
"""Dashboards that are kept elsewhere than in the definitions, such as those of one's own."""

_KEEPERS: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Told once, when the application starts."""
    _KEEPERS.append(keeper)


Opener = Callable[[Actor, Project, str, str], Shown | None]
"""One that is not listed, by its key, such as one of a draft."""

_OPENERS: list[Opener] = []


def register_opener(opener: Opener) -> None:
    """Told once, when the application starts."""
    _OPENERS.append(opener)


def dashboards_for(actor: Actor) -> list[Shown]:
    """All that the actor may open: favourites first, then as the definitions order them. Raises Forbidden."""
    require(actor, Permission.VIEW)
    version = current_version()
    if version is None:
        return []
    project = project_of(version.files)
    kept = [one for keeper in _KEEPERS for one in keeper(actor, project, version.digest)]
    found = [*_published(actor, project, version.digest), *_starting(actor, project, version.digest), *kept]
    favourites = _favourites(actor)
    marked = [replace(one, favourite=one.key in favourites) for one in found]
    return sorted(marked, key=lambda one: (not one.favourite, one.dashboard.order, one.title.lower(), one.key))


def dashboard_for(actor: Actor, key: str) -> Shown:
    """One of them. Raises NotVisible where there is none, or none for this actor."""
    for one in dashboards_for(actor):
        if one.key == key:
            return one
    return _unlisted(actor, key)


def _unlisted(actor: Actor, key: str) -> Shown:
    version = current_version()
    for opener in _OPENERS if version is not None else ():
        assert version is not None
        if (found := opener(actor, project_of(version.files), version.digest, key)) is not None:
            return found
    raise NotVisible


def is_shared_with(actor: Actor, dashboard: Dashboard) -> bool:
    """Whether a role may open it: each where it names none; those who configure see all there are."""
    return (
        not dashboard.roles
        or actor.user is None
        or actor.user.role in dashboard.roles
        or actor.may(Permission.CONFIGURE)
    )


def _published(actor: Actor, project: Project, digest: str) -> Iterator[Shown]:
    may_edit = actor.may(Permission.CONFIGURE)
    for name, one in project.dashboards.items():
        if is_shared_with(actor, one):
            yield Shown(name, name, one, project, digest, "published", may_edit=may_edit)


def _starting(actor: Actor, project: Project, digest: str) -> Iterator[Shown]:
    """Those that the project has none of the same name of; who configures takes them over to change them."""
    may_edit = actor.may(Permission.CONFIGURE)
    for name, one in _to_begin_with(digest).items():
        if name not in project.dashboards and is_shared_with(actor, one):
            yield Shown(name, name, one, project, digest, "starting", may_edit=may_edit)


@lru_cache(maxsize=4)
def _to_begin_with(digest: str) -> dict[str, Dashboard]:
    project = project_of(Version.objects.filter(digest=digest)[0].files)
    return {name: Dashboard.model_validate(one, strict=False) for name, one in starting_dashboards(project).items()}


def _favourites(actor: Actor) -> frozenset[str]:
    if actor.user is None:
        return frozenset()
    return frozenset(Favourite.objects.filter(user=actor.user).values_list("key", flat=True))

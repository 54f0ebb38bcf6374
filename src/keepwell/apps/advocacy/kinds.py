"""The kinds of activity in force."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.apps.configuration.queries import current_project
from keepwell.definitions.advocacy import AdvocacyActivity, activities_of
from keepwell.definitions.names import unknown
from keepwell.errors import FieldRefused


@dataclass(frozen=True)
class Kind:
    name: str
    title: str
    about: AdvocacyActivity

    def has(self, field: str) -> bool:
        """Whether it is logged with `link`, `review` or `deal`."""
        return field in self.about.fields


def every_kind() -> dict[str, Kind]:
    """All of them in their order, those that are not enabled too."""
    return {name: Kind(name, title_of(name, one), one) for name, one in activities_of(current_project()).items()}


def kinds() -> list[Kind]:
    """Those that can be logged."""
    return [one for one in every_kind().values() if one.about.enabled]


def kinds_asked_for() -> list[Kind]:
    return [one for one in kinds() if one.about.asked_for]


def kind_of(name: str) -> Kind:
    """One that can be logged. Raises FieldRefused with what there is."""
    known = {one.name: one for one in kinds()}
    if name not in known:
        raise FieldRefused("kind", unknown("kind of activity", name, known))
    return known[name]


def titles() -> dict[str, str]:
    """The title of each by its name."""
    return {name: one.title for name, one in every_kind().items()}


def title_of(name: str, about: AdvocacyActivity | None = None) -> str:
    return (about.title if about else None) or name.replace("_", " ").capitalize()

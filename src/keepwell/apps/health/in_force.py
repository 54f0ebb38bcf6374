"""Which chances of loss hold for the version in force: those of a version that gives the same scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.health.models import LossChances

_WHOLE = ("scorecards", "segments")
"""Kinds of which every hash has to be the same; that of a scorecard covers its metrics and their datasets."""

Hashes = Mapping[str, Mapping[str, str]]


def chances_in_force() -> LossChances | None:
    """Those that were learned last for a version whose scorecards, segments and outcomes are those in force.

    None where there are none: publishing a survey or a rule changes no score, publishing a scorecard does.
    """
    current = current_version()
    if current is None:
        return None
    learned = list(LossChances.objects.filter(version_number__lte=current.number).order_by("-learned_at"))
    others = {one.version_number for one in learned} - {current.number}
    hashes = dict(Version.objects.filter(number__in=others).values_list("number", "hashes"))
    outcomes = project_of(current.files).all_with_role("outcomes") if others else {}
    return next((one for one in learned if _holds(one, current, hashes, outcomes)), None)


def lapsed_chances() -> LossChances | None:
    """Those that were learned last, where what was published since leaves none in force; None otherwise."""
    return LossChances.objects.order_by("-learned_at").first() if chances_in_force() is None else None


def _holds(one: LossChances, current: Version, hashes: Mapping[int, Hashes], outcomes: Collection[str]) -> bool:
    if one.version_number == current.number:
        return True
    before = hashes.get(one.version_number)
    return before is not None and _gives_the_same(before, current.hashes, outcomes)


def _gives_the_same(before: Hashes, now: Hashes, outcomes: Collection[str]) -> bool:
    """A dataset that is gone may have held outcomes, so it counts as a change."""
    had, has = before.get("datasets", {}), now.get("datasets", {})
    whole = all(before.get(kind, {}) == now.get(kind, {}) for kind in _WHOLE)
    return whole and had.keys() <= has.keys() and all(had.get(name) == has.get(name) for name in outcomes)

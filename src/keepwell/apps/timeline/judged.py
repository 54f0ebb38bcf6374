"""What others make of entries: an app above says how their writers feel where no person chose a sentiment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from keepwell.apps.timeline.models import TimelineEntry

Judge = Callable[[Collection[str]], Mapping[str, str]]
"""Sentiments by the id of their entry; those that are not known are left out."""

_judges: list[Judge] = []


def register_judge(judge: Judge) -> None:
    """When the application starts."""
    _judges[:] = [judge]


def feelings_of(entries: Sequence[TimelineEntry]) -> Mapping[int, str]:
    """The sentiment of each entry: what a person chose, else what is made of its text."""
    chosen = {one.pk: one.sentiment for one in entries if one.sentiment}
    asked = {str(one.pk): one.pk for one in entries if not one.sentiment and one.text}
    found = {asked[pk]: word for judge in _judges for pk, word in judge(list(asked)).items()} if asked else {}
    return {**found, **chosen}

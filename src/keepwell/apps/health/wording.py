"""Sentences of the engine as pages say them."""

from __future__ import annotations

from keepwell.apps.ui.templatetags.ui import rounded
from keepwell.definitions.project import Project


def told(words: str, project: Project) -> str:
    """A part of a change with the title of what it speaks of instead of its name, and numbers as pages write them."""
    name, _, rest = words.partition(" ")
    title = _title(name, project)
    said = f"{title} {rest}" if title else words.replace("_", " ")
    return rounded(said[:1].upper() + said[1:])


def _title(name: str, project: Project) -> str | None:
    metric = project.metrics.get(name)
    if metric is not None:
        return metric.title
    measures = (card.measures.get(name) for card in project.scorecards.values())
    return next((one.title for one in measures if one is not None), None)

"""A scored state: definitions, values of one date, and the scores they give."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.definitions.project import Project
from keepwell.engine.scores import Scores
from keepwell.engine.values import Values


@dataclass(frozen=True)
class State:
    """`scores` are those that `score_values(project, values)` gives."""

    project: Project
    values: Values
    scores: Scores

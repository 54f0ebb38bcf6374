"""A proposal: plain data of everything that a draft, its report and a terminal say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keepwell.definitions.project import Project
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Scorecard
from keepwell.engine.explain.changes import Comparison
from keepwell.learning.optimizer.change import Change
from keepwell.learning.optimizer.fitting import Fitted
from keepwell.learning.optimizer.study import Study
from keepwell.learning.optimizer.validation import Validation


@dataclass(frozen=True)
class Proposal:
    """`project`: the original definitions with `card` and its scheme in place of the old ones.

    `left_out`: measures of the card that the draft lacks, and metrics that were not added, each with the reason.
    `moves`: who would move band at the date asked for, by both definitions over all data. `notes`: what to mind.
    """

    study: Study
    fitted: Fitted
    project: Project
    card: Scorecard
    scheme: str
    bands: Scheme
    changes: tuple[Change, ...]
    left_out: Mapping[str, str]
    validation: Validation
    moves: Comparison
    notes: tuple[str, ...]

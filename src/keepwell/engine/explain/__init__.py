"""Explanations: waterfall of a score, attribution of its change, what a draft moves, the rows behind a metric."""

from keepwell.engine.explain.attribution import attribute
from keepwell.engine.explain.changes import COMPARED, Attribution, BandTotal, Comparison, Mover, Part
from keepwell.engine.explain.diff import compare
from keepwell.engine.explain.explaining import explain
from keepwell.engine.explain.explanation import (
    ByHandExplanation,
    Explanation,
    Gain,
    GroupExplanation,
    LevelExplanation,
    MeasureExplanation,
    OverrideExplanation,
    SourceExplanation,
    Step,
)
from keepwell.engine.explain.rows import RowsBehind, rows_behind
from keepwell.engine.explain.states import State

__all__ = [
    "COMPARED",
    "Attribution",
    "BandTotal",
    "ByHandExplanation",
    "Comparison",
    "Explanation",
    "Gain",
    "GroupExplanation",
    "LevelExplanation",
    "MeasureExplanation",
    "Mover",
    "OverrideExplanation",
    "Part",
    "RowsBehind",
    "SourceExplanation",
    "State",
    "Step",
    "attribute",
    "compare",
    "explain",
    "rows_behind",
]

"""A dataset has other rows than before: scores that rest on it are to follow, without anybody asking.

Scoring lies above connectors, so that it is asked for by the name of its job. Loads that come one after another share a
run: it is asked for a minute after the first.
"""

from __future__ import annotations

from keepwell.apps.access.asking import ask_once
from keepwell.apps.connectors.place import project
from keepwell.definitions.resting import scored_datasets

JOB = "health:loaded"
LATER = 60
"""Seconds within which other loads join the run."""


def leads_to_scores(dataset: str) -> bool:
    """Whether the definitions in force score by the rows of a dataset."""
    found = project()
    return found is not None and dataset in scored_datasets(found)


def scores_follow(dataset: str) -> bool:
    """Within the transaction that ends a load. Returns whether a run was asked for, or waits already."""
    if not leads_to_scores(dataset):
        return False
    ask_once(JOB, later=LATER)
    return True

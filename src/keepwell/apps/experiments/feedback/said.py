"""What people said of scores, as learning reads it."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from keepwell.apps.health.models import Feedback
from keepwell.definitions.project import Project
from keepwell.learning.people.speaking import SAID

_WORDS = ("worse", "better")
"""What people choose where a card has no bands, the worse first."""


def rows_of(project: Project, remarks: Iterable[Feedback]) -> pa.Table:
    """As `SAID`: those that expected another band than was shown."""
    rows = [
        {"account": one.account_id, "said_on": one.as_of, "said": said, "measure": one.measure or None,
         "score": one.shown_score}
        for one in remarks if (said := direction(project, one.shown_label, one.expected_label))
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, SAID)


def direction(project: Project, shown: str, expected: str) -> str:
    """too_high or too_low; empty where nothing tells which, such as labels that are no more."""
    orders = [_WORDS, *(scheme.labels for scheme in project.schemes.values())]
    if expected in _WORDS:
        return "too_high" if expected == "worse" else "too_low"
    for labels in orders:
        if shown in labels and expected in labels and shown != expected:
            return "too_high" if labels.index(expected) < labels.index(shown) else "too_low"
    return ""

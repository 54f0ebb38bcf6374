"""Honesty: what a backtest may not see, because nobody knows what it was at the time."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.definitions.project import Project


@dataclass(frozen=True)
class Honest:
    """A project without anything that rests on attributes or datasets of unknown history, and what that took away.

    `left_out` names measures, overrides, metrics and segments as "measure 'seats' of scorecard 'health'". `notes` are
    sentences for a report.
    """

    project: Project
    left_out: tuple[str, ...]
    notes: tuple[str, ...]

"""What became of accounts, as far as the definitions and their data tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepwell.apps.health.place import opened
from keepwell.definitions.project import Project
from keepwell.errors import DataRefused, RequestRefused

if TYPE_CHECKING:
    from keepwell.learning.outcomes import Outcomes


def dated_outcomes(project: Project) -> Outcomes | None:
    """Who renewed, left and expanded, and when; None where no dataset tells, or none tells when."""
    from keepwell.learning.outcomes import read_outcomes

    try:
        with opened(project) as data:
            outcomes = read_outcomes(project, data)
    except (RequestRefused, DataRefused):
        return None
    return outcomes if outcomes.is_dated else None

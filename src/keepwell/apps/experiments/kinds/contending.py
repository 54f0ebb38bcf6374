"""What an experiment asks, in the words of the library: definitions with their data, and the question."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.place import opened

if TYPE_CHECKING:
    from keepwell.learning.backtest import Contender
    from keepwell.learning.observing import Question


def contender(held: ExitStack, described: dict[str, Any], files: Files, card: str) -> Contender:
    """What is compared with is judged by the card of that name, or each account by its own where it has none such."""
    from keepwell.learning.backtest import Contender

    project = project_of(files)
    source = Dated(held.enter_context(opened(project)))
    return Contender(described["name"], project, source, card if card in project.scorecards else None)


def question_of(asked: dict[str, Any]) -> Question:
    """`asked`: as `asking.Wanted.parameters`."""
    from keepwell.learning.observing import Question

    first, last = date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    way, horizon = ("on_grid" if asked["horizon_days"] else None), asked["horizon_days"]
    return Question(first, last, asked["lead_days"], way, asked["every_days"], horizon)  # type: ignore[arg-type]

"""Stages and milestones in sentences."""

from __future__ import annotations

from keepwell.definitions.lifecycle import Milestone, Stage
from keepwell.engine.rules.telling import condition_words


def stage_sentences(stage: Stage) -> tuple[str, ...]:
    """What lets an account in and out of a stage, and how long it should take."""
    enter, leave = stage.enter, stage.exit
    comes = f"when {condition_words(enter)}" if enter is not None else "by hand or by rule alone"
    leaves = f"when {condition_words(leave)}" if leave is not None else "as soon as it may come to a later stage"
    stays = (f"It should stay for at most {_days(stage.expected)}.",) if stage.expected is not None else ()
    return (f"An account comes here {comes}.", f"It leaves {leaves}.", *stays)


def milestone_sentence(milestone: Milestone) -> str:
    """When it is due and what reaches it."""
    return f"Due {_days(milestone.due)} after an account comes here, reached when {condition_words(milestone.reached)}."


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"

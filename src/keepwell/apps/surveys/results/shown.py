"""Results as their page shows them: rows and words, nothing to work out left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.apps.surveys.results.asking import ATTRIBUTE
from keepwell.apps.surveys.results.comparing import compared
from keepwell.apps.surveys.results.counting import Chosen, Results, first_days
from keepwell.apps.surveys.results.drawing import distribution_option, trend_option
from keepwell.apps.surveys.results.reading import Subject
from keepwell.apps.surveys.results.words import (
    BYS,
    choice_words,
    driver_words,
    group_words,
    part_words,
    question_words,
    score_name,
    unit_of,
    version_words,
)
from keepwell.definitions.survey_questions import Question, Scale
from keepwell.engine.surveys.intervals import Estimate
from keepwell.engine.surveys.scoring import Scored
from keepwell.engine.surveys.summaries import Chosen as ChosenSummary
from keepwell.engine.surveys.summaries import Ranked, Rows, Summary, Written

MOST_DRIVERS = 12


@dataclass(frozen=True)
class Line:
    """A choice with how many chose it; `width` of its bar, from 0 to 100."""

    words: str
    count: int
    share: Estimate | None
    width: float


@dataclass(frozen=True)
class Shown:
    """A question with its results. `kind`: which of the parts there is: scale, choice, ranking, matrix or text."""

    question: Question
    words: str
    kind: str
    answered: int
    lines: Sequence[Line] = ()
    found: Any = None
    rows: Sequence[tuple[str, Sequence[Line]]] = ()
    score_name: str = ""
    unit: str = ""


def page_of(found: Chosen, results: Results) -> dict[str, Any]:
    scale, subject = found.scale, found.subject
    days = first_days(found.answered)
    versions = version_words(days)
    by = found.asked.by
    return {
        "scale": scale,
        "scale_words": question_words(subject, scale) if scale else "",
        "score_name": score_name(scale) if scale else "",
        "unit": unit_of(scale) if scale else "",
        "trend": list(reversed(results.trend)),
        "trend_option": trend_option(scale, results.trend, results.began) if scale and results.trend else None,
        "distribution": _lines_of_scale(results.scored) if results.scored else (),
        "distribution_option": distribution_option(scale, results.scored) if scale and results.scored else None,
        "by_words": BYS.get(by) or by.removeprefix(ATTRIBUTE).replace("_", " "),
        "segments": [(group_words(by, one.name, versions), one) for one in compared(found)],
        "drivers": [(driver_words(subject, one), one) for one in results.drivers[:MOST_DRIVERS]],
        "questions": [shown_question(subject, one, of) for one, of in results.questions if one is not scale],
        "versions": [(day, versions[version]) for day, version in results.began],
    }


def shown_question(subject: Subject, question: Question, found: Summary) -> Shown:
    words = question_words(subject, question)
    if isinstance(found, Scored) and isinstance(question, Scale):
        count = sum(found.counts.values())
        return Shown(question, words, "scale", count, _lines_of_scale(found), found, score_name=score_name(question),
                     unit=unit_of(question))  # fmt: skip
    if isinstance(found, ChosenSummary):
        return Shown(question, words, "choice", found.answered, _lines(subject, question, found))
    if isinstance(found, Ranked):
        placed = [(part_words(subject, question, one.value), one) for one in found.placed]
        return Shown(question, words, "ranking", found.answered, found=placed)
    if isinstance(found, Rows):
        rows = [(part_words(subject, question, row), _lines(subject, question, one)) for row, one in found.rows.items()]
        return Shown(question, words, "matrix", found.answered, rows=rows)
    assert isinstance(found, Written)
    return Shown(question, words, "text", found.answered, found=found)


def _lines(subject: Subject, question: Question, found: ChosenSummary) -> list[Line]:
    return [
        Line(choice_words(subject, question, value), count, found.shares[value], _width(found.shares[value]))
        for value, count in found.counts.items()
    ]


def _width(share: Estimate | None) -> float:
    return 0.0 if share is None else round(share.value, 1)


def _lines_of_scale(found: Scored) -> list[Line]:
    total = sum(found.counts.values())
    return [
        Line(str(answer), count, None, round(100 * count / total, 1) if total else 0.0)
        for answer, count in found.counts.items()
    ]

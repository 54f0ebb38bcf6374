"""Answers and figures as CSV: answers in the columns that an import reads, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from keepwell.apps.customers.exporting import safe
from keepwell.apps.surveys.results.answered import Answered
from keepwell.apps.surveys.results.comparing import compared
from keepwell.apps.surveys.results.counting import Chosen, results_of
from keepwell.apps.surveys.results.people import people_of
from keepwell.apps.surveys.results.responses import moment_of, newest
from keepwell.definitions.survey_questions import (
    MatrixQuestion,
    MultipleChoiceQuestion,
    Question,
    RankingQuestion,
    Scale,
    SingleChoiceQuestion,
)
from keepwell.engine.surveys.importing import answer_columns

_BATCH = 2000
_HEAD = ("response_id", "account_id", "account", "person_id", "person", "answered_at", "asked_at", "language",
         "channel", "version", "finished")  # fmt: skip


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def answers_as_csv(found: Chosen) -> Iterator[str]:
    """A line a response, the newest first."""
    writer = csv.writer(_Echo())
    survey, answered = found.subject.survey, found.answered
    yield writer.writerow([*_HEAD, *answer_columns(survey)])
    places = newest(answered)
    cells = [_cells(question, answered) for question in survey.questions]
    for start in range(0, len(places), _BATCH):
        some = places[start : start + _BATCH]
        known = people_of([int(answered.number[place]) for place in some])
        for place in some:
            who = known.get(int(answered.number[place]))
            if who is not None:  # it was erased while the file was written
                first = [who.key, who.account_id, who.account, _label(answered, "person", place), who.person]
                line = [*first, *_when(answered, place), *(cell for one in cells for cell in one(place))]
                yield writer.writerow([safe(cell) for cell in line])


def _when(answered: Answered, place: int) -> list[Any]:
    asked = int(answered.asked[place])
    return [
        moment_of(int(answered.at[place])).isoformat(),
        "" if asked < 0 else str(np.datetime64(asked, "D")),
        *(_label(answered, name, place) for name in ("language", "channel", "version")),
        "yes" if answered.finished[place] else "no",
    ]


def _label(answered: Answered, name: str, place: int) -> Any:
    return answered.labels[name][place].as_py()


Cells = Callable[[int], Sequence[Any]]


def _cells(question: Question, answered: Answered) -> Cells:
    """What stands in the columns of a question, by place."""
    columns = answered.columns
    if isinstance(question, Scale):
        return lambda place: [_whole(columns[question.name][place])]
    if isinstance(question, SingleChoiceQuestion):
        values = [one.value for one in question.choices]
        return lambda place: [_nth(values, columns[question.name][place])]
    if isinstance(question, MatrixQuestion):
        values = [one.value for one in question.columns]
        return lambda place: [_nth(values, columns[f"{question.name}.{row.value}"][place]) for row in question.rows]
    if isinstance(question, MultipleChoiceQuestion):
        return lambda place: [";".join(_chosen(question, columns, place))]
    if isinstance(question, RankingQuestion):
        return lambda place: [";".join(_ranked(question, columns, place))]
    texts = answered.texts[question.name]
    return lambda place: [texts[place].as_py()]


def _whole(number: float) -> int | str:
    return "" if np.isnan(number) else int(number)


def _nth(values: Sequence[str], place: float) -> str:
    return "" if np.isnan(place) else values[int(place)]


def _chosen(question: MultipleChoiceQuestion, columns: Mapping[str, Any], place: int) -> list[str]:
    return [one.value for one in question.choices if columns[f"{question.name}.{one.value}"][place] == 1]


def _ranked(question: RankingQuestion, columns: Mapping[str, Any], place: int) -> list[str]:
    places = {one.value: columns[f"{question.name}.{one.value}"][place] for one in question.choices}
    return sorted((value for value, at in places.items() if not np.isnan(at)), key=lambda value: float(places[value]))


def trend_as_csv(found: Chosen) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow([f"{found.asked.period}_from", "score", "low", "high", "answers", "over"])
    for one in results_of(found).trend:
        score = one.score
        numbers = [score.value, score.low, score.high, score.count] if score else [None, None, None, 0]
        yield writer.writerow([one.starts_on.isoformat(), *numbers, "yes" if one.whole else "no"])


def distribution_as_csv(found: Chosen) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["answer", "count"])
    scored = results_of(found).scored
    for answer, count in scored.counts.items() if scored else ():
        yield writer.writerow([answer, count])


def segments_as_csv(found: Chosen) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow([found.asked.by, "score", "low", "high", "answers", "against_rest", "rest_low", "rest_high"])
    for one in compared(found):
        rest = one.against_rest
        against = [rest.value, rest.low, rest.high] if rest else [None] * 3
        score = [one.score.value, one.score.low, one.score.high, one.score.count]
        yield writer.writerow([safe(one.name), *score, *against])


TABLES: Mapping[str, Callable[[Chosen], Iterator[str]]] = {
    "answers": answers_as_csv, "trend": trend_as_csv, "distribution": distribution_as_csv, "segments": segments_as_csv,
}  # fmt: skip

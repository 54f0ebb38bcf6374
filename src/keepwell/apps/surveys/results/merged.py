"""One survey of all its versions: answers to each are read by it, as far as they mean the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.definitions.survey_questions import Choice, MatrixQuestion, Question, Scale
from keepwell.definitions.surveys import Survey

_LISTS = ("choices", "rows", "columns")


def merged(editions: Sequence[Survey]) -> Survey:
    """The newest of them with the questions and choices that only earlier ones had. `editions`: the newest first."""
    newest, *earlier = editions
    questions = {one.name: one for one in newest.questions}
    for edition in earlier:
        for question in edition.questions:
            held = questions.get(question.name)
            questions[question.name] = question if held is None else _with_choices(held, question)
    return newest.model_copy(update={"questions": tuple(questions.values())})


def means_the_same(question: Question, earlier: Question) -> bool:
    """Whether answers to an earlier version can be counted with those to this one."""
    if question.kind != earlier.kind:
        return False
    if isinstance(question, Scale) and isinstance(earlier, Scale):
        return (question.lowest, question.highest) == (earlier.lowest, earlier.highest)
    return True


def meaning_else(survey: Survey, edition: Survey) -> frozenset[str]:
    """The questions of a version whose answers mean something else by now."""
    now = {one.name: one for one in survey.questions}
    return frozenset(one.name for one in edition.questions if not means_the_same(now[one.name], one))


def readable(answers: Mapping[str, Any], others: frozenset[str]) -> Mapping[str, Any]:
    """Answers to one version without those to its questions that mean something else."""
    return {name: answer for name, answer in answers.items() if name not in others} if others else answers


def _with_choices(question: Question, earlier: Question) -> Question:
    if question.kind != earlier.kind:
        return question
    update: dict[str, tuple[Choice, ...]] = {}
    for key in _LISTS:
        held: tuple[Choice, ...] = getattr(question, key, ())
        known = {one.value for one in held}
        gone = tuple(one for one in getattr(earlier, key, ()) if one.value not in known)
        if gone:
            update[key] = (*held, *gone)
    return question.model_copy(update=update) if update else question


def parts_of(question: Question) -> tuple[Choice, ...]:
    """What is chosen from; of a matrix, its columns."""
    return question.columns if isinstance(question, MatrixQuestion) else getattr(question, "choices", ())

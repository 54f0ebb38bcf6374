"""Which questions of a survey can be asked at all, found by walking all ways through it.

The state behind a question is what later expressions can still see of the answers, and equal states are walked once, so
that a hundred questions are no more work than the widest branching among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from keepwell.definitions.branching import Value, is_true
from keepwell.definitions.expressions import Expression, Function, Literal, names_in, walk
from keepwell.definitions.survey_names import answer_names, choices_of
from keepwell.definitions.survey_questions import MultipleChoiceQuestion, Question, RankingQuestion, Scale
from keepwell.definitions.surveys import Survey

MOST_STEPS = 100_000
"""Beyond so many steps nothing is said: what could not be shown to be out of reach is taken as good."""

State = tuple[tuple[str, Value], ...]
Domains = Mapping[str, list[Value]]


@dataclass
class Reach:
    """`asked`: questions that some answers lead to; `ends`: those after which some answers end it by `end_when`."""

    asked: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    complete: bool = True


def reach_of(survey: Survey) -> Reach:
    """Walks all ways. Expressions must have been checked before."""
    found, steps = Reach(), 0
    states: set[State] = {()}
    if _measures_texts(survey):
        return Reach(complete=False)
    words = _words_in(survey)
    for index, question in enumerate(survey.questions):
        live = _names_used(survey.questions[index + 1 :])
        domains = _domains(question, live | _names_used([question]), words)
        steps += len(states) * prod(map(len, domains.values()))
        if steps > MOST_STEPS:
            found.complete = False
            return found
        states = {after for state in states for after in _behind(question, dict(state), domains, live, found)}
    return found


def _behind(
    question: Question, known: Mapping[str, Value], domains: Domains, live: frozenset[str], found: Reach
) -> Iterator[State]:
    if question.show_when is not None and not is_true(question.show_when, known):
        yield _state(known, live)
        return
    found.asked.add(question.name)
    for answer in _answers(question, domains):
        now = {**known, **answer}
        if question.end_when is not None and is_true(question.end_when, now):
            found.ends.add(question.name)
        else:
            yield _state(now, live)


def _state(known: Mapping[str, Value], live: frozenset[str]) -> State:
    return tuple(sorted((name, value) for name, value in known.items() if name in live and value is not None))


def _conditions(questions: Iterable[Question]) -> Iterator[Expression]:
    for question in questions:
        yield from (one for one in (question.show_when, question.end_when) if one is not None)


def _names_used(questions: Iterable[Question]) -> frozenset[str]:
    return frozenset(name.dotted for one in _conditions(questions) for name in names_in(one))


def _answers(question: Question, domains: Domains) -> Iterator[dict[str, Value]]:
    """The answers that expressions can tell apart."""
    for values in product(*domains.values()):
        answer = dict(zip(domains, values, strict=True))
        if _is_an_answer(question, answer):
            yield answer


def _domains(question: Question, used: frozenset[str], words: tuple[str, ...]) -> Domains:
    """By name of its answer that expressions read: all that it can be, none included."""
    return {name: [None, *_values(question, name, words)] for name in answer_names(question) if name in used}


def _values(question: Question, name: str, words: tuple[str, ...]) -> list[Value]:
    if isinstance(question, Scale):
        return [float(one) for one in range(question.lowest, question.highest + 1)]
    if name in (choices := choices_of(question)):
        return [*sorted(choices[name])]
    if isinstance(question, MultipleChoiceQuestion):
        return [False, True]
    if isinstance(question, RankingQuestion):
        return [float(place) for place in range(1, question.places + 1)]
    return ["\0", *words, " ".join(words)]  # of people's own words, those that expressions look for, and others


def _words_in(survey: Survey) -> tuple[str, ...]:
    literals = (node.value for one in _conditions(survey.questions) for node in walk(one) if isinstance(node, Literal))
    return tuple(dict.fromkeys(one for one in literals if isinstance(one, str)))


def _measures_texts(survey: Survey) -> bool:
    """Whether the length of words counts, of which there are more than can be walked."""
    nodes = (node for one in _conditions(survey.questions) for node in walk(one))
    return any(isinstance(node, Function) and node.name == "length" for node in nodes)


def _is_an_answer(question: Question, answer: Mapping[str, Value]) -> bool:
    """An answer is whole or left out, which a required one is not; places of a ranking are given once."""
    values = list(answer.values())
    nothing = all(one is None for one in values)
    if values and nothing:
        return not question.required
    if isinstance(question, MultipleChoiceQuestion):
        return None not in values and sum(map(bool, values)) <= (question.at_most or len(question.choices))
    if isinstance(question, RankingQuestion):
        given = [one for one in values if one is not None]
        return len(set(given)) == len(given)
    return True

"""Checks of surveys: languages are complete, branching looks back alone and leads somewhere, names are there."""

from __future__ import annotations

from collections.abc import Mapping

from keepwell.definitions.branching import beyond_branching
from keepwell.definitions.comparing import compared
from keepwell.definitions.conditions import Names
from keepwell.definitions.dependencies import circles
from keepwell.definitions.expressions import Expression, NameScope, ValueType, check_condition, names_in, segments_in
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.languages import PLAIN
from keepwell.definitions.names import listed, nearest, unknown
from keepwell.definitions.project import Project
from keepwell.definitions.survey_names import (
    LETTER_FIELDS,
    LINK,
    PEOPLE,
    answer_names,
    choices_of,
    letters,
    texts_of,
)
from keepwell.definitions.survey_questions import Question, Scale
from keepwell.definitions.survey_reach import reach_of
from keepwell.definitions.surveys import Survey
from keepwell.definitions.texts import fields_in
from keepwell.definitions.triggers import Response, ScoreChange, Trigger


def check_surveys(project: Project, names: Names, issues: Issues) -> None:
    """Adds an issue for all that is wrong with surveys, triggers and the accounts of audiences apart."""
    for name, survey in project.surveys.items():
        path: Path = ("surveys", name)
        before = len(issues.found)
        _check_languages(path, survey, issues)
        _check_letters(path, survey, issues)
        _check_branching(path, survey, issues)
        _check_value(path, survey, issues)
        _check_people(path, survey, issues)
        _check_triggers(path, survey, issues)
        if len(issues.found) == before:
            _check_reach(path, survey, issues)
    _check_responses(project, names, issues)
    _check_circles(project, issues)


def _check_languages(path: Path, survey: Survey, issues: Issues) -> None:
    for below, what, texts in texts_of(survey):
        place = (*path, *below)
        if PLAIN in texts and len(survey.languages) > 1:
            issues.add(place, f"{what} is not in {listed(survey.languages)}; write a map such as {_example(survey)}")
        if PLAIN in texts:
            continue
        if missing := [code for code in survey.languages if code not in texts]:
            issues.add(place, f"{what} has no text in {', '.join(missing)}; add it, or take the language out")
        for code in texts:
            if code not in survey.languages:
                near = nearest(code, survey.languages)
                hint = f"; did you mean '{near}'?" if near else f", which are {', '.join(survey.languages)}"
                issues.add(
                    (*place, code), f"{what} has a text in {code}, which is none of the survey's languages{hint}"
                )


def _example(survey: Survey) -> str:
    return "{" + ", ".join(f"{code}: ..." for code in survey.languages[:3]) + "}"


def _check_letters(path: Path, survey: Survey, issues: Issues) -> None:
    for below, letter in letters(survey):
        for key, texts in (("subject", letter.subject), ("text", letter.text)):
            for code, text in texts.items():
                place = (*path, *below, key) if code == PLAIN else (*path, *below, key, code)
                _check_fields(place, text, issues)
                if key == "text" and LINK not in fields_in(text):
                    issues.add(place, "the letter does not say where to answer; write {link} where the link goes")


def _check_fields(path: Path, text: str, issues: Issues) -> None:
    for field in fields_in(text):
        prefix, _, rest = field.partition(".")
        if not rest and field != LINK:
            known = [LINK, *(f"{before}.{name}" for before, found in LETTER_FIELDS.items() for name in found)]
            issues.add(path, f"{{{field}}}: {unknown('field', field, known)}")
        elif rest and prefix not in LETTER_FIELDS:
            issues.add(path, f"{{{field}}} has no meaning here; before a dot may stand: {listed(LETTER_FIELDS)}")
        elif rest and rest not in LETTER_FIELDS[prefix]:
            issues.add(path, f"{{{field}}}: {unknown(prefix, rest, LETTER_FIELDS[prefix])}")


def _check_branching(path: Path, survey: Survey, issues: Issues) -> None:
    every = [answer_names(one) for one in survey.questions]
    choices = {name: texts for one in survey.questions for name, texts in choices_of(one).items()}
    for index, question in enumerate(survey.questions):
        for key, seen in (("show_when", index), ("end_when", index + 1)):
            condition = getattr(question, key)
            if condition is None:
                continue
            place = (*path, "questions", index, key)
            earlier = {name: kind for names in every[:seen] for name, kind in names.items()}
            later = {name: one.name for one in survey.questions[seen:] for name in answer_names(one)}
            _check_condition(place, f"'{key}' of question '{question.name}'", condition, earlier, later, issues)
            for name, value in compared(condition):
                if name in choices and name in earlier and value not in choices[name]:
                    issues.add(place, unknown("choice", value, choices[name]))


def _check_condition(
    path: Path,
    what: str,
    condition: Expression,
    earlier: Mapping[str, ValueType],
    later: Mapping[str, str],
    issues: Issues,
) -> None:
    if ahead := [name.dotted for name in names_in(condition) if name.dotted in later]:
        for one in ahead:
            issues.add(path, f"{what} asks for '{one}', which is not answered yet there; name earlier questions alone")
        return
    for segment in segments_in(condition):
        issues.add(path, f"{what}: in_segment('{segment}') is for accounts; write it under 'audience'")
    if segments_in(condition):
        return
    if (beyond := beyond_branching(condition)) is not None:
        issues.add(path, beyond)
        return
    several = {name.partition(".")[0] for name in earlier if "." in name}
    for name in names_in(condition):
        if name.dotted in several:
            issues.add(path, f"'{name.dotted}' has several parts; name one, such as {_part(name.dotted, earlier)}")
            return
    for problem in check_condition(condition, NameScope(what, earlier)):
        issues.add(path, str(problem))


def _part(name: str, earlier: Mapping[str, ValueType]) -> str:
    return next(one for one in earlier if one.startswith(f"{name}."))


def _check_reach(path: Path, survey: Survey, issues: Issues) -> None:
    found = reach_of(survey)
    if not found.complete:
        return
    for index, question in enumerate(survey.questions):
        place: Path = (*path, "questions", index)
        if question.name not in found.asked:
            issues.add(
                (*place, "show_when") if question.show_when is not None else (*place, "name"),
                f"question '{question.name}' can never be reached: no answers to the questions before lead to it",
            )
        elif question.end_when is not None and question.name not in found.ends:
            issues.add((*place, "end_when"), f"'end_when' of question '{question.name}' can never be true")


def _check_value(path: Path, survey: Survey, issues: Issues) -> None:
    value = survey.account_value
    if value is None:
        return
    place, scales = (*path, "account_value", "question"), _scales(survey)
    if value.question not in survey.question_names:
        issues.add(place, unknown("question", value.question, survey.question_names))
    elif value.question not in scales:
        issues.add(place, f"'{value.question}' has no scale; with one: {listed(scales)}")
    elif value.aggregate == "nps" and scales[value.question].kind != "nps":
        issues.add((*path, "account_value", "aggregate"), f"'{value.question}' is no question of kind nps; use mean")


def _scales(survey: Survey) -> dict[str, Question]:
    return {one.name: one for one in survey.questions if isinstance(one, Scale)}


def _check_people(path: Path, survey: Survey, issues: Issues) -> None:
    people, place = survey.audience.people, (*path, "audience", "people")
    if people is not None:
        for segment in segments_in(people):
            issues.add(place, f"in_segment('{segment}') is for accounts; write it under 'accounts'")
        scope = NameScope(f"the people of survey '{path[1]}'", {name: known.type for name, known in PEOPLE.items()})
        if not segments_in(people):
            for problem in check_condition(people, scope):
                issues.add(place, str(problem))
    anonymous = set(survey.distribution) <= {"anonymous_link"}
    if anonymous and (people is not None or survey.audience.accounts is not None):
        issues.add(
            (*path, "audience"), "behind an anonymous link nobody is known, so that there is no audience to choose"
        )


def _check_triggers(path: Path, survey: Survey, issues: Issues) -> None:
    if survey.on is not None and set(survey.distribution) <= {"anonymous_link"}:
        issues.add(
            (*path, "on"), "nothing is sent for an anonymous link; take 'on' out, or add a way to 'distribution'"
        )
    for index, trigger in enumerate(survey.on or ()):
        if isinstance(trigger, ScoreChange):
            issues.add((*path, "on", index), "scores change daily; ask on a schedule, with the score under 'audience'")


def _check_responses(project: Project, names: Names, issues: Issues) -> None:
    """Triggers of rules and surveys name surveys; where none is defined, answers come from elsewhere."""
    known = names["surveys"]
    triggers: list[tuple[Path, Trigger]] = []
    for name, rule in project.rules.items():
        triggers += [(("rules", name, "on", index), one) for index, one in enumerate(rule.on)]
    for name, survey in project.surveys.items():
        triggers += [(("surveys", name, "on", index), one) for index, one in enumerate(survey.on or ())]
    for path, trigger in triggers if known else ():
        named = trigger.response if isinstance(trigger, Response) else True
        if isinstance(named, str) and named not in known:
            issues.add((*path, "response"), unknown("survey", named, known))
    for path, trigger in triggers:
        if isinstance(trigger, Response) and trigger.where is not None:
            _check_answers((*path, "where"), project.surveys.get(str(trigger.response)), trigger, issues)


def _check_answers(path: Path, survey: Survey | None, trigger: Response, issues: Issues) -> None:
    """`where` of a trigger names answers to one survey; where that is not known, the trigger says so already."""
    assert trigger.where is not None
    if trigger.response is True:
        issues.add(path, "'where' asks for answers; name the survey that they are of under 'response'")
    if survey is None:
        return
    names = {name: kind for one in survey.questions for name, kind in answer_names(one).items()}
    choices = {name: texts for one in survey.questions for name, texts in choices_of(one).items()}
    _check_condition(path, f"the answers of survey '{trigger.response}'", trigger.where, names, {}, issues)
    for name, value in compared(trigger.where):
        if name in choices and value not in choices[name]:
            issues.add(path, unknown("choice", value, choices[name]))


def _check_circles(project: Project, issues: Issues) -> None:
    """Answers to a survey that ask the next must not come round to it."""

    def before(node: tuple[str, str]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for trigger in project.surveys[node[1]].on or ():
            if isinstance(trigger, Response):
                named = [trigger.response] if isinstance(trigger.response, str) else [*project.surveys]
                found += [("surveys", one) for one in named if one in project.surveys]
        return found

    for circle in circles([("surveys", name) for name in project.surveys], before):
        way = " -> ".join(name for _, name in reversed(circle))
        issues.add((*circle[0], "on"), f"answers ask again in a circle: {way}; name another survey, or another trigger")

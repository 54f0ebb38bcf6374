"""What is told of a response: an entry on the customer's timeline, and a notice to whoever is responsible."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.apps.customers.models import Account
from keepwell.apps.notices.operations import Alert, Importance, tell
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Response, ResponseStatus
from keepwell.apps.timeline.logging import AUTHOR, built_in
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.types import SURVEY
from keepwell.definitions.languages import in_language
from keepwell.definitions.survey_questions import (
    MatrixQuestion,
    MultipleChoiceQuestion,
    NpsQuestion,
    Question,
    RankingQuestion,
    Scale,
    SingleChoiceQuestion,
)
from keepwell.definitions.surveys import Survey

_MARKS = re.compile(r"([\\`*_\[\]<>#!~|])")
_FIELDS = ["title", "text", "fields", "sentiment", "occurred_at", "changed_at"]


def log(responses: Sequence[Response]) -> None:
    """One entry a response; one that is gone on with changes its entry."""
    kind = built_in(SURVEY) if responses else None
    rows = [
        TimelineEntry(
            account_id=one.account_id or "", type=kind, title=title_of(survey := _survey(one), one)[:300],
            text=text_of(survey, one.answers), fields={"survey": one.survey, "response": one.key},
            sentiment=sentiment_of(survey, one.answers), occurred_at=one.answered_at or one.touched_at, author=AUTHOR,
            origin="survey", key=f"response:{one.key}"[:200],
        )
        for one in responses
    ]  # fmt: skip
    TimelineEntry.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["key"], update_fields=_FIELDS
    )


def tell_owners(responses: Sequence[Response]) -> None:
    """Each once, in the way that they chose for answers to surveys."""
    accounts = Account.objects.select_related("owner").in_bulk({one.account_id for one in responses if one.account_id})
    pairs = []
    for one in responses:
        account = accounts.get(one.account_id or "")
        if account is None or account.owner is None or not account.owner.is_active:
            continue
        survey = _survey(one)
        low = sentiment_of(survey, one.answers) == "negative"
        about = Alert(
            key=f"response:{one.key}", kind="response", title=f"{account.name}: {title_of(survey, one)}",
            link=f"/customers/{account.pk}/", account_id=account.pk, account=account.name,
            importance=Importance.HIGH if low else Importance.NORMAL,
        )  # fmt: skip
        pairs.append((about, account.owner))
    tell(pairs)


def _survey(response: Response) -> Survey:
    return definition(response.survey, response.version)


def title_of(survey: Survey, response: Response) -> str:
    """Such as "Relationship: 9 of 10, promoter"."""
    title = survey.title or response.survey
    scale = _first_scale(survey)
    number = response.answers.get(scale.name) if scale else None
    if scale is None or number is None:
        words = "answered"
    else:
        words = f"{number:g} of {scale.highest}" + (f", {nps_word(number)}" if isinstance(scale, NpsQuestion) else "")
    return f"{title}: {words}" + (" (not finished)" if response.status == ResponseStatus.PARTIAL else "")


def nps_word(number: float) -> str:
    """Promoter, passive or detractor."""
    return "promoter" if number >= 9 else "passive" if number >= 7 else "detractor"


def text_of(survey: Survey, answers: Mapping[str, Any]) -> str:
    """Questions and answers as Markdown, in which nothing that a customer wrote means anything."""
    lines = []
    for question in survey.questions:
        answer = answers.get(question.name)
        if answer is not None:
            asked = in_language(question.text, survey.default_language, "")
            lines.append(f"**{plain(asked)}**\n{plain(answer_words(survey, question, answer))}")
    return "\n\n".join(lines)


def answer_words(survey: Survey, question: Question, answer: Any) -> str:
    """An answer as people read it."""

    def of(choices: Any, value: str) -> str:
        return next((in_language(one.text, survey.default_language, value) for one in choices if one.value == value),
                    value)  # fmt: skip

    match question:
        case Scale():
            return f"{answer:g} of {question.highest}"
        case SingleChoiceQuestion():
            return of(question.choices, answer)
        case MultipleChoiceQuestion():
            return ", ".join(of(question.choices, one) for one in answer)
        case RankingQuestion():
            return ", ".join(f"{at}. {of(question.choices, one)}" for at, one in enumerate(answer, 1))
        case MatrixQuestion():
            return "; ".join(f"{of(question.rows, row)}: {of(question.columns, one)}" for row, one in answer.items())
    return str(answer)


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", text)


def _first_scale(survey: Survey) -> Scale | None:
    return next((one for one in survey.questions if isinstance(one, Scale)), None)


def sentiment_of(survey: Survey, answers: Mapping[str, Any]) -> str:
    """By the first question with a scale: good answers are positive, and those in its lower half negative."""
    scale = _first_scale(survey)
    number = answers.get(scale.name) if scale else None
    if scale is None or number is None:
        return ""
    if number >= scale.top_from:
        return "positive"
    low = 6 if isinstance(scale, NpsQuestion) else (scale.lowest + scale.highest) / 2 - 0.5
    return "negative" if number <= low else "neutral"

"""What people wrote in their own words is judged: where it is read, and that it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import QuerySet

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.sentiment.sources import Source, Text, register_source, texts_came
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Response
from keepwell.apps.surveys.telling import sentiment_of
from keepwell.definitions.survey_questions import TextQuestion
from keepwell.definitions.surveys import Survey

COMMENT = "comment"
_BETWEEN = "/"


def register() -> None:
    """Called when the application starts."""
    register_source(Source(COMMENT, "Survey comments", read, page))


def comments_came(responses: Iterable[Response]) -> None:
    """In the transaction that stores, changes or empties them."""
    known = [one for one in responses if one.account_id]
    texts_came(COMMENT, [id_of(one, name) for one in known for name in _written(_survey(one))])


def id_of(response: Response, question: str) -> str:
    """By which a comment is known where it is judged."""
    return f"{response.pk}{_BETWEEN}{question}"


def read(ids: Collection[str]) -> Iterator[Text]:
    asked = defaultdict(set)
    for one in ids:
        number, _, question = one.partition(_BETWEEN)
        asked[int(number)].add(question)
    for response in _answered().filter(pk__in=asked):
        yield from (text for name, text in _texts(response) if name in asked[response.pk])


def page(after: str, most: int) -> Sequence[Text]:
    """By response, and in it by question."""
    number, _, question = after.partition(_BETWEEN)
    first = int(number or 0)
    texts = (
        text
        for response in _answered().filter(pk__gte=first).order_by("pk").iterator(chunk_size=1000)
        for name, text in _texts(response)
        if response.pk > first or name > question
    )
    return list(islice(texts, most))


def _answered() -> QuerySet[Response]:
    return Response.objects.filter(answered_at__isnull=False, account__isnull=False)


def _texts(response: Response) -> list[tuple[str, Text]]:
    survey = _survey(response)
    if survey is None or response.answered_at is None:
        return []
    found = {name: response.answers.get(name) for name in _written(survey)}
    return [
        (name, Text(
            id=id_of(response, name), account_id=str(response.account_id), text=text,
            occurred_at=response.answered_at, recorded_at=response.recorded_at or response.answered_at,
            person=response.person_id, truth=sentiment_of(survey, response.answers),
        ))
        for name, text in found.items() if isinstance(text, str)
    ]  # fmt: skip


def _survey(response: Response) -> Survey | None:
    try:
        return definition(response.survey, response.version)
    except NotVisible:
        return None


def _written(survey: Survey | None) -> list[str]:
    questions = survey.questions if survey else ()
    return sorted(one.name for one in questions if isinstance(one, TextQuestion))

"""What comments were judged to say: sentiment and topics, by the text's id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from keepwell.apps.sentiment.models import Judgement
from keepwell.apps.surveys.comments import COMMENT

SENTIMENTS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Judged:
    sentiment: str
    topics: tuple[str, ...]


def comment_id(response: int, question: str) -> str:
    return f"{response}/{question}"


def judged(ids: Collection[str]) -> Mapping[str, Judged]:
    """Of some comments; those that nobody judged are left out."""
    found = Judgement.objects.filter(source=COMMENT, text_id__in=ids)
    return {one.text_id: Judged(one.word, tuple(one.topics)) for one in found}


def ids_with(sentiment: str, topic: str) -> set[str]:
    """Comments of a sentiment (what a person said of it counts first) and a topic."""
    found = Judgement.objects.filter(source=COMMENT)
    if sentiment:
        found = found.filter(Q(said=sentiment) | Q(said="", label=sentiment))
    if topic:
        found = found.filter(topics__contains=[topic])
    return set(found.values_list("text_id", flat=True))


def topics_of_comments() -> list[str]:
    table = Judgement._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct unnest(topics) as t from {table} where source = %s order by t", [COMMENT])
        return [topic for (topic,) in cursor.fetchall()][:100]

"""Phrases that negative and positive texts have more often than others, for those who may read the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepwell.apps.access.actors import Actor
from keepwell.apps.sentiment.queries import NEGATIVE, POSITIVE, Asked, judgements, texts_of
from keepwell.text.topics.standing_out import Phrase, standing_out

NEWEST, SHOWN = 1_000, 12


def phrases_of(actor: Actor, asked: Asked) -> Mapping[str, Sequence[Phrase]]:
    """By sentiment, of the newest texts that the filters leave; empty where there are too few."""
    found = list(judgements(actor, asked).exclude(counted="").exclude(source="ticket")[:NEWEST])
    texts = texts_of(found)
    read = [(texts[one.pk].text, one.word) for one in found if one.pk in texts]
    told = standing_out([text for text, _ in read], [word for _, word in read], SHOWN)
    return {word: told.get(word, ()) for word in (NEGATIVE, POSITIVE)}

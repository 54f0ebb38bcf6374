"""What texts say as tables that datasets may name, so that sentiment and topics over time are metrics like any other.

A row says what was made of a text, known since the text was: a classifier reads nothing else. What a person said of it
later is a row of its own under the same key, known since then. A classifier that was trained on later texts judges
earlier ones as well: the words that it learned are the only thing of the future in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa

from keepwell.apps.health.ledgers import register_ledger
from keepwell.apps.sentiment.models import Judgement
from keepwell.definitions.sentiment import TABLE, TOPICS_TABLE
from keepwell.text.classifier import SENTIMENTS

_TIME = pa.timestamp("us", "UTC")
_COLUMNS = [
    ("text_id", pa.string()),
    ("source", pa.string()),
    ("account_id", pa.string()),
    ("relationship_id", pa.string()),
    ("person_id", pa.string()),
    ("label", pa.string()),
    ("score", pa.float64()),
    ("language", pa.string()),
    ("occurred_at", _TIME),
    ("recorded_at", _TIME),
    ("changed_at", _TIME),
]
_SENTIMENTS = pa.schema(_COLUMNS)
_TOPICS = pa.schema([("topic_of_text", pa.string()), ("topic", pa.string()), *_COLUMNS])

DATASETS = f"""datasets:
  sentiments:
    {{title: What texts say, table: {TABLE}, key: text_id, changed_at: changed_at, account: account_id,
     relationship: relationship_id, occurred_at: occurred_at, recorded_at: recorded_at}}
  text_topics:
    {{title: What texts are about, table: {TOPICS_TABLE}, key: topic_of_text, changed_at: changed_at,
     account: account_id, relationship: relationship_id, occurred_at: occurred_at, recorded_at: recorded_at}}
"""
"""Both as definitions, for projects that count them."""

METRICS = """metrics:
  mean_sentiment:
    {title: Mean sentiment in 90 days, dataset: sentiments, aggregate: avg(score), window: 90 days,
     help: "From -1, all negative, to 1, all positive"}
  texts_90d: {title: Texts in 90 days, dataset: sentiments, aggregate: count(), window: 90 days}
  negative_texts_90d:
    {title: Negative texts in 90 days, dataset: sentiments, aggregate: count(), where: label = 'negative',
     window: 90 days}
  share_negative: {title: Share of negative texts, formula: negative_texts_90d / texts_90d}
"""
"""What most want to know of them."""

_SCORES = dict(zip(SENTIMENTS, (-1.0, 0.0, 1.0), strict=True))


def register() -> None:
    register_ledger(TABLE, sentiments)
    register_ledger(TOPICS_TABLE, topics)


def sentiments(accounts: Collection[str] | None) -> pa.Table:
    """A row a text whose sentiment is known, and another where a person said what it is."""
    return pa.Table.from_pylist([row for one in _found(accounts) for row in _rows(one)], schema=_SENTIMENTS)


def topics(accounts: Collection[str] | None) -> pa.Table:
    """A row a text and topic."""
    rows = [
        {**row, "topic": topic, "topic_of_text": f"{row['text_id']} {topic}"}
        for one in _found(accounts)
        for row in (list(_rows(one)) or [_row(one, "", None, one.recorded_at)])
        for topic in one.topics
    ]
    return pa.Table.from_pylist(rows, schema=_TOPICS)


def _found(accounts: Collection[str] | None) -> Iterator[Judgement]:
    found = Judgement.objects.order_by("pk")
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    return found.iterator(chunk_size=5000)


def _rows(one: Judgement) -> Iterator[dict[str, Any]]:
    said_at_once = one.said and one.said_at is not None and one.said_at <= one.recorded_at
    if one.label and one.score is not None and not said_at_once:
        yield _row(one, one.label, one.score, one.recorded_at)
    if one.said:
        yield _row(one, one.said, _SCORES[one.said], one.said_at)


def _row(one: Judgement, label: str, score: float | None, known_at: object) -> dict[str, Any]:
    return {
        "text_id": f"{one.source}:{one.text_id}", "source": one.source, "account_id": one.account_id,
        "relationship_id": one.relationship_id, "person_id": str(one.person_id) if one.person_id else None,
        "label": label or None, "score": score, "language": one.language or None, "occurred_at": one.occurred_at,
        "recorded_at": known_at, "changed_at": known_at,
    }  # fmt: skip

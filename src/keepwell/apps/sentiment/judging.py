"""Texts that came are judged, a few hundred at a time: their words stay where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from keepwell.apps.health.arriving import facts_came
from keepwell.apps.sentiment.in_use import InUse, in_use
from keepwell.apps.sentiment.models import Judgement, TextNews
from keepwell.apps.sentiment.sources import Text, sources
from keepwell.definitions.sentiment import TABLE, TOPICS_TABLE
from keepwell.text.classifier import judge
from keepwell.text.language import language_of
from keepwell.text.reading import readable

AT_ONCE = 500
_CHANGED = ["account", "relationship_id", "person_id", "occurred_at", "recorded_at", "judged_at", "language", "label",
            "score", "topics", "classifier", "version"]  # fmt: skip
_SAID = ["said", "said_by", "said_at"]


def judge_news() -> int:
    """Everything that waits; returns how many texts were judged."""
    using, judged = in_use(), 0
    while (found := _some(using)) is not None:
        judged += found
    return judged


@transaction.atomic
def _some(using: InUse) -> int | None:
    """None where nothing waits. Who is at it with these alone keeps others from them."""
    news = list(TextNews.objects.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
    if not news:
        return None
    by_source: dict[str, set[str]] = defaultdict(set)
    for one in news:
        by_source[one.source].add(one.text_id)
    judged = sum(_of_source(name, ids, using) for name, ids in by_source.items())
    TextNews.objects.filter(pk__in=[one.pk for one in news]).delete()
    return judged


def _of_source(name: str, ids: Collection[str], using: InUse) -> int:
    source = sources().get(name)
    texts = [one for one in source.read(ids) if readable(one.text)] if source else []
    forget(name, set(ids) - {one.id for one in texts})
    keep(name, texts, using)
    return len(texts)


def forget(source: str, ids: Collection[str]) -> None:
    """Texts that are gone are judged no more."""
    gone = Judgement.objects.filter(source=source, text_id__in=ids)
    accounts = list(gone.values_list("account_id", flat=True))
    gone.delete()
    _tell(accounts)


def keep(source: str, texts: Sequence[Text], using: InUse) -> None:
    """Judges texts in place of what was made of them before; what a person said of one on its page stays.

    In the transaction of whoever takes note that they are judged.
    """
    if not texts:
        return
    rows = list(_rows(source, texts, using))
    by_sources = [row for row in rows if row.said]
    for some, fields in ((by_sources, _CHANGED + _SAID), ([row for row in rows if not row.said], _CHANGED)):
        Judgement.objects.bulk_create(
            some, batch_size=1000, update_conflicts=True, unique_fields=["source", "text_id"], update_fields=fields
        )
    _take_back(source, texts)
    _tell(row.account_id for row in rows)


def _take_back(source: str, texts: Iterable[Text]) -> None:
    """Where the source itself said what a text is and says so no more."""
    silent = [one.id for one in texts if not one.said]
    Judgement.objects.filter(source=source, text_id__in=silent, said_by__startswith=BY_SOURCE).update(
        said="", said_by="", said_at=None
    )


BY_SOURCE = "where it stands: "
"""Before the name of who chose a sentiment where the text stands, not on a page about sentiment."""


@dataclass(frozen=True)
class _Made:
    label: str
    score: float | None


def _rows(source: str, texts: Sequence[Text], using: InUse) -> Iterable[Judgement]:
    read = [one.text for one in texts]
    found, now = judge(using.classifier, read), timezone.now()
    made = [
        _Made(word or "", None if word is None else float(score))
        for word, score in zip(found.words(), found.scores, strict=True)
    ]
    for text, one in zip(texts, made, strict=True):
        yield Judgement(
            source=source, text_id=text.id, account_id=text.account_id, relationship_id=text.relationship_id,
            person_id=text.person, occurred_at=text.occurred_at, recorded_at=text.recorded_at, judged_at=now,
            language=language_of(readable(text.text)) or "", label=one.label, score=one.score,
            topics=using.topics_in(text.text), classifier=using.name, version=using.classifier.version,
            said=text.said, said_by=f"{BY_SOURCE}{text.said_by}"[:150] if text.said else "",
            said_at=(text.said_at or text.recorded_at) if text.said else None,
        )  # fmt: skip


def _tell(accounts: Iterable[str]) -> None:
    whose = set(accounts)
    facts_came(whose, ledger=TABLE)
    facts_came(whose, ledger=TOPICS_TABLE)

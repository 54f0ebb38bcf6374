"""Reads of what texts say. What is said of an account is for those who see the account."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Case, CharField, Count, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.customers.queries import visible
from keepwell.apps.sentiment.models import Judgement
from keepwell.apps.sentiment.sources import Text, sources
from keepwell.text.classifier import SENTIMENTS
from keepwell.text.topics.standing_out import lift, strength

Found = Any
"""A queryset of judgements with the columns that `judgements` adds, which the plugin of the type checker loses."""

NEGATIVE, NEUTRAL, POSITIVE = SENTIMENTS
WEEKS_UP_TO = 120
"""Of more days months are shown."""

_WORD = Case(When(said="", then=F("label")), default=F("said"), output_field=CharField())
_SCORE = Case(
    When(said=POSITIVE, then=Value(1.0)),
    When(said=NEUTRAL, then=Value(0.0)),
    When(said=NEGATIVE, then=Value(-1.0)),
    default=F("score"),
    output_field=FloatField(),
)


@dataclass(frozen=True)
class Asked:
    """Which texts; what is empty does not narrow."""

    days: int = 365
    word: str = ""
    topic: str = ""
    source: str = ""
    account_id: str = ""


def judgements(actor: Actor, asked: Asked) -> Found:
    """Of texts about accounts that the actor sees, the newest first; `counted` is the sentiment that counts."""
    found = Judgement.objects.filter(account__in=visible(actor), occurred_at__gte=_since(asked.days))
    found = found.annotate(counted=_WORD, points=_SCORE).select_related("account").order_by("-occurred_at", "-pk")
    exact = {"source": asked.source, "account_id": asked.account_id, "counted": asked.word}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    return found.filter(topics__contains=[asked.topic]) if asked.topic else found


def judgement_for(actor: Actor, judgement_id: int) -> Judgement:
    """Raises NotVisible where there is none for this actor."""
    found = Judgement.objects.filter(account__in=visible(actor), pk=judgement_id).select_related("account").first()
    if found is None:
        raise NotVisible
    return found


def words_of(source: str, ids: Collection[str]) -> dict[str, str]:
    """The sentiment that counts of texts of a source, by their ids; of those alone where it is known.

    Whoever asks has made sure that the texts may be seen.
    """
    found = Judgement.objects.filter(source=source, text_id__in=ids).annotate(counted=_WORD)
    return dict(found.exclude(counted="").values_list("text_id", "counted"))


def judged(source: str, ids: Collection[str]) -> Mapping[str, Judgement]:
    """What was made of texts of a source, by their ids, for whoever may see the texts."""
    return {one.text_id: one for one in Judgement.objects.filter(source=source, text_id__in=ids)}


def ids_of(source: str, *, word: str = "", topic: str = "") -> QuerySet[Judgement, str]:
    """The ids of texts of a source with a sentiment, about a topic, or both: to filter a list of them by."""
    found = Judgement.objects.filter(source=source).annotate(counted=_WORD)
    found = found.filter(counted=word) if word else found
    found = found.filter(topics__contains=[topic]) if topic else found
    return found.values_list("text_id", flat=True)


@dataclass(frozen=True)
class Tally:
    """Texts by sentiment, and the mean of their scores (-1 to 1); None where none is known."""

    positive: int = 0
    neutral: int = 0
    negative: int = 0
    unknown: int = 0
    mean: float | None = None

    @property
    def total(self) -> int:
        return self.positive + self.neutral + self.negative + self.unknown

    @property
    def known(self) -> int:
        return self.positive + self.neutral + self.negative

    @property
    def share_negative(self) -> float | None:
        return self.negative / self.known if self.known else None


_COUNTS: dict[str, Any] = {
    "positive": Count("pk", filter=Q(counted=POSITIVE)),
    "neutral": Count("pk", filter=Q(counted=NEUTRAL)),
    "negative": Count("pk", filter=Q(counted=NEGATIVE)),
    "unknown": Count("pk", filter=Q(counted="")),
    "mean": Avg("points"),
}


def tally(found: Found) -> Tally:
    return Tally(**found.order_by().aggregate(**_COUNTS))


def over_time(found: Found, days: int) -> list[tuple[date, Tally]]:
    """By week or month of when they were written, the oldest first; those without a text are there and empty."""
    by_weeks = days <= WEEKS_UP_TO
    first = (TruncWeek if by_weeks else TruncMonth)("occurred_at")
    rows = found.order_by().annotate(first=first).values("first").annotate(**_COUNTS).order_by("first")
    tallies = {row.pop("first").date(): Tally(**row) for row in rows}
    return [(day, tallies.get(day, Tally())) for day in _firsts(_since(days).date(), by_weeks=by_weeks)]


def by_source(found: Found) -> list[tuple[str, Tally]]:
    rows = found.order_by().values("source").annotate(**_COUNTS).order_by("source")
    return [(row.pop("source"), Tally(**row)) for row in rows]


@dataclass(frozen=True)
class AboutTopic:
    """`lift`, `strength`: of the topic among negative texts against all others, as `text.topics.standing_out`."""

    name: str
    tally: Tally
    lift: float
    strength: float


def about_topics(found: Found) -> list[AboutTopic]:
    """What texts are about, the topics that stand out among the negative ones first."""
    whole = tally(found)
    each = found.order_by().annotate(topic=Func(F("topics"), function="unnest"))
    rows: Any = each.values("topic").annotate(**_COUNTS)
    made = []
    for row in rows:
        name, one = row.pop("topic"), Tally(**row)
        numbers = (one.negative, whole.negative, one.total - one.negative, whole.total - whole.negative)
        made.append(AboutTopic(name, one, lift(*numbers), strength(*numbers)))
    return sorted(made, key=lambda one: (-one.strength, one.name))


def texts_of(found: Sequence[Judgement]) -> dict[int, Text]:
    """The texts themselves, by the id of their judgement, of sources that can be read by ids."""
    known = sources()
    read: dict[int, Text] = {}
    for name in {one.source for one in found} & known.keys():
        ids = {one.text_id: one.pk for one in found if one.source == name}
        read |= {ids[text.id]: text for text in known[name].read(list(ids)) if text.id in ids}
    return read


def _since(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _firsts(since: date, *, by_weeks: bool) -> list[date]:
    today, found = timezone.now().date(), []
    first = since - timedelta(days=since.weekday()) if by_weeks else since.replace(day=1)
    while first <= today:
        found.append(first)
        first = first + timedelta(days=7) if by_weeks else (first + timedelta(days=31)).replace(day=1)
    return found

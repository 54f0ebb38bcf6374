"""What people write on the timeline; what the program writes there is no text of anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.urls import reverse

from keepwell.apps.sentiment.queries import words_of
from keepwell.apps.sentiment.sources import Source, Text, register_source, texts_came
from keepwell.apps.timeline.judged import register_judge
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.types import BY_THE_PROGRAM

ENTRY = "entry"


def register() -> None:
    register_source(Source(ENTRY, "Timeline", read, page, lambda one: reverse("timeline_entry", args=[one])))
    register_judge(lambda ids: words_of(ENTRY, ids))
    for signal in (post_save, post_delete):
        signal.connect(_came, sender=TimelineEntry, dispatch_uid="sentiment of entries")


def read(ids: Collection[str]) -> Iterable[Text]:
    return map(_text, _written().filter(pk__in=ids).order_by("pk"))


def page(after: str, most: int) -> Sequence[Text]:
    return [_text(one) for one in _written().filter(pk__gt=int(after or 0)).order_by("pk")[:most]]


def _written() -> QuerySet[TimelineEntry]:
    by_people = TimelineEntry.objects.filter(is_draft=False).exclude(origin="job").exclude(text="")
    return by_people.exclude(type__name__in=BY_THE_PROGRAM)


def _text(entry: TimelineEntry) -> Text:
    return Text(
        id=str(entry.pk), account_id=entry.account_id, text=entry.text, occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at, relationship_id=entry.relationship_id, said=entry.sentiment,
        said_by=entry.author, said_at=entry.changed_at, truth=entry.sentiment,
    )  # fmt: skip


def _came(instance: TimelineEntry, **_: object) -> None:
    if not instance.is_draft and instance.origin != "job":
        texts_came(ENTRY, [str(instance.pk)])

"""Writes: what a person says of a text, and that texts are counted."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration import adding
from keepwell.apps.configuration.models import Version
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.sentiment.ledgers import DATASETS, METRICS
from keepwell.apps.sentiment.models import Judgement
from keepwell.apps.sentiment.queries import judgement_for
from keepwell.definitions.sentiment import TABLE, TOPICS_TABLE
from keepwell.errors import FieldRefused
from keepwell.text.classifier import SENTIMENTS

NOTE = "What texts say can be measured: its datasets and metrics"


@transaction.atomic
def say(*, actor: Actor, judgement_id: int, word: str) -> Judgement:
    """What the text is, before any classifier, and a truth to learn from; "" leaves it to the classifier again.

    Raises NotVisible, Forbidden, FieldRefused.
    """
    seen = judgement_for(actor, judgement_id)
    require(actor, Permission.WRITE)
    if word and word not in SENTIMENTS:
        raise FieldRefused("word", f"a text is {', '.join(SENTIMENTS)}, or nothing to leave it to the classifier")
    found = Judgement.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    before = found.word
    found.said, found.said_by = word, actor.name if word else ""
    found.said_at = timezone.now() if word else None
    found.save(update_fields=["said", "said_by", "said_at"])
    for ledger in (TABLE, TOPICS_TABLE):
        facts_came([found.account_id], ledger=ledger)
    record(actor, "said of", kind="text", of=found.pk, name=f"{found.source} {found.text_id}"[:200],
           account_id=found.account_id, before={"sentiment": before}, after={"sentiment": found.word})  # fmt: skip
    return found


def is_counted() -> bool:
    """Whether a dataset reads what texts say."""
    return adding.is_read(TABLE)


def add_measures(*, actor: Actor) -> Version:
    """Publishes datasets and metrics as a change of their own. Raises Forbidden, RequestRefused."""
    return adding.add_measures(
        actor=actor, about="what texts say", name="sentiment", text=DATASETS + METRICS, tables=(TABLE, TOPICS_TABLE),
        note=NOTE,
    )  # fmt: skip

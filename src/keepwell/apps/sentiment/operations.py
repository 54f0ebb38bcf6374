"""Writes: what a person says of a text, and that texts are counted."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.sentiment.ledgers import DATASETS, METRICS
from keepwell.apps.sentiment.models import Judgement
from keepwell.apps.sentiment.queries import judgement_for
from keepwell.definitions.sentiment import TABLE, TOPICS_TABLE
from keepwell.errors import FieldRefused, RequestRefused
from keepwell.text.classifier import SENTIMENTS

FILE = "sentiment.yaml"
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
    project = current_project()
    return project is not None and any(one.table == TABLE for one in project.datasets.values())


def add_measures(*, actor: Actor) -> Version:
    """Publishes datasets and metrics as a change of their own. Raises Forbidden, RequestRefused."""
    require(actor, Permission.CONFIGURE)
    newest, project = current_version(), current_project()
    if newest is None or project is None:
        raise RequestRefused("nothing is published yet: publish definitions with your accounts first")
    if {one.table for one in project.datasets.values()} & {TABLE, TOPICS_TABLE}:
        raise RequestRefused("the definitions read what texts say already; change them under Configure › Definitions")
    path = next(one for one in (FILE, *(f"sentiment-{n}.yaml" for n in range(2, 100))) if one not in newest.files)
    return publish(actor=actor, files={**newest.files, path: DATASETS + METRICS}, note=NOTE, base=newest.number)

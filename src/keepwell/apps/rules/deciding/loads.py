"""Which datasets have rows that rules have not heard of: since the last run that they looked at, not the run before."""

from __future__ import annotations

from keepwell.apps.health.models import Run
from keepwell.apps.rules.models import HeardLoad
from keepwell.apps.rules.occasions import tell_hearers


def loaded(run: Run) -> list[str]:
    """Datasets of which the run read other rows than rules heard of; none the first time, when everything is new."""
    heard = dict(HeardLoad.objects.values_list("dataset", "version")) or _of_run_before(run)
    return sorted(name for name, version in run.facts.items() if heard.get(name) != version)


def note_heard(run: Run) -> None:
    """In the transaction of what follows: runs that rules never looked at leave their loads to the next one."""
    tell_hearers("load", [(name, "", f"{run.pk}:{name}") for name in loaded(run)])
    HeardLoad.objects.bulk_create(
        (HeardLoad(dataset=name, version=version) for name, version in run.facts.items()),
        update_conflicts=True, unique_fields=["dataset"], update_fields=["version"],
    )  # fmt: skip


def _of_run_before(run: Run) -> dict[str, object]:
    before = Run.objects.filter(pk__lt=run.pk).exclude(facts={}).order_by("-pk").first()
    found: dict[str, object] = before.facts if before else run.facts
    return found

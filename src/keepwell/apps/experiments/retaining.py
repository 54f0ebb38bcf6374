"""How long the accounts behind figures are kept as files; the figures themselves stay."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.utils import timezone

from keepwell.apps.experiments.kinds.work import folder_of
from keepwell.apps.experiments.models import UNFINISHED, Experiment
from keepwell.apps.health.place import data_dir

KEPT_DAYS = 90
"""An experiment that is asked again makes them anew."""


def is_over(one: Experiment) -> bool:
    """Whether it ended so long ago that what was behind it is deleted."""
    return one.ended_at is not None and one.ended_at < timezone.now() - timedelta(days=KEPT_DAYS)


def retain_behind() -> int:
    """Deletes the folders of experiments that ended more than `KEPT_DAYS` ago. Returns how many."""
    held = {path.name for path in (data_dir() / "experiments").glob("*") if path.is_dir()}
    since = timezone.now() - timedelta(days=KEPT_DAYS)
    young = Experiment.objects.filter(ended_at__gte=since) | Experiment.objects.filter(status__in=UNFINISHED)
    gone = held - {folder_of(pk).name for pk in young.values_list("pk", flat=True)}
    for name in gone:
        shutil.rmtree(data_dir() / "experiments" / name, ignore_errors=True)
    return len(gone)

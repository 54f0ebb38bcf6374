"""What comes in can be measured: the datasets of events stand in the definitions from the first write key on."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import Outdated, publish
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.usage.datasets import DEFINED, datasets_named

FILE = "live.yaml"
NOTE = "What write keys send can be measured: the datasets of events"
_OTHERWISE = "live_"
_ATTEMPTS = 3


def add_datasets(*, actor: Actor) -> Version | None:
    """Publishes them as a change of their own; None where nothing is published yet, or they are there.

    A name that is taken stays with whoever has it: the dataset is called `live_...` then. Whoever took them out of the
    definitions again is not asked twice.
    """
    for attempt in range(_ATTEMPTS):
        newest = current_version()
        more = _missing(newest) if newest is not None else {}
        if newest is None or not more or _were_there():
            return None
        try:
            return publish(actor=actor, files={**newest.files, **more}, note=NOTE, base=newest.number)
        except Outdated:
            if attempt == _ATTEMPTS - 1:
                raise
    return None


def _were_there() -> bool:
    """Whether a version of before has had them."""
    texts = (text for files in Version.objects.values_list("files", flat=True).iterator() for text in files.values())
    return any(table in text for text in texts for table in DEFINED)


def _missing(newest: Version) -> dict[str, str]:
    """The file to add, by its path; empty where neither table is without a dataset and a name."""
    datasets = project_of(newest.files).datasets
    named = {dataset.table for dataset in datasets.values()}
    free = {
        table: next((one for one in (name, _OTHERWISE + name) if one not in datasets), None)
        for table, (name, _) in DEFINED.items() if table not in named
    }  # fmt: skip
    names = {table: name for table, name in free.items() if name is not None}
    path = next(one for one in (FILE, *(f"live-{number}.yaml" for number in range(2, 1000))) if one not in newest.files)
    return {path: datasets_named(names)} if names else {}

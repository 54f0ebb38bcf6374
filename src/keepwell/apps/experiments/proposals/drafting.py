"""A proposal becomes a draft, which is looked at, changed and published like every other."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.operations import start_draft
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.errors import RequestRefused


@transaction.atomic
def take_as_draft(*, actor: Actor, experiment: Experiment) -> Draft:
    """The draft that was made of a proposal; made once. Raises RequestRefused where there is no proposal."""
    require(actor, Permission.CONFIGURE)
    held = Experiment.objects.select_for_update(of=("self",)).select_related("draft").get(pk=experiment.pk)
    if held.kind != "proposal" or held.status != Status.DONE:
        raise RequestRefused(
            "there is no proposal here that could become a draft; ask for one and wait until it is done"
        )
    if held.draft is not None:
        return held.draft
    base = Version.objects.get(number=held.of["base"])
    draft = start_draft(actor=actor, name=_free_name(held), base=base, files={**held.files, **held.result["files"]})
    Experiment.objects.filter(pk=held.pk).update(draft=draft)
    record(actor, "took a proposal", kind="experiment", of=held.pk, name=str(held), after={"draft": draft.name})
    return draft


def _free_name(held: Experiment) -> str:
    name = f"Proposal {held.pk} for {held.parameters['card']}"[:90]
    taken = set(Draft.objects.filter(name__startswith=name).values_list("name", flat=True))
    names = (name, *(f"{name} ({number})" for number in range(2, 1_000)))
    return next(one for one in names if one not in taken)

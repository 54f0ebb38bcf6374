"""Experiments are asked for and cancelled; a worker carries them out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.experiments.asking import Wanted, subjects_of
from keepwell.apps.experiments.models import UNFINISHED, Experiment, Status
from keepwell.apps.experiments.proposals.asking import WantedProposal, subject_for
from keepwell.apps.experiments.subjects import Subject
from keepwell.errors import RequestRefused

_TRIES = 3


def ask_for_backtest(*, actor: Actor, wanted: Wanted) -> Experiment:
    """A backtest, or the one that somebody asked the same of and that has not ended.

    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    own, other = subjects_of(wanted)
    return ask(actor=actor, kind="backtest", own=own, other=other, parameters=wanted.parameters)


def ask_for_proposal(*, actor: Actor, wanted: WantedProposal) -> Experiment:
    """A proposal of the optimizer, or the one that somebody asked the same of and that has not ended.

    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    return ask(actor=actor, kind="proposal", own=subject_for(wanted), parameters=wanted.parameters)


def ask(
    *, actor: Actor, kind: str, own: Subject, other: Subject | None = None, parameters: Mapping[str, Any]
) -> Experiment:
    """An experiment of this kind, or the one that somebody asked the same of and that has not ended."""
    require(actor, Permission.CONFIGURE)
    key = _key(kind, own, other, parameters)
    for _ in range(_TRIES):  # the other one may end between our insert and our look
        try:
            return _made(actor, kind, key, own, other, parameters)
        except IntegrityError:
            found = Experiment.objects.filter(key=key, status__in=UNFINISHED).first()
            if found is not None:
                return found
    raise RequestRefused("others start and end the same at this moment; try again")


def _key(kind: str, own: Subject, other: Subject | None, parameters: Mapping[str, Any]) -> str:
    """A name made of all that was asked: equal questions about equal definitions have equal names."""
    content = [kind, own.reference, own.digest, other.reference if other else "", other.digest if other else ""]
    return hashlib.sha256(json.dumps([content, parameters], sort_keys=True).encode()).hexdigest()


@transaction.atomic
def _made(
    actor: Actor, kind: str, key: str, own: Subject, other: Subject | None, parameters: Mapping[str, Any]
) -> Experiment:
    from keepwell.apps.experiments.jobs import carry_out

    made = Experiment.objects.create(
        kind=kind, key=key, of=own.described, files=dict(own.files), asked_by=actor.name,
        versus=other.described if other else {}, versus_files=dict(other.files) if other else {},
        parameters=dict(parameters),
    )  # fmt: skip
    record(actor, "asked for", kind="experiment", of=made.pk, name=str(made), after=dict(parameters))
    carry_out.configure(lock=f"experiments.{made.pk}").defer(experiment_id=made.pk)
    return made


@transaction.atomic
def cancel(*, actor: Actor, experiment: Experiment) -> bool:
    """Ends one that runs or waits; the worker leaves it at the next date. False where it had ended already."""
    require(actor, Permission.CONFIGURE)
    ended = {"status": Status.CANCELLED, "step": "", "ended_at": timezone.now(), "cancelled_by": actor.name}
    if not Experiment.objects.filter(pk=experiment.pk, status__in=UNFINISHED).update(**ended):
        return False
    record(actor, "cancelled", kind="experiment", of=experiment.pk, name=str(experiment))
    return True

"""Experiments are asked for: a worker carries them out."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.experiments.asking import Wanted, key_of, subjects_of
from keepwell.apps.experiments.models import UNFINISHED, Experiment
from keepwell.apps.experiments.subjects import Subject
from keepwell.errors import RequestRefused

_TRIES = 3


def ask_for_backtest(*, actor: Actor, wanted: Wanted) -> Experiment:
    """A backtest, or the one that somebody asked the same of and that has not ended.

    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    own, other = subjects_of(wanted)
    key = key_of(wanted, own, other)
    for _ in range(_TRIES):  # the other one may end between our insert and our look
        try:
            return _made(actor, wanted, key, own, other)
        except IntegrityError:
            found = Experiment.objects.filter(key=key, status__in=UNFINISHED).first()
            if found is not None:
                return found
    raise RequestRefused("others start and end the same backtest at this moment; try again")


@transaction.atomic
def _made(actor: Actor, wanted: Wanted, key: str, own: Subject, other: Subject | None) -> Experiment:
    from keepwell.apps.experiments.jobs import carry_out

    made = Experiment.objects.create(
        kind="backtest", key=key, of=own.described, files=dict(own.files), asked_by=actor.name,
        versus=other.described if other else {}, versus_files=dict(other.files) if other else {},
        parameters=wanted.parameters,
    )  # fmt: skip
    record(actor, "asked for a backtest", kind="experiment", of=made.pk, name=str(made), after=wanted.parameters)
    carry_out.configure(lock=f"experiments.{made.pk}").defer(experiment_id=made.pk)
    return made

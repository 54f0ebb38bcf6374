"""A report on feedback is asked for."""

from __future__ import annotations

from dataclasses import replace

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.asking import Wanted, subjects_of
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.operations import ask
from keepwell.apps.health.models import Feedback
from keepwell.errors import RequestRefused

KIND, HORIZON_DAYS = "feedback", 180


def ask_for_feedback(*, actor: Actor, wanted: Wanted) -> Experiment:
    """Who was right, or the report that somebody asked the same of and that has not ended.

    Raises Forbidden, FieldRefused for what cannot be asked, and RequestRefused where nobody said anything yet.
    """
    require(actor, Permission.CONFIGURE)
    wanted = replace(wanted, versus="", horizon_days=wanted.horizon_days or HORIZON_DAYS)
    own, _ = subjects_of(wanted)
    if not Feedback.objects.exists():
        raise RequestRefused("nobody has said of a score yet that it feels wrong; people do that on a customer's page")
    return ask(actor=actor, kind=KIND, own=own, parameters=wanted.parameters)

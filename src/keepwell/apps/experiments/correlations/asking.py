"""What goes together with leaving is asked of the observations that a proposal for a card would be learned from."""

from __future__ import annotations

from dataclasses import replace

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.operations import ask
from keepwell.apps.experiments.proposals.asking import WantedProposal, subject_for

KIND = "correlation"
_LIMITS = ("trust", "features")
"""Of limits, those that say what may be looked at; the others are about a proposal."""


def ask_for_correlation(*, actor: Actor, wanted: WantedProposal) -> Experiment:
    """A correlation, or the one that somebody asked the same of and that has not ended.

    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    limits = {name: value for name, value in wanted.limits.items() if name in _LIMITS}
    chosen = replace(wanted, limits=limits)
    return ask(actor=actor, kind=KIND, own=subject_for(chosen), parameters=chosen.parameters)

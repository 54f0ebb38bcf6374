"""Every kind of question, by name. A new one is a module of its own and a line here."""

from __future__ import annotations

from keepwell.apps.experiments.calibration.kind import CALIBRATION
from keepwell.apps.experiments.correlations.kind import CORRELATION
from keepwell.apps.experiments.effects.kind import EFFECTS
from keepwell.apps.experiments.feedback.kind import FEEDBACK
from keepwell.apps.experiments.kinds.backtests import BACKTEST
from keepwell.apps.experiments.kinds.kind import Kind
from keepwell.apps.experiments.kinds.proposals import PROPOSAL
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.optimism.kind import OPTIMISM

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (BACKTEST, CORRELATION, PROPOSAL, EFFECTS, CALIBRATION, FEEDBACK, OPTIMISM)
}


def kind_of(experiment: Experiment) -> Kind:
    return KINDS[experiment.kind]

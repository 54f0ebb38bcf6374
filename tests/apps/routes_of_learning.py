"""Who gets what of learning: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.models import Experiment
from tests.apps.deciding import CONFIGURE, SIGNED_IN, R, Stage
from tests.apps.things import a_draft


def an_experiment(stage: Stage) -> int:
    of = {"reference": "version:1", "name": "version 1", "revision": None, "digest": "one"}
    asked = {"card": "", "first": "2025-01-01", "last": "2026-01-01", "lead_days": 90, "every_days": None,
             "horizon_days": None, "trusted": []}  # fmt: skip
    return Experiment.objects.create(key="one", of=of, files={}, parameters=asked, asked_by="Ari").pk


_ONE: dict[str, Any] = {"fill": {"experiment_id": an_experiment}}
_ASKED = {"of": "version:1", "first": "2025-01-01", "last": "2026-01-01"}
_PROPOSED = {"of": "version:1", "card": "main", "as_of": "2026-01-01"}

LEARNING: dict[str, R] = {
    "learning/": R(CONFIGURE),
    "learning/backtest/": R(CONFIGURE, CONFIGURE),
    "learning/correlation/": R(CONFIGURE, CONFIGURE),
    "learning/proposal/": R(CONFIGURE, CONFIGURE),
    "learning/of-draft/<int:draft_id>/": R(CONFIGURE, fill={"draft_id": a_draft}),
    "learning/<int:experiment_id>/draft/": R(post=CONFIGURE, **_ONE),
    "learning/effects/": R(CONFIGURE, CONFIGURE),
    "learning/calibration/": R(CONFIGURE, CONFIGURE),
    "learning/feedback/": R(CONFIGURE, CONFIGURE),
    "learning/optimism/": R(SIGNED_IN, CONFIGURE),
    "learning/<int:experiment_id>/": R(CONFIGURE, **_ONE),
    "learning/<int:experiment_id>/progress/": R(CONFIGURE, **_ONE),
    "learning/side-by-side/": R(CONFIGURE),
    "learning/<int:experiment_id>/accounts/": R(CONFIGURE, **_ONE),
    "learning/<int:experiment_id>/cancel/": R(post=CONFIGURE, **_ONE),
    "api/v1/experiments": R(CONFIGURE),
    "api/v1/experiments/backtests": R(post=CONFIGURE, data=_ASKED),
    "api/v1/experiments/correlations": R(post=CONFIGURE, data=_PROPOSED),
    "api/v1/experiments/proposals": R(post=CONFIGURE, data=_PROPOSED),
    "api/v1/experiments/<int:experiment_id>/draft": R(post=CONFIGURE, **_ONE),
    "api/v1/experiments/effects": R(post=CONFIGURE, data=_ASKED),
    "api/v1/experiments/calibrations": R(post=CONFIGURE, data=_ASKED),
    "api/v1/experiments/feedback": R(post=CONFIGURE, data=_ASKED),
    "api/v1/experiments/optimism": R(post=CONFIGURE, data=_ASKED),
    "api/v1/treatments": R(CONFIGURE),
    "api/v1/optimism": R(SIGNED_IN),
    "api/v1/feedback-evidence/<measure>": R(CONFIGURE),
    "api/v1/experiments/<int:experiment_id>": R(CONFIGURE, **_ONE),
    "api/v1/experiments/<int:experiment_id>/accounts": R(CONFIGURE, **_ONE),
    "api/v1/experiments/<int:experiment_id>/cancel": R(post=CONFIGURE, **_ONE),
}

"""Simulated companies: do the proposed weights rank the drivers as the truth does?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from scipy.stats import kendalltau

from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.optimizing import optimize
from keepwell.learning.optimizer.proposal import Proposal
from keepwell.learning.optimizer.study import Request
from keepwell.simulation import simulate, write_definitions

END = date(2026, 10, 31)
MEASURES = {
    "adoption": {"seat_utilisation": {"score": {"linear": [[0, 0], [1, 100]]}}},
    "support": {
        "first_response": {"metric": "first_response_hours_90d", "score": {"linear": [[0, 100], [24, 0]]}},
        "satisfaction": {"metric": "satisfaction_180d", "score": {"linear": [[1, 0], [5, 100]]}},
    },
    "sponsorship": {"executive_relationship": {"manual": True}},
    "sentiment": {"nps": {"metric": "nps_180d", "score": {"linear": [[-100, 0], [100, 100]]}}},
    "breadth": {"features_used": {"metric": "features_used_91d", "score": {"linear": [[0, 0], [20, 100]]}}},
    "payment": {"payment": {"metric": "days_late_180d", "score": {"linear": [[-5, 100], [30, 0]]}}},
}
"""One group for each driver of latent health, with what shows it; all of equal weight."""
METRICS = {"features_used_91d": {"dataset": "usage", "aggregate": "count_distinct(feature)", "window": "91 days"}}
"""In a quarter even few users come by every feature that they have; in four weeks it shows how many they are."""


@dataclass(frozen=True)
class Taus:
    """Kendall's tau with the strengths of the truth: of what groups add to the score, and of their bare shares."""

    importance: float
    shares: float


def taus(folder: Path, accounts: int, seed: int) -> Taus:
    """Over the six drivers of one company.

    The strength of a driver is what one standard deviation of it does to latent health, so the importance of a group is
    what one standard deviation of its part of the score is: its shares times its scores, over the observations. Shares
    alone depend on how far the scores of a measure are spread. They are taken before they are rounded to whole points,
    so that none are tied by it.
    """
    learned = _proposal(folder, accounts, seed).fitted
    parts = {name: np.zeros(len(learned.rows)) for name in MEASURES}
    shares = dict.fromkeys(MEASURES, 0.0)
    for place, (group, share) in enumerate(zip(learned.groups, learned.fit.shares, strict=True)):
        parts[group] += share * learned.scores[:, place]
        shares[group] += float(share)
    drivers = json.loads((folder / "truth" / "company.json").read_text())["drivers"]
    strengths = {one["name"]: one["strength"] for one in drivers}
    true = [strengths[name] for name in MEASURES]
    importance = [float(parts[name].std()) for name in MEASURES]
    return Taus(float(kendalltau(importance, true).statistic), float(kendalltau(list(shares.values()), true).statistic))


def _proposal(folder: Path, accounts: int, seed: int) -> Proposal:
    simulate(folder, end=END, accounts=accounts, days=730, seed=seed)
    definitions = folder / "definitions"
    write_definitions(definitions)
    for card in definitions.glob("scorecard_*.yaml"):
        card.unlink()
    own = {"metrics": METRICS, "scorecards": {"health": _card()}}
    (definitions / "card.yaml").write_text(yaml.safe_dump(own, sort_keys=False))
    project = load_project(definitions)
    with open_data(project, folder / "data") as source:
        request = Request("health", END, seed, Limits(additions=False), draws=100, values=folder / "values")
        return optimize(project, source, request)


def _card() -> dict[str, object]:
    groups = {
        name: {"weight": 1, "measures": {key: {"weight": 1, **one} for key, one in measures.items()}}
        for name, measures in MEASURES.items()
    }
    return {"scheme": "traffic_light", "groups": groups}

"""Simulated companies: do the proposed weights rank the drivers as the truth does?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import yaml
from scipy.stats import kendalltau

from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.optimizing import optimize
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
    "breadth": {"features_used": {"metric": "features_used_28d", "score": {"linear": [[0, 0], [20, 100]]}}},
    "payment": {"payment": {"metric": "days_late_180d", "score": {"linear": [[-5, 100], [30, 0]]}}},
}
"""One group for each driver of latent health, with what shows it; all of equal weight."""


def tau(folder: Path, accounts: int, seed: int) -> float:
    """Kendall's tau between the shares of the proposal and the strengths of the truth, over the six drivers.

    Shares are taken before they are rounded to whole points, so that none are tied by it. The company is as it comes:
    with fewer users, or users who work on fewer days, the count of features would show how many work, not with what.
    """
    simulate(folder, end=END, accounts=accounts, days=730, seed=seed)
    definitions = folder / "definitions"
    write_definitions(definitions)
    for card in definitions.glob("scorecard_*.yaml"):
        card.unlink()
    (definitions / "card.yaml").write_text(yaml.safe_dump({"scorecards": {"health": _card()}}, sort_keys=False))
    project = load_project(definitions)
    with open_data(project, folder / "data") as source:
        request = Request("health", END, seed, Limits(additions=False), draws=100, values=folder / "values")
        proposal = optimize(project, source, request)
    learned = proposal.fitted
    shares: dict[str, float] = {}
    for group, share in zip(learned.groups, learned.fit.shares, strict=True):
        shares[group] = shares.get(group, 0.0) + float(share)
    drivers = json.loads((folder / "truth" / "company.json").read_text())["drivers"]
    strengths = {one["name"]: one["strength"] for one in drivers}
    names = list(MEASURES)
    return float(kendalltau([shares.get(name, 0.0) for name in names], [strengths[name] for name in names]).statistic)


def _card() -> dict[str, object]:
    groups = {
        name: {"weight": 1, "measures": {key: {"weight": 1, **one} for key, one in measures.items()}}
        for name, measures in MEASURES.items()
    }
    return {"scheme": "traffic_light", "groups": groups}

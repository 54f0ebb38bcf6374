"""The cards that are scored: YAML beside this file, with one metric for each measure that reads one."""

from __future__ import annotations

from pathlib import Path

import yaml

from keepwell.definitions import Project, parse_project
from keepwell.definitions.scorecards import Scorecard

CARDS = ("fifty", "ten")


def project(name: str) -> Project:
    """Every metric is an attribute of its own name, so that values can be made without facts behind them."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text()
    written = yaml.safe_load(text)
    (card,) = written["scorecards"].values()
    measures = {name: one for group in card["groups"].values() for name, one in group["measures"].items()}
    read = [name for name, one in measures.items() if "score" in one]
    return parse_project({**written, "metrics": {name: {"attribute": name} for name in read}})


def only_card(project: Project) -> Scorecard:
    (card,) = project.scorecards.values()
    return card

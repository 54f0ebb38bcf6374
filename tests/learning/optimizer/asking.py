"""Asks for proposals of the tests' company, which is written to files first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from keepwell.definitions import load_project
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.optimizing import optimize
from keepwell.learning.optimizer.proposal import Proposal
from keepwell.learning.optimizer.study import Request
from tests.learning.company import LAST, Company


def propose(made: Company, *, as_of: date = LAST, seed: int = 1, **more: Any) -> Proposal:
    """`limits` and everything else of a Request may be given."""
    limits = Limits.model_validate(more.pop("limits", {}))
    with made.data() as data:
        request = Request("health", as_of, seed, limits, draws=more.pop("draws", 40), **more)
        return optimize(load_project(definitions(made)), data, request)


def definitions(made: Company) -> Path:
    """A folder beside the data with the company's definitions."""
    folder = made.folder.parent / f"{made.folder.name}_definitions"
    folder.mkdir(exist_ok=True)
    (folder / "health.yaml").write_text(yaml.safe_dump(made.definitions, sort_keys=False))
    return folder

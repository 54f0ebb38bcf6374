"""How customer success managers see their accounts: with noise, and each with an own amount of optimism."""

from __future__ import annotations

import numpy as np

from keepwell.simulation.arrays import Doubles, Floats, Indices, Ints
from keepwell.simulation.company import Company
from keepwell.simulation.streams import stream

PULSE_EDGES = (-0.7, 0.5)
"""Perceived health (sd) that parts worried from unsure and unsure from confident."""
PULSE_LEVELS = (10.0, 50.0, 90.0)
_NOISE = 0.25


def csm_optimism(company: Company) -> Doubles:
    """How much (sd) each CSM overrates accounts; never in the data, always in the truth."""
    random = stream(company.seed, "optimism")
    return company.optimism + 0.25 * random.standard_normal(company.csms)


def perceived(company: Company, csm: Ints, shown: Floats | Doubles, random: np.random.Generator) -> Doubles:
    """What the CSMs with these positions make of what is shown to them (sd), one value each."""
    seen: Doubles = shown + csm_optimism(company)[csm] + _NOISE * random.standard_normal(len(shown))
    return seen


def pulse(seen: Doubles) -> Indices:
    """Position in PULSE_LEVELS."""
    return np.searchsorted(PULSE_EDGES, seen)

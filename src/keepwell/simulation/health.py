"""Latent health: what nobody sees, and everything shows.

With w the strengths of the drivers scaled to sum(w^2) = driver_share, d the drivers and e a rest of its own, all
stationary first-order autoregressions with mean 0 and variance 1 over weeks,

    baseline = sum(w d) + sqrt(1 - driver_share) e        health = baseline + shift caused by interventions

so that the baseline has mean 0 and variance 1 as well. A driver k shows in the world as the signal

    s_k = sqrt(1 - halo^2) d_k + halo health + noise

where `halo` is what happy people say of everything. All signals carry the same halo, so a linear model of health on the
signals ranks them as the strengths do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.simulation.arrays import Doubles, Floats
from keepwell.simulation.company import Company
from keepwell.simulation.streams import stream


@dataclass(frozen=True)
class Baseline:
    """Latent state of a block without interventions: drivers (drivers, accounts, weeks), health (accounts, weeks)."""

    drivers: Floats
    health: Floats


@dataclass(frozen=True)
class Health:
    """Latent state as it came to be; `health` is the baseline's plus `shift`, both (accounts, weeks)."""

    baseline: Baseline
    shift: Floats

    @property
    def health(self) -> Floats:
        return self.baseline.health + self.shift


def weights(company: Company) -> Doubles:
    """Weight of each driver in latent health, in the order of `company.drivers.names`."""
    strengths = np.asarray(company.drivers.strengths, dtype=np.float64)
    scaled: Doubles = strengths * np.sqrt(company.driver_share / np.square(strengths).sum())
    return scaled


def draw_baseline(company: Company, block: int, accounts: int) -> Baseline:
    random = stream(company.seed, "health", block)
    paths = _autoregressions(random, len(company.drivers.names) + 1, accounts, company.weeks, company.persistence)
    drivers, rest = paths[:-1], paths[-1]
    health = np.tensordot(weights(company).astype(np.float32), drivers, axes=1)
    health += np.float32(np.sqrt(1 - company.driver_share)) * rest
    return Baseline(drivers=drivers, health=health)


def signal(company: Company, state: Health, driver: str, random: np.random.Generator, noise: float = 1.0) -> Floats:
    """(accounts, weeks): what shows of a driver, with `noise` times the company's weekly noise."""
    own = state.baseline.drivers[company.drivers.names.index(driver)]
    shown: Floats = np.float32(np.sqrt(1 - company.halo**2)) * own + np.float32(company.halo) * state.health
    scale = np.float32(company.noise * noise)
    if scale > 0:
        shown += scale * random.standard_normal(own.shape, dtype=np.float32)
    return shown


def _autoregressions(random: np.random.Generator, paths: int, accounts: int, weeks: int, persistence: float) -> Floats:
    """(paths, accounts, weeks), started in their stationary distribution."""
    steps = random.standard_normal((weeks, paths, accounts), dtype=np.float32)
    keep, fresh = np.float32(persistence), np.float32(np.sqrt(1 - persistence**2))
    for week in range(1, weeks):
        steps[week] *= fresh
        steps[week] += keep * steps[week - 1]
    return np.ascontiguousarray(np.moveaxis(steps, 0, 2))

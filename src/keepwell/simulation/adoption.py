"""Adoption: how many seats are in use and which features, week by week.

Seats become active as the account settles in and with the adoption signal; features begin along their adoption curves
and stay in use while the breadth driver carries them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.simulation.arrays import Floats, sigmoid
from keepwell.simulation.blocks import Block
from keepwell.simulation.product import FEATURES

_SETTLING_WEEKS = 10


@dataclass(frozen=True)
class Adoption:
    """What the product is to a block of accounts."""

    active_seats: Floats
    """(accounts, weeks): seats whose users work with the product; 0 outside the account's life."""
    feature_chance: Floats
    """(accounts, weeks, features): chance that a user at work uses the feature that day."""


def utilisation(shown: Floats) -> Floats:
    """Share of seats in use for a signal of adoption, once the account has settled in."""
    return sigmoid(0.15 + 1.1 * shown).astype(np.float32)


def draw_adoption(block: Block) -> Adoption:
    random, tenure = block.random("adoption"), block.tenure_weeks()
    settled = np.clip(0.25 + 0.75 * tenure / _SETTLING_WEEKS, 0, 1)
    active = utilisation(block.signal("adoption", random)) * block.seats() * settled * block.there()
    breadth = block.signal("breadth", random, noise=0)
    return Adoption(active.astype(np.float32), _feature_chance(random, breadth, tenure))


def _feature_chance(random: np.random.Generator, breadth: Floats, tenure: Floats) -> Floats:
    """A feature is in use from its onset on, while breadth keeps its odds above the account's own threshold.

    Onsets are log-logistic over accounts, which makes the adoption curve of a feature an S over tenure. The first
    feature is signing in, without which there is no day at work.
    """
    accounts, weeks = breadth.shape
    chance = np.zeros((accounts, weeks, len(FEATURES)), dtype=np.float32)
    for place, feature in enumerate(FEATURES):
        threshold, draw = random.random((2, accounts, 1), dtype=np.float32)
        onset = feature.onset_weeks * (draw / (1 - draw)) ** 0.6
        released = np.arange(weeks) >= feature.released * weeks
        wanted = threshold < sigmoid(feature.popularity + feature.stickiness * breadth)
        chance[:, :, place] = feature.daily_use * (wanted & released & (tenure >= onset))
    chance[:, :, 0] = 1.0
    return chance

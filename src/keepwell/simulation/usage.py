"""Daily usage: a row for each account, user, feature and day with at least one event.

Seats become active as the account settles in and with the adoption signal; features begin along their adoption curves
and with the breadth driver; users come by weekday and habit. All of it is drawn in slices of fixed size, so that memory
stays bounded however large the accounts are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import Accounts, alive_weeks
from keepwell.simulation.arrays import Floats, Indices, Ints, coded, date_column, day_number, sigmoid
from keepwell.simulation.company import Company
from keepwell.simulation.health import Health, signal
from keepwell.simulation.product import FEATURES, MODULES, PRODUCTS, WEEKDAYS
from keepwell.simulation.renewals import Renewals, seats_by_week
from keepwell.simulation.streams import stream
from keepwell.simulation.users import Users

_USER_WEEKS_A_SLICE = 65_536
_SETTLING_WEEKS = 10
_MODULE_OF = np.array([MODULES.index(feature.module) for feature in FEATURES])
_PRODUCT_OF = np.array([PRODUCTS.index(feature.product) for feature in FEATURES])
_EVENTS = np.array([feature.events for feature in FEATURES], dtype=np.float32)


@dataclass(frozen=True)
class Adoption:
    """What the product is to a block, week by week."""

    active_seats: Floats
    """(accounts, weeks): seats whose users work with the product; 0 outside the account's life."""
    feature_chance: Floats
    """(accounts, weeks, features): chance that a user at work uses the feature that day."""


def utilisation(shown: Floats) -> Floats:
    """Share of seats in use for a signal of adoption, once the account has settled in."""
    return sigmoid(0.15 + 0.95 * shown).astype(np.float32)


def draw_adoption(company: Company, block: int, accounts: Accounts, renewals: Renewals, state: Health) -> Adoption:
    random = stream(company.seed, "adoption", block)
    tenure = _tenure_weeks(company, accounts)
    shown = signal(company, state, "adoption", random)
    settled = np.clip(0.25 + 0.75 * tenure / _SETTLING_WEEKS, 0, 1)
    there = alive_weeks(company, accounts.signed_on, renewals.churned_on)
    active = utilisation(shown) * seats_by_week(company, renewals) * settled * there
    return Adoption(
        active_seats=active.astype(np.float32),
        feature_chance=_feature_chance(company, random, signal(company, state, "breadth", random, noise=0), tenure),
    )


def _tenure_weeks(company: Company, accounts: Accounts) -> Floats:
    starts = day_number(company.first_day) + 7 * np.arange(company.weeks)
    return ((starts + 6 - accounts.signed_on[:, None]) / 7).astype(np.float32)


def _feature_chance(company: Company, random: np.random.Generator, breadth: Floats, tenure: Floats) -> Floats:
    """A feature is in use from its onset on, as long as breadth keeps its odds above the account's own threshold."""
    accounts, weeks = breadth.shape
    chance = np.zeros((accounts, weeks, len(FEATURES)), dtype=np.float32)
    for place, feature in enumerate(FEATURES):
        threshold, onset_draw = random.random((2, accounts, 1), dtype=np.float32)
        onset = feature.onset_weeks * (onset_draw / (1 - onset_draw)) ** 0.6
        released = np.arange(weeks) >= feature.released * weeks
        wanted = threshold < sigmoid(feature.popularity + feature.stickiness * breadth)
        chance[:, :, place] = feature.daily_use * (wanted & released & (tenure >= onset))
    chance[:, :, 0] = 1.0
    return chance


def expected_rows(company: Company, users: Users, adoption: Adoption) -> float:
    """Mean number of usage rows of the block, days at both ends of a life taken as whole weeks."""
    a_day = np.minimum(users.habit[:, None] * _weekday_chance(company), 1).sum(axis=1)
    rows_a_day = adoption.feature_chance.sum(axis=2)
    active = users.rank[:, None] < adoption.active_seats[users.account]
    return float((active * rows_a_day[users.account] * a_day[:, None]).sum())


def usage_tables(
    company: Company, block: int, accounts: Accounts, users: Users, adoption: Adoption, churned_on: Ints
) -> Iterator[pa.Table]:
    """Columns account_id, unit_id (null without units), user_id, product, module, feature, day, events; no key twice."""
    random = stream(company.seed, "usage", block)
    active = users.rank[:, None] < adoption.active_seats[users.account]
    user, week = np.nonzero(active)
    for start in range(0, len(user), _USER_WEEKS_A_SLICE):
        part = slice(start, start + _USER_WEEKS_A_SLICE)
        who, day = _days_at_work(company, random, accounts, users, churned_on, user[part], week[part])
        which, feature = _features_used(company, random, users, adoption, who, day)
        yield _table(company, random, accounts, users, who[which], day[which], feature)


def _weekday_chance(company: Company) -> Floats:
    """(7): relative chance of the first to seventh day of a simulated week, which starts on the first day's weekday."""
    return np.roll(np.array(WEEKDAYS, dtype=np.float32), -company.first_day.weekday())


def _days_at_work(
    company: Company,
    random: np.random.Generator,
    accounts: Accounts,
    users: Users,
    churned_on: Ints,
    user: Indices,
    week: Indices,
) -> tuple[Indices, Ints]:
    """Users and days (counted from the first) on which they worked, within the life of their account."""
    chance = users.habit[user][:, None] * _weekday_chance(company)
    pair, weekday = np.nonzero(random.random(chance.shape, dtype=np.float32) < chance)
    who = user[pair]
    day = (week[pair] * 7 + weekday).astype(np.int32)
    first = day_number(company.first_day)
    begins = (accounts.signed_on - first)[users.account[who]]
    ends = np.minimum(churned_on - first, company.total_days)[users.account[who]]
    lives = (day >= begins) & (day < ends)
    return who[lives], day[lives]


def _features_used(
    company: Company, random: np.random.Generator, users: Users, adoption: Adoption, who: Indices, day: Ints
) -> tuple[Indices, Indices]:
    chance = adoption.feature_chance.reshape(-1, len(FEATURES))
    row = users.account[who] * company.weeks + day // 7
    used = random.random((len(who), len(FEATURES)), dtype=np.float32) < chance.take(row, axis=0)
    places = np.flatnonzero(used)
    return np.divmod(places, len(FEATURES))


def _table(
    company: Company,
    random: np.random.Generator,
    accounts: Accounts,
    users: Users,
    who: Indices,
    day: Ints,
    feature: Indices,
) -> pa.Table:
    further = random.standard_exponential(len(who), dtype=np.float32) * _EVENTS[feature]
    unit = users.unit[who]
    return pa.table(
        {
            "account_id": coded(users.account[who], accounts.ids),
            "unit_id": coded(np.maximum(unit, 0), users.unit_ids or [""], unit < 0),
            "user_id": coded(who, users.ids),
            "product": coded(_PRODUCT_OF[feature], PRODUCTS),
            "module": coded(_MODULE_OF[feature], MODULES),
            "feature": coded(feature, [one.name for one in FEATURES]),
            "day": date_column(day + np.int32(day_number(company.first_day))),
            "events": pa.array(1 + further.astype(np.int32)),
        }
    )

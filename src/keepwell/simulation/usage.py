"""Daily usage: a row for each account, user, feature and day with at least one event.

Users come by weekday and habit, on the seats that adoption has made active, and use the features that breadth has
opened. All of it is drawn in slices of fixed size, so that memory stays bounded however large the accounts are.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from keepwell.simulation.adoption import Adoption
from keepwell.simulation.arrays import Floats, Indices, Ints, coded, date_column
from keepwell.simulation.blocks import Block
from keepwell.simulation.company import Company
from keepwell.simulation.product import FEATURES, MODULES, PRODUCTS, WEEKDAYS
from keepwell.simulation.users import Users

_USER_WEEKS_A_SLICE = 65_536
_NAMES = [feature.name for feature in FEATURES]
_MODULE_OF = np.array([MODULES.index(feature.module) for feature in FEATURES])
_PRODUCT_OF = np.array([PRODUCTS.index(feature.product) for feature in FEATURES])
_EVENTS = np.array([feature.events for feature in FEATURES], dtype=np.float32)


def expected_rows(block: Block, users: Users, adoption: Adoption) -> float:
    """Mean number of usage rows of the block, days at both ends of a life taken as whole weeks."""
    days_a_week = np.minimum(users.habit[:, None] * _weekday_chance(block.company), 1).sum(axis=1)
    rows_a_day = adoption.feature_chance.sum(axis=2)
    active = users.rank[:, None] < adoption.active_seats[users.account]
    return float((active * rows_a_day[users.account] * days_a_week[:, None]).sum())


def usage_tables(block: Block, users: Users, adoption: Adoption) -> Iterator[pa.Table]:
    """Columns account_id, unit_id (null without units), user_id, product, module, feature, day, events (from 1).

    Sorted by account and user; no account, user, feature and day twice.
    """
    random = block.random("usage")
    user, week = np.nonzero(users.rank[:, None] < adoption.active_seats[users.account])
    for start in range(0, len(user), _USER_WEEKS_A_SLICE):
        part = slice(start, start + _USER_WEEKS_A_SLICE)
        who, day = _days_at_work(block, random, users, user[part], week[part])
        which, feature = _features_used(block, random, adoption, users.account[who], day)
        events = 1 + (random.standard_exponential(len(which), dtype=np.float32) * _EVENTS[feature]).astype(np.int32)
        yield _table(block, users, who[which], (feature, events), day[which])


def _weekday_chance(company: Company) -> Floats:
    """(7): relative chance of the first to seventh day of a simulated week, which starts on the first day's weekday."""
    return np.roll(np.array(WEEKDAYS, dtype=np.float32), -company.first_day.weekday())


def _days_at_work(
    block: Block, random: np.random.Generator, users: Users, user: Indices, week: Indices
) -> tuple[Indices, Ints]:
    """Users and days (counted from the first) on which they worked, within the life of their account."""
    chance = users.habit[user][:, None] * _weekday_chance(block.company)
    pair, weekday = np.nonzero(random.random(chance.shape, dtype=np.float32) < chance)
    who = user[pair]
    day = (week[pair] * 7 + weekday).astype(np.int32)
    begins = (block.accounts.signed_on - block.first_day)[users.account[who]]
    ends = (block.leaves_on - block.first_day)[users.account[who]]
    lives = (day >= begins) & (day < ends)
    return who[lives], day[lives]


def _features_used(
    block: Block, random: np.random.Generator, adoption: Adoption, account: Indices, day: Ints
) -> tuple[Indices, Indices]:
    """Positions among the given days at work, and features, of everything that was used on them."""
    chance = adoption.feature_chance.reshape(-1, len(FEATURES))
    row = account * block.company.weeks + day // 7
    used = random.random((len(day), len(FEATURES)), dtype=np.float32) < chance.take(row, axis=0)
    return np.divmod(np.flatnonzero(used), len(FEATURES))


def _table(block: Block, users: Users, who: Indices, what: tuple[Indices, Ints], day: Ints) -> pa.Table:
    feature, events = what
    unit = users.unit[who]
    return pa.table(
        {
            "account_id": coded(users.account[who], block.ids),
            "unit_id": coded(np.maximum(unit, 0), users.unit_ids or [""], unit < 0),
            "user_id": coded(who, users.ids),
            "product": coded(_PRODUCT_OF[feature], PRODUCTS),
            "module": coded(_MODULE_OF[feature], MODULES),
            "feature": coded(feature, _NAMES),
            "day": date_column(day + np.int32(block.first_day)),
            "events": pa.array(events),
        }
    )

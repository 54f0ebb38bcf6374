"""NPS answers: every quarter some users of each account are asked; who is well disposed answers a bit more often."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.arrays import (
    SECONDS_A_DAY,
    Column,
    Floats,
    Indices,
    Ints,
    at_clock,
    coded,
    sigmoid,
    time_column,
)
from keepwell.simulation.blocks import Block
from keepwell.simulation.rhythm import occasions, serial_ids
from keepwell.simulation.users import Users

ROLES = ("user", "admin", "executive")
_COMMENTS = (
    ("too slow for daily work", "support did not solve it", "looking at other tools", "hard to get people to use it"),
    ("does what it should", "good but missing reports", "fine after a rough start", "some rough edges"),
    ("saves us hours", "the team likes it", "support answers quickly", "would not want to work without it"),
)
_EVERY_DAYS = 91


def response_table(block: Block, users: Users) -> pa.Table:
    """Columns response_id, account_id, user_id, role, survey, asked_at, responded_at, score (0 to 10), comment."""
    random = block.random("surveys")
    shown = block.signal("sentiment", random, noise=0.5)
    place, user, asked_on = _asked(block, random, users)
    feeling = shown[place, block.week_of(asked_on)]
    asked = at_clock(asked_on, np.zeros(len(place)))
    responded = asked + (random.exponential(2.5, len(place)) * SECONDS_A_DAY).astype(np.int64) + 600
    score = np.clip(np.rint(7.4 + 1.9 * feeling + 1.0 * random.standard_normal(len(place))), 0, 10).astype(np.int32)
    in_time = responded < block.leaves_on[place].astype(np.int64) * SECONDS_A_DAY
    answers = in_time & (random.random(len(place)) < _answer_chance(feeling))
    place, user, score = place[answers], user[answers], score[answers]
    return pa.table(
        {
            "response_id": pa.array(serial_ids("S", block.ids, place), pa.string()),
            "account_id": coded(place, block.ids),
            "user_id": coded(user, users.ids),
            "role": coded(_role(users, user), ROLES),
            "survey": coded(np.zeros(len(place), dtype=np.int32), ("nps",)),
            "asked_at": time_column(asked[answers]),
            "responded_at": time_column(responded[answers]),
            "score": pa.array(score),
            "comment": _comments(random, score),
        }
    )


def _answer_chance(feeling: Floats) -> Floats:
    return sigmoid(-0.3 + 0.15 * feeling).astype(np.float32)


def _asked(block: Block, random: np.random.Generator, users: Users) -> tuple[Indices, Indices, Ints]:
    """Accounts, users and days of the invitations: in each quarter 2 users, and one more for every 12 seats."""
    every = np.full(len(block.accounts), _EVERY_DAYS, dtype=np.int32)
    place, day = occasions(block, random, every, jitter_days=10)
    held = np.bincount(users.account, minlength=len(block.accounts))
    invited = np.minimum(held, 2 + held // 12)[place]
    start = (random.random(len(place)) * held[place]).astype(np.int64)
    turn = np.repeat(np.arange(len(place)), invited)
    number = np.arange(len(turn)) - np.repeat(np.cumsum(invited) - invited, invited)
    first = np.cumsum(held) - held
    user = first[place[turn]] + (start[turn] + number) % held[place[turn]]
    return place[turn], user, day[turn]


def _role(users: Users, user: Indices) -> Ints:
    """Of an account's users the first is the executive, and the next two administrate."""
    seat = users.seat[user]
    return np.select([seat < 1, seat < 3], [2, 1], 0).astype(np.int32)


def _comments(random: np.random.Generator, score: Ints) -> Column:
    mood = np.select([score <= 6, score <= 8], [0, 1], 2)
    texts = [text for group in _COMMENTS for text in group]
    choice = mood * len(_COMMENTS[0]) + random.integers(0, len(_COMMENTS[0]), len(score))
    return coded(choice, texts, random.random(len(score)) < 0.5)

"""Features: which accounts use which, how widely and how deeply, within a window of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from keepwell.engine.adoption.relation import USAGE, Door


def _window(as_of: date, window: int) -> str:
    """The `window` days up to and including `as_of`, of accounts that are known."""
    return f"{_days(as_of, window)} and account is not null"


def _days(as_of: date, window: int) -> str:
    return f"day between date '{as_of - timedelta(days=window - 1)}' and date '{as_of}'"


def adoption_matrix(door: Door, *, as_of: date, window: int = 28, among: Sequence[str] | None = None) -> pa.Table:
    """A row for each account and feature that was used: account, feature, events, people (distinct), last_day.

    Events without a feature are left out; what is missing was not used. Sorted by account and feature. `among`: these
    accounts alone.
    """
    some = ""
    if among is not None:
        door.take("kw_among", pa.table({"account": pa.array(among, pa.string())}))
        some = "and account in (select account from kw_among) "
    return door.ask(
        "select account, feature, sum(events)::bigint as events, count(distinct person) as people, "
        f"max(day) as last_day from {USAGE} where {_window(as_of, window)} and feature is not null "
        f"{some}group by all order by account, feature"
    )


def feature_reach(door: Door, *, as_of: date, window: int = 28) -> pa.Table:
    """A row for each feature that was used: feature, events, accounts, people, most_people, account_reach,
    people_reach.

    most_people: of the account that has most of them. Reach is the share, 0..1, of the accounts (people) that were
    active in the window with anything at all. The widest among accounts first.
    """
    return door.ask(
        f"with seen as (select * from {USAGE} where {_window(as_of, window)}), "
        "every as (select count(distinct account) as accounts, count(distinct person) as people from seen), "
        "each as (select feature, sum(events)::bigint as events, count(distinct account) as accounts, "
        "count(distinct person) as people from seen where feature is not null group by feature), "
        "cells as (select feature, account, count(distinct person) as people from seen where feature is not null "
        "group by all), most as (select feature, max(people) as most_people from cells group by feature) "
        "select each.*, most_people, each.accounts / every.accounts as account_reach, "
        "each.people / nullif(every.people, 0) as people_reach from each join most using (feature), every "
        "order by accounts desc, people desc, feature"
    )


def use_of_accounts(door: Door, *, as_of: date, window: int = 28) -> pa.Table:
    """A row for each account that was active in the window, sorted by account.

    events: their number. active_days: days with any. daily, weekly, monthly: distinct people on the last day, in the
    last 7 days and in the window. mean_daily: distinct people a day, over all days of the window. stickiness:
    mean_daily / monthly, 0..1. breadth: distinct features. depth: events for each active person. first_day, last_day:
    within the window. stickiness and depth are null where no row names a person.
    """
    week = as_of - timedelta(days=6)
    return door.ask(
        f"with seen as (select * from {USAGE} where {_window(as_of, window)}), "
        "a_day as (select account, day, count(distinct person) as people from seen group by all), "
        f"days as (select account, count(*) as active_days, sum(people)::double / {window} as mean_daily from a_day "
        "group by account), "
        "whole as (select account, sum(events)::bigint as events, "
        f"count(distinct person) filter (where day = date '{as_of}') as daily, "
        f"count(distinct person) filter (where day >= date '{week}') as weekly, count(distinct person) as monthly, "
        "count(distinct feature) as breadth, min(day) as first_day, max(day) as last_day from seen group by account) "
        "select account, events, active_days, daily, weekly, monthly, mean_daily, "
        "mean_daily / nullif(monthly, 0) as stickiness, breadth, events / nullif(monthly, 0) as depth, first_day, "
        "last_day from whole join days using (account) order by account"
    )


def without_account(door: Door, *, as_of: date, window: int = 28) -> dict[str, int]:
    """events: how many there were in the window; without: those that name no account, which nothing else counts."""
    return door.ask(
        "select coalesce(sum(events) filter (where account is null), 0)::bigint as without, "
        f"coalesce(sum(events), 0)::bigint as events from {USAGE} where {_days(as_of, window)}"
    ).to_pylist()[0]


def licence_utilisation(used: pa.Table, seats: pa.Table) -> pa.Table:
    """account, people, seats, utilisation for each account of `seats` (account, seats): active people over seats.

    `used` is `use_of_accounts`. Not bounded by 1: above it, more people are active than seats were bought. Null where
    the seats are not known or 0; accounts that nobody used have 0 people.
    """
    joined = seats.join(used.select(["account", "monthly"]), "account").sort_by("account")
    people = joined["monthly"].fill_null(0)
    known = [float(one) if one else None for one in joined["seats"].to_pylist()]
    shares = [None if one is None else count / one for one, count in zip(known, people.to_pylist(), strict=True)]
    return pa.table(
        {"account": joined["account"], "people": people, "seats": pa.array(known, pa.float64()),
         "utilisation": pa.array(shares, pa.float64())}
    )  # fmt: skip


def time_to_first_value(door: Door, started: pa.Table, *, as_of: date, condition: str = "true") -> pa.Table:
    """account, started_on, first_on, days for each account of `started` (account, started_on: dates).

    days: from the start to the first use that meets `condition` (SQL over usage, written by the program; `of_feature`
    and `of_event` make one): 0 on the same day, and 0 where the use came before the start. Null where there was none up
    to `as_of`, or the start is not known.
    """
    door.take("kw_started", started)
    return door.ask(
        f"with first as (select account, min(day) as first_on from {USAGE} where day <= date '{as_of}' "
        f"and ({condition}) group by account) select account, started_on, first_on, "
        "case when started_on is not null and first_on is not null "
        "then greatest(first_on - started_on, 0)::integer end as days "
        "from kw_started left join first using (account) order by account"
    )

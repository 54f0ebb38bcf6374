"""The data fit together: keys, references, lives of accounts, and what was known when."""

from __future__ import annotations

import pytest

from keepwell.simulation import Summary

from .asking import Ask

FACTS = {
    "usage": "day",
    "tickets": "opened_at",
    "responses": "responded_at",
    "invoices": "issued_on",
    "advocacy": "happened_on",
    "interventions": "started_on",
    "treatments": "occurred_at",
    "manual_scores": "entered_at",
    "overrides": "recorded_at",
    "pins": "recorded_at",
    "renewals": "decided_on",
}
KEYS = {
    "accounts": "account_id, changed_at",
    "units": "unit_id, changed_at",
    "usage": "account_id, user_id, feature, day",
    "tickets": "ticket_id",
    "responses": "response_id",
    "invoices": "invoice_id",
    "advocacy": "activity_id",
    "interventions": "intervention_id",
    "treatments": 'account_id, "by"',
    "renewals": "renewal_id",
    "manual_scores": "account_id, measure, entered_at",
}


def count(ask: Ask, rest: str) -> int:
    number = ask(f"select count(*) {rest}")[0][0]
    assert isinstance(number, int)
    return number


@pytest.mark.slow
@pytest.mark.parametrize("table", FACTS)
def test_every_dataset_has_rows_and_each_belongs_to_an_account(ask: Ask, table: str) -> None:
    assert count(ask, f"from {table}") > 0
    assert count(ask, f"from {table} where account_id not in (select account_id from accounts)") == 0


@pytest.mark.slow
@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique(ask: Ask, table: str) -> None:
    assert ask(f"select {KEYS[table]} from {table} group by all having count(*) > 1 limit 1") == []


@pytest.mark.slow
@pytest.mark.parametrize("table", FACTS)
def test_nothing_happens_outside_the_life_of_an_account(ask: Ask, table: str) -> None:
    lives = "(select account_id, min(signed_on) as signed, max(churned_on) as churned from accounts group by 1)"
    day = f"cast({FACTS[table]} as date)"
    outside = f"{day} < signed or {day} >= coalesce(churned, date '9999-01-01')"
    assert count(ask, f"from {table} join {lives} using (account_id) where {outside}") == 0


@pytest.mark.slow
@pytest.mark.parametrize("table", FACTS)
def test_nothing_lies_outside_the_data_s_time(ask: Ask, table: str, company: Summary) -> None:
    first, last = company.company.first_day, company.company.end
    day = f"cast({FACTS[table]} as date)"
    assert count(ask, f"from {table} where {day} < date '{first}' or {day} > date '{last}'") == 0


@pytest.mark.slow
def test_nothing_is_told_that_became_known_after_the_end(ask: Ask, company: Summary) -> None:
    after = f"> timestamp '{company.company.end} 23:59:59'"
    for table, column in (
        ("accounts", "changed_at"),
        ("tickets", "loaded_at"),
        ("tickets", "closed_at"),
        ("tickets", "first_response_at"),
        ("invoices", "paid_on"),
        ("manual_scores", "loaded_at"),
        ("overrides", "withdrawn_at"),
        ("interventions", "completed_on"),
    ):
        assert count(ask, f"from {table} where {column} {after}") == 0, f"{table}.{column}"
    assert count(ask, "from tickets where closed_at is null") > 0
    assert count(ask, "from tickets where closed_at is null and satisfaction_score is not null") == 0
    assert count(ask, "from invoices where paid_on is null") > 0


@pytest.mark.slow
def test_some_tickets_arrive_days_late(ask: Ask) -> None:
    late = count(ask, "from tickets where loaded_at > opened_at + interval 1 day")
    assert 0.03 < late / count(ask, "from tickets") < 0.07


@pytest.mark.slow
def test_people_log_in_by_weekday(ask: Ask) -> None:
    days = dict(ask("select isodow(day), count(*) from usage group by 1"))
    assert min(days[n] for n in range(1, 6)) > 4 * max(days[6], days[7])  # type: ignore[type-var, operator]
    assert days[5] < days[2]  # type: ignore[operator]


def test_tickets_come_by_weekday(ask: Ask) -> None:
    days = dict(ask("select isodow(opened_at), count(*) from tickets group by 1"))
    assert min(days[n] for n in range(1, 6)) > 3 * max(days[6], days[7])  # type: ignore[type-var, operator]


@pytest.mark.slow
def test_an_account_moves_through_its_stages(ask: Ask) -> None:
    first = ask("select distinct first(stage order by changed_at) from accounts group by account_id")
    assert first == [("onboarding",)]
    assert count(ask, "from accounts where (stage = 'churned') <> (churned_on is not null)") == 0
    assert count(ask, "from accounts where churned_on is not null and churned_on <> changed_at") == 0


def test_every_lost_renewal_ends_the_account_on_its_renewal_date(ask: Ask, company: Summary) -> None:
    ended = ask("select account_id, churned_on from accounts where stage = 'churned' order by 1")
    due = f"due_on <= date '{company.company.end}'"
    lost = ask(f"select account_id, due_on from renewals where result = 'lost' and {due} order by 1")
    assert ended == lost
    assert len(lost) > 5


def test_seats_and_arr_follow_the_renewals(ask: Ask) -> None:
    wrong = "a.changed_at = r.due_on and r.result <> 'lost' and a.arr <> r.arr"
    assert count(ask, f"from accounts a join renewals r using (account_id) where {wrong}") == 0
    assert count(ask, "from renewals where result in ('upsell', 'downsell')") > 0


@pytest.mark.slow
def test_groups_of_companies_are_one_level_deep(ask: Ask) -> None:
    assert count(ask, "from accounts where parent_id is not null") > 0
    parents = "(select distinct parent_id from accounts where parent_id is not null)"
    assert count(ask, f"from accounts where account_id in {parents} and parent_id is not null") == 0
    assert count(ask, f"from accounts where account_id in {parents} and segment <> 'enterprise'") == 0


@pytest.mark.slow
def test_units_belong_to_enterprise_accounts_and_appear_in_usage(ask: Ask) -> None:
    assert count(ask, "from units") > 4
    assert ask("select distinct segment from accounts where account_id in (select account_id from units)") == [
        ("enterprise",)
    ]
    assert count(ask, "from usage where unit_id not in (select unit_id from units)") == 0
    owners = "(select distinct unit_id, account_id as owner from units)"
    assert count(ask, f"from usage join {owners} using (unit_id) where account_id <> owner") == 0


@pytest.mark.slow
def test_units_share_the_seats_of_their_account_and_leave_with_it(ask: Ask) -> None:
    whole = "select account_id, changed_at, sum(seats) as seats from units where ended_on is null group by all"
    other = "a.stage <> 'renewing' and a.seats <> u.seats"
    assert count(ask, f"from accounts a join ({whole}) u using (account_id, changed_at) where {other}") == 0
    left = "select distinct account_id, ended_on from units where ended_on is not null order by 1"
    churned = "select account_id, churned_on from accounts where churned_on is not null"
    assert ask(left) == ask(f"{churned} and account_id in (select account_id from units) order by 1")


def test_features_belong_to_one_module_and_product(ask: Ask) -> None:
    assert count(ask, "from (select distinct product, module, feature from usage)") == 20
    assert count(ask, "from (select distinct feature from usage)") == 20


def test_a_feature_released_late_is_not_used_before(ask: Ask, company: Summary) -> None:
    first = ask("select min(day) from usage where feature = 'assistant'")[0][0]
    share = (first - company.company.first_day).days / company.company.total_days  # type: ignore[operator]
    assert 0.58 < share < 0.64


@pytest.mark.slow
def test_adoption_of_a_hard_feature_grows_with_tenure(ask: Ask) -> None:
    """Of the accounts that signed within the data: users of the API by the end of month 1 and of month 6."""
    signed = "(select account_id, min(signed_on) as signed from accounts group by 1)"
    new = (
        f"from usage join {signed} using (account_id) where signed >= (select min(day) from usage) and feature = 'api'"
    )
    early, later = (
        ask(f"select count(distinct account_id) {new} and day < signed + {days}")[0][0] for days in (30, 180)
    )
    assert later > 2 * early  # type: ignore[operator]

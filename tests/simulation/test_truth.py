"""The truth stands beside the data, complete, and never in them."""

from __future__ import annotations

import json

import pytest

from keepwell.simulation import Drivers, Summary

from .asking import Ask

SECRET_WORDS = ("health", "latent", "truth", "driver", "shift", "probability", "optimism", "sponsorship", "simul")


def test_no_file_or_column_of_the_data_speaks_of_the_truth(company: Summary, ask: Ask) -> None:
    columns = ask("select table_name, column_name from information_schema.columns where table_name not like 'truth%'")
    names = [f"{table}.{column}" for table, column in columns] + [path.name for path in company.data.rglob("*")]
    assert len(names) > 80
    assert [name for name in names if any(word in name.lower() for word in SECRET_WORDS)] == []


def test_parquet_metadata_do_not_speak_of_it_either(company: Summary) -> None:
    for path in company.data.rglob("*.parquet"):
        tail = path.read_bytes()[-4_000:].lower()
        assert not any(word.encode() in tail for word in ("latent", "truth", "seed"))


@pytest.mark.slow
def test_a_contract_that_ends_after_the_data_has_not_ended(ask_crowd: Ask, crowd: Summary) -> None:
    """A lost renewal that ends after the data leaves the account as it was."""
    end = crowd.company.end
    lost_later = f"select account_id from renewals where result = 'lost' and due_on > date '{end}'"
    assert ask_crowd(f"select count(*) from ({lost_later})")[0][0] > 0  # type: ignore[operator]
    assert ask_crowd(
        f"select count(*) from accounts where account_id in ({lost_later}) and churned_on is not null"
    ) == [(0,)]


@pytest.mark.slow
def test_no_column_equals_latent_health(ask: Ask) -> None:
    """Everything seen of an account at the end is at most loosely tied to its latent health."""
    last = "(select account_id, arg_max(health, week) as health from truth_health group by 1)"
    for column in ("seats", "arr", "epoch(renewal_date)", "epoch(signed_on)"):
        sql = f"select abs(corr(health, {column})) from accounts join {last} using (account_id)"
        assert ask(sql)[0][0] < 0.5, column  # type: ignore[operator]


def test_drivers_stand_in_order_of_importance_with_their_weights(company: Summary) -> None:
    truth = json.loads((company.truth / "company.json").read_text())
    drivers = truth["drivers"]
    assert [driver["name"] for driver in drivers] == list(Drivers().names)
    assert [driver["rank"] for driver in drivers] == [1, 2, 3, 4, 5, 6]
    weights = [driver["weight"] for driver in drivers]
    assert weights == sorted(weights, reverse=True)
    assert abs(sum(weight**2 for weight in weights) - company.company.driver_share) < 1e-9
    assert truth["seed"] == 7
    assert truth["parameters"]["effect"] == 0.6


def test_health_is_told_for_every_week_of_every_account(ask: Ask, company: Summary) -> None:
    weeks, accounts = ask("select count(distinct week), count(distinct account_id) from truth_health")[0]
    assert weeks == company.company.weeks
    assert accounts == 200


def test_health_is_the_weighted_sum_of_its_drivers_a_rest_and_the_shift(ask: Ask, company: Summary) -> None:
    truth = json.loads((company.truth / "company.json").read_text())
    explained = " + ".join(f"{driver['weight']} * {driver['name']}" for driver in truth["drivers"])
    rest, tie = ask(
        f"select stddev(health - shift - ({explained})), corr(health - shift, {explained}) from truth_health"
    )[0]
    assert abs(rest - 0.15**0.5) < 0.08  # type: ignore[operator]
    assert tie > 0.85  # type: ignore[operator]

"""Latent health drives what is seen, and outcomes come as often as asked for."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keepwell.simulation import Summary, simulate

from .asking import Ask, asking

END = date(2026, 10, 31)


@pytest.mark.slow
@pytest.mark.parametrize("churn_rate", [0.08, 0.3])
def test_renewals_are_lost_at_the_asked_rate(tmp_path: Path, churn_rate: float) -> None:
    company = simulate(
        tmp_path, end=END, accounts=3_000, days=300, seats=(2.0, 2.0, 2.0), churn_rate=churn_rate, effect=0.0, at_once=1
    )
    assert company.renewals_decided > 1_500
    assert company.renewals_lost / company.renewals_decided == pytest.approx(churn_rate, abs=0.025)


@pytest.mark.slow
def test_latent_health_has_mean_0_and_variance_1_before_anybody_intervenes(ask_crowd: Ask) -> None:
    sql = "select avg(health - shift), stddev(health - shift) from truth_health where week < date '2025-09-01'"
    mean, spread = ask_crowd(sql)[0]
    assert mean == pytest.approx(0, abs=0.1)
    assert spread == pytest.approx(1, abs=0.1)


LAST_MONTH = "day > date '2026-10-03'"
STICKY = "feature in ('approvals', 'api', 'automations', 'dashboards', 'integrations')"
SHOWN = {
    "adoption": f"count(distinct user_id) / max(seats) from usage join seats using (account_id) where {LAST_MONTH}",
    "support": "-avg(ln(0.1 + first_response_hours)) from tickets",
    "sentiment": "avg(score) from responses",
    "payment": "-avg(paid_on - due_on) from invoices",
    "sponsorship": "arg_max(score, entered_at) from manual_scores where measure = 'executive_relationship'",
    "breadth": f"count(distinct feature) from usage where {LAST_MONTH} and {STICKY}",
    "health": "count(*) from advocacy",
}
LEAST = {"adoption": 0.6, "sponsorship": 0.5, "breadth": 0.25, "health": 0.15}


@pytest.mark.slow
@pytest.mark.parametrize("driver", SHOWN)
def test_each_driver_shows_where_it_should(ask_crowd: Ask, driver: str) -> None:
    sql = f"""
        with seats as (select account_id, arg_max(seats, changed_at) as seats from accounts group by 1),
             last as (select account_id, arg_max({driver}, week) as latent from truth_health group by 1),
             seen(account_id, value) as (select account_id, {SHOWN[driver]} group by 1)
        select corr(latent, value) from last join seen using (account_id)"""
    assert ask_crowd(sql)[0][0] > LEAST.get(driver, 0.4)  # type: ignore[operator]


@pytest.mark.slow
def test_healthy_accounts_renew_more(ask_crowd: Ask) -> None:
    sql = """
        with decided as (
            select (result = 'lost')::int as lost, (result = 'upsell')::int as grown,
                   (select arg_max(health, week) from truth_health h
                    where h.account_id = r.account_id and h.week <= r.decided_on) as health
            from renewals r)
        select ntile, avg(lost), avg(grown)
        from (select *, ntile(4) over (order by health) as ntile from decided) group by 1 order by 1"""
    quarters = ask_crowd(sql)
    lost, grown = [row[1] for row in quarters], [row[2] for row in quarters]
    assert lost[0] > 5 * max(lost[3], 0.001)  # type: ignore[operator, call-overload]
    assert lost == sorted(lost, reverse=True)  # type: ignore[type-var]
    assert grown[3] > 2 * grown[0]  # type: ignore[operator]


@pytest.mark.slow
def test_customer_success_managers_are_optimists(ask_crowd: Ask) -> None:
    sql = "select count(*) filter (score >= 70) / count(*) from manual_scores where measure = 'executive_relationship'"
    assert ask_crowd(sql)[0][0] > 0.6  # type: ignore[operator]


@pytest.mark.slow
def test_judgement_treats_the_unhealthy_and_the_lottery_does_not_look(ask_crowd: Ask) -> None:
    sql = """
        select assignment, avg(health_before) filter (treated) - avg(health_before) filter (not treated)
        from truth_interventions group by 1 order by 1"""
    (_, judged), (_, drawn) = ask_crowd(sql)
    assert judged < -0.5  # type: ignore[operator]
    assert drawn == pytest.approx(0, abs=0.12)


def test_judgement_rests_on_the_pulse_on_record_and_on_nothing_else(ask_crowd: Ask) -> None:
    """Among accounts of one pulse, those treated by judgement were as healthy as those passed over."""
    sql = """
        select m.score, avg(i.treated::int),
               avg(health_before) filter (treated) - avg(health_before) filter (not treated)
        from truth_interventions i join manual_scores m on m.account_id = i.account_id
            and m.measure = 'csm_pulse' and m.entered_at::date = i.started_on - 1
        where assignment = 'judgement' group by 1 having m.score is not null order by 1"""
    rows = ask_crowd(sql)
    assert [row[0] for row in rows] == [10, 50, 90]
    assert [row[1] for row in rows] == [pytest.approx(p, abs=0.1) for p in (0.73, 0.40, 0.17)]
    assert [row[2] for row in rows] == [pytest.approx(0, abs=0.15)] * 3


def test_the_ledger_tells_who_was_treated_held_out_and_passed_over(ask_crowd: Ask) -> None:
    arms = ask_crowd("select distinct assignment, arm from interventions order by all")
    assert arms == [
        ("judgement", "passed_over"),
        ("judgement", "treated"),
        ("lottery", "held_out"),
        ("lottery", "treated"),
    ]


def test_a_workshop_shifts_health_by_the_known_effect_and_an_invitation_does_not(ask_crowd: Ask) -> None:
    sql = """
        select i.playbook, max(h.shift) from truth_interventions i join truth_health h using (account_id)
        where i.treated and h.week > i.started_on + 35
          and account_id not in (select account_id from truth_interventions o
                                 where o.playbook <> i.playbook and o.treated)
        group by 1 order by 1"""
    assert [(name, pytest.approx(most)) for name, most in ask_crowd(sql)] == [
        ("adoption_workshop", 1.0),
        ("webinar_invitation", 0.0),
    ]


def test_the_true_effects_are_those_of_the_model(crowd: Summary, ask_crowd: Ask) -> None:
    truth = json.loads((crowd.truth / "company.json").read_text())
    workshop, webinar = truth["playbooks"]["adoption_workshop"], truth["playbooks"]["webinar_invitation"]
    assert workshop["effect_on_churn_log_odds"] == pytest.approx(-1.8 * 1.0)
    assert webinar["effect_on_churn_probability"]["everybody_considered"]["mean"] == 0
    sql = """
        select ln(a / (1 - a)) - ln(b / (1 - b))
        from (select churn_probability_treated as a, churn_probability_untreated as b from truth_interventions
              where playbook = 'adoption_workshop' and decided_on > started_on + 35)"""
    odds = np.array(ask_crowd(sql), dtype=float)
    assert len(odds) > 200
    assert odds == pytest.approx(-1.8, abs=1e-5)


@pytest.mark.slow
def test_the_lottery_recovers_the_true_effect_on_churn(tmp_path: Path) -> None:
    company = simulate(
        tmp_path,
        end=END,
        accounts=20_000,
        days=500,
        seats=(2.0, 2.0, 2.0),
        effect=1.0,
        randomised_share=1.0,
        churn_rate=0.3,
    )
    truth = json.loads((company.truth / "company.json").read_text())
    expected = truth["playbooks"]["adoption_workshop"]["effect_on_churn_probability"]["lottery"]["mean"]
    treated, held_out = _loss_by_arm(company)
    noise = np.sqrt(sum(p * (1 - p) / n for p, n in (treated, held_out)))
    assert expected < -0.08
    assert treated[0] - held_out[0] == pytest.approx(expected, abs=3.5 * noise)


def _loss_by_arm(company: Summary) -> list[tuple[float, int]]:
    sql = """
        with next as (
            select i.account_id, i.arm, arg_min(r.result, r.decided_on) as result
            from interventions i join renewals r on r.account_id = i.account_id and r.decided_on >= i.started_on
            where i.playbook = 'adoption_workshop' group by all)
        select avg((result = 'lost')::int), count(*) from next group by arm order by arm = 'held_out'"""
    return [(float(share), int(n)) for share, n in asking(company)(sql)]  # type: ignore[arg-type, call-overload]

"""The labelled sets. Directions of the naive cards were set by hand, without a look at outcomes."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from outcomes.labelled import SHARED, Labelled, splits_of

_NO_DATE = date(2026, 1, 1)
_PROTECTED = {"No": 0.0, "No internet service": 50.0, "Yes": 100.0}


def ibm_telco() -> Labelled:
    rows = pl.read_csv(SHARED / "ibm_telco" / "Telco-Customer-Churn.csv")
    lost, splits = splits_of("ibm_telco")
    return Labelled(
        name="ibm_telco",
        account=rows["customerID"].to_numpy(),
        looked_at=[_NO_DATE] * len(rows),
        lost=lost,
        columns=rows.drop("customerID", "Churn"),
        hand={
            "tenure": True,
            "MonthlyCharges": False,
            "TotalCharges": True,
            "Contract": {"Month-to-month": 0.0, "One year": 50.0, "Two year": 100.0},
            "PaymentMethod": {"Electronic check": 0.0, "Mailed check": 0.0},
            "OnlineSecurity": _PROTECTED,
            "TechSupport": _PROTECTED,
        },
        splits=splits,
        lead_days=0,
        is_dated=False,
    )


def cdnow() -> Labelled:
    rows = pl.read_csv(SHARED / "cdnow" / "snapshots.csv.gz", try_parse_dates=True)
    lost, splits = splits_of("cdnow")
    columns = rows.drop("customer_id", "snapshot", "churned").cast(pl.Float64)
    return Labelled(
        name="cdnow",
        account=rows["customer_id"].to_numpy(),
        looked_at=rows["snapshot"].to_list(),
        lost=lost,
        columns=columns,
        hand={name: name != "recency_days" for name in columns.columns},
        splits=splits,
        lead_days=180,
        is_dated=True,
    )


def fightchurn_crm5() -> Labelled:
    """Each account is observed once in a calendar month; all are looked at at its end."""
    rows = pl.read_csv(SHARED / "fightchurn_crm5" / "dataset_both_runs.csv.gz", try_parse_dates=True)
    lost, splits = splits_of("fightchurn_crm5")
    columns = rows.drop("run", "account_id", "observation_date", "is_churn").cast(pl.Float64)
    worse = {"lose_opportunity", "add_competitor", "unsub_lead", "delete_list", "cancel_meeting", "discount", "mrr"}
    worse |= {
        "loss_rate",
        "cancel_meeting_rate",
        "deletes_per_email",
        "pcnt_opp_value_lost",
        "opp_value_lost_per_month",
    }
    worse |= {name for name in columns.columns if name.startswith("mrr_per")}
    return Labelled(
        name="fightchurn_crm5",
        account=(rows["run"] + "_" + rows["account_id"].cast(pl.String)).to_numpy(),
        looked_at=rows["observation_date"].dt.month_end().to_list(),
        lost=lost,
        columns=columns,
        hand={name: name not in worse for name in columns.columns},
        splits=splits,
        lead_days=30,
        is_dated=True,
    )


def ravenstack() -> Labelled:
    """What accounts did; neither how long they have been customers nor what kind they are is behaviour."""
    rows = pl.read_csv(SHARED / "ravenstack" / "snapshot_2024-07-01.csv")
    lost, splits = splits_of("ravenstack")
    behaviour = ["usage_90", "features_90", "errors_90", "tickets_180", "escalations_180", "csat_180", "active_subs"]
    return Labelled(
        name="ravenstack",
        account=rows["account_id"].to_numpy(),
        looked_at=[_NO_DATE] * len(rows),
        lost=lost,
        columns=rows.select(behaviour).cast(pl.Float64),
        hand={name: name in ("usage_90", "features_90", "csat_180", "active_subs") for name in behaviour},
        splits=splits,
        lead_days=0,
        is_dated=False,
    )


def last_day(one: Labelled, rows: np.ndarray) -> date:
    """By which all outcomes of these rows are known."""
    return max(one.looked_at[int(row)] for row in rows) + timedelta(days=one.lead_days)

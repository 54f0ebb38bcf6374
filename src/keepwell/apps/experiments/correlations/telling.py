"""What goes together with leaving, in rows and words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.telling import counted

DAYS = (30, 60, 90)


def headline(found: Found) -> str:
    told = [one for one in found["correlation"]["curves"] if one["auc"] is not None and one["kind"] == "metric"]
    numbers = found["outcomes"]["numbers"]
    seen = f"{counted(numbers['lost'], 'loss', 'losses')} among {counted(numbers['observations'], 'observation')}"
    if not told:
        return f"No metric can be compared with leaving: {seen}"
    best = max(told, key=lambda one: abs(one["auc"] - 0.5))
    way = "low" if best["auc"] > 0.5 else "high"
    return f"{best['name']} tells most of who leaves, by {way} values (AUC {best['auc']:.2f}): {seen}"


def curves(found: Found) -> list[dict[str, Any]]:
    """Each metric and measure in single numbers, with how well it told some time before."""
    lags = found["correlation"]["lags"]
    rows = []
    for at, one in enumerate(found["correlation"]["curves"]):
        earlier = {lag["days"]: lag for lag in lags.get(one["name"], [])} if one["kind"] == "metric" else {}
        rows.append({
            **one, "at": at, "auc_text": number(one["auc"]),
            "span": span(one["auc_low"], one["auc_high"]) or one["reason"] or "",
            "value": "–" if one["information_value"] is None else f"{one['information_value']:.2f}",
            "lags": [_lag(earlier.get(days)) for days in DAYS],
            "slices": [slice_row(each) for each in one["slices"]],
        })  # fmt: skip
    return rows


def _lag(lag: Found | None) -> dict[str, str]:
    if lag is None:
        return {"value": "–", "span": ""}
    return {"value": number(lag["auc"]), "span": span(lag["low"], lag["high"])}


def slice_row(one: Found) -> dict[str, Any]:
    return {"label": one["label"], **rate_row(one["rate"])}


def rate_row(rate: Found | None) -> dict[str, Any]:
    """A rate with its interval and what it rests on."""
    if rate is None:
        return {"share": "–", "span": "", "observations": None, "accounts": None, "lost": None}
    return {
        "share": percent(rate["value"]),
        "span": "" if rate["low"] is None else f"{percent(rate['low'])} to {percent(rate['high'])}",
        "observations": rate["observations"], "accounts": rate["accounts"], "lost": rate["lost"],
    }  # fmt: skip


def alike(found: Found) -> list[dict[str, Any]]:
    """Pairs of metrics, the most alike first."""
    names, matrix = found["correlation"]["likeness"]["names"], found["correlation"]["likeness"]["matrix"]
    pairs = [{"one": names[i], "other": names[j], "value": matrix[i][j]} for i in range(len(names)) for j in range(i)]
    return sorted(pairs, key=lambda pair: -abs(pair["value"]))


def sticky(found: Found) -> list[dict[str, Any]]:
    rows = []
    for one in found["correlation"]["sticky_features"]:
        apart = one["difference"]
        rows.append({
            "feature": one["feature"], "using": rate_row(one["using"]), "not_using": rate_row(one["not_using"]),
            "points": "too few accounts" if apart is None else points(apart),
            "sticky": "yes" if apart and apart["high"] < 0 else "not shown",
            "by_when": "not shown" if one["by_when"] is None else f"day {one['by_when']}",
        })  # fmt: skip
    return rows


def patterns(found: Found) -> Iterator[dict[str, Any]]:
    for one in found["correlation"]["patterns"]:
        yield {**one, "rows": [{**cell, **rate_row(cell["rate"])} for cell in one["cells"]]}


def slopes(found: Found) -> Iterator[dict[str, Any]]:
    for one in found["correlation"]["slopes"]:
        rows = [{"name": row["name"], "left": rate_row(row["left"]), "expanded": rate_row(row["expanded"])}
                for row in one["rows"]]  # fmt: skip
        yield {**one, "rows": rows, "grows": one["rows"][0]["expanded"] is not None}


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def points(apart: Found) -> str:
    said = [f"{100 * apart[name]:+.1f}" for name in ("value", "low", "high")]
    return f"{said[0]} ({said[1]} to {said[2]})".replace("-", "−")

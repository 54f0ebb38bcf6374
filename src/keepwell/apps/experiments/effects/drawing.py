"""Overlap and balance as options of ECharts: were there accounts to compare with, and were they alike?"""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.kinds.kind import Found

MOST = 15
"""So many columns of the balance are drawn, those furthest apart; the table has all."""
_CLOSE = 0.1
_SIDES = (("all_compared", "All others", "token:ink-2", "circle"), ("matched", "Matched", "token:accent", "diamond"),
          ("weighted", "Weighted", "token:accent", "triangle"))  # fmt: skip


def alike(treatment: Found) -> Found | None:
    """The first effect of a treatment that says how alike treated and others were."""
    return next((one for one in treatment["effects"] if one["overlap"] is not None), None)


def overlap_option(overlap: Found) -> dict[str, Any] | None:
    """Tenths of the chance to be treated: the share of the treated and of the others in each."""
    if not overlap["bins"]:
        return None
    names = [f"{10 * at}–{10 * at + 10} %" for at in range(len(overlap["bins"]))]
    return {
        "grid": {"left": 56, "right": 16, "top": 32, "bottom": 48},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names, "name": "Chance to be treated", "nameLocation": "middle",
                  "nameGap": 28},
        "yAxis": {"type": "value", "min": 0, "name": "%", "axisLabel": {"formatter": "{value}"}},
        "series": [_bars("Treated", overlap, 0, "token:accent"), _bars("Others", overlap, 1, "token:ink-2")],
    }  # fmt: skip


def _bars(name: str, overlap: Found, side: int, colour: str) -> dict[str, Any]:
    data = [round(100 * one[side], 1) for one in overlap["bins"]]
    return {"name": name, "type": "bar", "data": data, "itemStyle": {"color": colour}}


def overlap_rows(overlap: Found) -> list[dict[str, Any]]:
    """The same as a table."""
    return [
        {"bin": f"{10 * at} to {10 * at + 10} %", "treated": f"{100 * one[0]:.1f} %", "others": f"{100 * one[1]:.1f} %"}
        for at, one in enumerate(overlap["bins"])
    ]


def balance_option(balance: list[Found]) -> dict[str, Any] | None:
    """How far treated and compared lie apart before, in standard deviations: a dot for each way to compare."""
    rows = balance[:MOST][::-1]
    if not rows:
        return None
    return {
        "grid": {"left": 12, "right": 24, "top": 32, "bottom": 48, "containLabel": True},
        "legend": {"top": 0},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "name": "Standard deviations apart", "nameLocation": "middle", "nameGap": 28},
        "yAxis": {"type": "category", "data": [_short(row["covariate"]) for row in rows]},
        "series": [_dots(rows, *side) for side in _SIDES],
    }


def _dots(rows: list[Found], field: str, name: str, colour: str, symbol: str) -> dict[str, Any]:
    data = [[round(row[field], 3), at] for at, row in enumerate(rows) if row[field] is not None]
    return {"name": name, "type": "scatter", "data": data, "symbol": symbol, "symbolSize": 9,
            "itemStyle": {"color": colour}}  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= 32 else f"{name[:31]}…"


def balance_rows(balance: list[Found]) -> list[dict[str, Any]]:
    """The same as a table, with every column; `far` where even the best comparison is not close."""
    return [
        {"covariate": row["covariate"], **{field: _apart(row[field]) for field, *_ in _SIDES},
         "far": all(abs(row[field]) > _CLOSE for field in ("matched", "weighted") if row[field] is not None)}
        for row in balance
    ]  # fmt: skip


def _apart(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f}".replace("-", "−")

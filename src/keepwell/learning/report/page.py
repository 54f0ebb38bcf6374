"""The report as one page of HTML that stands by itself: styles and charts inside, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from keepwell.learning.report.correlations import correlations
from keepwell.learning.report.markup import figure, heading, paragraph
from keepwell.learning.report.proposing import bands_and_moves, changes, held_out, units, unknowns
from keepwell.learning.report.styles import STYLES


def page_of(report: dict[str, Any]) -> str:
    """`report`: what `telling.report_of` gives."""
    title = f"A draft of scorecard {report['asked']['scorecard']}"
    parts = [
        *_opening(title, report),
        *changes(report),
        *held_out(report),
        *bands_and_moves(report),
        *unknowns(report),
        *correlations(report),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLES}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _opening(title: str, report: dict[str, Any]) -> Iterator[str]:
    asked, outcomes = report["asked"], report["outcomes"]
    numbers = outcomes["numbers"]
    yield heading(title, 1)
    yield paragraph(
        f"Learned from {numbers['observations']:,} {units(report)} of {numbers['accounts']:,} accounts known at "
        f"{asked['as_of']}, {numbers['lost']:,} of them losses{_looked_at(report)}.",
        "soft",
    )
    yield paragraph(_verdict(report), "verdict")


def _looked_at(report: dict[str, Any]) -> str:
    way, lead = report["outcomes"]["way"], report["asked"]["lead_days"]
    if way == "at_one_date":
        return ", without dates"
    if way == "on_grid":
        horizon = report["outcomes"]["horizon_days"]
        return (
            f"; everybody was looked at on {report['outcomes']['dates']} dates, lost within {horizon} days after {lead}"
        )
    return f"; each account was looked at {lead} days or a little more before its decision"


def _verdict(report: dict[str, Any]) -> str:
    pair = report["held_out"]["figures"]["auc"]
    difference = pair["difference"]
    said = f"AUC on held-out accounts: now {figure(pair['old'])}, draft {figure(pair['new'])}. "
    if difference["value"] is None or difference["low"] is None:
        return said + "Whether the draft tells more cannot be known."
    if difference["low"] > 0:
        return said + "The draft tells more, beyond what chance would do."
    if difference["high"] < 0:
        return said + "The card as it stands tells more: there is no reason to publish the draft as it is."
    return said + "The difference may be chance: publish the draft for its reasons, not for its figures."

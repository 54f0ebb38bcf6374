"""A portfolio over time: the share of each band, and the mean score."""

from __future__ import annotations

import math

from rich.text import Text

from keepwell.cli.portfolio.recording import Recorder
from keepwell.cli.portfolio.series import Series
from keepwell.cli.portfolio.totals import BandTotal, band_totals, main_scheme
from keepwell.cli.terminal.bands import band_of_label, color, colored
from keepwell.cli.terminal.sparklines import sparkline
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.totals import print_totals
from keepwell.cli.terminal.wording import counted


def print_trend(terminal: Terminal, recorder: Recorder) -> None:
    """The bands at the last date, each with its share at every date, then the mean score at every date."""
    series, accounts = recorder.series, recorder.accounts
    totals = band_totals(accounts)
    terminal.heading(f"{counted(len(accounts), 'account')} at {series.dates[-1]}", f"since {series.dates[0]}")
    print_totals(terminal, totals, "accounts", lines=share_lines(terminal, series, totals))
    scheme = main_scheme(accounts)
    means = series.means()
    line = sparkline(terminal.glyphs, means, _width(terminal), colored(scheme))
    known = [mean for mean in means if not math.isnan(mean)]
    if known:
        terminal.line(Text.assemble("mean score ", line, f" {known[0]:.1f} to {known[-1]:.1f}"))


def share_lines(terminal: Terminal, series: Series, totals: list[BandTotal]) -> dict[str, Text]:
    """For each label a sparkline of its share of the scored accounts, from 0 to the largest share of all."""
    shares = {total.label: series.shares(total.label) for total in totals if total.label in total.scheme.labels}
    top = max((share for line in shares.values() for share in line if not math.isnan(share)), default=1.0) or 1.0
    return {total.label: _line(terminal, total, shares[total.label], top) for total in totals if total.label in shares}


def _line(terminal: Terminal, total: BandTotal, shares: list[float], top: float) -> Text:
    style = color(total.scheme, band_of_label(total.scheme, total.label))
    return sparkline(terminal.glyphs, shares, _width(terminal), lambda _: style, top=top)


def _width(terminal: Terminal) -> int:
    return 26 if terminal.is_roomy else 13

"""Lengths of time as people type them on the command line."""

from __future__ import annotations

import typer

_LONGEST = 3_660


def parse_lead_time(text: str | int) -> int:
    return _days(text, "--lead-time", least=0)


def parse_step(text: str | int) -> int:
    return _days(text, "--every", least=1)


def parse_horizon(text: str | int) -> int:
    return _days(text, "--horizon", least=1)


def parse_within(text: str | int) -> int:
    return _days(text, "--within", least=1)


def parse_valid(text: str | int) -> int:
    return _days(text, "--valid", least=1)


def parse_after(text: str | int) -> int:
    return _days(text, "--after", least=1)


def _days(text: str | int, option: str, least: int) -> int:
    """Days of "30 days" or "6 weeks"; "week" and "day" alone are one. Anything else is wrong usage."""
    from keepwell.definitions.durations import parse_days

    if isinstance(text, int):
        return text
    words = text.strip().lower()
    try:
        days = parse_days(words if words[:1].isdigit() else f"1 {words}")
    except ValueError:
        example = "such as '30 days' or '6 weeks'"
        raise typer.BadParameter(f"'{text[:40]}' is no length of time; write days or weeks, {example}") from None
    if not least <= days <= _LONGEST:
        raise typer.BadParameter(f"{option} '{text[:40]}' is out of range; give {least} to {_LONGEST:,} days")
    return days

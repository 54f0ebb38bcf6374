"""Kinds of activity and rules for candidates in sentences."""

from __future__ import annotations

from keepwell.definitions.advocacy import AdvocacyActivity, AdvocacyCandidates
from keepwell.engine.rules.telling import condition_words


def kind_words(one: AdvocacyActivity) -> str:
    """What it is worth, how that decays, what a deal adds, and how often one may be asked."""
    parts = [f"{one.points:g} points on its day{_decay(one)}"]
    if one.impact is not None:
        won = f" and {one.impact.won:g} once it is won" if one.impact.won else ""
        most = f", {one.impact.at_most:g} at most" if one.impact.at_most is not None else ""
        parts.append(f"a deal adds {one.impact.points:g} for each {one.impact.per:,.0f}{won}{most}")
    return ". ".join(part[0].upper() + part[1:] for part in (*parts, _limits(one))) + "."


def _decay(one: AdvocacyActivity) -> str:
    if one.half_life is not None:
        return f", half of them left after {one.half_life} days"
    return f", falling to nothing in {one.zero_after} days" if one.zero_after is not None else ", for good"


def _limits(one: AdvocacyActivity) -> str:
    if not one.enabled:
        return "cannot be logged"
    if not one.asked_for:
        return "is not asked for"
    whom = {"a person": one.limits.per_person, "an account": one.limits.per_account}
    said = [f"{count} in a quarter for {name}" for name, count in whom.items() if count]
    rest = [f"{one.limits.rest} days of rest in between"] if one.limits.rest else []
    return "asked for at most " + ", ".join([*said, *rest]) if said or rest else "asked for without a limit"


def candidate_words(one: AdvocacyCandidates) -> str:
    """Whom it finds."""
    accounts = condition_words(one.accounts)
    if one.people is None:
        return f"Accounts where {accounts}."
    return f"People for whom {condition_words(one.people)}, at accounts where {accounts}."

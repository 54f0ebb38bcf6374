"""The value of each account as it is now, by the engine, of the answers that are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np

from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.models import Response
from keepwell.apps.surveys.results.accounts import among
from keepwell.apps.surveys.results.answered import Answered, answered_of
from keepwell.apps.surveys.results.reading import Subject
from keepwell.apps.surveys.results.responses import moment_of
from keepwell.engine.surveys.facts import Given, ValueOfAccount, account_values, value_rule


def values_of(subject: Subject, as_of: date, accounts: Collection[str] | None = None) -> tuple[ValueOfAccount, ...]:
    """Of all accounts, or some; empty for a survey without a scale."""
    survey = subject.in_force or subject.survey
    rule = value_rule(survey)
    if rule is None:
        return ()
    zone = subject.project.settings.time_zone
    answered = answered_of(subject.name, subject.survey, subject.editions, zone)
    inside = ~np.isnan(answered.columns[rule.question])
    if accounts is not None:
        inside &= among(answered.labels["account"], list(accounts))
    return account_values(survey, _given(answered.where(inside), rule.question), as_of, zone)


def _given(answered: Answered, question: str) -> list[Given]:
    keys = dict(Response.objects.filter(pk__in=answered.number.tolist()).values_list("pk", "key"))
    rows = zip(
        answered.number.tolist(), answered.labels["account"].to_pylist(), answered.labels["person"].to_pylist(),
        answered.columns[question].tolist(), answered.at.tolist(), strict=True,
    )  # fmt: skip
    return [
        Given(keys[number], account, person, value, moment_of(at))
        for number, account, person, value, at in rows
        if account and number in keys
    ]


def named(values: Sequence[ValueOfAccount]) -> dict[str, str]:
    """Accounts by name."""
    found = Account.objects.filter(pk__in=[one.account for one in values])
    return dict(found.values_list("pk", "name"))

"""Alerts as mail says them: plain text, with whole addresses and the way to stop it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings

from keepwell.apps.notices.models import MailedAlert

SETTINGS_PATH = "/me/alerts/"


def address(path: str) -> str:
    """A link as somebody outside the application needs it."""
    return f"{settings.ENVIRONMENT.public_url}{path}" if path.startswith("/") else path


def score_words(facts: Mapping[str, Any]) -> str:
    """Score 38 (red, was yellow), −14 in a week. Empty where nothing is known."""
    if not facts:
        return ""
    score, label, before = facts.get("score"), facts.get("label", ""), facts.get("before", "")
    band = f"{label}, was {before}" if before and before != label else label
    said = f"Score {_number(score)}{f' ({band})' if band else ''}" if score is not None else f"No score ({band})"
    change = facts.get("change")
    if change is None:
        return said
    return f"{said}, {'no change' if round(change, 1) == 0 else _signed(change)} in a week"


def mail_text(one: MailedAlert) -> str:
    """A message about one alert."""
    return "\n\n".join([*_paragraphs(one), _ending()])


def digest_subject(alerts: Sequence[MailedAlert]) -> str:
    accounts = {one.account_id for one in alerts if one.account_id}
    about = f" about {len(accounts)} account{'' if len(accounts) == 1 else 's'}" if accounts else ""
    return f"{len(alerts)} alerts{about}"


def digest_text(alerts: Sequence[MailedAlert]) -> str:
    """By account, the one with the most important alert first; what is about no account comes last."""
    parts = []
    for _, group in groupby(_ordered(alerts), key=lambda one: one.account_id):
        of_account = list(group)
        parts.append(_heading(of_account))
        parts += ["\n".join(_indented(one)) for one in of_account]
    return "\n\n".join([*parts, _ending()])


def _ordered(alerts: Sequence[MailedAlert]) -> list[MailedAlert]:
    most: dict[str, int] = {}
    for one in alerts:
        most[one.account_id] = max(most.get(one.account_id, 0), one.importance)
    return sorted(
        alerts,
        key=lambda one: (not one.account_id, -most[one.account_id], one.account.lower(), one.account_id,
                         -one.importance, one.at, one.pk),
    )  # fmt: skip


def _heading(of_account: Sequence[MailedAlert]) -> str:
    newest = max(of_account, key=lambda one: (one.at, one.pk))
    name = newest.account or "Other"
    words = score_words(newest.facts)
    return f"{name.upper()}{f': {words}' if words else ''}"


def _indented(one: MailedAlert) -> list[str]:
    more = [one.text] if one.text else []
    why = [f"Why: {one.facts['why']}"] if one.facts.get("why") else []
    link = [address(one.link)] if one.link else []
    return [f"- {one.subject}", *(f"  {line}" for part in (*more, *why, *link) for line in part.splitlines())]


def _paragraphs(one: MailedAlert) -> list[str]:
    words, why = score_words(one.facts), one.facts.get("why", "")
    score = f"{one.account}: {words}" if words and one.account else words
    return [part for part in (one.subject, one.text, score, why, address(one.link) if one.link else "") if part]


def _ending() -> str:
    return f"--\nWhat you are told, when, or not at all: {address(SETTINGS_PATH)}"


def _number(score: float) -> str:
    return f"{score:.1f}".removesuffix(".0")


def _signed(change: float) -> str:
    return f"{'+' if change > 0 else '−'}{_number(abs(change))}"

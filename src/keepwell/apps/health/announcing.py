"""Tells whoever acts on scores that there are new ones: by the names of their jobs, since they stand above."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from procrastinate.contrib.django import app

from keepwell.apps.access.asking import ask_once
from keepwell.apps.health.models import ScoreNews

RUN, ACCOUNTS = "rules:run", "rules:accounts"
"""Jobs: all accounts were scored by a run; some were scored again."""


def announce_run(run_id: int) -> None:
    """In the transaction in which the run becomes current."""
    app.configure_task(RUN).defer(run_id=run_id)


def announce_accounts(account_ids: Collection[str]) -> None:
    """In the transaction that changes their scores."""
    ScoreNews.objects.bulk_create((ScoreNews(account_id=account) for account in sorted(account_ids)), batch_size=2000)
    transaction.on_commit(ask_to_look, robust=True)


def ask_to_look() -> None:
    """Every minute it looks by itself."""
    ask_once(ACCOUNTS, timestamp=0)

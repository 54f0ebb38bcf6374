"""What is known of texts follows when an account is merged, and forgets who wrote them when a person is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from keepwell.apps.access.asking import ask_once
from keepwell.apps.customers.following import register_follower, rows_of
from keepwell.apps.customers.forgetting import register_forgetter
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.sentiment.models import Judgement
from keepwell.definitions.sentiment import TABLE, TOPICS_TABLE

TRAIN = "sentiment:train"


def register() -> None:
    register_forgetter("sentiment", forget)
    register_follower(rows_of("what texts say", Judgement, settle=_count))


def forget(key: UUID, addresses: Collection[str]) -> None:
    """What was made of a text goes with the text, which its own app erases; what is left counts without a person.

    A classifier of the team's own may have learned words of theirs: it is trained again without them.
    """
    theirs = Judgement.objects.filter(person_id=key)
    accounts = list(theirs.values_list("account_id", flat=True))
    if theirs.update(person_id=None):
        _count(accounts)
        ask_once(TRAIN, timestamp=0)


def _count(accounts: Collection[str]) -> None:
    for ledger in (TABLE, TOPICS_TABLE):
        facts_came(accounts, ledger=ledger)

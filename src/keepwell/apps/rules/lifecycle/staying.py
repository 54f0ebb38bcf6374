"""How long accounts have been in their stages, and which milestones of these are reached, due or overdue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.models import Milestone
from keepwell.definitions.lifecycle import Stage


@dataclass(frozen=True)
class Step:
    """A milestone of the stage that an account is in. `overdue`: by how many days; 0 where it is not."""

    name: str
    title: str
    due_on: date | None
    reached_on: date | None
    overdue: int

    @property
    def state(self) -> str:
        return "reached" if self.reached_on else "overdue" if self.overdue else "due"


@dataclass(frozen=True)
class Stay:
    """`days`: in the stage, null where nobody knows since when. `over`: by how many days longer than expected."""

    account: Account
    stage: str
    title: str
    since: date | None
    days: int | None
    expected: int | None
    over: int
    steps: tuple[Step, ...]


def day_now() -> date:
    """The day that times in stages are counted to: that of the scores."""
    run = latest_run()
    return run.as_of if run else timezone.localdate()


def title_of_stage(name: str, stage: Stage | None) -> str:
    return (stage.title if stage else None) or name.replace("_", " ").capitalize()


def staying(actor: Actor) -> QuerySet[Account]:
    """The actor's accounts that are there, with `since`."""
    return with_since(visible(actor).filter(in_population=True)).order_by()


def with_since(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """With `since`, the day on which each came to its stage."""
    came = StageChange.objects.filter(account=OuterRef("pk")).order_by("-occurred_at", "-pk")
    day = TruncDate(Subquery(came.values("occurred_at")[:1]), output_field=DateField())
    return accounts.annotate(since=Coalesce(day, F("started_on")))


def over_since(stage: Stage | None, as_of: date) -> date | None:
    """Accounts that came before this day are there for longer than expected; null where nothing is expected."""
    return as_of - timedelta(days=stage.expected) if stage and stage.expected is not None else None


def stays_of(accounts: Iterable[Account], stages: Mapping[str, Stage], as_of: date) -> list[Stay]:
    """Of accounts that `staying` found."""
    found = list(accounts)
    kept = _kept([one.pk for one in found])
    return [_stay(one, stages.get(one.stage), kept.get(one.pk, {}), as_of) for one in found]


def _kept(accounts: Collection[str]) -> dict[str, dict[str, Milestone]]:
    rows: dict[str, dict[str, Milestone]] = {}
    for one in Milestone.objects.filter(account_id__in=accounts, left_on=None):
        rows.setdefault(one.account_id, {})[one.name] = one
    return rows


def _stay(account: Account, stage: Stage | None, kept: Mapping[str, Milestone], as_of: date) -> Stay:
    since: date | None = account.since  # type: ignore[attr-defined]
    days = max((as_of - since).days, 0) if since else None
    expected = stage.expected if stage else None
    over = max(days - expected, 0) if days is not None and expected is not None else 0
    steps = tuple(_steps(account.stage, stage, kept, since, as_of))
    return Stay(account, account.stage, title_of_stage(account.stage, stage), since, days, expected, over, steps)


def _steps(
    name: str, stage: Stage | None, kept: Mapping[str, Milestone], since: date | None, as_of: date
) -> Iterable[Step]:
    """Those of the definitions; one that was not looked at yet is due as they say."""
    for key, one in (stage.milestones if stage else {}).items():
        row = kept.get(key)
        row = row if row and row.stage == name else None
        due = row.due_on if row else since + timedelta(days=one.due) if since else None
        reached = row.reached_on if row else None
        late = (as_of - due).days if due and not reached and row else 0
        yield Step(key, one.title or key.replace("_", " ").capitalize(), due, reached, max(late, 0))

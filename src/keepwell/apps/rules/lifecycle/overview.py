"""The stages in order, with the accounts of one person in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Aggregate, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Sum

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for, sees_all
from keepwell.apps.rules.lifecycle.kept import kept
from keepwell.apps.rules.lifecycle.staying import (
    Stay,
    day_now,
    over_since,
    staying,
    stays_of,
    title_of_stage,
    with_since,
)
from keepwell.apps.rules.models import Milestone
from keepwell.definitions.lifecycle import Stage
from keepwell.engine.rules.telling_stages import milestone_sentence, stage_sentences

ONLY = {"": "all", "over": "over the expected time", "overdue": "with an overdue milestone"}
"""Which accounts of a stage are asked for, in words."""


class _Middle(Aggregate):
    """The day in the middle; of an even number the earlier."""

    name = "MiddleDay"
    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DateField()


@dataclass(frozen=True)
class StageNow:
    """A stage with how it stands. `over`: accounts there for longer than expected; `overdue`: milestones."""

    name: str
    title: str
    help: str
    sentences: tuple[str, ...]
    milestones: tuple[tuple[str, str], ...]  # title and sentence
    expected: int | None
    accounts: int
    arr: float
    median_days: int | None
    over: int
    overdue: int
    is_defined: bool = True


def stages_in_force() -> Mapping[str, Stage]:
    project = current_project()
    return project.stages_in_order() if project else {}


def overview(actor: Actor) -> list[StageNow]:
    """The stages of the definitions in order, then words that only the data know, then accounts without a stage.

    Of everybody's accounts, what is late and the revenue are as of a minute ago at most.
    """
    found: list[StageNow] = kept(lambda: _overview(actor)) if sees_all(actor) else _overview(actor)
    return found


def _overview(actor: Actor) -> list[StageNow]:
    stages, as_of = stages_in_force(), day_now()
    counted, late = _counted(actor, stages, as_of), _late(actor, as_of)
    others = sorted(name for name in counted if name and name not in stages)
    names = [*stages, *others, *([""] if "" in counted else [])]
    return [_now(name, stages.get(name), counted.get(name, {}), late.get(name, 0), as_of) for name in names]


def _counted(actor: Actor, stages: Mapping[str, Stage], as_of: date) -> dict[str, dict[str, object]]:
    over = Q(pk__in=[])
    for name, stage in stages.items():
        if limit := over_since(stage, as_of):
            over |= Q(stage=name, since__lt=limit)
    rows = staying(actor).values("stage")
    counts = rows.annotate(n=Count("pk"), sum=Sum("arr"), middle=_Middle("since"), over=Count("pk", filter=over))
    return {str(row["stage"]): dict(row) for row in counts}


def _late(actor: Actor, as_of: date) -> dict[str, int]:
    rows = _overdue(as_of).filter(account__in=staying(actor).values("pk"), account__stage=F("stage"))
    return dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))


def _overdue(as_of: date) -> QuerySet[Milestone]:
    return Milestone.objects.filter(left_on=None, reached_on=None, due_on__lt=as_of)


def _now(name: str, stage: Stage | None, row: Mapping[str, object], late: int, as_of: date) -> StageNow:
    middle = row.get("middle")
    steps = stage.milestones.items() if stage else ()
    return StageNow(
        name=name,
        title=title_of_stage(name, stage) if name else "No stage",
        help=(stage.help if stage else None) or "",
        sentences=stage_sentences(stage) if stage else (),
        milestones=tuple((title_of_step(key, one.title), milestone_sentence(one)) for key, one in steps),
        expected=stage.expected if stage else None,
        accounts=int(str(row.get("n", 0))),
        arr=float(str(row.get("sum") or 0)),
        median_days=max((as_of - middle).days, 0) if isinstance(middle, date) and name else None,
        over=int(str(row.get("over", 0))),
        overdue=late,
        is_defined=stage is not None,
    )


def title_of_step(name: str, title: str | None) -> str:
    return title or name.replace("_", " ").capitalize()


def stage_now(actor: Actor, name: str) -> StageNow:
    """Raises NotVisible for a stage that no definition and no account of the actor knows."""
    found = next((one for one in overview(actor) if one.name == name and name), None)
    if found is None:
        raise NotVisible
    return found


def accounts_in(actor: Actor, name: str, only: str = "") -> QuerySet[Account]:
    """The actor's accounts in a stage; `only`: one of ONLY."""
    as_of = day_now()
    found = staying(actor).filter(stage=name).select_related("health", "owner")
    if only == "over":
        limit = over_since(stages_in_force().get(name), as_of)
        found = found.filter(Q(since__lt=limit)) if limit else found.none()
    if only == "overdue":
        found = found.filter(Exists(_overdue(as_of).filter(account=OuterRef("pk"), stage=name)))
    return found


def stay_of(actor: Actor, account_id: str) -> Stay:
    """One account in the stage it is in. Raises NotVisible."""
    account_for(actor, account_id)
    found = with_since(Account.objects.filter(pk=account_id)).select_related("health", "owner")
    return stays_of(found, stages_in_force(), day_now())[0]

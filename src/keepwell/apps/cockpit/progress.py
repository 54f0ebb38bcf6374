"""How far success plans are, and how playbooks fared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.measuring import OPENED
from keepwell.apps.cockpit.models import Measurement, Objective, PlaybookRun, SuccessPlan, Task
from keepwell.apps.cockpit.playbooks import InForce, in_force
from keepwell.apps.cockpit.words import CallStatus, ObjectiveStatus, Outcome, TaskStatus
from keepwell.apps.customers.queries import visible

_NUMBERS = ("applied", "running", "closed", "completed", "succeeded")
_COUNTED = (ObjectiveStatus.OPEN, ObjectiveStatus.ACHIEVED, ObjectiveStatus.MISSED)


@dataclass(frozen=True)
class PlanProgress:
    """`reached` of `counted` objectives: those that were dropped do not count."""

    plan: SuccessPlan
    objectives: Sequence[Objective]
    reached: int
    counted: int

    @property
    def share(self) -> float | None:
        return self.reached / self.counted if self.counted else None


@dataclass(frozen=True)
class Fared:
    """A playbook that is in force or was applied. `completed`: of the calls that are closed, those whose required
    tasks were all done; `succeeded`: those that did, at least partly."""

    name: str
    title: str
    book: InForce | None
    applied: int
    running: int
    closed: int
    completed: int
    succeeded: int
    tasks_done: int
    tasks: int
    change: float | None


def progress_of(plans: Iterable[SuccessPlan]) -> list[PlanProgress]:
    """With the calls of each objective."""
    found = []
    for plan in plans:
        objectives = list(plan.objectives.select_related("owner").prefetch_related("calls__owner"))
        counted = [one for one in objectives if one.status in _COUNTED]
        reached = sum(one.status == ObjectiveStatus.ACHIEVED for one in counted)
        found.append(PlanProgress(plan, objectives, reached, len(counted)))
    return found


def fared(actor: Actor) -> list[Fared]:
    """Every playbook in force and every one that was applied to an account that the actor sees."""
    books = in_force()
    runs = PlaybookRun.objects.filter(call__account__in=visible(actor), replaced_at=None)
    counts = {row["playbook"]: row for row in _counts(runs)}
    titles = dict(runs.order_by("applied_at").values_list("playbook", "title"))
    tasks, changes = _tasks(runs), _changes(runs)
    names = [*books, *(name for name in titles if name not in books)]
    return [
        Fared(
            name=name, title=books[name].title if name in books else titles[name], book=books.get(name),
            tasks_done=tasks.get(name, (0, 0))[0], tasks=tasks.get(name, (0, 0))[1], change=changes.get(name),
            **{key: int(counts.get(name, {}).get(key, 0)) for key in _NUMBERS},
        )
        for name in names
    ]  # fmt: skip


def _counts(runs: QuerySet[PlaybookRun]) -> list[dict[str, Any]]:
    closed = Q(call__status=CallStatus.CLOSED) & ~Q(call__outcome=Outcome.WITHDRAWN)
    left = Task.objects.filter(is_required=True).exclude(status=TaskStatus.DONE).values("run")
    well = (Outcome.SUCCEEDED, Outcome.PARTLY, Outcome.RECOVERED)
    rows = runs.order_by().values("playbook")
    return [
        dict(row)
        for row in rows.annotate(
            applied=Count("pk"),
            running=Count("pk", filter=~Q(call__status=CallStatus.CLOSED)),
            closed=Count("pk", filter=closed),
            completed=Count("pk", filter=closed & ~Q(pk__in=left)),
            succeeded=Count("pk", filter=Q(call__outcome__in=well)),
        )
    ]


def _tasks(runs: QuerySet[PlaybookRun]) -> dict[str, tuple[int, int]]:
    """Tasks that were done, and all, by playbook."""
    counted = Task.objects.filter(run__in=runs).order_by().values("run__playbook")
    rows = counted.annotate(done=Count("pk", filter=Q(status=TaskStatus.DONE)), all=Count("pk"))
    return {row["run__playbook"]: (row["done"], row["all"]) for row in rows}


def _changes(runs: QuerySet[PlaybookRun]) -> dict[str, float]:
    """The mean change of the score from opening to 90 days after closing, of the calls that have both."""
    scores: dict[int, dict[str, float]] = {}
    rows = Measurement.objects.filter(call__runs__in=runs, moment__in=(OPENED, "90"), score__isnull=False)
    names = dict(runs.values_list("call_id", "playbook"))
    for call, moment, score in rows.values_list("call_id", "moment", "score"):
        scores.setdefault(call, {})[moment] = float(score or 0)
    found: dict[str, list[float]] = {}
    for call, both in scores.items():
        if len(both) == 2:
            found.setdefault(names[call], []).append(both["90"] - both[OPENED])
    return {name: sum(changes) / len(changes) for name, changes in found.items()}

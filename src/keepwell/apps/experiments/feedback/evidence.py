"""What people said of one measure, and who was right: what stands beside a weight that somebody wants to change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import visible
from keepwell.apps.experiments.feedback.asking import KIND
from keepwell.apps.experiments.feedback.said import direction
from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.health.models import Feedback

MOST = 3
"""So many remarks are quoted, the newest ones."""


@dataclass(frozen=True)
class Evidence:
    """`counts`: how often it was said that the measure stands too high or too low, of all accounts. `judged`: what the
    newest report says of it, in a sentence each. `remarks`: of accounts that the actor sees."""

    measure: str
    too_high: int
    too_low: int
    judged: tuple[str, ...]
    remarks: tuple[Feedback, ...]
    report: int | None = None


def evidence(actor: Actor, measure: str) -> Evidence | None:
    """None where nobody spoke of it. Raises Forbidden."""
    require(actor, Permission.CONFIGURE)
    found, project = Feedback.objects.filter(measure=measure), current_project()
    labels = list(found.values_list("shown_label", "expected_label"))
    if not labels or project is None:
        return None
    counts = Counter(direction(project, *pair) for pair in labels)
    report = newest()
    said = _judged(report.result, measure) if report else ()
    remarks = found.filter(account__in=visible(actor)).select_related("account").order_by("-pk")[:MOST]
    return Evidence(
        measure, counts["too_high"], counts["too_low"], said, tuple(remarks), report.pk if report and said else None
    )


def newest() -> Experiment | None:
    """The report that was made last."""
    found = Experiment.objects.filter(kind=KIND, status=Status.DONE).defer("files", "versus_files")
    return found.order_by("-ended_at").first()


def _judged(found: Found, measure: str) -> tuple[str, ...]:
    """Over all segments together."""
    return tuple(
        one["words"] for one in found["judged"]
        if one["measure"] == measure and one["segment"] is None and one["right"] is not None
    )  # fmt: skip

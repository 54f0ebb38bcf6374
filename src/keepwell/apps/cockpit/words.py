"""The words of the cockpit: types, states, priorities and outcomes of calls to action."""

from __future__ import annotations

from django.db import models


class CallType(models.TextChoices):
    RISK = "risk", "Risk"
    OPPORTUNITY = "opportunity", "Opportunity"
    LIFECYCLE = "lifecycle", "Lifecycle"
    ACTIVITY = "activity", "Activity"
    OBJECTIVE = "objective", "Objective"


class CallStatus(models.TextChoices):
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    SNOOZED = "snoozed", "Snoozed"
    CLOSED = "closed", "Closed"


class Priority(models.IntegerChoices):
    LOW = 1, "low"
    NORMAL = 2, "normal"
    HIGH = 3, "high"
    URGENT = 4, "urgent"


class Origin(models.TextChoices):
    RULE = "rule", "a rule"
    PERSON = "person", "a person"
    PLAN = "plan", "a success plan"


class Outcome(models.TextChoices):
    """How a call ended. `withdrawn`: it should not have been opened, so it counts for nothing."""

    SUCCEEDED = "succeeded", "Succeeded"
    PARTLY = "partly", "Partly succeeded"
    FAILED = "failed", "Did not succeed"
    RECOVERED = "recovered", "Recovered by itself"
    NOT_NEEDED = "not_needed", "Was not needed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class TaskStatus(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Left out"


class PlanStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    ACHIEVED = "achieved", "Achieved"
    ENDED = "ended", "Ended"


class ObjectiveStatus(models.TextChoices):
    OPEN = "open", "Open"
    ACHIEVED = "achieved", "Achieved"
    MISSED = "missed", "Missed"
    DROPPED = "dropped", "Dropped"


PRIORITIES = {one.label: one.value for one in Priority}
"""The number of a priority by its word."""

BY_HAND_OUTCOMES = [one for one in Outcome if one is not Outcome.WITHDRAWN]
"""What people may choose when they close; only what opened a call takes it back."""

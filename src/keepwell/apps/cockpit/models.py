"""What is to be done with customers: calls to action, their tasks, what is said and measured about them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from keepwell.apps.cockpit.words import (
    CallStatus,
    CallType,
    ObjectiveStatus,
    Origin,
    Outcome,
    PlanStatus,
    Priority,
    TaskStatus,
)
from keepwell.apps.customers.models import Account, ChangeOfMany, KeptView
from keepwell.apps.rules.models import Effect

_OPEN = ~models.Q(status=CallStatus.CLOSED)
_ACTIVE = models.Q(status__in=(CallStatus.OPEN, CallStatus.IN_PROGRESS))
_RISK = _OPEN & models.Q(type=CallType.RISK)


def _somebody(related: str = "+") -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name=related)


class CallToAction(models.Model):
    """Something to do about one account, with an owner, a date and, in the end, an outcome.

    `reason` is the key by which two calls are the same; `reason_words` is what people read. `cause`: what it was opened
    for, as rules tell it: {rule, conditions: [{condition, name, value}]}. `owner_role`: by what the owner was found;
    `passed_from`: who left while they owned it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="calls", db_constraint=False)
    relationship_id = models.CharField(max_length=200, null=True)
    type = models.CharField(max_length=12, choices=CallType.choices)
    reason = models.CharField(max_length=100)
    reason_words = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(max_length=12, choices=CallStatus.choices, default=CallStatus.OPEN)
    is_flagged = models.BooleanField(default=False)
    owner = _somebody("calls")
    owner_role = models.CharField(max_length=200, blank=True)
    passed_from = models.CharField(max_length=150, blank=True)
    due_on = models.DateField(null=True)
    snoozed_until = models.DateField(null=True)
    snooze_reason = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PERSON)
    effect = models.ForeignKey(Effect, null=True, on_delete=models.SET_NULL, related_name="calls")
    cause = models.JSONField(default=dict)
    objective = models.ForeignKey("Objective", null=True, on_delete=models.SET_NULL, related_name="calls")
    playbook = models.CharField(max_length=100, blank=True)
    mitigation = models.TextField(blank=True)  # of a risk: what is done about it, and when it is looked at next
    review_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    times_opened = models.PositiveSmallIntegerField(default=1)  # asked for again while it was open
    last_opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_note = models.TextField(blank=True)
    at_risk = models.FloatField(default=0.0)  # what lists go by, renewed every minute while it is open
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "type", "reason"], condition=_OPEN, name="one_open_call_a_reason"
            ),
            models.CheckConstraint(condition=_OPEN | ~models.Q(outcome=""), name="a_closed_call_has_an_outcome"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-opened_at"], name="calls_of_account"),
            models.Index(fields=["owner", "due_on"], condition=_OPEN, name="open_calls_of_owner"),
            models.Index(fields=["status", "due_on"], name="calls_by_status"),
            models.Index(fields=["snoozed_until"], condition=models.Q(status="snoozed"), name="calls_that_sleep"),
            models.Index(fields=["-closed_at"], name="calls_by_end"),
            models.Index(fields=["-at_risk", "due_on", "id"], condition=_ACTIVE, name="calls_by_value"),
            models.Index(fields=["due_on", "-at_risk", "id"], condition=_ACTIVE, name="calls_by_due_date"),
            models.Index(fields=["-priority", "due_on", "id"], condition=_ACTIVE, name="calls_by_priority"),
            models.Index(fields=["-opened_at", "-id"], condition=_ACTIVE, name="calls_by_begin"),
            models.Index(fields=["-at_risk", "due_on", "id"], condition=_RISK, name="open_risks_by_value"),
            models.Index(fields=["due_on"], condition=_OPEN, name="open_calls_by_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status != CallStatus.CLOSED


class Measurement(models.Model):
    """Score and revenue of a call's account at a moment: opened, closed, and so many days after closing.

    Those after closing are made when it closes and filled when their day has come.
    """

    call = models.ForeignKey(CallToAction, on_delete=models.CASCADE, related_name="measurements")
    moment = models.CharField(max_length=10)  # opened | closed | 30 | 60 | 90
    due_on = models.DateField()
    recorded_at = models.DateTimeField(null=True)
    score = models.FloatField(null=True)
    label = models.CharField(max_length=60, blank=True)
    arr = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "moment"], name="a_measurement_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=models.Q(recorded_at=None), name="measurements_that_wait")
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.moment}: {self.score}"


class PlaybookRun(models.Model):
    """A playbook that was applied to a call, as it was at that version."""

    call = models.ForeignKey(CallToAction, on_delete=models.CASCADE, related_name="runs")
    playbook = models.CharField(max_length=100)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=150)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(replaced_at=None), name="one_playbook_at_a_time"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["playbook", "-applied_at"], name="runs_of_playbook")]

    def __str__(self) -> str:
        return f"{self.playbook} for {self.call_id}"


class Task(models.Model):
    """One step. `name`: of the playbook's task, empty for one by hand."""

    call = models.ForeignKey(CallToAction, on_delete=models.CASCADE, related_name="tasks")
    run = models.ForeignKey(PlaybookRun, null=True, on_delete=models.CASCADE, related_name="tasks")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=300)
    help = models.TextField(blank=True)
    owner = _somebody("tasks")
    owner_role = models.CharField(max_length=200, blank=True)
    passed_from = models.CharField(max_length=150, blank=True)
    due_on = models.DateField(null=True)
    after = models.JSONField(default=dict)  # {task, days, business}: of a task that is due so long after another
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    is_required = models.BooleanField(default=False)
    needs = models.ManyToManyField("self", symmetrical=False, related_name="needed_by")
    email = models.JSONField(default=dict)  # {subject, text} with {fields}; empty where there is none
    email_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, null=True)  # null: before this was noted
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["place", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "due_on"], condition=models.Q(status="open"), name="open_tasks_of_owner")
        ]

    @property
    def account_id(self) -> str:
        return self.call.account_id

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    call = models.ForeignKey(CallToAction, on_delete=models.CASCADE, related_name="comments")
    author_user = _somebody()
    author = models.CharField(max_length=150)
    text = models.TextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"


class Attachment(models.Model):
    """A link, or a file that is kept in the database, so that a backup has it."""

    call = models.ForeignKey(CallToAction, on_delete=models.CASCADE, related_name="attachments")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=1000, blank=True)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name


class Watcher(models.Model):
    """Somebody who hears of what happens with a call."""

    call = models.ForeignKey(CallToAction, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watched_calls")
    added_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "user"], name="a_watcher_once")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.call_id}"


class CallView(KeptView):
    """Filters and order of the cockpit."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_views")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="a_call_view_name_once")]


class CallBulkChange(ChangeOfMany):
    """Of calls; `before` has what stood there and what was set."""


class SuccessPlan(models.Model):
    """What a customer wants to reach with us, until when, and how far it is."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="plans", db_constraint=False)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    owner = _somebody("plans")
    status = models.CharField(max_length=10, choices=PlanStatus.choices, default=PlanStatus.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-made_at"], name="plans_of_account")]

    def __str__(self) -> str:
        return self.title


class Objective(models.Model):
    """One thing of a plan that can be seen to be reached; `measure` says by what."""

    plan = models.ForeignKey(SuccessPlan, on_delete=models.CASCADE, related_name="objectives")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    measure = models.CharField(max_length=300, blank=True)
    owner = _somebody("objectives")
    due_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=ObjectiveStatus.choices, default=ObjectiveStatus.OPEN)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return self.title

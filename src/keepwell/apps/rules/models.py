"""When to act: what rules decided, what came of it, and where each account stands with each rule."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.apps.customers.models import Account


class RunStatus(models.TextChoices):
    WAITING = "waiting", "Waits for approval"
    DOING = "doing", "At work"
    DONE = "done", "Done"
    REJECTED = "rejected", "Rejected"
    UNDONE = "undone", "Undone"


class RuleRun(models.Model):
    """One rule decided at one moment. `cause` names what it was decided for, so that it is decided once for that.

    Counts are of accounts: `considered` are in the rule's scope, `matching` fulfil its condition, of `fired` actions
    follow, `held_out` of them were left alone to learn what the actions do.
    """

    rule = models.CharField(max_length=100)
    version = models.CharField(max_length=40)
    cause = models.CharField(max_length=200)
    trigger = models.CharField(max_length=200)  # in words
    as_of = models.DateField()
    decided_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.DOING)
    considered = models.PositiveIntegerField(default=0)
    matching = models.PositiveIntegerField(default=0)
    fired = models.PositiveIntegerField(default=0)
    held_out = models.PositiveIntegerField(default=0)
    details = models.CharField(max_length=300, blank=True)  # file of every account considered, below the data folder
    ended_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)  # who approved, rejected or undid it
    remark = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "cause"], name="a_rule_once_a_cause")]
        indexes: ClassVar = [
            models.Index(fields=["rule", "-decided_at"], name="rule_runs_of_rule"),
            models.Index(fields=["-decided_at"], name="rule_runs_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} at {self.decided_at} ({self.status})"

    @property
    def acted(self) -> int:
        """Accounts for which something is done: who is held out is not among them."""
        return self.fired - self.held_out


class RuleState(models.Model):
    """Where one account stands with one rule; accounts that never fulfilled its condition have none."""

    rule = models.CharField(max_length=100)
    account_id = models.CharField(max_length=200)
    holds_since = models.DateField(null=True)  # the condition, without a break; null where it does not hold
    holds_runs = models.PositiveIntegerField(default=0)
    ends_since = models.DateField(null=True)  # the condition of `until`, while the rule is open
    ends_runs = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=False)  # it fired, and `until` or the end of its condition is awaited
    occurrence = models.PositiveIntegerField(default=0)  # how often it fired
    fired_on = ArrayField(models.DateField(), default=list)  # the newest, as many as `repeat` looks at
    decided_on = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "account_id"], name="a_state_once")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.account_id}"


class EffectStatus(models.TextChoices):
    PROPOSED = "proposed", "Waits for approval"
    WAITING = "waiting", "Will be done"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    SKIPPED = "skipped", "Left out"
    HELD_OUT = "held_out", "Held out"
    WITHDRAWN = "withdrawn", "Withdrawn"
    UNDONE = "undone", "Undone"


class Effect(models.Model):
    """One action for one account, each done once: `key` names rule, account, firing and place among the actions.

    `reason`: [{condition, name, value}], why the rule fired. `made`: what the action made or changed and what stood
    there before, as its performer needs it to take it back.
    """

    key = models.CharField(max_length=400, unique=True)
    run = models.ForeignKey(RuleRun, on_delete=models.CASCADE, related_name="effects")
    rule = models.CharField(max_length=100)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="effects", db_constraint=False)
    occurrence = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, default="actions")  # actions, or until
    kind = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    reason = models.JSONField(default=list)
    goes_on = models.BooleanField(default=False)  # the next actions are done though this one failed
    status = models.CharField(max_length=10, choices=EffectStatus.choices, default=EffectStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    made = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "account", "part", "place"], name="effects_of_run"),
            models.Index(fields=["account", "-done_at"], name="effects_of_account"),
            models.Index(fields=["run"], condition=models.Q(status=EffectStatus.WAITING), name="effects_that_wait"),
        ]

    def __str__(self) -> str:
        return self.key


class Occasion(models.Model):
    """A moment that may set rules in motion, until they have looked at it. `key`: the same moment is noted once.

    `kind`: a kind of trigger, or `answer`; `name`: the stage, the milestone or the survey, of events and of answers
    that a rule asks for the rule that fits them.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    account_id = models.CharField(max_length=200)
    key = models.CharField(max_length=300, unique=True)
    noted_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(seen_at=None), name="occasions_not_seen"),
            models.Index(fields=["seen_at"], name="occasions_by_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.account_id}"


class HeardLoad(models.Model):
    """Of a dataset, the version of its rows that rules have heard of."""

    dataset = models.CharField(primary_key=True, max_length=100)
    version = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.dataset}: {self.version}"


class Milestone(models.Model):
    """A milestone of the stage that an account is in, or was in; `entered_on` tells stays in the same stage apart."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="milestones", db_constraint=False)
    stage = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    entered_on = models.DateField()
    due_on = models.DateField()
    reached_on = models.DateField(null=True)
    left_on = models.DateField(null=True)  # the account left the stage

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "stage", "name", "entered_on"], name="a_milestone_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=models.Q(reached_on=None, left_on=None), name="milestones_ahead")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.name}"


class DueSchedule(models.Model):
    """Up to when the rules of a schedule have acted."""

    schedule = models.CharField(primary_key=True, max_length=100)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.schedule} until {self.until}"


class Stopped(models.Model):
    """A rule that cannot be decided, such as one whose column vanished; told once for as long as it is so."""

    rule = models.CharField(primary_key=True, max_length=100)
    reason = models.TextField()
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"


class Treatment(models.Model):
    """Who was treated by what and when, and who was held out of it: what effects are estimated from."""

    by = models.CharField(max_length=120)  # rule:NAME, playbook:NAME, ...
    version = models.CharField(max_length=40, blank=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="treatments", db_constraint=False)
    occurrence = models.CharField(max_length=80)
    run = models.ForeignKey(RuleRun, null=True, on_delete=models.SET_NULL, related_name="treatments")
    is_held_out = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "account", "occurrence"], name="a_treatment_once")
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.account_id}"

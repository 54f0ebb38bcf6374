"""How well: runs, what they found, and what people say of health themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from keepwell.apps.customers.models import Account, Relationship


class RunStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RunPurpose(models.TextChoices):
    ASKED = "asked", "asked for"
    NIGHTLY = "nightly", "nightly"
    RESTATED = "restated", "restated"
    BACK_FILL = "back_fill", "back fill"


class Run(models.Model):
    """One date scored. `name` says what it rests on, so that doing it again changes nothing."""

    as_of = models.DateField()
    known_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=100, blank=True)
    version_number = models.PositiveIntegerField(null=True)
    engine_version = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(null=True)
    moved = models.PositiveIntegerField(null=True)
    values_file = models.CharField(max_length=300, blank=True)
    load_ids = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)  # versions of tables in the lake when it began, which every attempt reads
    warnings = models.JSONField(default=list)
    error = models.TextField(blank=True)
    purpose = models.CharField(max_length=10, choices=RunPurpose.choices, default=RunPurpose.ASKED)
    steps = models.JSONField(default=list)  # [{step, seconds}] of the last attempt, in order
    attempts = models.PositiveSmallIntegerField(default=0)
    reading = models.JSONField(default=dict)  # how values came about: in_full, rebuilt (with reasons), touched (counts)
    moves = models.JSONField(default=list)  # [{from, to, accounts}] between bands

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [models.Index(fields=["-as_of", "-known_at"], name="runs_by_date")]

    def __str__(self) -> str:
        return f"{self.as_of} ({self.status})"

    @property
    def seconds(self) -> float | None:
        """How long it took, or has been at work; None where it has not begun."""
        if self.started_at is None:
            return None
        until = self.ended_at or self.beat_at or self.started_at
        return round((until - self.started_at).total_seconds(), 1)


class Rebuild(models.Model):
    """The values of an old run, built again by a worker because somebody looks at that date."""

    run = models.OneToOneField(Run, primary_key=True, on_delete=models.CASCADE, related_name="rebuild")
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.run_id}: {self.status}"


class CurrentHealth(models.Model):
    """The newest score of an account; replaced only by a newer (as_of, known_at, run)."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="health", db_constraint=False
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    known_at = models.DateTimeField()
    scorecard = models.CharField(max_length=100, blank=True)
    card_version = models.CharField(max_length=40, blank=True)
    computed = models.FloatField(null=True)
    score = models.FloatField(null=True)
    label = models.CharField(max_length=60)
    tone = models.CharField(max_length=10)  # bad, middle, good or none: which shape and colour
    coverage = models.FloatField(null=True)
    previous = models.FloatField(null=True)  # a week before
    change = models.FloatField(null=True)
    overrides = models.JSONField(default=list)
    why = models.CharField(max_length=300, blank=True)
    trend = models.JSONField(default=list)  # final scores of the last weeks, oldest first, null where unknown

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["label", "account"], name="health_by_label"),
            models.Index(models.F("score").asc(nulls_last=True), "account", name="health_by_score"),
            models.Index(models.F("change").asc(nulls_last=True), "account", name="health_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.label}"


class CurrentUnitHealth(models.Model):
    """The newest score of a relationship."""

    relationship = models.OneToOneField(
        Relationship, primary_key=True, on_delete=models.CASCADE, related_name="health", db_constraint=False
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    scorecard = models.CharField(max_length=100, blank=True)
    score = models.FloatField(null=True)
    label = models.CharField(max_length=60)
    tone = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.relationship_id}: {self.label}"


class LiveValues(models.Model):
    """What is known of an account since the last run, from facts that came in: its score rests on these values.

    `row`: attributes and metrics of the account and of its relationships (`engine.overlaying`). Of another run than the
    newest it counts no more.
    """

    account_id = models.CharField(primary_key=True, max_length=200)
    run_id = models.BigIntegerField()
    as_of = models.DateField()
    known_at = models.DateTimeField()
    row = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.as_of}"


class Entry(models.Model):
    """A score that somebody or something entered for a measure: a ledger. A null score withdraws the source's entry."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="entries", db_constraint=False)
    relationship_id = models.CharField(max_length=200, null=True)
    measure = models.CharField(max_length=100)
    source = models.CharField(max_length=10, default="manual")  # manual | rule | api
    score = models.FloatField(null=True)
    comment = models.TextField(blank=True)
    author = models.CharField(max_length=150)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "measure", "-occurred_at"], name="entries_of_measure")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.measure}: {self.score}"


class AccountOverride(models.Model):
    """A score set, capped or lifted by hand, with a reason and an end."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="overrides", db_constraint=False)
    effect = models.CharField(max_length=10)  # set | at_most | at_least
    value = models.CharField(max_length=60)  # a number or a label
    reason = models.TextField()
    author = models.CharField(max_length=150)
    starts_at = models.DateTimeField(null=True)  # from when it counts; null: from when it was recorded
    recorded_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.effect} {self.value}"


class Pin(models.Model):
    """A card that an account keeps whatever the conditions of cards say."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="pins", db_constraint=False)
    scorecard = models.CharField(max_length=100)
    reason = models.TextField()
    author = models.CharField(max_length=150)
    starts_at = models.DateTimeField(null=True)  # from when it counts; null: from when it was recorded
    recorded_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.scorecard}"


class ScoreNews(models.Model):
    """An account whose score changed, until whoever acts on scores has looked. A row each time: nobody waits here."""

    account_id = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.account_id


class Arrival(models.Model):
    """An account for which rows of a ledger were written. A row each time: nobody waits here.

    It is kept until a run is current that has surely read the rows. `is_counted`: the live process has.
    """

    account_id = models.CharField(max_length=200)
    ledger = models.CharField(max_length=60)
    at = models.DateTimeField()
    is_counted = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(is_counted=False), name="arrivals_to_count"),
            models.Index(fields=["at"], name="arrivals_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger}: {self.account_id}"


class Feedback(models.Model):
    """Somebody says that a score feels wrong; kept for learning."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="feedback", db_constraint=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=150)
    as_of = models.DateField()
    shown_score = models.FloatField(null=True)
    shown_label = models.CharField(max_length=60)
    expected_label = models.CharField(max_length=60)
    measure = models.CharField(max_length=100, blank=True, default="")  # what feels wrong; empty: the whole score
    reason = models.TextField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.shown_label}, expected {self.expected_label}"


class LossChances(models.Model):
    """The chance of loss at each score, as it was learned for a version: what revenue at risk rests on.

    `lookup`: as `learning.calibration.lookup.Lookup`; `segments`: all of the version, in order: an account counts with
    the first that it is in. `asked`: what the chances are of (`way`, `lead_days`, `horizon_days`, `first`, `last`).
    """

    version_number = models.PositiveIntegerField(unique=True)
    lookup = models.JSONField()
    segments = models.JSONField(default=list)
    asked = models.JSONField()
    learned_at = models.DateTimeField()
    learned_by = models.CharField(max_length=150)
    experiment_id = models.BigIntegerField(null=True)  # where it can be read how they came about

    def __str__(self) -> str:
        return f"version {self.version_number}"

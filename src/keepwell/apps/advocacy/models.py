"""Who speaks for us, what they did, what they were asked for. Activities and requests keep every change."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.apps.advocacy.words import WAITING, AdvocateStatus, RequestStatus, Result
from keepwell.apps.customers.models import Account, Person


def _words(length: int = 60) -> ArrayField:  # type: ignore[type-arg]
    return ArrayField(models.CharField(max_length=length), default=list)


class Advocate(models.Model):
    """A person, or a whole account (without `person`). `willing`: kinds of activity; empty: any of them.

    `at_most`: how often in a quarter the person wants to be asked for anything.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="advocates", db_constraint=False)
    person = models.OneToOneField(Person, null=True, on_delete=models.CASCADE, related_name="advocate")
    status = models.CharField(max_length=10, choices=AdvocateStatus.choices, default=AdvocateStatus.ACTIVE)
    since = models.DateField()
    resting_until = models.DateField(null=True)
    willing = _words(100)
    topics = _words()
    languages = _words()
    tags = _words()
    at_most = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(person=None), name="an_account_is_one_advocate"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.account_id}"

    @property
    def is_active(self) -> bool:
        return self.status == AdvocateStatus.ACTIVE


class Request(models.Model):
    """Somebody, mostly of sales, asks for an advocate. Without `account` nobody was found for it yet.

    `wanted`: whom they look for, in words; `condition`: the same as an expression over accounts and people.
    `override`: why somebody was asked beyond a limit.
    """

    kind = models.CharField(max_length=100)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="advocacy_requests", db_constraint=False
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="advocacy_requests")
    status = models.CharField(max_length=10, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    deal = models.CharField(max_length=200, blank=True)
    amount = models.FloatField(null=True)
    needed_by = models.DateField(null=True)
    wanted = models.CharField(max_length=1000, blank=True)
    condition = models.CharField(max_length=2000, blank=True)
    scheduled_for = models.DateField(null=True)
    override = models.CharField(max_length=300, blank=True)
    asked_on = models.DateField(null=True)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asker_name = models.CharField(max_length=150)
    origin = models.CharField(max_length=20, default="page")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "status"], name="advocacy_requests_of_account"),
            models.Index(fields=["person", "-asked_on"], name="advocacy_requests_of_person"),
            models.Index(
                fields=["needed_by"], condition=models.Q(status__in=list(WAITING)), name="advocacy_requests_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.deal or 'no deal'}"

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING


class RequestStep(models.Model):
    """A request came to a status: a ledger, the request holds the latest. `person`: whom it was about then."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10, choices=RequestStatus.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.status}"


class Activity(models.Model):
    """Something that a customer did for us, as it is known now; `changes` has it as it was known before.

    `deal_key`: what tells one deal from another however it is written.
    """

    kind = models.CharField(max_length=100)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="advocacy", db_constraint=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="advocacy")
    request = models.OneToOneField(Request, null=True, on_delete=models.SET_NULL, related_name="activity")
    happened_on = models.DateField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    site = models.CharField(max_length=100, blank=True)
    rating = models.FloatField(null=True)
    deal = models.CharField(max_length=200, blank=True)
    deal_key = models.CharField(max_length=200, blank=True)
    amount = models.FloatField(null=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    decided_on = models.DateField(null=True)
    is_withdrawn = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=150)
    origin = models.CharField(max_length=20, default="page")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-happened_on"], name="advocacy_of_account"),
            models.Index(fields=["person", "-happened_on"], name="advocacy_of_person"),
            models.Index(fields=["-happened_on"], name="advocacy_by_day"),
            models.Index(fields=["deal_key"], condition=~models.Q(deal_key=""), name="advocacy_by_deal"),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityChange(models.Model):
    """An activity as it was known from `recorded_at` on: a ledger that facts are read from. Nothing in it changes.

    `holds_from`: since when what it says is so: the activity itself, or the day on which its deal was decided.
    `before`: what stood there, of that which changed.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="changes")
    happened_on = models.DateField()
    site = models.CharField(max_length=100, blank=True)
    rating = models.FloatField(null=True)
    deal_key = models.CharField(max_length=200, blank=True)
    amount = models.FloatField(null=True)
    result = models.CharField(max_length=10, blank=True)
    is_withdrawn = models.BooleanField(default=False)
    holds_from = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.activity_id} since {self.recorded_at}"

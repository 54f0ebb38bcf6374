"""Whom: accounts and what lies below and around them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models


class Account(models.Model):
    """A customer, as the accounts dataset said at the last run, and as people said since.

    `stage` and `owner` may be set by people, so the words of the source are kept apart (`source_stage`, `owner_name`).
    A stage of the source counts again when it says another than before; an owner only when people give it back.
    """

    id = models.CharField(primary_key=True, max_length=200)
    name = models.CharField(max_length=300)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children", db_constraint=False
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="accounts")
    owner_name = models.CharField(max_length=150, blank=True)  # as the source says it
    owner_by_hand = models.BooleanField(default=False)  # a person decided; the source counts once it is given back
    team_id = models.BigIntegerField(null=True)  # of the owner, kept here so that a scope needs no join
    stage = models.CharField(max_length=100, blank=True)
    source_stage = models.CharField(max_length=100, blank=True, default="")
    arr = models.FloatField(null=True)
    started_on = models.DateField(null=True)
    renews_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    segments = ArrayField(models.CharField(max_length=100), default=list)
    attributes = models.JSONField(default=dict)
    in_population = models.BooleanField(default=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="merged", db_constraint=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "name"], name="accounts_of_owner"),
            models.Index("owner", models.F("arr").desc(nulls_last=True), "id", name="accounts_of_owner_by_arr"),
            models.Index(fields=["team_id", "name"], name="accounts_of_team"),
            models.Index(fields=["name", "id"], name="accounts_by_name"),
            models.Index(models.F("arr").desc(nulls_last=True), "id", name="accounts_by_arr"),
            models.Index(fields=["renews_on", "id"], name="accounts_by_renewal"),
            models.Index(fields=["stage", "id"], name="accounts_by_stage"),
            models.Index(fields=["owner_name", "id"], name="accounts_by_owner_name"),
            models.Index(fields=["parent"], name="accounts_by_parent"),
            GinIndex(fields=["segments"], name="accounts_by_segment"),
            GinIndex(SearchVector("name", "id", config="simple"), name="accounts_by_word"),
        ]

    def __str__(self) -> str:
        return self.name


class Relationship(models.Model):
    """A unit of an account that has a card of its own."""

    id = models.CharField(primary_key=True, max_length=200)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="relationships", db_constraint=False)
    name = models.CharField(max_length=300)
    attributes = models.JSONField(default=dict)
    in_population = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody at a customer, known elsewhere by a random key alone."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="people", db_constraint=False)
    role = models.CharField(max_length=100, blank=True)
    is_sponsor = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    left_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")

    def __str__(self) -> str:
        return str(self.key)

    @property
    def form_name(self) -> str:
        """What the form that changes them is called on a page."""
        return f"person-{self.key}"


class PersonalData(models.Model):
    """What tells who a person is; erased by deleting the row, and everything else stays countable."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="personal")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True, db_index=True)
    phone = models.CharField(max_length=50, blank=True)
    traits = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name or self.email


class SourceIdState(models.TextChoices):
    OPEN = "open", "Leads to nobody"
    LINKED = "linked", "Linked"
    IGNORED = "ignored", "Ignored"


class SourceId(models.Model):
    """An id in rows of a dataset that no account has. `change`: names the link in the lake's identity table."""

    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=200)
    rows = models.BigIntegerField(default=0)
    last_seen = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=SourceIdState.choices, default=SourceIdState.OPEN)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    change = models.CharField(max_length=60, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], name="a_source_id_of_a_dataset")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-rows", "id"], name="source_ids_by_rows")]

    def __str__(self) -> str:
        return f"{self.source}: {self.source_id}"


class StageChange(models.Model):
    """An account came to a lifecycle stage: a ledger, the account holds the latest."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="stage_changes", db_constraint=False)
    stage = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    author = models.CharField(max_length=150)
    reason = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-occurred_at", "-id"], name="stages_of_account_newest")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.stage}"


class AccountList(models.Model):
    """A list that people keep by hand."""

    name = models.CharField(max_length=100, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="lists")
    accounts = models.ManyToManyField(Account, related_name="lists")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class ChangeOfMany(models.Model):
    """The same change of many things. `before`: by thing what stood there, of those that changed, so that it can be
    undone; `value`: what was set, as it was asked for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=10)
    value = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} {self.value}: {len(self.before)}"


class BulkChange(ChangeOfMany):
    """Of accounts."""


class LakeWrite(models.Model):
    """A write to a table of the lake that was decided in the transaction of the row, and is carried out after it.

    `number` grows within a table; the lake notes the last one that it has, so that none is written twice. `content`:
    what `kind` needs, emptied when done. The newest row of a table is kept, since numbers grow from it.
    """

    table = models.CharField(max_length=200)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    content = models.JSONField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["table", "number"], name="a_lake_write_once")]
        indexes: ClassVar = [
            models.Index(fields=["table", "number"], condition=models.Q(done_at=None), name="lake_writes_that_wait")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}: {self.kind}"


class KeptView(models.Model):
    """The query of a list's address under a name; `shared` with everybody or its owner's alone."""

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=2000)
    shared = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class SavedView(KeptView):
    """Filters, columns and order of the customer list."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="a_view_name_once")]

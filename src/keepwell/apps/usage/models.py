"""Where events come in: keys that may write, what was accepted and waits for the lake, and what was refused."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


def new_key() -> str:
    """Write keys stand in pages and apps for all to read: they let one write and nothing else."""
    return f"wk_{secrets.token_urlsafe(18)}"


class WriteKey(models.Model):
    """`origins`: the pages that may send with it from a browser. `properties`: what is kept of events beyond their
    name; all others are dropped before they reach the lake."""

    name = models.CharField(max_length=100, unique=True)
    key = models.CharField(max_length=60, unique=True, default=new_key)
    origins = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    properties = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class InboxEntry(models.Model):
    """The messages of one request, as they were accepted: durable from the answer on, gone once they are in the lake.

    Written and taken by statements of its own, not by Django's. `batch` names the micro-batch that took it.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.ForeignKey(
        WriteKey, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    received_at = models.DateTimeField(db_default=Now())
    messages = models.IntegerField()
    body = models.BinaryField()
    batch = models.BigIntegerField(null=True)

    class Meta:
        db_table = "usage_inbox"


class Reception(models.Model):
    """How many messages came with a key on a day (UTC), about: a web process that is killed forgets a second's."""

    key = models.ForeignKey(WriteKey, on_delete=models.CASCADE, related_name="receptions")
    day = models.DateField()
    accepted = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "day"], name="a_reception_a_day")]


class Quarantined(models.Model):
    """A message that was refused, with why; it can be looked at, and sent through again once the reason is gone."""

    key = models.ForeignKey(WriteKey, on_delete=models.CASCADE, related_name="quarantined")
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    message_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=40)
    words = models.CharField(max_length=500)
    message = models.TextField()
    replayed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)


class SeenMessage(models.Model):
    """A message that is in the lake: its id as a hash, and the day it was taken; kept while it may be sent again."""

    id = models.UUIDField(primary_key=True)
    day = models.DateField()

    class Meta:
        db_table = "usage_seen"
        indexes: ClassVar = [BrinIndex(fields=["day"], name="usage_seen_by_day")]


class IdKind(models.TextChoices):
    USER = "user"
    ANONYMOUS = "anonymous"


class SourcePerson(models.Model):
    """An id that sources give a person, and the random key that the lake has in its place."""

    kind = models.CharField(max_length=10, choices=IdKind.choices)
    source_id = models.TextField()
    key = models.UUIDField(db_index=True)
    first_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "usage_person"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "source_id"], name="a_source_id_once")]


class SamePerson(models.Model):
    """Two keys turned out to be one person: an anonymous visitor who signed in as somebody known."""

    key = models.UUIDField(primary_key=True)
    same_as = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "usage_same_person"


class Traits(models.Model):
    """What `identify` said of a person who belongs to no account yet; moves to their personal data once they do."""

    key = models.UUIDField(primary_key=True)
    traits = models.JSONField(default=dict)

    class Meta:
        db_table = "usage_traits"


class Membership(models.Model):
    """From then on a person acted for an account: what the last `group` call before an event said."""

    person = models.UUIDField()
    since = models.DateTimeField()
    account_id = models.CharField(max_length=200)

    class Meta:
        db_table = "usage_membership"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "since"], name="one_account_at_a_time")]


class SourceAccount(models.Model):
    """An account as `group` calls tell of it. What the accounts data say of an account stands above this."""

    id = models.CharField(primary_key=True, max_length=200)
    name = models.CharField(max_length=300, blank=True)
    traits = models.JSONField(default=dict)
    first_seen = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(default=timezone.now)
    made = models.BooleanField(default=False)  # the customer of this id was made because events named it

    class Meta:
        db_table = "usage_account"

    def __str__(self) -> str:
        return self.name or self.id


class Drained(models.Model):
    """The last batch that came into the lake; one row, of which there is no other."""

    batch = models.BigIntegerField()
    messages = models.IntegerField()
    resent = models.IntegerField()  # of them, those that had come before
    ended_at = models.DateTimeField()
    seconds = models.FloatField()
    oldest = models.DateTimeField(null=True)  # when the first of its requests was accepted

    class Meta:
        db_table = "usage_drained"


class Turn(models.Model):
    """Whose turn it is to drain: who begins takes the next number, and whoever has an older one writes nothing more.
    One row, of which there is no other."""

    id = models.IntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "usage_turn"


class Unplaced(models.Model):
    """On this day there are events of a person in the lake that no account was known for."""

    person = models.UUIDField()
    day = models.DateField(db_index=True)

    class Meta:
        db_table = "usage_unplaced"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "day"], name="a_person_waits_once_a_day")]


class Placing(models.Model):
    """Events that get their account afterwards, decided and not yet in the lake; its number is noted there."""

    plan = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "usage_placing"


class Erased(models.Model):
    """Somebody who was erased, of whom the lake still has properties and addresses of pages."""

    key = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "usage_erased"

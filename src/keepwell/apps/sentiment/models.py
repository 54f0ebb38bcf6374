"""What texts say. The texts themselves stay where they were written: here are their ids and what was made of them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from keepwell.apps.customers.models import Account


class Judgement(models.Model):
    """What was made of one text. `label` and `score` (-1 to 1) are the classifier's, empty where it cannot know.

    `said`: what a person says it is, which counts before the classifier and teaches the next one.
    """

    source = models.CharField(max_length=20)  # comment, entry, ticket
    text_id = models.CharField(max_length=300)  # within its source
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    relationship_id = models.CharField(max_length=200, null=True)
    person_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()  # when it was written
    recorded_at = models.DateTimeField()  # when it was known here
    judged_at = models.DateTimeField()
    language = models.CharField(max_length=10, blank=True)
    label = models.CharField(max_length=10, blank=True)
    score = models.FloatField(null=True)
    topics = ArrayField(models.CharField(max_length=100), default=list)
    classifier = models.CharField(max_length=200)
    version = models.CharField(max_length=80)
    said = models.CharField(max_length=10, blank=True)
    said_by = models.CharField(max_length=150, blank=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "text_id"], name="a_text_is_judged_once")]
        indexes: ClassVar = [
            models.Index(fields=["account", "-occurred_at"], name="judgements_of_account"),
            models.Index(fields=["-occurred_at", "-id"], name="judgements_by_time"),
            models.Index(
                fields=["person_id"], condition=models.Q(person_id__isnull=False), name="judgements_of_person"
            ),
            GinIndex(fields=["topics"], name="judgements_by_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.text_id}: {self.word or 'unknown'}"

    @property
    def word(self) -> str:
        """The sentiment that counts; empty where nobody knows."""
        return self.said or self.label


class TextNews(models.Model):
    """A text that came, changed or went. A row each time: nobody waits here."""

    source = models.CharField(max_length=20)
    text_id = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} {self.text_id}"


class Sweep(models.Model):
    """Every text of a source judged in order, once for each way to judge and, of data, for each state of them.

    `stamp` says by what; `after`: the last text that was, so that whoever goes on begins there.
    """

    source = models.CharField(max_length=120, unique=True)  # comment, entry, ticket:NAME OF A DATASET
    stamp = models.CharField(max_length=200)
    data = models.CharField(max_length=200, blank=True)  # which state of the data
    since_load = models.BigIntegerField(null=True)  # only rows of later loads; null: all
    to_load = models.BigIntegerField(null=True)
    after = models.CharField(max_length=300, blank=True)
    texts = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.source} {'done' if self.ended_at else self.after}"


class Training(models.Model):
    """A classifier of the team's own, trained and compared; `file` below the data folder where it was kept.

    `figures`: accuracy, macro F1 and AUC by cross-validation, of it and of the lexicon, with the difference and its
    interval; of the one in use where there were enough texts that it had not seen.
    """

    at = models.DateTimeField(auto_now_add=True)
    texts = models.PositiveIntegerField(default=0)
    by_label = models.JSONField(default=dict)
    version = models.CharField(max_length=80, blank=True)
    figures = models.JSONField(default=dict)
    verdict = models.TextField()
    is_used = models.BooleanField(default=False)  # from then on, until another one is
    file = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.texts} texts"

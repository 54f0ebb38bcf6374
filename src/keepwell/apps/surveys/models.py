"""What customers were asked, by whom it was sent, and what they answered."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from keepwell.apps.customers.models import Account, Person


def new_key() -> str:
    return uuid4().hex


class Edition(models.Model):
    """A survey as it was when somebody was asked or answered it: results read answers by it, whatever came after."""

    survey = models.CharField(max_length=100)
    version = models.CharField(max_length=40)  # the hash of the definition
    document = models.JSONField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "version"], name="an_edition_once")]

    def __str__(self) -> str:
        return f"{self.survey} {self.version}"


class SendStatus(models.TextChoices):
    WAITING = "waiting", "Will be decided"
    SENDING = "sending", "Letters go out"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"


class SurveySend(models.Model):
    """One time that a survey was sent. `cause` names what it was sent for, so that it is sent once for that.

    `accounts`: whom alone it considers, null for everybody; `reasons`: how many were not asked, by reason.
    """

    survey = models.CharField(max_length=100)
    version = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=200)
    trigger = models.CharField(max_length=200)  # in words
    asked_by = models.CharField(max_length=150, blank=True)
    user_id = models.BigIntegerField(null=True)  # only accounts that they see; null: a part of the program asked
    accounts = ArrayField(models.CharField(max_length=200), null=True)
    status = models.CharField(max_length=10, choices=SendStatus.choices, default=SendStatus.WAITING)
    considered = models.PositiveIntegerField(default=0)
    planned = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "cause"], name="a_send_once_a_cause")]
        indexes: ClassVar = [models.Index(fields=["survey", "-made_at"], name="sends_of_survey")]

    def __str__(self) -> str:
        return f"{self.survey}: {self.trigger} ({self.status})"


class AnonymousLink(models.Model):
    """A link that anybody may answer by; of the token only a hash is kept, since it can be made again from `key`."""

    survey = models.CharField(max_length=100)
    key = models.UUIDField(default=uuid4, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=100, blank=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.survey}: {self.title or 'anonymous link'}"


class Invitation(models.Model):
    """Somebody was asked, and has a link of their own. Who came by an anonymous link has one without a person.

    Of the token only a hash is kept: it is made again from `key` when a letter is written.
    """

    survey = models.CharField(max_length=100)
    version = models.CharField(max_length=40)
    key = models.UUIDField(default=uuid4, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="survey_invitations", db_constraint=False
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="survey_invitations")
    send = models.ForeignKey(SurveySend, null=True, on_delete=models.SET_NULL, related_name="invitations")
    link = models.ForeignKey(AnonymousLink, null=True, on_delete=models.SET_NULL, related_name="invitations")
    channel = models.CharField(max_length=20)  # email, personal_link, anonymous_link, in_product
    language = models.CharField(max_length=35)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)  # the letter is in the outbox
    sent_at = models.DateTimeField(null=True)  # the mail server took it; of other channels, it was handed over
    reminded_at = ArrayField(models.DateTimeField(), default=list)
    opened_at = models.DateTimeField(null=True)  # the first page was sent back
    finished_at = models.DateTimeField(null=True)
    closes_on = models.DateField(null=True)
    bounced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # not wanted any more before it was sent

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["survey", "-asked_at"], name="invitations_of_survey"),
            models.Index(fields=["person", "-asked_at"], name="invitations_of_person"),
            models.Index(fields=["account", "-asked_at"], name="invitations_of_account"),
            models.Index(fields=["send", "id"], name="invitations_of_send"),
            models.Index(
                fields=["id"],
                condition=Q(channel="email", queued_at=None, withdrawn_at=None),
                name="invitations_to_be_mailed",
            ),
            models.Index(
                fields=["survey", "id"],
                condition=Q(finished_at=None, withdrawn_at=None),
                name="invitations_that_are_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} to {self.person_id or 'somebody'}"


class ResponseStatus(models.TextChoices):
    STARTED = "started", "Begun"  # counts for nothing yet
    PARTIAL = "partial", "Left unfinished"  # counts as far as it goes
    FINISHED = "finished", "Finished"


class Response(models.Model):
    """What somebody answered. `answers`: by question, those that count; words of their own stand in here alone.

    `answered_at` and `recorded_at` are null as long as it counts for nothing; the definition is the edition of
    `survey` and `version` (`editions.definition`).
    """

    key = models.CharField(max_length=200, unique=True, default=new_key)
    survey = models.CharField(max_length=100)
    version = models.CharField(max_length=40)
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.SET_NULL, related_name="response")
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="survey_responses", db_constraint=False
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="survey_responses")
    language = models.CharField(max_length=35, default="en")
    channel = models.CharField(max_length=20, default="personal_link")  # or import
    source = models.CharField(max_length=100, blank=True)  # of imports: the file
    status = models.CharField(max_length=10, choices=ResponseStatus.choices, default=ResponseStatus.STARTED)
    answers = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # the newest page that was sent
    answered_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # the person was: words of their own are gone

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["survey", "-answered_at"], name="responses_of_survey"),
            models.Index(fields=["account", "-answered_at"], name="responses_of_account"),
            models.Index(fields=["touched_at"], condition=Q(status="started"), name="responses_begun"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.key} ({self.status})"


class RefusalKind(models.TextChoices):
    UNSUBSCRIBED = "unsubscribed", "Does not want to be asked"
    BOUNCED = "bounced", "Letters came back"


class Refusal(models.Model):
    """A person or an address that is not asked any more. The address stands as a keyed hash, so that it holds for
    whoever is imported with it again, and says nothing to who reads it."""

    kind = models.CharField(max_length=20, choices=RefusalKind.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="survey_refusals")
    address_hash = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=150)
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["address_hash"], condition=Q(lifted_at=None), name="refusals_of_address"),
            models.Index(fields=["person"], condition=Q(lifted_at=None), name="refusals_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id or self.address_hash[:8]}"

"""Messages to people: mail that waits to be sent, notices inside the application, and how each person wants them;
and to other systems: channels, and what is delivered to them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Mail(models.Model):
    """One message in the outbox; `failed_at` is set when it was tried too often. `key`: the same is written once.

    `composer`: of letters that are written when they are sent, who writes them, and `about` what; they have no address
    and no words here.
    """

    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_index=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    key = models.CharField(max_length=300, null=True, unique=True)  # null: nothing tells it from others
    composer = models.CharField(max_length=40, blank=True, default="")
    about = models.CharField(max_length=100, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)  # not wanted any more when its turn came

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(sent_at=None, failed_at=None, withdrawn_at=None) & ~Q(composer=""),
                name="letters_that_wait",
            ),
            models.Index(fields=["sent_at"], condition=~Q(composer=""), name="letters_by_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}" if self.to else self.key or self.about


class Notice(models.Model):
    """Something a person should know, with where to look. `facts`: the score of the account and why, as of then."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    more = models.TextField(blank=True)
    account_id = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=200, blank=True)  # its name
    facts = models.JSONField(default=dict)
    importance = models.SmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="a_notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="notices_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notices_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class MailedAlert(models.Model):
    """An alert that a person gets by mail: at once, after quiet hours, or in a digest. It stays as a note that it was
    told, so that the same is not told again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    account_id = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    importance = models.SmallIntegerField(default=1)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="alerts")
    ended_at = models.DateTimeField(null=True)  # written into a mail, or left out because it is not wanted any more

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="an_alert_mailed_once")]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="alerts_to_mail")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.user_id}"


class AlertSettings(models.Model):
    """How a person wants to be told. Who has none is told in the usual ways, at once. `ways`: {kind: way}. Their time
    zone is that of their calendar, in their preferences."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="alert_settings"
    )
    ways = models.JSONField(default=dict)
    digest = models.CharField(max_length=10, default="at_once")  # at_once, daily, weekly
    digest_at = models.TimeField(default="08:00")
    digest_weekday = models.PositiveSmallIntegerField(default=0)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_weekends = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"alerts of {self.user_id}"


class ChannelKind(models.TextChoices):
    SLACK = "slack", "Slack"
    WEBHOOK = "webhook", "Signed webhook"


class Channel(models.Model):
    """Where alerts go beside people. `secrets`: the address and what calls are signed with, sealed; `place`: as much
    of the address as may be shown. `rests_until`: it did not answer, and nothing is tried before."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    place = models.CharField(max_length=300)
    secrets = models.TextField()
    rotated_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    rests_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", "Waits"
    SENT = "sent", "Sent"
    DEAD = "dead", "Given up"


class Delivery(models.Model):
    """One message to a channel. `key`: the same is enqueued once, in the transaction of what it tells of; `message_id`
    is the same at every try, so that who gets it twice can tell. `due_at`: the next try."""

    key = models.CharField(max_length=400, unique=True)
    message_id = models.CharField(max_length=60, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    account_id = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    code = models.PositiveSmallIntegerField(null=True)
    response = models.TextField(blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(status="waiting"), name="deliveries_that_wait"),
            models.Index(fields=["channel", "-id"], name="deliveries_of_channel"),
            models.Index(fields=["status", "-id"], name="deliveries_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.channel_id}"

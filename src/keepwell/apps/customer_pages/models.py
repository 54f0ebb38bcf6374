"""Pages for customers: what a page has, to whom it was sent, the codes that opened it, and what it showed."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.apps.customers.models import Account, Person


class Content(models.Model):
    """What a page has: widgets by name in their order, words of the CSM, next steps, each a line, and features of the
    map that it does not speak of: those that the customer does not have."""

    widgets = ArrayField(models.CharField(max_length=40), default=list)
    greeting = models.TextField(blank=True)
    steps = ArrayField(models.CharField(max_length=300), default=list)
    left_out = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        abstract = True


class CustomerPage(Content):
    """The page of an account as it is prepared; what was sent stays as it was sent."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="customer_page", db_constraint=False
    )
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"page of {self.account_id}"


class PageLink(Content):
    """Somebody at an account may open a page until `expires_at`. Of the token only a hash is kept: it is made again
    from `key` when the letter is written. `wrong`: codes that did not fit since `wrong_since`."""

    key = models.UUIDField(default=uuid4, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="page_links", db_constraint=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="page_links")
    language = models.CharField(max_length=35, default="en")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # the mail server took the letter
    came_back_at = models.DateTimeField(null=True)  # it never will, for that address
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-made_at"], name="page_links_of_account")]

    def __str__(self) -> str:
        return f"page of {self.account_id} for {self.person_id or 'nobody any more'}"


class PageCode(models.Model):
    """A code that was asked for; it is made from `key` and kept nowhere. Who gave it in time has the page open by a
    cookie until `open_until`, and of the cookie a hash is kept."""

    link = models.ForeignKey(PageLink, on_delete=models.CASCADE, related_name="codes")
    key = models.UUIDField(default=uuid4, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True)
    cookie_hash = models.CharField(max_length=64, null=True, unique=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "-made_at"], name="codes_of_page_link")]

    def __str__(self) -> str:
        return f"code of {self.link_id}"


class PageView(models.Model):
    """What a page showed: the same again within one visit is one row. `shown`: every widget as plain values."""

    link = models.ForeignKey(PageLink, on_delete=models.CASCADE, related_name="views")
    code = models.ForeignKey(PageCode, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=35)
    shown = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "-at"], name="views_of_page_link")]

    def __str__(self) -> str:
        return f"{self.link_id} at {self.at}"

"""Answers by a link that many have: each begins with an invitation of its own that names nobody."""

from __future__ import annotations

import hashlib
import re
from secrets import token_urlsafe
from uuid import UUID

from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.surveys.editions import in_force, keep_edition, version_in_force
from keepwell.apps.surveys.models import AnonymousLink, Invitation
from keepwell.apps.surveys.timing import today
from keepwell.apps.surveys.tokens import hash_of, keyed_hash, token_of
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.closing import is_open as takes_answers
from keepwell.engine.surveys.closing import last_day

_ONCE = re.compile(r"[A-Za-z0-9_-]{22}")


def is_open(link: AnonymousLink | None) -> Survey | None:
    """The survey as it is in force, where it takes answers by links today. What does not takes the same queries,
    whether there is such a link or not."""
    project, day = current_project(), today()
    survey = project.surveys.get(link.survey) if project and link else None
    if project is None or link is None or survey is None or not survey.enabled:
        return None
    if "anonymous_link" not in survey.distribution or not takes_answers(survey, day, day):
        return None
    keep_edition(link.survey, version_in_force(project, link.survey), survey)
    return survey


def once() -> str:
    """Tells one showing of the first page from another, so that sending it twice is one response."""
    return token_urlsafe(16)


def begun_by(link: AnonymousLink, once: str, language: str) -> Invitation | None:
    """The invitation of this showing of the page, made the first time. None for what no page showed."""
    if not _ONCE.fullmatch(once):
        return None
    survey, version = in_force(link.survey)
    key = UUID(bytes=hashlib.sha256(keyed_hash(f"once:{link.pk}", once).encode()).digest()[:16])
    now = timezone.now()
    invitation, _ = Invitation.objects.get_or_create(
        key=key,
        defaults={
            "token_hash": hash_of(token_of(key)), "survey": link.survey, "version": version, "link": link,
            "account_id": link.account_id, "channel": "anonymous_link", "language": language, "asked_at": now,
            "sent_at": now, "closes_on": last_day(survey, today(now)),
        },
    )  # fmt: skip
    return invitation

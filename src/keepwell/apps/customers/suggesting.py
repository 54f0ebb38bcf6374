"""Whose an id could be: by the address or domain that it is, and by names that are like it. Each says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.contrib.postgres.search import SearchQuery, SearchVector

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.customers.queries import visible

_DOMAIN = re.compile(r"(?:^|@|//)(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_WORDS = re.compile(r"[a-z0-9]{3,}")
_COMPANY = frozenset({"inc", "ltd", "llc", "gmbh", "corp", "company", "the", "com", "www", "https", "http"})
_LIKE, _SHOWN, _LOOKED_AT = 0.6, 3, 30
_MANY_HAVE = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "web.de"})


@dataclass(frozen=True)
class Suggestion:
    account: Account
    reason: str


def suggestions(actor: Actor, source_id: str) -> list[Suggestion]:
    """At most three of the accounts that the actor sees, the likeliest first."""
    found: dict[str, Suggestion] = {}
    for one in (*_by_domain(actor, source_id), *_by_name(actor, source_id)):
        found.setdefault(one.account.pk, one)
    return list(found.values())[:_SHOWN]


def _by_domain(actor: Actor, source_id: str) -> Iterator[Suggestion]:
    match = _DOMAIN.search(source_id)
    domain = match[1].lower() if match else ""
    if not domain or domain in _MANY_HAVE:
        return
    people = PersonalData.objects.filter(email__iendswith=f"@{domain}", person__account__in=visible(actor))
    for account in visible(actor).filter(pk__in=people.values("person__account"), merged_into=None)[:_SHOWN]:
        yield Suggestion(account, f"people there have addresses at {domain}")


def _by_name(actor: Actor, source_id: str) -> Iterator[Suggestion]:
    words = [one for one in _WORDS.findall(source_id.lower()) if one not in _COMPANY][:4]
    if not words:
        return
    asked = SearchQuery(" | ".join(f"{one[:5]}:*" for one in words), config="simple", search_type="raw")
    found = visible(actor).filter(merged_into=None).annotate(words=SearchVector("name", "id", config="simple"))
    scored = (
        (max(_alike(source_id, one.name), _alike(source_id, one.pk)), one)
        for one in found.filter(words=asked)[:_LOOKED_AT]
    )
    for alike, one in sorted(scored, key=lambda pair: (-pair[0], pair[1].pk)):
        if alike >= _LIKE:
            yield Suggestion(one, f"its name is like the id ({alike:.0%} alike)")


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other)).ratio()


def _bare(text: str) -> str:
    return "".join(word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _COMPANY)

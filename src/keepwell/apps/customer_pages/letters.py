"""Letters of pages: the link, and the code that opens it. Both are written when they leave, and kept nowhere."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from keepwell.apps.customer_pages.links import LINKS, address_of, code_of
from keepwell.apps.customer_pages.models import PageCode, PageLink
from keepwell.apps.customer_pages.outside.codes import CODE_HOLDS, COMPOSER
from keepwell.apps.customer_pages.outside.finding import alive
from keepwell.apps.customer_pages.telling import tell_came_back
from keepwell.apps.customer_pages.timing import local_day
from keepwell.apps.customer_pages.words import day_in, said
from keepwell.apps.customers.models import PersonalData
from keepwell.apps.notices.composing import Composer, Letter, register_composer
from keepwell.apps.ui.outside.links import hash_of
from keepwell.engine.surveys.words import direction

_HEADERS = {"Auto-Submitted": "auto-generated"}


def register() -> None:
    """Called when the application starts."""
    register_composer(COMPOSER, Composer(compose, sent, refused))


def compose(about: str) -> Letter | None:
    """`about`: link:N or code:N. None where it is not wanted any more: ended, taken back, the person gone."""
    kind, _, number = about.partition(":")
    return _link_letter(int(number)) if kind == "link" else _code_letter(int(number))


def _alive(link_id: int) -> PageLink | None:
    rows = PageLink.objects.filter(alive(timezone.now()), pk=link_id)
    link = rows.select_related("account", "person__personal").first()
    if link is None or hash_of(LINKS.token_of(link.key)) != link.token_hash:
        return None  # or the secret of the installation is another one: the link would lead nowhere
    return link


def _link_letter(link_id: int) -> Letter | None:
    link = _alive(link_id)
    if link is None:
        return None
    personal, language = _personal(link), link.language
    text = said(
        "letter", language, name=personal.name or personal.email, sender=link.sent_by, account=link.account.name,
        link=address_of(link), day=day_in(language, local_day(link.expires_at)),
    )  # fmt: skip
    subject = said("letter_subject", language, account=link.account.name)
    return _letter(link, subject, text, address_of(link))


def _code_letter(code_id: int) -> Letter | None:
    code = PageCode.objects.filter(pk=code_id, spent_at=None, expires_at__gt=timezone.now()).first()
    link = _alive(code.link_id) if code else None
    if code is None or link is None:
        return None
    minutes = round(CODE_HOLDS.total_seconds() / 60)
    text = said("code_letter", link.language, code=code_of(code.key), minutes=minutes)
    return _letter(link, said("code_subject", link.language), text, "")


def _letter(link: PageLink, subject: str, text: str, address: str) -> Letter:
    html = render_to_string("customer_pages/letter.html", {
        "language": link.language, "direction": direction(link.language), "address": address,
        "paragraphs": text.split("\n\n"), "open": said("open", link.language),
    })  # fmt: skip
    return Letter(_personal(link).email, " ".join(subject.split())[:200], text, html, _HEADERS)


def _personal(link: PageLink) -> PersonalData:
    assert link.person is not None
    return link.person.personal


def sent(about: str, at: datetime) -> None:
    """The mail server has taken it."""
    kind, _, number = about.partition(":")
    if kind == "link":
        PageLink.objects.filter(pk=int(number), sent_at=None).update(sent_at=at)


def refused(about: str, to: str, words: str) -> None:
    """The server will never take it for this address."""
    kind, _, number = about.partition(":")
    rows = PageLink.objects.filter(**{"pk" if kind == "link" else "codes": int(number)})
    link = rows.select_related("account__owner", "sender").first()
    if link is not None:
        PageLink.objects.filter(pk=link.pk).update(came_back_at=timezone.now())
        tell_came_back(link, words)

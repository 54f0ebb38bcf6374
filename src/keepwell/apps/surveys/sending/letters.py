"""What an invitation or a reminder says: written when it leaves, in the language of whom it goes to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.notices.composing import Composer, Letter, register_composer
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.following import invitations_changed
from keepwell.apps.surveys.models import Invitation, Refusal
from keepwell.apps.surveys.refusing import letter_came_back
from keepwell.apps.surveys.respondents.words import said
from keepwell.apps.surveys.sending.queueing import COMPOSER
from keepwell.apps.surveys.timing import is_closed
from keepwell.apps.surveys.tokens import address_hash, hash_of, token_of
from keepwell.definitions.languages import best_language, in_language
from keepwell.definitions.survey_questions import Scale
from keepwell.definitions.surveys import Letter as Template
from keepwell.definitions.surveys import Survey
from keepwell.definitions.texts import fill
from keepwell.engine.surveys.words import direction

_MARK = "\x00link\x00"


def register() -> None:
    """Called when the application starts."""
    register_composer(COMPOSER, Composer(compose, sent, refused))


def compose(about: str) -> Letter | None:
    """`about`: the number of an invitation, of reminders with `:n` behind it. None where it is not wanted any more:
    answered, closed, unsubscribed, erased, or withdrawn since."""
    number, _, reminder = about.partition(":")
    invitation = Invitation.objects.select_related("person__personal", "account__owner").filter(pk=number).first()
    address = _address(invitation)
    if invitation is None or not address or not _is_wanted(invitation, address):
        if invitation is not None and not reminder:
            Invitation.objects.filter(pk=number, sent_at=None).update(withdrawn_at=timezone.now())
        return None
    survey = definition(invitation.survey, invitation.version)
    template = _template(survey, is_reminder=bool(reminder))
    return None if template is None else _filled(survey, template, invitation, address)


def _address(invitation: Invitation | None) -> str:
    if invitation is None or invitation.person is None or invitation.person.left_on is not None:
        return ""
    try:
        return invitation.person.personal.email
    except PersonalData.DoesNotExist:
        return ""


def _is_wanted(invitation: Invitation, address: str) -> bool:
    if invitation.finished_at or invitation.bounced_at or invitation.withdrawn_at or is_closed(invitation):
        return False
    if hash_of(token_of(invitation.key)) != invitation.token_hash:
        return False  # the secret of the installation is another one: the link would lead nowhere
    refused = Refusal.objects.filter(lifted_at=None, person=invitation.person, kind="unsubscribed")
    of_address = Refusal.objects.filter(lifted_at=None, address_hash=address_hash(address))
    return not (refused.exists() or of_address.exists())


def _template(survey: Survey, *, is_reminder: bool) -> Template | None:
    if is_reminder and survey.reminders is not None and survey.reminders.letter is not None:
        return survey.reminders.letter
    return survey.email


def _filled(survey: Survey, template: Template, invitation: Invitation, address: str) -> Letter:
    language = best_language([invitation.language or survey.default_language], survey.languages)
    link = link_of(invitation)
    known = _known(survey, invitation, language, address)

    def text(texts: dict[str, str], at_link: str) -> str:
        return fill(in_language(texts, language, survey.default_language), {**known, "link": at_link}.get)  # type: ignore[arg-type]

    subject = " ".join(text(template.subject, link).split())[:200]
    stop = f"{link}/unsubscribe"
    written = text(template.text, link)
    plain = f"{written}\n\n--\n{said('unsubscribe', language)}: {stop}\n"
    html = render_to_string("surveys/letter.html", {
        "paragraphs": _paragraphs(text(template.text, _MARK)), "link": link, "stop": stop, "language": language,
        "direction": direction(language), "words": {one: said(one, language) for one in ("unsubscribe", "open")},
        "first": _first(survey, language), "title": known["survey.title"],
    })  # fmt: skip
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
               "Auto-Submitted": "auto-generated"}  # fmt: skip
    return Letter(address, subject, plain, html, headers)


def _paragraphs(text: str) -> list[list[list[str]]]:
    """Paragraphs of lines of pieces, between which the link stands."""
    blocks = [one for one in text.split("\n\n") if one.strip()]
    return [[line.split(_MARK) for line in one.split("\n")] for one in blocks]


def _first(survey: Survey, language: str) -> dict[str, object] | None:
    """The first question, where its answer can be chosen by a link: the page then shows it, and nothing is stored."""
    question = survey.questions[0]
    if not isinstance(question, Scale) or question.highest - question.lowest > 10:
        return None
    return {"text": in_language(question.text, language, survey.default_language),
            "numbers": range(question.lowest, question.highest + 1),
            "low": in_language(question.low, language, "") if question.low else "",
            "high": in_language(question.high, language, "") if question.high else ""}  # fmt: skip


def _known(survey: Survey, invitation: Invitation, language: str, address: str) -> dict[str, str]:
    account, person = invitation.account, invitation.person
    assert person is not None
    owner: User | None = account.owner if isinstance(account, Account) else None
    title = in_language(survey.heading, language, "") if survey.heading else survey.title or ""
    return {
        "contact.name": person.personal.name, "contact.email": address, "account.name": account.name if account else "",
        "owner.name": owner.name if owner else "", "owner.email": owner.email if owner else "", "survey.title": title,
    }  # fmt: skip


def link_of(invitation: Invitation) -> str:
    """The personal link."""
    return f"{settings.ENVIRONMENT.public_url}/s/{token_of(invitation.key)}"


def sent(about: str, at: datetime) -> None:
    """The mail server has taken it."""
    number, _, reminder = about.partition(":")
    if not reminder:
        Invitation.objects.filter(pk=number, sent_at=None).update(sent_at=at)
        invitations_changed(Invitation.objects.filter(pk=number))


def refused(about: str, to: str, words: str) -> None:
    """The server will never take it for this address."""
    invitation = Invitation.objects.filter(pk=about.partition(":")[0]).first()
    if invitation is not None:
        letter_came_back(invitation, to, words)
        invitations_changed([invitation])

"""The small company with a survey in two languages, and people to ask."""

from __future__ import annotations

import pytest
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.surveys.editions import in_force, keep_edition
from keepwell.apps.surveys.ledgers import DATASETS
from keepwell.apps.surveys.models import Invitation
from keepwell.apps.surveys.sending.inviting import new_invitation
from keepwell.apps.surveys.tokens import token_of
from tests.apps.scored import FILES

SURVEY = """\
surveys:
  pulse:
    title: Relationship
    languages: [en, de, ar]
    heading: {en: Your opinion, de: Ihre Meinung, ar: رأيك}
    intro: {en: It takes a minute., de: Es dauert eine Minute., ar: لن يستغرق سوى دقيقة.}
    questions:
      - name: recommend
        kind: nps
        required: true
        text:
          {en: "How likely are you to recommend us?", de: "Würden Sie uns empfehlen?", ar: "هل توصي بنا؟"}
        low: {en: Not at all, de: Gar nicht, ar: إطلاقا}
        high: {en: Surely, de: Sicher, ar: بالتأكيد}
      - name: missing
        kind: single_choice
        show_when: recommend <= 8
        text: {en: What is missing?, de: Was fehlt?, ar: ما الذي ينقص؟}
        choices:
          - {value: speed, text: {en: Speed, de: Tempo, ar: السرعة}}
          - {value: other, text: {en: Something else, de: Etwas anderes, ar: شيء آخر}}
      - name: details
        kind: text
        show_when: recommend <= 6
        text: {en: Tell us more, de: Erzählen Sie mehr, ar: أخبرنا المزيد}
    thanks: {en: "Thank you, truly.", de: "Vielen, vielen Dank.", ar: "شكرا جزيلا"}
    audience:
      accounts: arr >= 40000
      people: role <> 'robot' or role is null
    distribution: [email, personal_link, anonymous_link, in_product]
    email:
      subject: {en: "One question, {contact.name}", de: "Eine Frage, {contact.name}", ar: "سؤال واحد"}
      text:
        en: "Dear {contact.name} of {account.name}, {link}\\n\\n{owner.name}"
        de: "Guten Tag {contact.name}: {link}"
        ar: "{link}"
    reminders: {after: 5 days, at_most: 1}
    closes: 30 days
"""
PEOPLE = {
    "acme": [("Ann", "ann@acme.example", {"language": "de"}), ("Art", "art@acme.example", {})],
    "brix": [("Bob", "bob@brix.example", {"locale": "ar"}), ("Rob", "", {})],
    "zeta": [("Zoe", "zoe@zeta.example", {})],
}


def publish_survey(text: str = SURVEY, more: str = "") -> None:
    files = {**FILES, "surveys.yaml": text, "voice.yaml": DATASETS}
    publish(actor=System("test"), files={**files, "more.yaml": more} if more else files, note="surveys")


def add_people(people: dict[str, list[tuple[str, str, dict[str, str]]]]) -> dict[str, Person]:
    found = {}
    for account, ones in people.items():
        for name, email, traits in ones:
            found[name] = Person.objects.create(account_id=account, role="admin")
            PersonalData.objects.create(person=found[name], name=name, email=email, traits=traits)
    return found


@pytest.fixture
def survey(company: Account) -> str:
    publish_survey()
    return "pulse"


@pytest.fixture
def contacts(survey: str) -> dict[str, Person]:
    return add_people(PEOPLE)


def invited(person: Person | None = None, survey: str = "pulse", **fields: object) -> tuple[Invitation, str]:
    """An invitation by hand, and its token."""
    found, version = in_force(survey)
    keep_edition(survey, version, found)
    known = {"channel": "email", "language": "", "asked_at": timezone.now(), "sent_at": timezone.now(),
             "account_id": person.account_id if person else "acme", "person": person, **fields}  # fmt: skip
    invitation = new_invitation(survey=survey, version=version, **known)
    invitation.save()
    return invitation, token_of(invitation.key)

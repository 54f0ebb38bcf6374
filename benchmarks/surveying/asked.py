"""People at accounts whom a survey by mail asks, in a database of its own."""

from __future__ import annotations

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account, Person, PersonalData

SURVEY = """\
surveys:
  nps:
    questions:
      - {name: recommend, kind: nps, text: Recommend?, required: true}
      - {name: why, kind: text, text: Why?}
    audience: {people: role = 'admin' or is_sponsor}
    distribution: [email, personal_link]
    email: {subject: "One question, {contact.name}", text: "Dear {contact.name} of {account.name}, {link}"}
    sample: 90%
"""


def fill(people: int, accounts: int) -> None:
    publish(actor=System("benchmark"), files={"surveys.yaml": SURVEY}, note="Benchmark")
    Account.objects.bulk_create((Account(id=f"a{n}", name=f"Account {n}") for n in range(accounts)), batch_size=5000)
    made = Person.objects.bulk_create(
        (Person(account_id=f"a{n % accounts}", role="admin") for n in range(people)), batch_size=5000
    )
    PersonalData.objects.bulk_create(
        (PersonalData(person=one, name=f"P {n}", email=f"p{n}@a.example") for n, one in enumerate(made)),
        batch_size=5000,
    )

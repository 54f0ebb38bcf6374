"""Whether one person is asked now, inside the product: by the same decision, cool-down and lock as everybody."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.surveys.editions import keep_edition, version_in_force
from keepwell.apps.surveys.following import invitations_changed
from keepwell.apps.surveys.models import Invitation
from keepwell.apps.surveys.sending.inviting import new_invitation, turn_to_invite
from keepwell.apps.surveys.whom.accounts import accounts_table
from keepwell.apps.surveys.whom.people import People, asked_before, people_of
from keepwell.definitions.languages import best_language
from keepwell.definitions.project import Project
from keepwell.engine.surveys.choosing import decide_all
from keepwell.engine.surveys.closing import last_day
from keepwell.errors import KeepwellError

CHANNEL = "in_product"
QUIET_SECONDS = 600
"""Who was not asked is not looked at again for so long: every page of a product asks."""


def asked_now(person: Person, now: datetime) -> Invitation | None:
    """The invitation of the first survey that asks them; None where none does."""
    project = current_project()
    names = _in_product(project)
    note = f"surveys:quiet:{person.pk}"
    if project is None or not names or cache.get(note):
        return None
    found = _invited(project, names, person) if _survey_for(project, names, person, now)[0] else None
    cache.set(note, True, QUIET_SECONDS)
    return found


def _in_product(project: Project | None) -> list[str]:
    surveys = project.surveys_in_order() if project else {}
    return [name for name, one in surveys.items() if one.enabled and CHANNEL in one.distribution]


def _survey_for(project: Project, names: list[str], person: Person, now: datetime) -> tuple[str | None, People]:
    accounts = Account.objects.filter(pk=person.account_id, in_population=True)
    people = people_of(accounts, only=[person.pk])
    try:
        table = accounts_table(project, names, now, only={person.account_id})
        decided = decide_all(project, names, table, people.table, asked_before(_twins(person), {person.pk}), now)
    except KeepwellError:  # an audience that cannot be asked asks nobody
        return None, people
    return next((name for name in names for one in decided.get(name, ()) if one.is_asked), None), people


def _twins(person: Person) -> dict[str, list[str]]:
    """Entries with the same address are the same human being."""
    email = getattr(getattr(person, "personal", None), "email", "")
    if not email:
        return {}
    same = Person.objects.filter(personal__email__iexact=email, merged_into=None).values_list("pk", flat=True)
    return {email.casefold(): [str(one) for one in same]}


@transaction.atomic
def _invited(project: Project, names: list[str], person: Person) -> Invitation | None:
    """Decided again under the lock: another page or a send may have been quicker."""
    now = turn_to_invite()
    name, people = _survey_for(project, names, person, now)
    if name is None:
        return None
    survey, version = project.surveys[name], version_in_force(project, name)
    keep_edition(name, version, survey)
    said = people.languages.get(str(person.pk))
    today = now.astimezone(ZoneInfo(project.settings.time_zone)).date()
    invitation = new_invitation(
        survey=name, version=version, account_id=person.account_id, person=person, channel=CHANNEL, asked_at=now,
        sent_at=now, language=best_language([said], survey.languages) if said else "",
        closes_on=last_day(survey, today),
    )  # fmt: skip
    invitation.save()
    invitations_changed([invitation])
    return invitation

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, NotVisible, Person, System
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.identity import source_ids_of
from keepwell.apps.customers.models import Account, AccountList, PersonalData, StageChange
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.customers.operations import (
    add_person,
    change_many,
    erase_person,
    make_list,
    merge_accounts,
    set_owner,
    set_stage,
    undo_merge,
)
from keepwell.apps.customers.queries import family_of
from keepwell.apps.health.models import Run
from keepwell.apps.health.running import carry_out
from keepwell.apps.notices.models import Notice
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.scored import TODAY


def test_a_stage_has_a_history_and_an_audit(company: Account, people: People) -> None:
    set_stage(actor=Person(people.colleague), account_id="acme", stage=" renewing ", reason="Talks began")
    assert [change.stage for change in StageChange.objects.filter(account="acme").order_by("pk")] == [
        "live",
        "renewing",
    ]
    change = Change.objects.get(action="set stage")
    assert (change.before, change.after) == ({"stage": "live"}, {"stage": "renewing", "reason": "Talks began"})
    with pytest.raises(NotVisible):
        set_stage(actor=Person(people.stranger), account_id="acme", stage="live")
    with pytest.raises(FieldRefused):
        set_stage(actor=Person(people.owner), account_id="acme", stage=" ")


@pytest.mark.slow
def test_what_people_said_stands_after_the_next_run(company: Account, people: People) -> None:
    set_stage(actor=Person(people.owner), account_id="acme", stage="renewing")
    set_owner(actor=Person(people.manager), account_id="acme", owner_id=people.stranger.pk)
    version = current_version()
    assert version is not None
    carry_out(Run.objects.create(as_of=TODAY, asked_by="tests"), version)
    account = Account.objects.get(pk="acme")
    assert (account.stage, account.owner, account.team_id) == ("renewing", people.stranger, people.stranger.team_id)
    assert Notice.objects.filter(user=people.stranger, kind="owner").count() == 1


@pytest.mark.slow
def test_many_accounts_change_together_or_not_at_all(company: Account, people: People, as_manager: Client) -> None:
    with pytest.raises(Forbidden):
        change_many(actor=Person(people.owner), account_ids=["acme"], action="stage", value="live")
    with pytest.raises(NotVisible):
        change_many(actor=Person(people.manager), account_ids=["acme", "nobody"], action="stage", value="new")
    made = make_list(actor=Person(people.owner), name="Board")
    data = {"account": ["acme", "zeta"], "action": "add", "list": str(made.pk), "back": "/customers/?stage=live"}
    assert as_manager.post("/bulk/", data)["Location"] == "/customers/?stage=live"
    assert set(made.accounts.values_list("pk", flat=True)) == {"acme", "zeta"}
    as_manager.post("/bulk/", {**data, "action": "remove", "account": "zeta"})
    as_manager.post(
        "/bulk/", {"everything": "1", "back": "/customers/?where=arr+<+50000", "action": "stage", "stage": "small"}
    )
    assert set(Account.objects.filter(stage="small").values_list("pk", flat=True)) == {"eyre", "zeta"}
    as_manager.post(
        "/bulk/", {"account": "acme", "action": "owner", "csm": str(people.colleague.pk), "back": "https://x.example/"}
    )
    assert Account.objects.get(pk="acme").owner == people.colleague
    assert Change.objects.filter(account_id="acme", action="set owner").count() == 1
    answer = as_manager.post("/bulk/", {"account": "acme", "action": "stage", "stage": ""}, follow=True)
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.slow
def test_a_list_is_changed_by_who_made_it_or_a_manager(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client, as_manager: Client
) -> None:
    as_owner.post("/lists/", {"name": "Board"})
    made = AccountList.objects.get()
    assert as_owner.post("/lists/", {"name": "Board"}).status_code == 422
    assert as_owner.post(f"/lists/{made.pk}/add/", {"account": "acme"}).status_code == 302
    assert as_stranger.post(f"/lists/{made.pk}/add/", {"account": "brix"}).status_code == 404
    assert "Acme Inc" in as_colleague.get(f"/lists/{made.pk}/").content.decode()
    assert "Acme Inc" not in as_stranger.get(f"/lists/{made.pk}/").content.decode()
    assert as_colleague.post(f"/lists/{made.pk}/rename/", {"name": "Other"}).status_code == 403
    assert as_manager.post(f"/lists/{made.pk}/rename/", {"name": "Other"}).status_code == 302
    assert as_stranger.post(f"/lists/{made.pk}/delete/").status_code == 403
    assert as_owner.post(f"/lists/{made.pk}/delete/").status_code == 302
    assert Change.objects.get(action="deleted").before == {"accounts": ["acme"]}


@pytest.mark.slow
def test_the_details_of_an_account_are_for_those_who_see_it(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    for client in (as_owner, as_colleague):
        page = client.get("/customers/acme/details/").content.decode()
        assert "Brix Inc" in page
        assert "300k" in page  # its own ARR with that of its child
    for address in ("details/", "stage/", "owner/", "merge/", "people/add/"):
        send = as_stranger.get if address == "details/" else as_stranger.post
        status = send(f"/customers/acme/{address}").status_code
        assert status == (403 if address == "merge/" else 404), address
    answer = as_owner.post("/customers/acme/stage/", {"stage": "", "reason": "kept words"})
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()


@pytest.mark.slow
def test_a_person_is_known_by_a_key_and_can_be_erased(
    company: Account, people: People, as_owner: Client, as_stranger: Client, as_admin: Client
) -> None:
    added = {"name": "Ines Marek", "email": "ines@acme.example", "role": "CFO", "is_sponsor": "on"}
    assert as_owner.post("/customers/acme/people/add/", added).status_code == 302
    answer = as_owner.post("/customers/acme/people/add/", {"name": "Jo", "email": "jo at acme"})
    assert answer.status_code == 422
    assert "no e-mail address" in answer.content.decode()
    assert "jo at acme" in answer.content.decode()
    contact = Contact.objects.get()
    assert as_stranger.post(f"/people/{contact.pk}/", added).status_code == 404
    assert as_owner.post(f"/people/{contact.pk}/", {**added, "role": "CEO"}).status_code == 302
    assert as_owner.post(f"/people/{contact.pk}/left/").status_code == 302
    assert as_owner.post(f"/people/{contact.pk}/erase/").status_code == 403
    assert as_admin.post(f"/people/{contact.pk}/erase/").status_code == 302
    assert not PersonalData.objects.exists()
    contact.refresh_from_db()
    assert (contact.role, contact.left_on is not None) == ("CEO", True)
    assert not any("Ines" in str((one.object_name, one.before, one.after)) for one in Change.objects.all())


@pytest.mark.slow
def test_two_accounts_become_one_and_two_again(
    company: Account, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    admin = Person(people.admin)
    contact = add_person(actor=admin, account_id="eyre", name="Kim")
    with pytest.raises(Forbidden):
        merge_accounts(actor=Person(people.manager), account_id="eyre", into_id="acme")
    with django_capture_on_commit_callbacks(execute=True):
        merge_accounts(actor=admin, account_id="eyre", into_id="acme")
    assert [row["source_id"] for row in source_ids_of("acme")] == ["eyre"]
    version = current_version()
    assert version is not None
    carry_out(Run.objects.create(as_of=TODAY, asked_by="tests"), version)
    assert not Account.objects.get(pk="eyre").in_population
    contact.refresh_from_db()
    assert contact.account_id == "acme"
    with pytest.raises(FieldRefused):
        merge_accounts(actor=admin, account_id="eyre", into_id="brix")
    with django_capture_on_commit_callbacks(execute=True):
        undo_merge(actor=admin, account_id="eyre")
    assert source_ids_of("acme") == []
    contact.refresh_from_db()
    assert contact.account_id == "eyre"


def test_a_family_counts_what_the_actor_sees(company: Account, people: People) -> None:
    Account.objects.filter(pk="zeta").update(parent="acme")
    family = family_of(Person(people.owner), company)
    assert ([child.pk for child in family.children], family.hidden, family.arr) == (["brix"], 1, 300_000)
    every = family_of(System("tests"), company)
    assert (every.hidden, every.worst.pk if every.worst else "") == (0, "zeta")
    erased = add_person(actor=System("tests"), account_id="acme", name="Lo")
    erase_person(actor=System("tests"), key=erased.pk)


@pytest.mark.slow
def test_a_stage_set_by_hand_asks_why_and_the_history_tells_it(
    company: Account, as_owner: Client, as_stranger: Client
) -> None:
    refused = as_owner.post("/customers/acme/stage/", {"stage": "renewing", "reason": "  "})
    assert refused.status_code == 422
    assert "say why in a few words" in refused.content.decode()
    company.refresh_from_db()
    assert company.stage != "renewing"
    assert as_stranger.post("/customers/acme/stage/", {"stage": "renewing", "reason": "mine"}).status_code == 404
    assert as_owner.post("/customers/acme/stage/", {"stage": "renewing", "reason": "Signed early"}).status_code == 302
    page = as_owner.get("/customers/acme/details/").content.decode()
    assert "<td>Renewing</td><td>Ada</td><td>Signed early</td>" in page
    again = as_owner.post("/customers/acme/stage/", {"stage": "renewing", "reason": "Once more"})
    assert "in this stage already" in again.content.decode()

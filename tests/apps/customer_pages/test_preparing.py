"""Preparing and sending a page, by whom it is allowed to, and looking back at what was shown."""

from __future__ import annotations

import string

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, NotVisible
from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.audit.models import Change
from keepwell.apps.customer_pages.models import CustomerPage, PageLink, PageView
from keepwell.apps.customer_pages.operations import Chosen, prepare, revoke, send
from keepwell.apps.customer_pages.words import WORDS
from keepwell.apps.customers.models import Person
from keepwell.apps.notices.models import Mail
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.customer_pages.conftest import EVERYTHING, path_of
from tests.apps.customer_pages.test_outside import opens

PAGE = "/customers/acme/page/"


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_says_the_same(language: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert WORDS[language].keys() == WORDS["en"].keys()
    for word, text in WORDS[language].items():
        assert fields(text) == fields(WORDS["en"][word]), word


@pytest.mark.slow
def test_a_csm_prepares_previews_and_sends(
    contacts: dict[str, Person], as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    first = as_owner.get(PAGE)
    assert "Not sent yet" in first.content.decode()
    assert "Art" not in first.content.decode(), "who has no address is not offered"
    said = {"revision": 0, "greeting": "Dear Ann", "widgets": ["plan", "unused"], "steps": "Call\n\nMeet",
            "left_out": ["exports"]}  # fmt: skip
    assert as_owner.post(PAGE, said).status_code == 302
    page = CustomerPage.objects.get(account="acme")
    assert (page.widgets, page.steps, page.left_out) == (["plan", "unused"], ["Call", "Meet"], ["exports"])
    preview = as_colleague.get(f"{PAGE}preview/?lang=en").content.decode()
    assert "All plants live" in preview
    assert "Export" not in preview
    assert PageView.objects.count() == 0
    meanwhile = as_colleague.post(PAGE, {**said, "greeting": "Other words"})
    assert meanwhile.status_code == 422
    assert "Ada changed this page meanwhile" in meanwhile.content.decode()
    assert "Other words" in meanwhile.content.decode(), "what was typed is kept"
    sent = as_owner.post(f"{PAGE}send/", {"person": contacts["Ann"].pk, "days": 14})
    assert sent.status_code == 302
    link = PageLink.objects.get()
    assert (link.language, link.sent_by, link.left_out) == ("de", "Ada", ["exports"])
    for path in (PAGE, f"{PAGE}preview/"):
        assert as_stranger.get(path).status_code == 404
    for path in (PAGE, f"{PAGE}send/", f"{PAGE}links/{link.pk}/revoke/"):
        assert as_stranger.post(path, said).status_code == 404


@pytest.mark.slow
def test_what_was_sent_stays_as_it_was_sent(link: PageLink, people: People) -> None:
    prepare(actor=Actor(people.owner), account_id="acme", chosen=Chosen(["steps"], "Something else"))
    page = opens(Client(), link)
    assert "Hello Ann, well done" in page
    assert "Something else" not in page


@pytest.mark.slow
def test_nobody_of_another_customer_gets_it_and_only_who_may_write_sends(
    link: PageLink, contacts: dict[str, Person], people: People
) -> None:
    owner, before = Actor(people.owner), Mail.objects.count()
    for name in ("Zoe", "Art"):
        with pytest.raises(FieldRefused, match="nobody at Acme Inc with an address"):
            send(actor=owner, account_id="acme", person=contacts[name].pk)
    with pytest.raises(FieldRefused, match="1 to 365 days"):
        send(actor=owner, account_id="acme", person=contacts["Ann"].pk, days=400)
    with pytest.raises(NotVisible):
        send(actor=Actor(people.stranger), account_id="acme", person=contacts["Ann"].pk)
    viewer = User.objects.create_user("vi@test.example", "x", name="Vi", role=Role.VIEWER, reach=Reach.ALL)
    for work in (
        lambda: send(actor=Actor(viewer), account_id="acme", person=contacts["Ann"].pk),
        lambda: prepare(actor=Actor(viewer), account_id="acme", chosen=Chosen([])),
        lambda: revoke(actor=Actor(viewer), account_id="acme", link_id=link.pk),
    ):
        with pytest.raises(Forbidden):
            work()
    assert Mail.objects.count() == before


@pytest.mark.slow
def test_words_that_are_too_long_and_widgets_that_are_not_there_are_refused(
    contacts: dict[str, Person], people: People
) -> None:
    owner = Actor(people.owner)
    for chosen, field in (
        (Chosen(["scores"]), "widgets"), (Chosen([], "x" * 5001), "greeting"), (Chosen([], steps=["x"] * 21), "steps"),
        (Chosen([], steps=["x" * 301]), "steps"),
    ):  # fmt: skip
        with pytest.raises(FieldRefused) as refused:
            prepare(actor=owner, account_id="acme", chosen=chosen)
        assert refused.value.field == field
    with pytest.raises(FieldRefused, match="shows nothing yet"):
        send(actor=owner, account_id="acme", person=contacts["Ann"].pk)


@pytest.mark.slow
def test_a_link_is_taken_back_once_and_what_was_shown_is_there_to_read(
    link: PageLink, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    opens(Client(), link)
    view = PageView.objects.get()
    page = as_colleague.get(PAGE).content.decode()
    assert f"{PAGE}views/{view.pk}/" in page
    shown = as_colleague.get(f"{PAGE}views/{view.pk}/").content.decode()
    assert "Ihre Plätze" in shown
    assert "Ann" in shown
    assert as_stranger.get(f"{PAGE}views/{view.pk}/").status_code == 404
    for _ in range(2):
        as_owner.post(f"{PAGE}links/{link.pk}/revoke/")
    assert Change.objects.filter(action="revoked").count() == 1
    assert Client().get(path_of(link)).status_code == 404


@pytest.mark.slow
def test_a_widget_that_fails_leaves_the_others_standing(link: PageLink, monkeypatch: pytest.MonkeyPatch) -> None:
    from keepwell.apps.customer_pages.widgets import seats

    def broken(scope: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(seats, "use_of", broken)
    page = opens(Client(), link)
    assert "Dieser Teil lässt sich gerade nicht zeigen" in page
    assert "All plants live" in page
    assert len(PageView.objects.get().shown) == len(EVERYTHING)

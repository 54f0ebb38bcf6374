"""Pages of scores by hand, for the owner, a colleague of the team and a stranger."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import AccountOverride, CurrentHealth, Entry, Pin
from tests.apps.scored import TODAY

PAGE = "/customers/acme/scores/executive_relationship/"
GRID = "/scores/executive_relationship/"


@pytest.mark.slow
def test_the_owner_enters_a_score_and_the_page_says_what_it_did(company: Account, as_owner: Client) -> None:
    before = CurrentHealth.objects.get(pk="acme").score
    saved = as_owner.post(PAGE, {"score": "100", "comment": "She speaks for us", "day": str(TODAY)}, follow=True)
    text = saved.content.decode()
    assert saved.status_code == 200
    assert "Saved. The score is" in text
    assert "100 from manual" in text
    assert "She speaks for us" in text
    after = CurrentHealth.objects.get(pk="acme").score
    assert before is not None
    assert after is not None
    assert after > before


@pytest.mark.slow
def test_levels_stand_with_their_help(company: Account, as_colleague: Client) -> None:
    text = as_colleague.get(PAGE).content.decode()
    assert "A sponsor answers and joins reviews" in text
    assert "there is no manual score" in text  # why 50 stands in


@pytest.mark.slow
def test_to_a_stranger_there_is_no_such_page(company: Account, as_stranger: Client) -> None:
    for path in (PAGE, "/customers/acme/scores/", "/customers/acme/overrides/", "/customers/acme/pin/"):
        assert as_stranger.get(path).status_code == 404
    assert as_stranger.post(PAGE, {"score": "60"}).status_code == 404
    assert not Entry.objects.exists()


@pytest.mark.slow
def test_what_was_typed_stays_beside_what_is_wrong_with_it(company: Account, as_owner: Client) -> None:
    answer = as_owner.post(PAGE, {"score": "60", "comment": "Hello & good", "day": "2999-01-01"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "has not come yet" in text
    assert "Hello &amp; good" in text
    assert as_owner.post(PAGE, {"score": "61"}).status_code == 422  # no level has this score
    ended = as_owner.post(PAGE, {"score": "60", "day": "2026-03-02", "expires": "2026-03-01"})
    assert "before it begins" in ended.content.decode()


@pytest.mark.slow
def test_history_names_authors_and_comments(company: Account, as_owner: Client, as_colleague: Client) -> None:
    as_owner.post(PAGE, {"score": "60", "comment": "First talk"})
    as_colleague.post(PAGE, {"score": "100", "comment": "Reference call"})
    as_owner.post(PAGE + "withdraw/", {"comment": "Sponsor left"})
    text = as_owner.get(PAGE + "history/").content.decode()
    assert text.index("Sponsor left") < text.index("Reference call") < text.index("First talk")
    assert "Bea" in text
    assert "withdrawn" in text


@pytest.mark.slow
def test_an_override_is_a_dated_row_until_it_is_withdrawn(company: Account, as_owner: Client) -> None:
    url = "/customers/acme/overrides/"
    wrong = as_owner.post(url, {"effect": "at_most", "value": "purple", "reason": "Lawsuit"})
    assert wrong.status_code == 422
    assert "one of red, yellow, green" in wrong.content.decode()
    text = as_owner.post(url, {"effect": "at_most", "value": "red", "reason": "Lawsuit"}, follow=True).content.decode()
    assert "at most red" in text
    assert "in force" in text
    one = AccountOverride.objects.get()
    text = as_owner.post(f"{url}{one.pk}/withdraw/", follow=True).content.decode()
    assert "withdrawn by Ada" in text
    assert "by_hand" not in CurrentHealth.objects.get(pk="acme").overrides


@pytest.mark.slow
def test_an_override_of_another_account_is_not_there(company: Account, as_owner: Client, as_stranger: Client) -> None:
    as_owner.post("/customers/acme/overrides/", {"effect": "set", "value": "10", "reason": "x"})
    one = AccountOverride.objects.get()
    assert as_stranger.post(f"/customers/zeta/overrides/{one.pk}/withdraw/").status_code == 404
    one.refresh_from_db()
    assert one.withdrawn_at is None


@pytest.mark.slow
def test_a_card_is_pinned_and_taken_off(company: Account, as_owner: Client) -> None:
    as_owner.post("/customers/acme/pin/", {"scorecard": "main", "reason": "As agreed"})
    assert Pin.objects.get().scorecard == "main"
    assert "in force" in as_owner.get("/customers/acme/pin/").content.decode()
    text = as_owner.post("/customers/acme/unpin/", follow=True).content.decode()
    assert "ended by Ada" in text


@pytest.mark.slow
def test_one_page_gathers_what_people_decided(company: Account, as_owner: Client) -> None:
    as_owner.post(PAGE, {"score": "60"})
    text = as_owner.get("/customers/acme/scores/").content.decode()
    assert "60 from manual" in text
    assert "Nobody has overridden" in text


@pytest.mark.slow
def test_the_grid_saves_all_or_nothing_with_errors_beside_their_cells(company: Account, as_owner: Client) -> None:
    wrong = as_owner.post(GRID, {"acme-score": "Champion", "acme-comment": "Yes", "brix-score": "59"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert not Entry.objects.exists()
    assert 'value="Champion"' in text
    assert "give 0 (None), 60 (Working), 100 (Champion)" in text
    assert as_owner.post(GRID, {"acme-score": "Champion", "brix-score": "60"}).status_code == 302
    assert sorted(Entry.objects.values_list("account_id", "score")) == [("acme", 100), ("brix", 60)]


@pytest.mark.slow
def test_only_who_may_change_many_changes_those_of_others(
    company: Account, as_owner: Client, as_manager: Client
) -> None:
    refused = as_owner.post(GRID + "?accounts=all", {"acme-score": "60", "dune-score": "60"})
    assert refused.status_code == 422  # Dune is Bea's
    assert not Entry.objects.exists()
    assert as_manager.post(GRID + "?accounts=all", {"acme-score": "60", "dune-score": "60"}).status_code == 302
    assert Entry.objects.count() == 2


@pytest.mark.slow
def test_a_stranger_does_not_see_others_in_the_grid(company: Account, as_stranger: Client) -> None:
    text = as_stranger.get(GRID + "?accounts=all").content.decode()
    assert "Zeta Inc" in text
    assert "Acme Inc" not in text

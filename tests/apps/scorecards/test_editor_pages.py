"""The editor in pages: who may, what is saved, what two people see, and what the portfolio would become."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import start_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.scorecards import watching
from keepwell.apps.scorecards.building import carry_out
from keepwell.apps.scorecards.models import Built
from tests.apps.conftest import People
from tests.apps.scored import FILES

WEIGHT = "groups/adoption/weight"
DAYS = "groups/adoption/measures/active_days"


@pytest.fixture
def draft(company: Account, people: People) -> Draft:
    return start_draft(actor=Person(people.manager), name="Lighter")


def page(client: Client, draft: Draft, tail: str = "main/") -> str:
    answer = client.get(f"/configure/scorecards/{draft.pk}/{tail}")
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(html: str) -> dict[str, str]:
    """What a browser would send of the editor's form."""
    form = re.search(r'<form id="card-form".*?</form>', html, re.S)
    assert form
    found = {}
    for tag in re.findall(r"<input [^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else "on"
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def unescape(text: str) -> str:
    return (
        text.replace("&#x27;", "'")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )


def save(client: Client, draft: Draft, typed: dict[str, str], status: int = 200) -> str:
    answer = client.post(f"/configure/scorecards/{draft.pk}/main/save/", typed, headers={"HX-Request": "true"})
    assert answer.status_code == status, answer.content.decode()
    is_merged = "shows their changes and yours" in answer.content.decode()
    assert answer.headers.get("HX-Reswap") == ("outerHTML" if is_merged else None)
    return answer.content.decode()


def test_the_manager_sees_cards_with_order_and_conditions(draft: Draft, as_manager: Client) -> None:
    html = as_manager.get("/configure/scorecards/").content.decode()
    assert "Main card" in html
    assert "everybody" in html
    assert f"/configure/scorecards/{draft.pk}/main/" in html


@pytest.mark.slow
def test_a_csm_may_not_whether_owner_colleague_or_stranger(
    draft: Draft, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        for address in ("", f"{draft.pk}/", f"{draft.pk}/main/", f"{draft.pk}/effect/", f"{draft.pk}/backtest/"):
            assert client.get(f"/configure/scorecards/{address}").status_code == 403
        assert client.post(f"/configure/scorecards/{draft.pk}/main/save/", {WEIGHT: "1"}).status_code == 403


def test_there_is_no_such_draft_and_no_such_card(draft: Draft, as_manager: Client) -> None:
    assert as_manager.get("/configure/scorecards/999/main/").status_code == 404
    assert as_manager.get(f"/configure/scorecards/{draft.pk}/other/").status_code == 404


@pytest.mark.slow
def test_the_untouched_form_as_a_browser_sends_it_changes_no_byte(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, form_of(page(as_manager, draft)))
    draft.refresh_from_db()
    assert draft.files == FILES
    assert draft.revision == 1


@pytest.mark.slow
def test_a_weight_is_saved_in_its_line_and_the_page_says_so(draft: Draft, as_manager: Client) -> None:
    html = save(as_manager, draft, form_of(page(as_manager, draft)) | {WEIGHT: "50"})
    draft.refresh_from_db()
    assert draft.files["card.yaml"] == FILES["card.yaml"].replace("weight: 70", "weight: 50")
    assert "Saved" in html
    assert "62.5 %" in html


@pytest.mark.slow
def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(draft: Draft, as_manager: Client) -> None:
    html = save(as_manager, draft, form_of(page(as_manager, draft)) | {WEIGHT: "lots", "applies_to": "no_such = 1"})
    field = re.search(r'name="groups/adoption/weight"[^>]*value="lots".*?<p class="error">(.*?)</p>', html, re.S)
    assert field
    assert "number" in field[1]
    assert "card.yaml:" in html


@pytest.mark.slow
def test_of_two_people_the_second_sees_the_difference_and_nothing_is_lost(
    draft: Draft, as_manager: Client, as_admin: Client
) -> None:
    his, hers = form_of(page(as_manager, draft)), form_of(page(as_admin, draft))
    save(as_admin, draft, hers | {WEIGHT: "50"})
    html = save(as_manager, draft, his | {WEIGHT: "20", "title": "Another title"}, status=409)
    assert "changed the same meanwhile" in html
    assert re.search(r"<td>70</td><td>50</td><td>20</td>", html)
    draft.refresh_from_db()
    assert "weight: 50" in draft.files["card.yaml"]
    assert "title: Another title" in draft.files["card.yaml"]
    mine = re.search(
        r'name="revision" value="(\d+)">(<input type="hidden" name="groups/adoption/weight" value="20">)', html
    )
    assert mine
    save(as_manager, draft, {"revision": mine[1], WEIGHT: "20"})
    draft.refresh_from_db()
    assert "weight: 20" in draft.files["card.yaml"]


@pytest.mark.slow
def test_what_was_changed_can_be_taken_back(draft: Draft, as_manager: Client) -> None:
    html = save(as_manager, draft, form_of(page(as_manager, draft)) | {WEIGHT: "50"})
    assert 'name="revision" value="1"' in html
    as_manager.post(f"/configure/drafts/{draft.pk}/undo/", {"revision": 1})
    draft.refresh_from_db()
    assert (draft.files, draft.revision) == (FILES, 3)


@pytest.mark.slow
def test_parts_are_added_moved_and_removed(draft: Draft, as_manager: Client) -> None:
    def do(**data: str) -> None:
        answer = as_manager.post(f"/configure/scorecards/{draft.pk}/main/structure/", data)
        assert answer.status_code == 200, answer.content.decode()

    do(do="group", name="extra")
    do(do="measure:groups/extra", **{"name:groups/extra": "open_urgent"})
    do(do="override", name="second")
    do(do="up:second")
    do(do="remove:groups/relationship")
    draft.refresh_from_db()
    html = page(as_manager, draft)
    assert "Extra" in html
    assert draft.files["card.yaml"].index("second") < draft.files["card.yaml"].index("urgent_tickets")
    assert "executive_relationship" not in draft.files["card.yaml"]
    answer = as_manager.post(f"/configure/scorecards/{draft.pk}/main/structure/", {"do": "group", "name": "extra"})
    assert answer.status_code == 422


def arrange(client: Client, draft: Draft, status: int = 200, **data: str) -> str:
    answer = client.post(f"/configure/scorecards/{draft.pk}/main/structure/", data)
    assert answer.status_code == status, answer.content.decode()
    draft.refresh_from_db()
    return answer.content.decode()


@pytest.mark.slow
def test_groups_and_measures_change_places_with_buttons(draft: Draft, as_manager: Client) -> None:
    html = page(as_manager, draft)
    assert 'value="down:groups/adoption"' in html
    assert "Move Adoption up" in html
    arrange(as_manager, draft, do="down:groups/adoption")
    arrange(as_manager, draft, do=f"down:{DAYS}")
    names = [f"{name}:" for name in ("relationship", "adoption", "logins_28d", "active_days")]
    places = [draft.files["card.yaml"].index(name) for name in names]
    assert places == sorted(places)
    assert sorted(draft.files["card.yaml"].splitlines()) == sorted(FILES["card.yaml"].splitlines())
    arrange(as_manager, draft, do="up:groups/adoption")
    arrange(as_manager, draft, do=f"up:{DAYS}")
    assert draft.files == FILES


@pytest.mark.slow
def test_a_measure_goes_to_another_group_and_nobody_is_scored_otherwise_than_it_says(
    draft: Draft, as_manager: Client
) -> None:
    html = arrange(as_manager, draft, do=f"transfer:{DAYS}", **{f"group:{DAYS}": "relationship"})
    assert 'id="groups-relationship-measures-active_days-measure"' in html
    line = "          active_days: {weight: 2, help: Days with a login in two weeks"
    assert line in draft.files["card.yaml"].split("relationship:")[-1]
    assert "accounts move band" in page(as_manager, draft, "effect/")
    assert "There is no group" in arrange(
        as_manager, draft, 422, do="transfer:groups/relationship/measures/active_days",
        **{"group:groups/relationship/measures/active_days": "gone"},
    )  # fmt: skip


@pytest.mark.slow
def test_another_name_is_a_new_measure_and_the_page_says_so(draft: Draft, as_manager: Client) -> None:
    html = arrange(as_manager, draft, do=f"rename:{DAYS}", **{f"key:{DAYS}": "busy_days"})
    assert "is a new measure: its history begins" in html
    assert "busy_days: {weight: 2" in draft.files["card.yaml"]
    assert "metric: active_days" in draft.files["card.yaml"]
    assert "<strong>0</strong> of 6 accounts move band" in page(as_manager, draft, "effect/")
    html = arrange(as_manager, draft, do="rename:groups/adoption", **{"key:groups/adoption": "use"})
    assert "is a new measure" not in html
    assert "      use:\n        weight: 70\n" in draft.files["card.yaml"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "why"), [("Busy days", "is no name"), ("logins_28d", "already"), ("", "is no name")])
def test_a_name_that_cannot_be_is_kept_with_what_is_allowed(
    draft: Draft, as_manager: Client, name: str, why: str
) -> None:
    html = arrange(as_manager, draft, 422, do=f"rename:{DAYS}", **{f"key:{DAYS}": name})
    assert why in html
    assert f'name="key:{DAYS}" value="{name}"' in html
    assert draft.files == FILES


@pytest.mark.slow
def test_what_one_moves_the_other_goes_on_typing_in(draft: Draft, as_manager: Client, as_admin: Client) -> None:
    his = form_of(page(as_manager, draft))
    arrange(as_admin, draft, do=f"transfer:{DAYS}", **{f"group:{DAYS}": "relationship"})
    assert "shows their changes and yours" in save(as_manager, draft, his | {f"{DAYS}/weight": "5"})
    draft.refresh_from_db()
    assert "active_days: {weight: 5" in draft.files["card.yaml"].split("relationship:")[-1]
    arrange(as_admin, draft, do="rename:groups/adoption", **{"key:groups/adoption": "use"})
    html = save(as_manager, draft, his | {WEIGHT: "20"}, status=409)
    assert "<td>70</td><td>removed, or under another name</td><td>20</td>" in html
    assert "Use yours" not in html
    assert "find it under its new name" in html
    assert "renamed or removed meanwhile" in arrange(as_manager, draft, 422, do="up:groups/adoption")


@pytest.mark.slow
def test_csms_may_not_arrange(draft: Draft, as_owner: Client, as_colleague: Client, as_stranger: Client) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        for do in ("up:groups/adoption", f"rename:{DAYS}", f"transfer:{DAYS}"):
            arrange(client, draft, 403, do=do, **{f"key:{DAYS}": "other", f"group:{DAYS}": "relationship"})
    assert draft.files == FILES


def test_a_card_is_added_as_a_copy_and_removed(draft: Draft, as_manager: Client) -> None:
    address = f"/configure/scorecards/{draft.pk}/"
    answer = as_manager.post(address, {"do": "add", "name": "pilot", "like": "main"})
    assert answer["Location"] == f"{address}pilot/"
    draft.refresh_from_db()
    assert "scorecard_pilot.yaml" in draft.files
    assert as_manager.post(address, {"do": "add", "name": "pilot", "like": "main"}).status_code == 422
    as_manager.post(address, {"do": "remove:pilot"})
    draft.refresh_from_db()
    assert draft.files == FILES


@pytest.mark.slow
def test_the_effect_names_bands_and_movers(draft: Draft, as_manager: Client) -> None:
    assert "<strong>0</strong> of 6 accounts move band" in page(as_manager, draft, "effect/")
    save(as_manager, draft, form_of(page(as_manager, draft)) | {f"{DAYS}/score/1/0": "100"})
    html = page(as_manager, draft, "effect/")
    assert re.search(r"<strong>[1-6]</strong> of 6 accounts move band", html)
    assert '<a href="/customers/acme/">Acme Inc</a>' in html


@pytest.mark.slow
def test_movers_are_those_that_the_person_sees(draft: Draft, as_manager: Client, people: People) -> None:
    save(as_manager, draft, form_of(page(as_manager, draft)) | {f"{DAYS}/score/1/0": "100"})
    people.manager.reach = "own"
    people.manager.save()
    html = page(as_manager, draft, "effect/")
    assert "/customers/acme/" not in html
    assert re.search(r"<strong>[1-6]</strong> of 6", html)


@pytest.mark.slow
def test_a_changed_metric_is_computed_by_a_worker_and_then_shown(
    draft: Draft, as_manager: Client, django_capture_on_commit_callbacks: object
) -> None:
    text = FILES["metrics.yaml"].replace("window: 14 days", "window: 7 days")
    as_manager.post(f"/configure/drafts/{draft.pk}/files/metrics.yaml/", {"text": text, "revision": 1})
    html = page(as_manager, draft, "effect/")
    assert "metric active_days is another one" in html
    answer = as_manager.post(f"/configure/scorecards/{draft.pk}/values/")
    assert "No worker runs; once one does, it begins." in answer.content.decode()
    built = Built.objects.get()
    carry_out(built)
    assert (built.status, built.error) == ("done", "")
    assert "accounts move band" in page(as_manager, draft, "effect/")


@pytest.mark.slow
def test_values_are_built_with_progress_that_can_be_left_and_errors_in_words(
    draft: Draft, as_manager: Client, as_admin: Client
) -> None:
    text = FILES["metrics.yaml"].replace("window: 14 days", "window: 7 days")
    as_manager.post(f"/configure/drafts/{draft.pk}/files/metrics.yaml/", {"text": text, "revision": 1})
    assert "No worker runs" in as_manager.post(f"/configure/scorecards/{draft.pk}/values/").content.decode()
    built, told, pages = Built.objects.get(), list[tuple[int, int, str]](), list[str]()

    def look(sender: object, **_: object) -> None:
        built.refresh_from_db()
        told.append((built.done, built.total, built.step))
        pages.append(page(as_admin, draft, "effect/"))  # somebody who comes back meanwhile

    seen = watching.WatchedAggregates.tables

    def slowly(self: watching.WatchedAggregates, *args: object) -> object:
        for answer in seen(self, *args):  # type: ignore[arg-type]
            look(self)
            yield answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watching.WatchedAggregates, "tables", slowly)
        carry_out(built)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {total for _, total, _ in told} == {3}  # the metrics that are counted from facts
    assert told[-1][0] == 3
    assert 'max="3" value="' in pages[0]
    assert "reading facts: " in told[0][2]
    assert "This page can be left" in pages[0]
    assert "accounts move band" in page(as_manager, draft, "effect/")


@pytest.mark.slow
def test_what_cannot_be_built_is_told_in_words_and_tried_again(
    draft: Draft, as_manager: Client, data_dir: Path
) -> None:
    text = FILES["metrics.yaml"].replace("window: 14 days", "window: 7 days")
    as_manager.post(f"/configure/drafts/{draft.pk}/files/metrics.yaml/", {"text": text, "revision": 1})
    as_manager.post(f"/configure/scorecards/{draft.pk}/values/")
    (data_dir / "lake").rename(data_dir / "away")
    built = Built.objects.get()
    carry_out(built)
    html = page(as_manager, draft, "effect/")
    assert built.status == "failed"
    assert "It failed while reading" in html
    assert "Traceback" not in html
    assert 'hx-trigger="every 1s"' not in html
    assert "Try again" in html
    (data_dir / "away").rename(data_dir / "lake")
    as_manager.post(f"/configure/scorecards/{draft.pk}/values/")
    built.refresh_from_db()
    assert (built.status, built.error) == ("waiting", "")
    carry_out(built)
    assert "accounts move band" in page(as_manager, draft, "effect/")
    for path in (data_dir / "values").glob("draft-*"):
        path.unlink()
    assert "Compute them for" in page(as_manager, draft, "effect/")
    as_manager.post(f"/configure/scorecards/{draft.pk}/values/")
    built.refresh_from_db()
    assert built.status == "waiting"


def test_without_outcomes_it_says_why_there_is_no_backtest(draft: Draft, as_manager: Client) -> None:
    assert "No dataset says who renewed and who left" in page(as_manager, draft, "backtest/")


@pytest.mark.slow
def test_an_invalid_draft_says_so_instead_of_an_effect(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, form_of(page(as_manager, draft)) | {WEIGHT: "-1"})
    assert "once the draft is valid" in page(as_manager, draft, "effect/")
    assert "once the draft is valid" in page(as_manager, draft, "backtest/")

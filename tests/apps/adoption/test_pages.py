"""Pages of usage: what they count, of whose accounts, and what they say where nothing can be counted."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.usage.models import SamePerson
from tests.apps.adoption.conftest import write_events

PAGES = ("", "accounts/", "features/", "retention/", "funnels/", "paths/")
HTMX = {"HX-Request": "true"}


def inside(client: Client, path: str, **query: object) -> str:
    answer = client.get(f"/usage/{path}", query, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_frames_come_at_once_and_ask_for_what_they_show(used: Account, as_owner: Client, path: str) -> None:
    page = as_owner.get(f"/usage/{path}?segment=large").content.decode()
    assert f'hx-get="/usage/{path}?segment=large"' in page
    arrived = inside(as_owner, path, segment="large")
    assert "of the segment large · data up to" in arrived
    assert ">02 Mar 2026</time>" in arrived
    assert "not over yet" not in arrived


@pytest.mark.slow
def test_the_owner_sees_her_own_accounts_counted(used: Account, as_owner: Client) -> None:
    page = inside(as_owner, "")
    assert "<dt>Daily active users</dt><dd>2 " in page
    assert "<dt>Weekly active users</dt><dd>3 " in page
    assert "<dt>Monthly active users</dt><dd>3 " in page
    assert "Stickiness: daily over monthly" in page
    assert 'data-option="active-option"' in page
    assert "The same as a table" in page


@pytest.mark.slow
def test_a_colleague_of_the_team_sees_the_same(used: Account, as_owner: Client, as_colleague: Client) -> None:
    assert inside(as_colleague, "") == inside(as_owner, "")


@pytest.mark.slow
def test_a_stranger_sees_his_own_account_and_no_trace_of_others(used: Account, as_stranger: Client) -> None:
    assert "<dt>Monthly active users</dt><dd>1 " in inside(as_stranger, "")
    whole = "".join(inside(as_stranger, path) for path in PAGES)
    for name in ("Acme", "Brix", "board_opened", "signed_in"):
        assert name not in whole
    assert "secret_event" in whole


@pytest.mark.slow
def test_others_do_not_see_the_strangers_events(used: Account, as_owner: Client) -> None:
    assert "secret_event" not in "".join(inside(as_owner, path) for path in PAGES)


@pytest.mark.slow
def test_an_account_of_somebody_else_is_not_there(used: Account, as_owner: Client, as_stranger: Client) -> None:
    assert as_stranger.get("/usage/?account=acme").status_code == 404
    assert as_stranger.get("/usage/?account=acme", headers=HTMX).status_code == 404
    assert "<dt>Monthly active users</dt><dd>2 " in inside(as_owner, "", account="acme")


@pytest.mark.slow
def test_accounts_with_breadth_depth_and_seats_in_use(used: Account, as_owner: Client) -> None:
    page = inside(as_owner, "accounts/")
    row = page.split("/usage/?account=acme", 1)[1].split("</tr>", 1)[0]
    assert '<td class="number">2</td>' in row
    assert '<td class="number">50 %</td>' in row  # two people on four seats
    assert "2 of " in page
    assert "attribute seats" in page


@pytest.mark.slow
def test_features_by_account(used: Account, as_owner: Client) -> None:
    page = inside(as_owner, "features/")
    assert "Boards" in page
    assert "Exports" in page
    assert "Nobody used" not in page
    assert "Nobody used: Exports" in inside(as_owner, "features/", window=7)


@pytest.mark.slow
def test_retention_recurring_and_cumulative(used: Account, as_owner: Client) -> None:
    recurring, cumulative = (inside(as_owner, "retention/", kind=kind) for kind in ("recurring", "cumulative"))
    assert "in that week after the first</td>" not in recurring
    assert "or any later one" in cumulative
    assert "or any later one" not in recurring
    first = recurring.split("<tbody>")[-1].split("</tr>")
    assert any("100 %" in row for row in first)


@pytest.mark.slow
def test_a_funnel_counts_its_steps(used: Account, as_owner: Client) -> None:
    query = {"step": ["event:board_opened", "event:board_shared"], "days": 28, "within": 1}
    page = inside(as_owner, "funnels/", **query)
    assert '<td class="number">1</td><td class="number">100 %</td><td class="number">100 %</td>' in page
    assert "within 1 day of the first" in page
    by_segment = inside(as_owner, "funnels/", **query, segments="yes")
    assert "<td>large</td>" in by_segment
    assert "How many get from one step to the next?" in inside(as_owner, "funnels/")


@pytest.mark.slow
def test_paths_with_their_table(used: Account, as_owner: Client) -> None:
    page = inside(as_owner, "paths/", event="board_opened", days=28)
    assert "What follows board_opened" in page
    assert '"type": "sankey"' in page
    assert "What leads to board_shared" in inside(as_owner, "paths/", event="board_shared", direction="towards")


@pytest.mark.slow
def test_wrong_choices_are_told_beside_their_field(used: Account, as_owner: Client) -> None:
    answer = as_owner.get("/usage/retention/?period=year")
    assert answer.status_code == 422
    assert "Choose one of week, month, day." in answer.content.decode()
    answer = as_owner.get("/usage/?segment=nope")
    assert answer.status_code == 422
    assert "There is no segment &#x27;nope&#x27;" in answer.content.decode()


@pytest.mark.slow
def test_an_empty_segment_and_a_quiet_time_say_so(used: Account, as_owner: Client) -> None:
    Account.objects.update(segments=[])
    assert "No account that you see is in the segment large" in inside(as_owner, "", segment="large")
    assert "Nobody of these accounts did &#x27;never&#x27; in the last 28 days." in inside(
        as_owner, "paths/", event="never"
    )


@pytest.mark.slow
def test_without_a_dataset_of_people_the_page_teaches(company: Account, as_owner: Client) -> None:
    page = as_owner.get("/usage/").content.decode()
    assert "Nothing says who uses what yet" in page
    assert "person: person" in page


@pytest.mark.slow
def test_new_events_are_counted_at_once(used: Account, as_owner: Client) -> None:
    from tests.apps.adoption.conftest import event

    assert "<dt>Daily active users</dt><dd>2 " in inside(as_owner, "")
    write_events([event("new", "brix", "signed_in", 0)])
    assert "<dt>Daily active users</dt><dd>3 " in inside(as_owner, "")


@pytest.mark.slow
def test_a_visitor_who_turned_out_to_be_known_is_one_person(used: Account, as_owner: Client) -> None:
    from tests.apps.adoption.conftest import event

    visitor, known = uuid4(), uuid4()
    write_events([event(str(one), "brix", "signed_in", 0) for one in (visitor, known)])
    assert "<dt>Daily active users</dt><dd>4 " in inside(as_owner, "")
    SamePerson.objects.create(key=visitor, same_as=known)
    assert "<dt>Daily active users</dt><dd>3 " in inside(as_owner, "")


@pytest.mark.slow
def test_who_has_not_signed_in_is_asked_to(used: Account, client: Client) -> None:
    assert client.get("/usage/").status_code == 302


@pytest.mark.slow
def test_a_dataset_may_be_called_usage(used: Account, as_owner: Client) -> None:
    version = current_version()
    assert version is not None
    live = version.files["live.yaml"].replace("  usage_daily:", "  usage:")
    publish(actor=System("tests"), files={**version.files, "live.yaml": live}, note="Another name")
    assert "<dt>Daily active users</dt><dd>2 " in inside(as_owner, "")

from __future__ import annotations

import re

import pytest
from django.test import Client

from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account, SavedView


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/customers/{query}")
    assert page.status_code == 200, page.content.decode()
    return re.findall(r'<th scope="row"><a data-row href="/customers/(\w+)/"', page.content.decode())


@pytest.mark.slow
def test_everybody_sees_their_own_accounts_and_no_others(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client, as_manager: Client
) -> None:
    assert names(as_manager) == ["acme", "brix", "cato", "dune", "eyre", "zeta"]
    assert names(as_owner) == names(as_colleague) == ["acme", "brix", "cato", "dune", "eyre"]
    assert names(as_stranger) == ["zeta"]
    assert names(as_stranger, "?where=arr+>+0") == ["zeta"]
    assert names(as_stranger, "?q=acme") == []


@pytest.mark.slow
def test_filters_narrow_the_list(company: Account, as_manager: Client) -> None:
    found = {
        "?q=acm": ["acme"],
        "?q=inc+zet": ["zeta"],
        "?q=%25": [],
        "?label=red": ["cato", "dune", "eyre", "zeta"],
        "?segment=large": ["acme", "brix"],
        "?stage=live&arr_from=50k&arr_to=100,000": ["brix", "cato", "dune"],
        "?renews_within=60": ["acme", "brix"],
        "?where=in_segment('large')+and+not+name+%3D+'Acme+Inc'": ["brix"],
        "?where=label+%3D+'red'+and+open_urgent+>+1": ["zeta"],
        "?list=4711": [],
        "?csm=none": [],
    }
    assert {query: names(as_manager, query) for query in found} == found


@pytest.mark.slow
def test_a_person_finds_what_is_theirs(company: Account, as_owner: Client, as_colleague: Client) -> None:
    assert names(as_owner, "?csm=me") == ["acme", "brix"]
    assert names(as_colleague, "?csm=me") == ["cato", "dune"]


@pytest.mark.slow
def test_the_list_can_be_sorted_both_ways(company: Account, as_manager: Client) -> None:
    for sort in ("name", "score", "change", "arr", "renewal", "stage", "csm"):
        assert names(as_manager, f"?sort={sort}") == list(reversed(names(as_manager, f"?sort=-{sort}"))), sort
    assert names(as_manager, "?sort=score")[0] == "zeta"


@pytest.mark.slow
def test_a_bad_filter_keeps_what_was_typed_and_shows_nothing(company: Account, as_manager: Client) -> None:
    answer = as_manager.get("/customers/?where=seatz+>+%3Cb%3E1&arr_from=much&renews_within=soon")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no amount" in page
    assert "no number of days" in page
    assert 'value="seatz &gt; &lt;b&gt;1"' in page
    assert "data-row" not in page
    answer = as_manager.get("/customers/?where=activ_days+>+1")
    assert answer.status_code == 422
    assert "did you mean `active_days`?" in answer.content.decode()


@pytest.mark.slow
def test_columns_are_chosen_by_the_address(company: Account, as_manager: Client) -> None:
    page = as_manager.get("/customers/?column=arr&column=logins_28d&column=why&column=gone").content.decode()
    assert "logins 28d</th>" in page
    assert "Renewal</a>" not in page
    assert "costs" in page


@pytest.mark.slow
def test_a_swap_brings_the_part_alone(company: Account, as_manager: Client) -> None:
    part = as_manager.get("/customers/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.content.decode().lstrip().startswith('<div id="customers">')
    assert "style=" not in part.content.decode()


@pytest.mark.slow
def test_views_are_ones_own_or_shared(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    as_owner.post("/views/", {"name": "Large", "query": "?segment=large", "shared": "on"})
    as_owner.post("/views/", {"name": "Private", "query": "?label=red"})
    assert as_owner.post("/views/", {"name": " ", "query": "?label=red"}).status_code == 302
    assert SavedView.objects.count() == 2
    assert "Private" in as_owner.get("/customers/").content.decode()
    other = as_colleague.get("/customers/").content.decode()
    assert "Large" in other
    assert "Private" not in other
    view = SavedView.objects.get(name="Large")
    assert as_stranger.post(f"/views/{view.pk}/delete/").status_code == 404
    assert as_owner.post(f"/views/{view.pk}/delete/").status_code == 302


@pytest.mark.slow
def test_the_total_is_of_what_a_person_sees(company: Account, as_owner: Client, as_stranger: Client) -> None:
    assert as_owner.get("/totals/customers/").content == b"5 customers"
    assert as_stranger.get("/totals/customers/").content == b"1 customer"


def test_the_export_is_the_filtered_list_and_safe_in_a_spreadsheet(
    company: Account, as_owner: Client, as_stranger: Client
) -> None:
    Account.objects.filter(pk="acme").update(name="=cmd|' /C calc'!A0")
    answer = as_owner.get("/export/customers.csv?segment=large&column=arr&column=csm&column=active_days")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "id,name,score,band,arr,csm,active_days"
    assert lines[1].startswith("acme,'=cmd|' /C calc'!A0,")
    assert lines[2].startswith("brix,Brix Inc,")
    assert len(lines) == 3
    assert Change.objects.filter(action="exported").count() == 1
    lines = b"".join(as_stranger.get("/export/customers.csv").streaming_content).decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["id", "zeta"]
    assert as_owner.get("/export/customers.csv?where=arr").status_code == 422

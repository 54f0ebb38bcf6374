"""Panels in the order of a person's own layout, of a segment's, else of their role."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.apps.audit.models import Change
from keepwell.apps.customer360.layouts import role_layout
from keepwell.apps.customer360.panels import PANELS
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People


def shown(client: Client, account: str = "acme") -> list[str]:
    page = client.get(f"/customers/{account}/").content.decode()
    return re.findall(r'id="(\w+)-body"', page)


def arrange(client: Client, segment: str = "", **buttons: str) -> int:
    return int(client.post("/me/layout/", {"segment": segment, "back": "/customers/acme/", **buttons}).status_code)


def test_each_role_sees_every_panel_in_an_order_of_its_own() -> None:
    orders = {role: [panel.name for panel in role_layout(role)] for role in Role}
    assert all(sorted(order) == sorted(panel.name for panel in PANELS) for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) == len(Role)


@pytest.mark.slow
def test_what_one_person_arranges_changes_nothing_for_a_colleague(
    company: Account, as_owner: Client, as_colleague: Client
) -> None:
    before = shown(as_owner)
    assert arrange(as_owner, up=before[1]) == 302
    assert shown(as_owner)[:2] == [before[1], before[0]]
    assert shown(as_colleague) == before
    assert Change.objects.filter(object_kind="layout").count() == 1


def test_a_hidden_panel_is_not_on_the_page_and_comes_back(company: Account, as_owner: Client) -> None:
    arrange(as_owner, toggle="audit")
    assert "audit" not in shown(as_owner)
    arrange(as_owner, toggle="audit")
    assert "audit" in shown(as_owner)


def test_a_layout_for_a_segment_counts_for_its_accounts_alone(company: Account, as_owner: Client) -> None:
    """Acme is large, cato is not."""
    first = shown(as_owner)[0]
    arrange(as_owner, "large", down=first)
    assert shown(as_owner, "acme")[0] != first
    assert shown(as_owner, "cato")[0] == first


def test_a_role_s_layout_is_one_button_away(company: Account, as_owner: Client) -> None:
    before = shown(as_owner)
    arrange(as_owner, up=before[-1])
    arrange(as_owner, role="1")
    assert shown(as_owner) == before


@pytest.mark.slow
def test_a_panel_that_is_gone_is_passed_over(company: Account, people: People, as_owner: Client) -> None:
    kept = {"layouts": {"": {"order": ["gone", "audit"], "hidden": []}}}
    User.objects.filter(pk=people.owner.pk).update(preferences=kept)
    assert shown(as_owner)[0] == "audit"
    assert len(shown(as_owner)) == len(PANELS)


def test_the_way_back_stays_in_the_house(company: Account, as_owner: Client) -> None:
    page = as_owner.get("/me/layout/", {"back": "https://elsewhere.example/"}).content.decode()
    assert "elsewhere" not in page

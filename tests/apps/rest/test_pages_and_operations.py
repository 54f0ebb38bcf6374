"""Everything that a page does a program can do: each page has its operations, or a reason for having none."""

from __future__ import annotations

import pytest

from keepwell.apps.customer360.panels import PANELS as SHOWN
from keepwell.server.api import api
from tests.apps.rest.pages import OPERATIONS, PANELS, Without
from tests.apps.test_routes import patterns

_OTHERS = ("api/", "accounts/")  # the API itself; signing in stands in the table as one


def operations() -> set[str]:
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return {operation["operationId"] for methods in paths.values() for operation in methods.values()}


def test_every_page_has_its_operations_or_a_reason() -> None:
    pages = {route for route, _ in patterns() if not route.startswith(_OTHERS)}
    assert sorted(pages - OPERATIONS.keys()) == [], "add these pages to tests/apps/rest/pages.py"
    assert sorted(OPERATIONS.keys() - pages - {"accounts/"}) == [], "these pages are gone"
    assert all(one.reason for one in OPERATIONS.values() if isinstance(one, Without))


def test_every_panel_has_its_operations() -> None:
    assert {panel.name for panel in SHOWN} == PANELS.keys()


@pytest.mark.slow
def test_every_operation_that_is_named_is_there() -> None:
    lists = [one for one in OPERATIONS.values() if not isinstance(one, Without)]
    named = {name for names in (*lists, *PANELS.values()) for name in names}
    assert sorted(named - operations()) == []

"""The reference of the API in a real browser: no complaint, nothing for axe, every operation on it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from keepwell.server.api import api
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_the_reference_is_ours_and_complete(visitor: Visitor, people: People, scheme: str, width: int) -> None:
    visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visitor.page.set_viewport_size({"width": width, "height": 900})
    page = visitor.opens("/api/docs")
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    operations = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert [one for one in operations if page.locator(f"#{one}").count() != 1] == []
    page.click("#get_account summary")
    assert page.locator("#get_account").get_by_text("AccountDetail").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert visitor.complaints == []
    hosts = page.evaluate("performance.getEntriesByType('resource').map(one => new URL(one.name).host)")
    assert set(hosts) == {visitor.url.removeprefix("http://")}

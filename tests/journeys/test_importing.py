"""A manager imports a file with bad rows, mends what comes back, and imports that."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.customers.models import Account
from tests.apps.health.test_killed_run import worker
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = 90_000
TEXT = "Account ID,Name,ARR,Renewal date\nacme,Acme Ltd,300000,31/12/2026\nnova,Nova,lots,15/01/2027\n"


def upload(page: Page, name: str, text: str) -> None:
    page.get_by_label("CSV file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Upload").click()


def test_bad_rows_come_back_are_mended_and_taken(
    company: Account, visitor: Visitor, data_dir: Path, tmp_path: Path
) -> None:
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/configure/imports/")
    upload(page, "accounts.csv", TEXT)
    expect(page.get_by_role("heading", name="accounts.csv into Accounts")).to_be_visible()
    expect(page.get_by_label("What Account ID is")).to_have_value("id")
    expect(page.get_by_label("How Renewal date is written")).to_have_value("date|%d/%m/%Y")
    with worker(data_dir):
        page.get_by_role("button", name="Check every row").click()
        expect(page.get_by_text("You can leave this page")).to_be_visible()
        visitor.opens("/customers/")
        visitor.opens("/configure/imports/").get_by_role("link", name="accounts.csv").click()
        expect(page.get_by_role("heading", name="What it would do")).to_be_visible(timeout=PATIENCE)
        expect(page.locator("#state")).to_contain_text("is not a whole number")
        assert faults(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Rejected rows as a file").click()
        back = Path(download.value.path()).read_text(encoding="utf-8")
        visitor.complaints.clear()  # a download ends the page's own loading
        page.get_by_label("Accepted rows only").check()
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_role("heading", name="Taken at")).to_be_visible(timeout=PATIENCE)

        visitor.opens("/configure/imports/")
        upload(page, "mended.csv", back.replace("lots", "1000"))
        page.get_by_role("button", name="Check every row").click()
        expect(page.get_by_role("heading", name="What it would do")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_role("heading", name="Taken at")).to_be_visible(timeout=PATIENCE)
    assert Account.objects.get(pk="nova").arr == 1000
    assert Import.objects.filter(status="done").count() == 2
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.opens("/configure/imports/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == []
    assert visitor.complaints == []

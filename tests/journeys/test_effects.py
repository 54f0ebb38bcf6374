"""A manager reads what a playbook did, against those whom its rule held out; axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment
from tests.apps.conftest import People
from tests.apps.experiments.conftest import past  # noqa: F401 - a fixture
from tests.apps.experiments.effects.lottery import DAY, PLAYBOOK, drawn
from tests.journeys.conftest import Visitor
from tests.journeys.test_learning import NARROW, accessible

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def ask(visitor: Visitor) -> Page:
    page = visitor.opens("/learning/")
    page.get_by_role("link", name="Effects").click()
    accessible(page)
    page.get_by_role("link", name="Ask what Playbook save plan did").click()
    expect(page.get_by_role("combobox", name="What was done")).to_have_value(PLAYBOOK)
    page.get_by_label("Done from").fill(str(DAY))
    page.get_by_label("Lost within days").fill("60")
    page.get_by_label("Days between dates").fill("28")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("This page can be left")).to_be_visible()
    return page


def test_the_effect_of_a_playbook_with_a_hold_out_is_read(
    visitor: Visitor, past: Wanted, people: People  # noqa: F811
) -> None:  # fmt: skip
    drawn()
    visitor.signs_in(people.manager.email)
    page = ask(visitor)
    make(Experiment.objects.get())
    expect(page.get_by_role("heading", name="Playbook save plan", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("30 accounts treated, 30 held out")).to_be_visible()
    expect(page.get_by_role("cell", name="against those held out by chance").first).to_be_visible()
    expect(page.get_by_text("Chance alone decided who was held out")).to_be_visible()
    accessible(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    accessible(page)
    visitor.opens("/learning/effects/")
    accessible(page)
    for address in ("calibration", "feedback", "optimism"):
        visitor.opens(f"/learning/{address}/")
        accessible(page)
    assert visitor.complaints == []

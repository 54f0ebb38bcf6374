"""Figures of the past that follow every change of a draft, from values that are kept once."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.scorecards.building import carry_out
from keepwell.apps.scorecards.models import Built
from keepwell.apps.scorecards.retaining import retain_built
from keepwell.apps.scorecards.whatif import past_path, what_if
from keepwell.errors import RequestRefused
from keepwell.learning.whatif.judging import judge
from keepwell.learning.whatif.past import read_past
from tests.apps.conftest import People
from tests.apps.scorecards.test_backtests import LIGHTER, asked, draft  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow
FLAT = LIGHTER["card.yaml"].replace("linear: [[0, 0], [10, 100]]", "linear: [[0, 90], [10, 90]]").replace(
    "linear: [[0, 0], [100, 100]]", "linear: [[0, 90], [100, 90]]"
).replace("when_missing: {score: 50}", "when_missing: {score: 95}")  # fmt: skip


def kept(client: Client, draft: Draft) -> Built:  # noqa: F811
    client.post(f"/configure/scorecards/{draft.pk}/what-if/keep/")
    client.post(f"/configure/scorecards/{draft.pk}/what-if/keep/")
    built = Built.objects.get(kind="past")
    carry_out(built)
    assert built.status == "done", built.error
    return built


def test_figures_are_those_of_a_backtest_and_follow_a_change(
    draft: Draft, as_manager: Client, people: People  # noqa: F811
) -> None:  # fmt: skip
    address = f"/configure/scorecards/{draft.pk}/what-if/"
    assert "Keep values of the past" in as_manager.get(address).content.decode()
    built = kept(as_manager, draft)
    html = as_manager.get(address).content.decode()
    assert "Ranks who leaves before who stays" in html
    assert "drawn by lot" not in html
    found = {row.name: row for row in what_if(draft).rows}
    asked(as_manager, draft)
    judged = Built.objects.get(kind="backtest")
    carry_out(judged)
    by_title = {row["title"]: row for row in judged.result["rows"]}
    for name in ("auc", "average_precision", "top_decile_lift"):
        row = found[name]
        assert row.before is not None
        exact = by_title[row.title]
        assert (row.before.value, row.after.value) == pytest.approx((exact["before"], exact["after"])), name
    early, false = [row for title, row in by_title.items() if "below the best band" in title]
    assert found["early"].after.value == pytest.approx(early["after"])
    assert found["false"].after.value == pytest.approx(false["after"])
    changed = change_draft(actor=Person(people.manager), draft=draft, change=lambda now: {**now, "card.yaml": FLAT})
    after = {row.name: row for row in what_if(changed).rows}
    assert after["early"].after.value == 0, "everybody is green now"
    assert after["auc"].before == found["auc"].before
    assert Built.objects.filter(kind="past").count() == 1, built.key


def test_peers_are_compared_while_everybody_is_kept(
    draft: Draft, as_manager: Client, people: People  # noqa: F811
) -> None:  # fmt: skip
    key = kept(as_manager, draft).key
    peers = LIGHTER["card.yaml"].replace("score: {linear: [[0, 0], [100, 100]]}", "score: {percentile: {}}")
    changed = change_draft(actor=Person(people.manager), draft=draft, change=lambda now: {**now, "card.yaml": peers})
    found = {row.name: row for row in what_if(changed).rows}
    asked(as_manager, changed)
    judged = Built.objects.get(kind="backtest")
    carry_out(judged)
    assert found["auc"].after.value == pytest.approx(judged.result["rows"][0]["after"])
    past = read_past(past_path(key))
    with pytest.raises(RequestRefused, match="compares with peers"):
        judge(replace(past, is_whole=False), project_of(changed.files))


def test_it_is_for_those_who_configure_and_goes_when_it_is_old(
    draft: Draft, as_owner: Client, as_stranger: Client, as_manager: Client  # noqa: F811
) -> None:  # fmt: skip
    for client in (as_owner, as_stranger):
        assert client.get(f"/configure/scorecards/{draft.pk}/what-if/").status_code == 403
        assert client.post(f"/api/v1/drafts/{draft.pk}/what-if").status_code == 403
    assert as_manager.get(f"/api/v1/drafts/{draft.pk}/what-if").json()["missing"] is True
    path = past_path(kept(as_manager, draft).key)
    told = as_manager.get(f"/api/v1/drafts/{draft.pk}/what-if").json()
    assert told["figures"][0]["after"] > 0.5
    (left_out,) = told["notes"]
    assert left_out.endswith("so nobody knows what it was at the time; left out: segment 'large'")
    assert "left out: segment" in as_manager.get(f"/configure/scorecards/{draft.pk}/what-if/").content.decode()
    trusting = judge(replace(read_past(path), trusted=("all",)), project_of(draft.files))
    assert trusting.notes == (
        "whatever has no history counts as it is now, at every date: figures may look better than they were",
    )
    assert retain_built() == 0
    long_ago = time.time() - timedelta(days=30).total_seconds()
    os.utime(path, (long_ago, long_ago))
    assert retain_built() == 1
    assert not path.exists()

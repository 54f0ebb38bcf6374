"""What goes together with leaving, from the form to its figures."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment, Status
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow
TYPED = {"of": "version:1", "card": "main", "as_of": str(TODAY), "lead_days": "30"}


def test_from_the_form_to_the_figures(past: Wanted, as_manager: Client, as_owner: Client) -> None:
    assert as_owner.get("/learning/correlation/").status_code == 403
    assert as_owner.post("/learning/correlation/", TYPED).status_code == 403
    assert 'value="main"' in as_manager.get("/learning/correlation/").content.decode()
    sent = as_manager.post("/learning/correlation/", TYPED)
    one = Experiment.objects.get()
    make(one)
    assert one.status == Status.DONE, one.error
    names = {curve["name"] for curve in one.result["correlation"]["curves"]}
    assert {"active_days", "logins_28d"} <= names
    likeness = one.result["correlation"]["likeness"]
    assert len(likeness["matrix"]) == len(likeness["names"]) >= 2
    html = as_manager.get(sent["Location"]).content.decode()
    for said in ("None of this says by itself what makes customers stay", "Metrics that say the same", "active_days",
                 "Sticky features", "curve-", "likeness-option"):  # fmt: skip
        assert said in html, said
    again = as_manager.get(f"/learning/correlation/?like={one.pk}").content.decode()
    assert f'value="{TODAY}"' in again
    body = {**TYPED, "lead_days": 30, "limits": {"features": {"dataset": "nowhere", "column": "x"}}}
    refused = as_manager.post("/api/v1/experiments/correlations", body, content_type="application/json")
    assert refused.status_code == 422
    assert "nowhere" in refused.content.decode()

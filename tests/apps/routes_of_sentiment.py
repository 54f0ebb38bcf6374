"""Who gets what of what customers say: one line a route, as in test_routes.py."""

from __future__ import annotations

from django.utils import timezone

from keepwell.apps.sentiment.models import Judgement
from tests.apps.deciding import CONFIGURE, OF_ACCOUNT_WRITE, SIGNED_IN, R, Stage


def a_judgement(stage: Stage) -> int:
    now = timezone.now()
    at = {"occurred_at": now, "recorded_at": now, "judged_at": now}
    return Judgement.objects.create(
        source="entry", text_id="0", account=stage.account, label="negative", score=-0.5, **at
    ).pk


SENTIMENT: dict[str, R] = {
    "voice/": R(SIGNED_IN),
    "voice/phrases/": R(SIGNED_IN),
    "voice/measures/": R(post=CONFIGURE),
    "voice/<int:judgement_id>/sentiment/": R(
        post=OF_ACCOUNT_WRITE, fill={"judgement_id": a_judgement}, data={"word": "positive"}
    ),
    "configure/sentiment/": R(CONFIGURE),
    "api/v1/texts": R(SIGNED_IN),
    "api/v1/texts/<judgement_id>/sentiment": R(
        put=OF_ACCOUNT_WRITE, fill={"judgement_id": a_judgement}, data={"sentiment": "positive"}
    ),
    "api/v1/sentiment": R(SIGNED_IN),
    "api/v1/classifier": R(CONFIGURE),
}

"""Values that were built for drafts: old ones go, with what says that they are there; what keeps dying is given up."""

from __future__ import annotations

import os
import time
from pathlib import Path

from keepwell.apps.scorecards.building import MAX_ATTEMPTS, carry_out
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.preview import built_path
from keepwell.apps.scorecards.retaining import retain_built
from tests.apps.health.test_retaining import written_long_ago


def test_old_values_of_drafts_go_and_can_be_asked_for_again(db: None, data_dir: Path) -> None:
    built = Built.objects.create(kind="values", key="abc", files={}, status=Status.DONE, asked_by="Mo")
    Built.objects.create(kind="backtest", key="abc", files={}, status=Status.DONE, asked_by="Mo")
    path = built_path(built.key)
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert retain_built() == 0
    written_long_ago(path.parent)
    assert retain_built() == 1
    assert not path.exists()
    assert list(Built.objects.values_list("kind", flat=True)) == ["backtest"]


def test_pasts_that_nothing_knows_of_go_by_their_age(db: None, data_dir: Path) -> None:
    values = data_dir / "values"
    names = ["past-1-abc", ".past-2-abc.0123.unfinished", "past-2-new"]
    for name in names:
        (values / name).mkdir(parents=True)
        (values / name / "rows.npz").write_text("")
    long_ago = time.time() - 8 * 86400
    for name in names[:2]:
        os.utime(values / name, (long_ago, long_ago))
    assert retain_built() == 2
    assert [path.name for path in values.iterdir()] == ["past-2-new"]


def test_what_dies_again_and_again_fails_in_words(db: None) -> None:
    built = Built.objects.create(
        kind="past", key="abc", files={}, status=Status.RUNNING, attempts=MAX_ATTEMPTS, asked_by="Mo"
    )
    carry_out(built)
    assert built.status == Status.FAILED
    assert built.error.startswith("its process ended 3 times before it was done")

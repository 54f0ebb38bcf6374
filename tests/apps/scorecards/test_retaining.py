"""Values that were built for drafts: old ones go, with what says that they are there."""

from __future__ import annotations

from pathlib import Path

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

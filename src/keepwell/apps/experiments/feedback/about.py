"""Which version's scores people spoke of: what another one showed says nothing of the one that is asked about."""

from __future__ import annotations

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import Files, hashes_of, project_of
from keepwell.apps.health.models import Feedback, Run, RunStatus


def about(files: Files) -> tuple[list[Feedback], int]:
    """What was said of scores that the scorecards in `files` gave, and how many remarks were about others."""
    asked, shown = hashes_of(project_of(files))["scorecards"], _Shown()
    every = list(Feedback.objects.order_by("pk"))
    found = [one for one in every if shown.scorecards(one) == asked]
    return found, len(every) - len(found)


class _Shown:
    """A page shows the newest run of before; where none is known, what was published last."""

    def __init__(self) -> None:
        self._versions = list(Version.objects.order_by("-number").only("number", "hashes", "published_at"))
        done = Run.objects.filter(status=RunStatus.DONE, ended_at__isnull=False, version_number__isnull=False)
        self._runs = list(done.order_by("-ended_at").only("as_of", "ended_at", "version_number"))

    def scorecards(self, one: Feedback) -> dict[str, str] | None:
        """The hashes of the scorecards behind the score that was spoken of; None where nobody knows."""
        at = one.recorded_at
        same_day = (run for run in self._runs if run.as_of == one.as_of and run.ended_at and run.ended_at <= at)
        number = next((run.version_number for run in same_day), None)
        held = (
            version for version in self._versions if version.published_at <= at and number in (None, version.number)
        )
        version = next(held, None)
        return version.hashes.get("scorecards", {}) if version else None

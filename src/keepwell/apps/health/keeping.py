"""What a run leaves on disk: its rows of history and the file of its values."""

from __future__ import annotations

from keepwell.apps.health.models import Run
from keepwell.apps.health.place import lake, values_path
from keepwell.apps.health.progress import step
from keepwell.definitions.versions import Versions
from keepwell.engine.run import Run as Scored
from keepwell.engine.storing import write_values
from keepwell.engine.values import Values
from keepwell.lake.keeping import keep_run, run_name


def keep(run: Run, scored: Scored, versions: Versions, *, with_file: bool = True) -> None:
    """Writes a run to the history, each row once, and its values to a file."""
    step(run, "writing history")
    keep_run(lake(), scored, versions)
    if with_file:
        keep_values(run, scored.values)
    run.name = run_name(versions, scored.values)


def keep_values(run: Run, values: Values) -> None:
    """A file that appears whole; the run says its name when it is saved."""
    path = values_path(run.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_values(values, path)
    run.values_file = path.name

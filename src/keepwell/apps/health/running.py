"""A run from beginning to end: facts to scores, values kept, history written, accounts and current health renewed.

Killed anywhere it is repeated without a trace: the lake knows what each run wrote, the file of values is written beside
its place and moved, the state for the next run is replaced as a whole, and current health changes in one transaction
at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta

from django.db import transaction

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.customers.lake_writes import write_waiting
from keepwell.apps.health.changes import change_of, moves_of
from keepwell.apps.health.current import renew
from keepwell.apps.health.keeping import keep
from keepwell.apps.health.models import Run, RunPurpose, RunStatus
from keepwell.apps.health.overlap import one_at_a_time
from keepwell.apps.health.place import opened, versions_of_facts
from keepwell.apps.health.progress import begin, end, fail, step
from keepwell.apps.health.reading import read_facts
from keepwell.apps.health.rescoring import entered_since, rescore
from keepwell.apps.timeline.logging import log_band_changes
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.run import Run as Scored
from keepwell.engine.run import history
from keepwell.engine.score import score_values
from keepwell.engine.scores import EntityScores
from keepwell.errors import KeepwellError

MAX_ATTEMPTS = 5
_WEEK = timedelta(days=7)  # pages compare the last date with the one a week before it
_GRACE = timedelta(minutes=1)  # a score saved while the run began to read may have been committed just after


def carry_out(run: Run, version: Version) -> None:
    """Scores the run's date and puts the result where everybody looks. What fails is told in the run.

    Waits while another run works; a run that was done meanwhile is left alone.
    """
    with one_at_a_time():
        run.refresh_from_db()
        if run.status == RunStatus.DONE:
            return
        begin(run, version.number)
        if run.attempts > MAX_ATTEMPTS:
            fail(run, f"its process ended {MAX_ATTEMPTS} times before it was done; look at the worker's memory and log")
            return
        try:
            _carry_out(run, project_of(version.files))
        except KeepwellError as error:
            fail(run, str(error))
        except Exception as error:
            fail(run, f"{type(error).__name__}: {error}")
            raise


def _carry_out(run: Run, project: Project) -> None:
    write_waiting()
    if not run.facts:  # else an attempt that was cut off has begun to read them
        run.facts = versions_of_facts(project)
        run.save(update_fields=["facts"])
    with opened(project, facts=run.facts) as data:
        step(run, "reading facts")
        values = read_facts(run, project, data)
    step(run, "scoring")
    versions = Versions(project)
    scored = Scored(values, score_values(project, values, versions))
    keep(run, scored, versions)
    step(run, "renewing what pages show")
    with transaction.atomic():
        is_current = renew(run, project, scored)
        end(run, scored)
        meanwhile = entered_since(scored.values.known_at.replace(tzinfo=UTC) - _GRACE) if is_current else set()
        if meanwhile:
            rescore(meanwhile)


def back_fill(version: Version, dates: Sequence[date], asked_by: str) -> Iterator[date]:
    """Scores dates of the past, each as it could be known then, into the history; the last becomes current."""
    project = project_of(version.files)
    versions, before = Versions(project), dict[str, str]()
    write_waiting()
    facts = versions_of_facts(project)
    with one_at_a_time(), opened(project, facts=facts) as data:
        for scored in history(project, data, dates):
            run = Run.objects.create(
                as_of=scored.values.as_of, asked_by=asked_by, purpose=RunPurpose.BACK_FILL, facts=facts
            )
            begin(run, version.number)
            is_last = scored.values.as_of >= dates[-1]
            keep(run, scored, versions, with_file=scored.values.as_of >= dates[-1] - _WEEK)
            with transaction.atomic():
                if is_last:
                    renew(run, project, scored)
                before = _log_past(run, scored.scores.accounts, before)
                end(run, scored)
            yield scored.values.as_of


def _log_past(run: Run, accounts: EntityScores, before: dict[str, str]) -> dict[str, str]:
    """Entries for accounts whose band differs from `before`. Returns the bands of this date."""
    labels, changes = dict[str, str](), []
    for card in accounts.cards.values():
        for account, label in zip(accounts.ids.take(card.rows).to_pylist(), card.labels, strict=True):
            labels[account] = str(label)
            if before.get(account, label) != label:
                changes.append(change_of(account, run.as_of, before[account], str(label), order=card.scheme.labels))
    log_band_changes(changes)
    run.moves, run.moved = moves_of(changes), len(changes)
    return labels

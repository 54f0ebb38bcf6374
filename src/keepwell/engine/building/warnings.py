"""What a reader of the values should know: silence, rows that lead nowhere, arithmetic without a result."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.durations import print_days
from keepwell.definitions.names import listed, unknown
from keepwell.definitions.project import Project
from keepwell.engine.building.collecting import Collected
from keepwell.engine.metrics.unmatched import NAMED, ROWS, Lead
from keepwell.engine.moments import Moment

ENTERED = ("manual", "rule", "api")
"""The sources that a score is entered under."""


def _of_unmatched(lead: Lead, lost: pa.Table) -> str:
    count = pc.sum(lost[ROWS]).as_py()
    rows = f"dataset '{lead.dataset}': {count} row{'s' if count > 1 else ''}"
    if lead.target is None:
        return f"{rows} without {lead.column} count{'' if count > 1 else 's'} for nobody"
    named = ["(empty)" if key is None else key for key in lost[NAMED].to_pylist()]
    have = "have" if count > 1 else "has"
    return f"{rows} {have} in {lead.column} what '{lead.target}' does not have: {listed(named, limit=5)}"


class Warnings:
    """Collects sentences, each once, in the order in which they came."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._found: dict[str, None] = {}

    def sentences(self) -> tuple[str, ...]:
        return tuple(self._found)

    def _add(self, sentence: str) -> None:
        self._found.setdefault(sentence)

    def of_faults(self, metric: str, rows: int) -> None:
        if rows:
            self._add(
                f"metric '{metric}': {rows} value{'s' if rows > 1 else ''} had no result "
                "(division by zero, a number out of range or text that is not a number) and read as null"
            )

    def of_datasets(self, collected: Collected, moment: Moment) -> None:
        self._of_history()
        for (dataset, at), newest in sorted(collected.newest.items(), key=str):
            every = self._project.datasets[dataset].expected_every
            if at == moment and every and (newest is None or (moment.as_of - newest).days > every):
                since = f"its newest row is of {newest}" if newest else "it has no row up to then"
                expected = f"rows are expected every {print_days(every)}"
                self._add(f"dataset '{dataset}' is silent at {moment.as_of}: {since}, and {expected}")
        for lead, lost in collected.unmatched.items():
            self._add(_of_unmatched(lead, lost))

    def _of_history(self) -> None:
        for role in ("accounts", "relationships"):
            for name, dataset in self._project.all_with_role(role).items():
                if not dataset.changed_at:
                    self._add(
                        f"dataset '{name}' has no history (no changed_at): its attributes are today's at every date"
                    )

    def of_entries(self, entries: pa.Table) -> None:
        measures = {name for card in self._project.scorecards.values() for name in card.measures}
        for measure in sorted(set(entries["measure"].to_pylist()) - measures - {None}):
            self._add(f"entered scores name the {unknown('measure', measure, measures)}")
        for source in sorted(set(entries["source"].to_pylist()) - set(ENTERED) - {None}):
            self._add(f"entered scores of an {unknown('source', source, ENTERED)} count for nothing")

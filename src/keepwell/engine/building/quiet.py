"""Values without what is told beside them: for whoever asks every second, shows no warnings and scores later."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.definitions.dependencies import score_dependent
from keepwell.engine.building.collecting import Collected, Collector


class QuietCollector(Collector):
    """Collects the same but for rows that lead to nobody and the highest loads, which look at all facts there are; and
    but for what people entered, unless a metric rests on scores of before: `in_force.with_ledgers` reads that anew."""

    @property
    def _ledgers(self) -> tuple[str, ...]:
        return super()._ledgers if score_dependent(self.project) else ()

    def _unmatched(self, collected: Collected, names: Iterable[str]) -> None:
        pass

    def _load_ids(self, collected: Collected) -> None:
        pass

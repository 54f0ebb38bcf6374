"""Values without what is told beside them: for whoever asks every second and shows no warnings."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.engine.building.collecting import Collected, Collector


class QuietCollector(Collector):
    """Collects the same but for rows that lead to nobody and the highest loads: both look at all facts there are."""

    def _unmatched(self, collected: Collected, names: Iterable[str]) -> None:
        pass

    def _load_ids(self, collected: Collected) -> None:
        pass
